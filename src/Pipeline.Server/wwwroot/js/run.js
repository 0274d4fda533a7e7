import { get } from './api.js';
import { comparison } from './comparison.js';
import { curves } from './curves.js';
import { h, render } from './dom.js';
import { events } from './events.js';
import { graph } from './graph.js';
import { follow } from './live.js';
import { log } from './log.js';
import { shell, skeleton, trouble } from './shell.js';
import { stagePicker, stageTable } from './stages.js';
import { atWork, failures, title } from './summary.js';

const SETTLE_MS = 250; // events come in bursts: a stage that ends starts others
const main = document.querySelector('main');
const word = decodeURIComponent(location.pathname.split('/')[2]);
const part = (id, label) => h('section', { id, 'aria-label': label });
const parts = {
  title: part('title', 'Run'), failures: part('failures', 'Failures'), atWork: part('at-work', 'At work'),
  graph: part('graph', 'Pipeline'), results: part('results', 'Results'), training: part('training', 'Training'),
  stages: part('stages', 'Stages'), below: h('div', { class: 'below' }),
};
parts.log = part('log', 'Log');
parts.events = part('events', 'Events');
parts.below.append(parts.log, parts.events);

let run; // what /runs/{run} says, with the newest progress
let chosen = new URLSearchParams(location.search).get('stage');
let connection = 'loading';
let settle;

shell([h('span', {}, word)], connection);
render(main, h('h1', {}, 'Run'), skeleton(120), skeleton(260), skeleton(320));
start();

async function start() {
  try {
    run = await get(['runs', word]);
  } catch (error) {
    shell([h('a', { href: '/' }, 'runs'), h('span', {}, word)]);
    render(main, h('h1', {}, 'Run'), trouble(error), h('p', {}, h('a', { href: '/' }, 'All runs')));
    if (error.code === 'UNREACHABLE') setTimeout(start, 2000);
    return;
  }
  document.title = `${run.line.pipeline} ${run.line.run} · Pipeline`;
  const found = [parts.training, parts.results];
  if (run.line.ended && run.line.key) found.reverse(); // what is news comes first
  render(main, parts.title, parts.failures, parts.atWork, parts.graph, ...found, parts.stages, parts.below);
  const views = {
    comparison: comparison(parts.results), curves: curves(parts.training), log: log(parts.log), events: events(parts.events),
  };
  chosen = run.stages.some(stage => stage.instance === chosen) ? chosen : usualStage();
  show(views);
  choose(views, chosen);
  views.comparison.show(run);
  views.events.load(run.line.run);

  follow(run.line.run, run.sequence, {
    journal: event => {
      views.events.add(event);
      clearTimeout(settle);
      settle = setTimeout(() => reload(views), SETTLE_MS);
    },
    progress: live => {
      for (const stage of run.stages) stage.progress = live.find(other => other.instance === stage.instance)?.progress;
      for (const stage of run.line.stages) stage.progress = live.find(other => other.instance === stage.instance)?.progress;
      const mine = live.find(other => other.instance === chosen);
      if (mine) {
        views.curves.grown(mine.metrics_bytes);
        views.log.grown(mine.log_bytes);
      }
      show(views);
    },
    connection: state => {
      const back = connection === 'reconnecting' && state === 'live';
      connection = state;
      show(views);
      if (back) reload(views);
    },
  });
  setInterval(() => run.line.ended || render(parts.title, title(run)), 1000);
}

async function reload(views) {
  try {
    run = await get(['runs', run.line.run]);
  } catch {
    return; // the stream says that we are reconnecting, and reloads when we are back
  }
  show(views);
  views.comparison.show(run);
  views.curves.show(run, chosen);
  views.log.show(run, chosen);
}

function show(views) {
  const pick = instance => choose(views, instance, true);
  shell([h('a', { href: '/', 'data-key': 'runs' }, 'runs'), h('span', { class: 'mono' }, run.line.run)], connection);
  render(parts.title, title(run));
  render(parts.failures, failures(run));
  render(parts.atWork, atWork(run));
  for (const part of [parts.failures, parts.atWork]) part.hidden = part.childElementCount === 0;
  graph(parts.graph, run, chosen, pick);
  render(parts.stages, stageTable(run, chosen, pick));
}

function choose(views, instance, scroll = false) {
  chosen = instance;
  const url = new URL(location.href);
  if (scroll) {
    url.searchParams.set('stage', instance);
    history.replaceState(null, '', url);
  }
  const picker = () => stagePicker(run, chosen, other => choose(views, other, true));
  views.curves.show(run, chosen, picker);
  views.log.show(run, chosen);
  show(views);
  if (scroll) parts.training.scrollIntoView({ block: 'nearest' });
}

/** The stage people want to see first: the one that learns by reinforcement, now or last; else the one at work. */
function usualStage() {
  const started = run.stages.filter(stage => stage.started);
  const active = started.filter(stage => stage.state === 'active' && !stage.queued);
  const learns = stage => stage.uses === 'grpo';
  return (active.find(learns) ?? active[0] ?? started.findLast(learns) ?? started.at(-1) ?? run.stages[0])?.instance;
}
