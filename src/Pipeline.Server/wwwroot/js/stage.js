import { get } from './api.js';
import { curves } from './curves.js';
import { h, render } from './dom.js';
import { lookOf } from './format.js';
import { follow } from './live.js';
import { log } from './log.js';
import { shell, skeleton, trouble } from './shell.js';
import { attempts, checkpoints, facts, inputs, notices, options, resources } from './stage-facts.js';

const SETTLE_MS = 250; // events come in bursts
const main = document.querySelector('main');
const [, , word, , instance] = location.pathname.split('/').map(decodeURIComponent);
const part = (id, label) => h('section', { id, 'aria-label': label });
const parts = {
  title: part('title', 'Stage'), notices: part('notices', 'What needs a look'), curves: part('curves', 'Curves'),
  log: part('log', 'Log'), below: h('div', { class: 'below' }),
};

let page; // what the API says of the stage, with the newest progress
let steps = []; // whose rollouts were kept
let seen; // what the stream said last
let connection = 'loading';
let settle;

shell([h('span', {}, word), h('span', {}, instance)], connection);
render(main, h('h1', {}, instance), skeleton(90), skeleton(320), skeleton(320));
start();

async function start() {
  try {
    page = await get(['runs', word, 'stages', instance]);
  } catch (error) {
    shell([h('a', { href: '/' }, 'runs'), h('a', { href: `/runs/${encodeURIComponent(word)}` }, word), h('span', {}, instance)]);
    render(main, h('h1', {}, instance), trouble(error));
    if (error.code === 'UNREACHABLE') setTimeout(start, 2000);
    return;
  }
  document.title = `${instance} of ${page.pipeline} · Pipeline`;
  render(main, parts.title, parts.notices, parts.curves, parts.log, parts.below);
  const views = {
    curves: curves(parts.curves, { none, click: step => openRollouts(step) }),
    log: log(parts.log),
  };
  await show(views);

  follow(page.run, page.sequence, {
    journal: event => {
      if (event.instance && event.instance !== instance) return;
      clearTimeout(settle);
      settle = setTimeout(() => reload(views), SETTLE_MS);
    },
    progress: live => {
      const mine = live.find(other => other.instance === instance);
      page.stage.progress = mine?.progress;
      head();
      if (mine && mine.metrics_bytes !== seen?.metrics_bytes) views.curves.grown();
      if (mine && mine.log_bytes !== seen?.log_bytes) views.log.grown();
      seen = mine;
    },
    connection: state => {
      const back = connection === 'reconnecting' && state === 'live';
      connection = state;
      head();
      if (back) reload(views);
    },
  });
}

async function reload(views) {
  try {
    page = await get(['runs', page.run, 'stages', instance]);
  } catch {
    return; // the stream says that we are reconnecting, and reloads when we are back
  }
  await show(views);
}

async function show(views) {
  if (page.stage.started) steps = await get(['runs', page.run, 'stages', instance, 'rollouts']).catch(() => steps);
  head();
  render(parts.notices, notices(page));
  parts.notices.hidden = parts.notices.childElementCount === 0;
  render(parts.below,
    h('div', { class: 'column' }, attempts(page), checkpoints(page), inputs(page)),
    h('div', { class: 'column' }, options(page), resources(page)));
  views.log.show(page.run, page.stage);
  views.curves.show([{ run: page.run, instance, label: instance, marks: marks() }]);
}

function head() {
  const to = other => `/runs/${encodeURIComponent(page.run)}/stages/${encodeURIComponent(other)}`;
  shell([
    h('a', { href: '/', 'data-key': 'runs' }, 'runs'), h('a', { class: 'mono', href: `/runs/${encodeURIComponent(page.run)}`, 'data-key': 'run' }, page.run),
    h('select', { 'aria-label': 'Stage', 'data-key': 'stage', onchange: event => { location.href = to(event.target.value); } },
      page.siblings.map(stage => h('option', { value: stage.instance, selected: stage.instance === instance }, `${stage.instance} (${lookOf(stage).word})`))),
  ], connection);
  render(parts.title, facts(page, steps));
}

// Where a later attempt went on from a checkpoint, and alarms.
function marks() {
  return [
    ...page.stage.attempts.filter(attempt => attempt.resume_step !== undefined).map(attempt => ({ step: attempt.resume_step, text: `attempt ${attempt.number}` })),
    ...page.alarms.map(alarm => ({ step: alarm.step, text: 'alarm', code: alarm.code })),
  ];
}

function none() {
  const { stage } = page;
  if (!stage.started) return 'They appear with its first step.';
  if (stage.queued) return 'It waits for a free slot.';
  return stage.state === 'active' ? 'They appear with its first step.' : 'This stage works without steps. Its log and results are below.';
}

/** The rollouts nearest to a step at which a person clicked. */
function openRollouts(step) {
  if (steps.length === 0) return;
  const nearest = steps.reduce((best, other) => (Math.abs(other - step) < Math.abs(best - step) ? other : best));
  location.href = `${location.pathname}/rollouts?step=${nearest}`;
}
