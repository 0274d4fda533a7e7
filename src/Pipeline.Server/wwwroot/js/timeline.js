import { get } from './api.js';
import { axis, chart, tooltip } from './charts.js';
import { h, render } from './dom.js';
import { clockTime, duration } from './format.js';
import { trouble } from './shell.js';

const ROW = 24; // pixels a stage
const KINDS = { working: ['At work', 'good'], lost: ['Lost to failures', 'bad'], queued: ['Queued, starting', 'idle'], waiting: ['Waiting to be tried again', 'warning'] };

/** What the time of the run went to: a row a stage, an attempt after the other. */
export function timeline(section) {
  const facts = h('dl', { class: 'facts' });
  const box = h('div', { class: 'chart', role: 'img', 'aria-label': 'Attempts of each stage over time; the table of stages has the numbers.' });
  const card = h('div', { class: 'card padded timeline' }, facts, box);
  let drawn;
  let view;
  render(section, h('div', { class: 'section-head' }, h('h2', {}, 'Timeline'),
    h('div', { class: 'legend' }, Object.values(KINDS).map(([label, tone]) => h('span', { class: `swatch ${tone}` }, label)), h('span', { class: 'swatch tick' }, 'checkpoint'))), card);
  return { show };

  async function show(run) {
    try {
      view = await get(['runs', run.line.run, 'timeline']);
    } catch (error) {
      if (error.code !== 'UNREACHABLE') render(card, trouble(error));
      return;
    }
    section.hidden = view.stages.length === 0;
    if (section.hidden) return;
    const { totals } = view;
    render(facts, Object.entries(KINDS).filter(([kind]) => kind === 'working' || totals[kind] >= 0.05).map(([kind, [label]]) =>
      h('div', {}, h('dt', {}, label), h('dd', {}, duration(totals[kind])))));
    box.style.height = `${view.stages.length * ROW + 34}px`;
    if (drawn) {
      drawn.resize();
      drawn.draw();
    } else {
      drawn = chart(box, colours => option(view, colours));
    }
  }
}

function option({ start, end, stages }, colours) {
  const at = text => new Date(text).getTime();
  const rows = stages.map(stage => stage.instance);
  const spans = stages.flatMap((stage, row) => stage.spans.filter(span => at(span.to) > at(span.from)).map(span => ({
    value: [row, at(span.from), at(span.to)], tone: KINDS[span.kind][1],
    told: `${stage.instance}, attempt ${span.attempt}\n${KINDS[span.kind][0]}  ${duration((at(span.to) - at(span.from)) / 1000)}\n${clockTime(span.from)} to ${clockTime(span.to)}`,
  })));
  const names = Math.min(150, innerWidth / 3.4);
  return {
    grid: { left: names, right: 12, top: 6, bottom: 26 },
    xAxis: axis(colours, { type: 'time', min: at(start), max: at(end), splitNumber: 6, axisLabel: { color: colours.muted, fontSize: 11, hideOverlap: true } }),
    yAxis: axis(colours, { type: 'category', data: rows, inverse: true, splitLine: { show: false }, axisLabel: { color: colours.text, fontSize: 11, interval: 0, width: names - 12, overflow: 'truncate' } }),
    tooltip: tooltip(colours, { trigger: 'item', formatter: ({ data: { told } }) => told }),
    series: [
      {
        type: 'custom', encode: { x: [1, 2], y: 0 }, clip: true, data: spans,
        renderItem: ({ dataIndex, coordSys }, api) => {
          const [left, y] = api.coord([api.value(1), api.value(0)]);
          const right = Math.min(coordSys.x + coordSys.width, api.coord([api.value(2), api.value(0)])[0]);
          return { type: 'rect', shape: { x: left, y: y - 6, width: Math.max(1.5, right - left), height: 12, r: 2 }, style: { fill: colours[spans[dataIndex].tone] } };
        },
      },
      {
        type: 'scatter', symbol: 'rect', symbolSize: [1.5, 14], itemStyle: { color: colours.surface, opacity: 0.85 }, encode: { x: 1, y: 0 },
        data: stages.flatMap((stage, row) => stage.checkpoints.map(time => ({ value: [row, at(time)], told: `${stage.instance}\ncheckpoint at ${clockTime(time)}` }))),
      },
    ],
  };
}
