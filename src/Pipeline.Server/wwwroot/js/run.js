import { get, post } from './api.js';
import { atWork } from './at-work.js';
import { comparison } from './comparison.js';
import { h, render } from './dom.js';
import { events } from './events.js';
import { graph } from './graph.js';
import { journey } from './journey.js';
import { follow } from './live.js';
import { shell, skeleton, trouble } from './shell.js';
import { stageTable } from './stages.js';
import { notices, title } from './summary.js';
import { timeline } from './timeline.js';

const SETTLE_MS = 250; // events come in bursts: a stage that ends starts others
const main = document.querySelector('main');
const word = decodeURIComponent(location.pathname.split('/')[2]);
const part = (id, label) => h('section', { id, 'aria-label': label });
const parts = {
  title: part('title', 'Run'), failures: part('failures', 'Failures'), atWork: part('at-work', 'At work'),
  graph: part('graph', 'Pipeline'), results: part('results', 'Results'), journey: part('journey', 'Accuracy through the stages'), timeline: part('timeline', 'Timeline'), stages: part('stages', 'Stages'), events: part('events', 'Events'),
};

let run; // what /runs/{run} says, with the newest progress
let live = [];
let refused = null; // why what a person asked for was not done
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
  render(main, Object.values(parts));
  const views = { atWork: atWork(parts.atWork), comparison: comparison(parts.results), journey: journey(parts.journey), timeline: timeline(parts.timeline), events: events(parts.events) };
  show(views);
  tell(views);
  views.events.load(run.line.run);

  follow(run.line.run, run.sequence, {
    journal: event => {
      views.events.add(event);
      clearTimeout(settle);
      settle = setTimeout(() => reload(views), SETTLE_MS);
    },
    progress: next => {
      live = next;
      for (const stage of [...run.stages, ...run.line.stages]) stage.progress = live.find(other => other.instance === stage.instance)?.progress;
      show(views);
    },
    connection: state => {
      const back = connection === 'reconnecting' && state === 'live';
      connection = state;
      show(views);
      if (back) reload(views);
    },
  });
  setInterval(() => run.line.ended || render(parts.title, title(run, change)), 1000);
  setInterval(() => run.line.ended || views.timeline.show(run), 10_000);
}

// The journal says what came of it, and the stream tells the page.
async function change(verb) {
  if (verb === 'cancel' && !confirm('Cancel this run? Its jobs save a checkpoint and end; it can be resumed.')) return;
  await ask(['runs', run.line.run, verb]);
}

const decide = (instance, approved) => ask(['runs', run.line.run, 'stages', instance, 'approval'], { approved });

async function ask(path, body) {
  refused = null;
  try {
    await post(path, body);
  } catch (error) {
    refused = error;
    parts.failures.prepend(trouble(error));
    parts.failures.hidden = false;
  }
}

async function reload(views) {
  try {
    run = await get(['runs', run.line.run]);
  } catch {
    return; // the stream says that we are reconnecting, and reloads when we are back
  }
  show(views);
  tell(views);
}

// What changes with the journal alone.
function tell(views) {
  for (const view of [views.comparison, views.journey, views.timeline]) view.show(run);
}

function show(views) {
  shell([h('a', { href: '/', 'data-key': 'runs' }, 'runs'), h('span', { class: 'mono' }, run.line.run)], connection);
  render(parts.title, title(run, change));
  render(parts.failures, refused && trouble(refused), notices(run, decide));
  parts.failures.hidden = parts.failures.childElementCount === 0;
  views.atWork.show(run, live);
  graph(parts.graph, run);
  render(parts.stages, stageTable(run));
}
