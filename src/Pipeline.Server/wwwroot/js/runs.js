import { get } from './api.js';
import { h, render } from './dom.js';
import { duration, moment, percent } from './format.js';
import { badge, empty, shell, skeleton, strip, trouble } from './shell.js';

const PAGE = 50;
const INTERVAL_MS = 2500;
const MOST_COMPARED = 5;
const main = document.querySelector('main');
const ticked = new Set();
const STATES = ['running', 'succeeded', 'failed', 'cancelling', 'cancelled'];
const asked = new URLSearchParams(location.search); // so that a filtered list can be bookmarked
let pages = 1;
let timer;
let turn = 0; // answers to an earlier question come too late

render(main, h('h1', {}, 'Runs'), skeleton(280));
shell([], 'loading');
document.addEventListener('visibilitychange', () => document.hidden || refresh());
refresh();

async function refresh() {
  clearTimeout(timer);
  const mine = ++turn;
  try {
    const runs = [];
    for (let page = 0; page < pages && runs.length === page * PAGE; page++) {
      runs.push(...await get(['runs'], { limit: PAGE, before: runs.at(-1)?.run, query: asked.get('query'), state: asked.get('state') }));
    }
    if (mine !== turn) return;
    show(runs);
    shell([], 'live');
  } catch (error) {
    if (error.code !== 'UNREACHABLE' || !main.querySelector('table')) render(main, h('h1', {}, 'Runs'), trouble(error));
    shell([], 'reconnecting');
  }
  if (!document.hidden) timer = setTimeout(refresh, INTERVAL_MS);
}

function show(runs) {
  const more = runs.length === pages * PAGE;
  render(main,
    h('div', { class: 'section-head' }, h('h1', {}, 'Runs'), filter()),
    runs.length === 0 && asked.size > 0
      ? h('div', { class: 'card' }, empty('No such runs', 'Nothing here goes by this name or stands there. ', h('button', { onclick: () => ask('', '') }, 'Show all')))
      : runs.length === 0
      ? h('div', { class: 'card' }, empty('No runs yet', 'Start one: ', h('code', {}, 'pipeline run pipelines/quickstart.yaml'), ' It appears here by itself.'))
      : h('div', { class: 'card' }, table(runs)),
    runs.length > 1 && compareBar(),
    more && h('button', { 'data-key': 'more', onclick: () => { pages++; refresh(); } }, 'Older runs'));
}

function filter() {
  return h('form', { class: 'controls end', role: 'search', onsubmit: event => event.preventDefault() },
    h('input', { type: 'search', name: 'query', placeholder: 'Pipeline or run', 'aria-label': 'Search runs', value: asked.get('query') ?? '', 'data-key': 'query', oninput: event => ask(event.target.value, asked.get('state') ?? '') }),
    h('select', { name: 'state', 'aria-label': 'State', 'data-key': 'state', onchange: event => ask(asked.get('query') ?? '', event.target.value) },
      h('option', { value: '' }, 'Any state'), STATES.map(state => h('option', { value: state, selected: asked.get('state') === state }, state))));
}

function ask(query, state) {
  for (const [name, value] of Object.entries({ query, state })) value ? asked.set(name, value) : asked.delete(name);
  history.replaceState(null, '', asked.size > 0 ? `?${asked}` : location.pathname);
  pages = 1;
  refresh();
}

function compareBar() {
  const enough = ticked.size >= 2 && ticked.size <= MOST_COMPARED;
  return h('div', { class: 'controls' },
    h('a', { class: 'button', 'data-key': 'compare', 'aria-disabled': String(!enough), href: enough ? `/compare?runs=${[...ticked].map(encodeURIComponent).join()}` : null }, 'Compare'),
    h('span', { class: 'small muted' }, enough ? `${ticked.size} runs` : 'Tick two to five runs'));
}

function tick(run) {
  if (!ticked.delete(run)) ticked.add(run);
  document.querySelector('[data-key=compare]').parentElement.replaceWith(compareBar());
}

function table(runs) {
  return h('table', { class: 'runs' },
    h('thead', {}, h('tr', {},
      h('th', { scope: 'col' }, h('span', { class: 'hidden-text' }, 'Compare')), h('th', { scope: 'col' }, 'Run'), h('th', { scope: 'col' }, 'State'), h('th', { scope: 'col' }, 'Stages'),
      h('th', { scope: 'col', class: 'number' }, 'Held-out pass@1'), h('th', { scope: 'col', class: 'number' }, 'Duration'),
      h('th', { scope: 'col', class: 'number' }, 'Submitted'))),
    h('tbody', {}, runs.map(row)));
}

function row(run) {
  return h('tr', {},
    h('td', { class: 'tick' }, h('input', { type: 'checkbox', checked: ticked.has(run.run), 'data-key': `tick-${run.run}`, 'aria-label': `Compare ${run.run}`, onchange: () => tick(run.run) })),
    h('td', {}, h('a', { class: 'name', href: `/runs/${encodeURIComponent(run.run)}`, 'data-key': run.run }, run.pipeline),
      h('div', { class: 'small muted mono' }, run.run)),
    h('td', { class: 'state' }, badge(run.state)),
    h('td', { class: 'progress' }, strip(run.stages), h('span', { class: 'small muted' }, standing(run))),
    h('td', { class: 'number', 'data-label': 'pass@1' }, run.key ? [percent(run.key.value), h('div', { class: 'small muted' }, run.key.model)] : '–'),
    h('td', { class: 'number', 'data-label': 'took' }, duration(run.seconds)),
    h('td', { class: 'number' }, moment(run.submitted)));
}

/** What the run is at, in a few words. */
function standing(run) {
  const active = run.stages.filter(stage => stage.state === 'active' && !stage.queued);
  if (active.length > 0) {
    return active.map(({ instance, progress }) => [
      instance,
      progress && progress.total > 0 && ` ${percent(progress.share, 0)}`,
      progress?.eta_seconds > 0 && `, ${duration(progress.eta_seconds)} left`,
    ].filter(Boolean).join('')).join(' · ') + ` · ${percent(run.progress, 0)} of all`;
  }
  const failed = run.stages.filter(stage => stage.state === 'failed');
  if (failed.length > 0) return `failed at ${failed.map(stage => stage.instance).join(', ')}`;
  const done = run.stages.filter(stage => ['succeeded', 'cached', 'skipped'].includes(stage.state)).length;
  return `${done} of ${run.stages.length}`;
}
