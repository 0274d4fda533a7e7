import { address, get } from './api.js';
import { axis, chart, tooltip } from './charts.js';
import { claims } from './claims.js';
import { h, render } from './dom.js';
import { count, percent } from './format.js';
import { keys, learned, learningOption, PANELS } from './learning.js';
import { empty, skeleton, trouble } from './shell.js';

/**
 * The figure of a run: the one held-out evaluation through all models, accuracy with its interval and what it cost in readability;
 * below it length and reflection while they learnt by reinforcement.
 */
export function comparison(section) {
  let report;
  let curves = [];
  let charts = [];
  const body = h('div', {}, skeleton(320));
  const figure = h('a', { class: 'end', download: '', hidden: true }, 'Figure as SVG');
  render(section, h('div', { class: 'section-head' }, h('h2', {}, 'Results'), h('span', { class: 'small muted' }, 'one evaluation, held out from all training'), figure), body);
  return { show };

  async function show(run) {
    let next;
    let learnt;
    try {
      next = await get(['runs', run.line.run, 'report']);
      learnt = await learned(run.line.run, next.learning);
    } catch (error) {
      if (error.code !== 'UNREACHABLE') draw(trouble(error));
      return;
    }
    const same = report && JSON.stringify(learnt) === JSON.stringify(curves) && ['models', 'reward_models', 'claims'].every(part => JSON.stringify(next[part]) === JSON.stringify(report[part]));
    if (same) return;
    [report, curves] = [next, learnt];
    figure.href = address(['runs', run.line.run, 'figure.svg']);
    figure.hidden = report.models.length + curves.length === 0;
    const panels = PANELS.filter(panel => curves.some(curve => panel.of(curve).length > 0)).map(panel => ({ panel, box: h('div', { class: 'chart low', role: 'img', 'aria-label': panelTold(panel) }) }));
    const learning = panels.map(({ panel, box }) => h('article', { class: 'card panel half' }, h('header', {}, h('h3', {}, panel.title), h('span', { class: 'small muted' }, panel.unit)), box, keys(curves)));
    const drawn = () => panels.map(({ panel, box }) => chart(box, colours => learningOption(panel, curves, colours)));
    if (report.models.length === 0 && panels.length > 0) {
      draw(h('div', { class: 'results' }, learning));
      charts = drawn();
      return;
    }
    if (report.models.length === 0) {
      draw(h('div', { class: 'card' }, run.line.ended
        ? empty('No model was evaluated', 'The run ended before its first evaluation.')
        : empty('No model has been evaluated yet', 'Each evaluation stage adds a row.')));
      return;
    }
    const boxes = [h('div', { class: 'chart', role: 'img', 'aria-label': told(report.models) }), h('div', { class: 'chart', role: 'img', 'aria-label': 'Format, language mixing and repetition of each model; the table has the numbers.' })];
    draw(h('div', { class: 'results' },
      h('article', { class: 'card panel' }, h('header', {}, h('h3', {}, 'Held-out accuracy'), h('span', { class: 'small muted' }, '% pass@1, 95 % interval')), boxes[0]),
      h('article', { class: 'card panel' }, h('header', {}, h('h3', {}, 'Readability'), h('span', { class: 'small muted' }, '% of completions; repetition: % of 4-grams')), boxes[1]),
      learning,
      h('div', { class: 'card scroll-x wide', tabindex: '0', role: 'group', 'aria-label': 'Results by model' }, table(report.models)),
      judges(report.reward_models),
      claims(report.claims)));
    charts = [chart(boxes[0], colours => accuracy(report.models, curves, colours)), chart(boxes[1], colours => readability(report.models, colours)), ...drawn()];
  }

  function panelTold(panel) {
    return `${panel.title}, ${panel.unit}: ${curves.filter(curve => panel.of(curve).length > 0).map(curve => `${curve.model} from ${panel.of(curve)[0][1].toFixed(1)} to ${panel.of(curve).at(-1)[1].toFixed(1)}`).join(', ')}`;
  }

  function draw(content) {
    charts.forEach(own => own.dispose());
    charts = [];
    render(body, content);
  }
}

const told = models => `Accuracy: ${models.map(model => `${model.name} ${percent(model['pass@1'].value)}`).join(', ')}`;

const names = (models, colours, more) => axis(colours, {
  type: 'category', data: models.map(model => model.name), splitLine: { show: false },
  axisLabel: { color: colours.muted, fontSize: 11, interval: 0, hideOverlap: false, rotate: models.length > 5 && innerWidth < 640 ? 45 : 0 }, ...more,
});

// What was made by reinforcement has the colour of its curve below.
function accuracy(models, curves, colours) {
  const colour = name => {
    const i = curves.findIndex(curve => curve.model === name);
    return i < 0 ? colours.muted : colours.series[i % 5];
  };
  return {
    grid: { left: 8, right: 40, top: 28, bottom: 4, outerBoundsMode: 'same', outerBounds: { left: 4, right: 8, top: 10, bottom: 4 } },
    xAxis: names(models, colours),
    yAxis: axis(colours, { type: 'value', min: 0, max: ceiling(models), splitNumber: 5 }),
    tooltip: tooltip(colours, { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: items => sentence(models[items[0].dataIndex]) }),
    series: [
      {
        type: 'custom', silent: true, encode: { x: 0, y: [1, 2] }, z: 2,
        data: models.flatMap((model, i) => (model['pass@1'].ci95.includes(null) ? [] : [[i, ...model['pass@1'].ci95.map(end => 100 * end)]])),
        renderItem: (_, api) => whisker(api, colour(models[api.value(0)].name)),
      },
      {
        type: 'line', color: colours.muted, lineStyle: { width: 1.2, opacity: 0.45 }, symbol: 'circle', symbolSize: 9, z: 3, emphasis: { disabled: true },
        data: models.map(model => ({ value: 100 * model['pass@1'].value, itemStyle: { color: colour(model.name) } })),
        label: { show: true, position: 'right', distance: 7, fontSize: 11, color: colours.text, formatter: ({ value }) => value.toFixed(1), backgroundColor: colours.surface, padding: [1, 2] },
      },
    ],
  };
}

// Room for the highest interval, to the next ten.
const ceiling = models => Math.min(100, Math.ceil(Math.max(...models.map(model => 10 * (model['pass@1'].ci95[1] ?? model['pass@1'].value)))) * 10);

function whisker(api, colour) {
  const [x, low] = api.coord([api.value(0), api.value(1)]);
  const [, high] = api.coord([api.value(0), api.value(2)]);
  const style = { stroke: colour, lineWidth: 1.6, fill: null };
  const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style });
  return { type: 'group', children: [line(x, low, x, high), line(x - 5, low, x + 5, low), line(x - 5, high, x + 5, high)] };
}

const READABILITY = [['format', 'Format kept'], ['mixing', 'Languages mixed'], ['repetition', 'Repetition']];
const LABELS = 62; // pixels under the last of them for the names of the models
const HEADING = 24;

/** Three low charts over one another, on the same models. */
function readability(models, colours) {
  const rows = READABILITY.filter(([name]) => models.some(model => model[name] != null));
  const height = ((innerWidth <= 640 ? 300 : 330) - LABELS) / rows.length;
  const label = { color: colours.muted, fontSize: 11, interval: 0, rotate: 40 };
  return {
    title: rows.map(([, text], i) => ({ text, left: 0, top: i * height, padding: 4, textStyle: { fontSize: 12, fontWeight: 500, color: colours.text } })),
    grid: rows.map((_, i) => ({ top: i * height + HEADING, height: height - HEADING - 12, left: 36, right: 8 })),
    xAxis: rows.map((_, i) => names(models, colours, { gridIndex: i, axisLabel: i < rows.length - 1 ? { show: false } : label })),
    yAxis: rows.map((_, i) => axis(colours, { type: 'value', gridIndex: i, min: 0, splitNumber: 2 })),
    tooltip: tooltip(colours, { trigger: 'item', formatter: item => `${models[item.dataIndex].name}: ${item.seriesName} ${item.value.toFixed(1)}\u202f%` }),
    series: rows.map(([name, text], i) => ({
      type: 'bar', name: text, xAxisIndex: i, yAxisIndex: i, barMaxWidth: 22, color: colours.series[0],
      itemStyle: { borderRadius: [2, 2, 0, 0] }, data: models.map(model => (model[name] == null ? null : 100 * model[name])),
    })),
  };
}

function sentence(model) {
  return [model.name, `pass@1  ${percent(model['pass@1'].value)}`, `95 % interval  ${interval(model['pass@1'])}`, `${model.n} prompts × ${model.k}`].join('\n');
}

const interval = ({ ci95: [low, high] }) => (low == null || high == null ? '–' : `${percent(low)} – ${percent(high)}`);

function judges(models) {
  return models.length > 0 && h('p', { class: 'wide muted' }, 'Reward models on held-out pairs: ', models.map(({ stage, n, accuracy }, i) => [
    i > 0 && ', ', `${stage} `, h('strong', {}, percent(accuracy.value)), n == null ? '' : ` of ${count(n)}`,
  ]));
}

const COLUMNS = [
  ['cons@k', 'cons@k'], ['format', 'Format'], ['mixing', 'Mixing'], ['repetition', 'Repetition'], ['truncation', 'Truncated'], ['reflection', 'Reflection'],
];

function table(models) {
  const best = Math.max(...models.map(model => model['pass@1'].value));
  return h('table', {},
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Model'), h('th', { scope: 'col', class: 'number' }, 'pass@1'), h('th', { scope: 'col', class: 'number' }, '95 % interval'),
      COLUMNS.map(([, label]) => h('th', { scope: 'col', class: 'number' }, label)), h('th', { scope: 'col', class: 'number' }, 'Tokens'), h('th', { scope: 'col', class: 'number' }, 'n × k'))),
    h('tbody', {}, models.map(model => h('tr', {},
      h('th', { scope: 'row' }, model.name),
      h('td', { class: 'number' }, model['pass@1'].value === best ? h('strong', {}, percent(model['pass@1'].value)) : percent(model['pass@1'].value)),
      h('td', { class: 'number muted' }, interval(model['pass@1'])),
      COLUMNS.map(([name]) => h('td', { class: 'number' }, model[name] == null ? '–' : percent(model[name]))),
      h('td', { class: 'number' }, model.mean_length.toFixed(1)),
      h('td', { class: 'number muted' }, `${model.n} × ${model.k}`)))));
}
