import { address, get } from './api.js';
import { chart } from './charts.js';
import { curveView } from './curve-view.js';
import { h, render } from './dom.js';
import { describe, distributionOption, panelOption, shownAs, smoothed, stepOf } from './panel-chart.js';
import { panelGroups } from './panels.js';
import { empty, skeleton, trouble } from './shell.js';

const GROUP = 'curves';
const POINTS = 600; // more than a panel has pixels
const REST_MS = 1000; // between two looks at a stage that trains

/**
 * The curves of a stage, or of several over one another. A source: { run, instance, label, marks }; `none` says why there
 * are no curves; `click(step)` is told at which step a person clicked.
 */
export function curves(section, { none, click } = {}) {
  const bar = h('div', { class: 'curve-bar card' });
  const legend = h('div', { class: 'legend' });
  const body = h('div', { class: 'curve-groups' }, skeleton(230));
  const controls = curveView(bar, () => load());
  let sources = [];
  let distribution = null; // of rewards, from the rollouts; of one source only
  let drawn = { key: '', charts: [] };
  let others = false; // whether metrics that no panel knows are shown
  let busy = false;
  let again = false; // asked for while busy
  let loaded = 0;
  let soon;
  render(section, bar, legend, body);
  bar.hidden = true;

  return { show, grown };

  /** Says that metrics were written: they are looked at again, but not all the time. */
  function grown() {
    clearTimeout(soon);
    soon = setTimeout(load, Math.max(0, REST_MS - (performance.now() - loaded)));
  }

  /** Shows these sources from now on. */
  function show(next) {
    const key = list => JSON.stringify(list.map(({ run, instance }) => [run, instance]));
    if (key(next) !== key(sources)) distribution = null;
    sources = next.map(source => ({ clock: [], ...sources.find(other => other.run === source.run && other.instance === source.instance), ...source }));
    render(legend, sources.length > 1 && sources.map((source, i) => h('span', { class: `key-${i + 1}` }, source.label)));
    render(controls.downloads, sources.length === 1 && ['csv', 'parquet'].map(form =>
      h('a', { href: address(['runs', sources[0].run, 'stages', sources[0].instance, `metrics.${form}`]), download: '' }, form === 'csv' ? 'CSV' : 'Parquet')));
    load();
  }

  async function load() {
    again = busy;
    if (busy || sources.length === 0) return;
    busy = true;
    const asked = sources;
    try {
      const { view } = controls;
      const answers = await Promise.all(asked.map(source => get(['runs', source.run, 'stages', source.instance, 'metrics'], { points: POINTS, smoothing: view.smoothing || null, ...spanOf(source, view) })));
      if (asked.length === 1) distribution = await spread(asked[0]);
      asked.forEach((source, i) => {
        source.metrics = answers[i];
        if (!view.span) source.clock = clockOf(answers[i]);
      });
      if (asked === sources) draw();
    } catch (error) {
      if (asked === sources && error.code !== 'UNREACHABLE') {
        clear();
        render(body, trouble(error));
      }
    } finally {
      busy = false;
      loaded = performance.now();
      if (again) load();
    }
  }

  // Exactly the steps that are shown are asked for, and one more on each side, so that lines reach the edge.
  function spanOf(source, view) {
    if (!view.span || source.clock.length === 0) return {};
    const [from, to] = view.span.map(x => stepOf(source, x, view));
    return { from: Math.floor(from) - 1, to: Math.ceil(to) + 1 };
  }

  function clear() {
    drawn.charts.forEach(own => own.dispose());
    drawn = { key: '', charts: [] };
  }

  function draw() {
    const names = new Set(sources.flatMap(source => Object.keys(source.metrics.series)));
    const spreads = distribution?.steps.length > 0;
    const groups = panelGroups(names, { distribution: spreads, single: sources.length > 1 });
    const shown = groups.filter(group => !group.others || others);
    const panels = shown.flatMap(group => group.panels);
    const key = JSON.stringify([sources.map(source => [source.run, source.instance]), others, panels.map(panel => [panel.title, panel.lines])]);
    bar.hidden = panels.length === 0;
    if (key === drawn.key) {
      panels.forEach((panel, i) => update(drawn.values[i], drawn.boxes[i], panel));
      drawn.charts.forEach(own => own.draw());
      return;
    }
    clear();
    if (panels.length === 0) {
      render(body, h('div', { class: 'card' }, empty('No curves', none?.() ?? 'No metrics were logged.')));
      return;
    }
    const values = panels.map(() => h('span', { class: 'value' }));
    const boxes = panels.map(() => h('div', { class: 'chart', role: 'img' }));
    let next = 0;
    const unreadable = sources.reduce((sum, source) => sum + source.metrics.unreadable, 0);
    const rest = groups.find(group => group.others);
    render(body,
      shown.map(group => h('div', { class: 'curve-group' },
        h('h2', { class: 'group-title' }, group.title),
        h('div', { class: 'panels' }, group.panels.map(panel => article(panel, values[next], boxes[next++]))))),
      rest && h('button', { class: 'more', 'data-key': 'others', onclick: () => { others = !others; draw(); } },
        others ? 'Hide other metrics' : `${rest.panels.length} other metrics`),
      unreadable > 0 && h('p', { class: 'small muted' }, `${unreadable} lines of metrics.jsonl are no rows of numbers (a bare NaN, or torn) and were passed over.`));
    panels.forEach((panel, i) => update(values[i], boxes[i], panel));
    drawn = { key, values, boxes, charts: panels.map((panel, i) => chart(boxes[i], colours => option(panel, colours), { group: GROUP, span, click: click && (x => click(stepOf(sources[0], x, controls.view))) })) };
  }

  function option(panel, colours) {
    return panel.distribution ? distributionOption(distribution, sources[0], controls.view, colours) : panelOption(panel, sources, controls.view, colours);
  }

  function span(from, to) {
    if (controls.view.axis === 'step') [from, to] = [Math.round(from), Math.round(to)];
    if (to > from) controls.set({ span: [from, to] });
  }

  function update(value, box, panel) {
    box.setAttribute('aria-label', `${panel.title}, ${describe(panel, sources[0])}`);
    const curve = panel.lines.length === 1 && sources.length === 1 && sources[0].metrics.series[panel.lines[0][0]];
    const last = curve && (smoothed(panel, curve).smooth ?? curve.values).at(-1);
    value.textContent = Number.isFinite(last) ? shownAs(last * (panel.scale ?? 1), panel) : '';
  }
}

function article(panel, value, box) {
  return h('article', { class: 'card panel' },
    h('header', {}, h('h3', {}, panel.title), value, h('span', { class: 'small muted' }, panel.unit || '\u00a0')),
    box,
    panel.lines.length > 1 && h('div', { class: 'keys' }, panel.lines.map(([, label], line) => h('span', { class: `key-${line % 5 + 1}` }, label))),
    panel.note && h('p', { class: 'note' }, panel.note));
}

// When each step was logged, of the curve with the most points; a step without a time stands where its neighbours are.
function clockOf(metrics) {
  const longest = Object.values(metrics.series).reduce((best, curve) => (curve.steps.length > (best?.steps.length ?? 0) ? curve : best), null);
  const all = Object.values(metrics.series).flatMap(curve => [[curve.steps[0], curve.times[0]], [curve.steps.at(-1), curve.times.at(-1)]]);
  const clock = new Map([...all, ...(longest?.steps.map((step, i) => [step, longest.times[i]]) ?? [])].filter(([step]) => step !== undefined));
  return [...clock].map(([step, time]) => [step, time ?? 0]).sort(([a], [b]) => a - b);
}

async function spread({ run, instance }) {
  try {
    return await get(['runs', run, 'stages', instance, 'rollouts', 'distribution']);
  } catch {
    return null; // the other panels can do without
  }
}
