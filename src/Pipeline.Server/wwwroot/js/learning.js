import { get } from './api.js';
import { axis, tooltip } from './charts.js';
import { h } from './dom.js';

const LENGTH = 'completions/mean_length';
const REFLECTION = 'completions/reflection_ratio';
const POINTS = 200;

/** What reinforcement changed, step by step: two panels, a line a model. Below them which line is whose. */
export const PANELS = [
  { title: 'Length while RL trains', unit: 'tokens a completion, mean of each step', of: curve => curve.length, digits: 1 },
  { title: 'Reflection while RL trains', unit: '% of completions with a word of reflection', of: curve => curve.reflection, digits: 1, suffix: '\u202f%', min: 0 },
];

/** The curves of the stages that learn by reinforcement, in the order of the report. */
export const learned = (run, stages) => Promise.all(stages.map(async ({ stage, model }) => {
  const { series } = await get(['runs', run, 'stages', stage, 'metrics'], { names: `${LENGTH},${REFLECTION}`, points: POINTS });
  return { model, length: points(series[LENGTH], 1), reflection: points(series[REFLECTION], 100) };
}));

const points = (series, scale) => series?.steps.map((step, i) => [step, scale * series.values[i]]) ?? [];

export const keys = curves => h('div', { class: 'keys' }, curves.map((curve, i) => h('span', { class: `key-${i % 5 + 1}` }, curve.model)));

export function learningOption(panel, curves, colours) {
  return {
    grid: { left: 40, right: 12, top: 10, bottom: 38 },
    xAxis: axis(colours, { type: 'value', min: 'dataMin', max: 'dataMax', name: 'RL step', nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: colours.muted, fontSize: 11 } }),
    yAxis: axis(colours, { type: 'value', min: panel.min, scale: panel.min === undefined, splitNumber: 4 }),
    tooltip: tooltip(colours, { trigger: 'axis', formatter: items => [`step ${items[0].value[0]}`, ...items.map(item => `${item.seriesName}  ${item.value[1].toFixed(panel.digits)}${panel.suffix ?? ''}`)].join('\n') }),
    series: curves.map((curve, i) => ({ type: 'line', name: curve.model, color: colours.series[i % 5], showSymbol: panel.of(curve).length < 2, symbolSize: 5, lineStyle: { width: 1.6 }, emphasis: { disabled: true }, data: panel.of(curve) })),
  };
}
