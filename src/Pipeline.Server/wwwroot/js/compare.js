import { get } from './api.js';
import { curves } from './curves.js';
import { h, render } from './dom.js';
import { duration, moment, percent } from './format.js';
import { empty, shell, skeleton, trouble } from './shell.js';
import { scroll, table } from './table.js';

// Several runs: curves of one stage over one another, settings that differ, how the models were judged.

const main = document.querySelector('main');
const query = new URLSearchParams(location.search);
const parts = Object.fromEntries([['runs', 'Runs'], ['models', 'Models'], ['settings', 'Settings that differ'], ['curves', 'Curves']]
  .map(([id, label]) => [id, h('section', { id, 'aria-label': label })]));

shell([h('a', { href: '/' }, 'runs'), h('span', {}, 'compare')]);
render(main, h('h1', {}, 'Compare'), skeleton(120), skeleton(300));
start();

async function start() {
  const names = query.get('runs') ?? '';
  if (names === '') {
    render(main, h('h1', {}, 'Compare'), h('div', { class: 'card' }, empty('No runs chosen', 'Tick two to five of them in the ', h('a', { href: '/' }, 'list of runs'), '.')));
    return;
  }
  try {
    const comparison = await get(['compare'], { names });
    render(main, h('h1', {}, 'Compare'), Object.values(parts));
    show(comparison);
  } catch (error) {
    render(main, h('h1', {}, 'Compare'), trouble(error), h('p', {}, h('a', { href: '/' }, 'All runs')));
  }
}

function show({ runs, stages, differences, models }) {
  const headings = () => runs.map((run, i) => h('th', { scope: 'col', class: 'number' }, h('span', { class: `mono key-${i + 1}` }, run.run)));
  render(parts.runs, table('Runs', ['Run', 'Submitted', '#Took', 'Chosen'], runs.map((run, i) =>
    [h('a', { class: `mono key-${i + 1}`, href: `/runs/${encodeURIComponent(run.run)}` }, run.run), moment(run.submitted), duration(run.seconds), h('code', {}, run.overrides.join(' ') || '–')])));

  parts.models.hidden = models.length === 0;
  render(parts.models, h('h2', {}, 'Held-out accuracy'), scroll('Held-out accuracy', h('table', {},
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Model'), headings())),
    h('tbody', {}, models.map(model => h('tr', {}, h('th', { scope: 'row' }, model.name), model.results.map((result, i) => h('td', { class: 'number' }, judged(result, i > 0 && model.results[0])))))))));

  render(parts.settings, h('h2', {}, 'Settings that differ'), differences.length === 0
    ? h('div', { class: 'card' }, empty('The same settings', 'Every stage of these runs has the same options and seed.'))
    : scroll('Settings that differ', h('table', {},
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Stage'), h('th', { scope: 'col' }, 'Setting'), headings())),
      h('tbody', {}, differences.map((difference, i) => h('tr', {},
        h('th', { scope: 'row' }, difference.instance === differences[i - 1]?.instance ? '' : difference.instance), h('td', {}, h('code', {}, difference.setting)),
        difference.values.map(value => h('td', { class: 'number' }, value === null || value === undefined ? '–' : h('code', {}, typeof value === 'string' ? value : JSON.stringify(value))))))))));

  const drawn = h('div', { class: 'curves' });
  const usable = stages.filter(stage => stage.started.some(Boolean));
  const first = usable.find(stage => stage.instance === query.get('stage')) ?? usable.find(stage => stage.uses === 'grpo') ?? usable[0];
  parts.curves.hidden = !first;
  if (!first) return;
  const picker = h('select', { 'aria-label': 'Stage', onchange: () => choose(picker.value) },
    usable.map(stage => h('option', { value: stage.instance, selected: stage === first }, stage.instance)));
  render(parts.curves, h('div', { class: 'section-head' }, h('h2', {}, 'Curves'), picker), drawn);
  const view = curves(drawn, { none: () => 'This stage works without steps.' });
  choose(first.instance);

  function choose(instance) {
    query.set('stage', instance);
    history.replaceState(null, '', `?${query}`);
    const stage = stages.find(other => other.instance === instance);
    view.show(runs.flatMap((run, i) => (stage.started[i] ? [{ run: run.run, instance, label: run.run, marks: [] }] : [])));
  }
}

function judged(result, base) {
  if (!result) return '–';
  const change = base ? result.value - base.value : null;
  return [
    result.low !== undefined && h('span', { class: 'small muted' }, `${(100 * result.low).toFixed(1)} – ${(100 * result.high).toFixed(1)}  `),
    h('strong', {}, percent(result.value)),
    change !== null && h('span', { class: change >= 0 ? 'up' : 'down' }, `  ${change >= 0 ? '+' : '−'}${(100 * Math.abs(change)).toFixed(1)}`),
  ];
}
