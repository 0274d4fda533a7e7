import { get } from './api.js';
import { axis, chart, tooltip } from './charts.js';
import { h, render } from './dom.js';
import { percent } from './format.js';

const ACCURACY = ['eval/pass@1', 'eval/pass@1_low', 'eval/pass@1_high'];

/**
 * The one held-out evaluation on its way through the stages: within a stage as it was measured while it trained (on few
 * prompts), at its end as its model was judged (on all). A stage that goes on from the weights of another is joined to it.
 */
export function journey(section) {
  const box = h('div', { class: 'chart', role: 'img' });
  let drawn;
  let key = '';
  let stops = [];
  section.hidden = true;
  return { show };

  async function show(run) {
    const stages = new Map(run.stages.map(stage => [stage.instance, stage]));
    const nodes = run.graph.nodes.filter(node => node.evaluations.length > 0 || stages.get(node.instance).metrics['eval/pass@1'] !== undefined);
    const next = JSON.stringify(nodes.map(node => [node, ...[node.instance, ...node.evaluations].map(instance => stages.get(instance).state)]));
    if (next === key) return;
    key = next;
    try {
      stops = await Promise.all(nodes.map(async node => ({
        instance: node.instance,
        from: run.graph.edges.find(edge => edge.weights && edge.to === node.instance)?.from,
        judged: interval(node.evaluations.map(instance => stages.get(instance).metrics).find(metrics => metrics['eval/pass@1'] !== undefined)),
        measured: stages.get(node.instance).metrics['eval/pass@1'] === undefined ? [] : await measured(run.line.run, node.instance),
      })));
    } catch {
      key = ''; // asked for again with the next event
      return;
    }
    stops = stops.filter(stop => stop.judged || stop.measured.length > 0);
    section.hidden = !stops.some(stop => stop.measured.length > 0);
    if (section.hidden) return;
    box.setAttribute('aria-label', `Held-out accuracy: ${stops.filter(stop => stop.judged).map(stop => `after ${stop.instance} ${percent(stop.judged[0])}`).join(', ')}`);
    if (drawn) {
      drawn.draw();
      return;
    }
    render(section, h('div', { class: 'section-head' }, h('h2', {}, 'Accuracy through the stages')),
      h('article', { class: 'card panel' }, h('header', {}, h('span', { class: 'small muted' }, '% pass@1, held out; lines while a stage trained (few prompts), dots when its model was judged (95 % interval)')), box));
    drawn = chart(box, colours => option(stops, colours));
  }
}

const interval = metrics => metrics && ACCURACY.map(name => metrics[name]);

async function measured(run, instance) {
  const { series } = await get(['runs', run, 'stages', instance, 'metrics'], { names: ACCURACY[0], points: 200 });
  const curve = series[ACCURACY[0]];
  const last = curve?.steps.at(-1);
  return curve?.steps.map((step, i) => [last > 0 ? step / last : 1, curve.values[i], step]) ?? [];
}

// The axis ends above what there is, at 100 at most: a small model's few per cent are to be told apart as well.
function top(stops) {
  const most = 100 * Math.max(...stops.flatMap(stop => [stop.judged?.[2] ?? 0, ...stop.measured.map(point => point[1])]));
  return [5, 10, 20, 50].find(end => most < end) ?? 100;
}

function option(stops, colours) {
  const place = new Map(stops.map((stop, i) => [stop.instance, i]));
  const [line, dot] = [colours.series[0], colours.series[0]];
  const end = stop => stop.judged?.[0] ?? stop.measured.at(-1)?.[1];
  const joins = stops.flatMap((stop, i) => {
    const parent = place.get(stop.from);
    const first = stop.measured[0]?.[1] ?? end(stop);
    return parent === undefined || first === undefined ? [] : [{ coords: [[parent + 1, 100 * end(stops[parent])], [stop.measured.length > 0 ? i : i + 1, 100 * first]] }];
  });
  return {
    grid: { left: 36, right: 16, top: 12, bottom: 36 },
    xAxis: axis(colours, {
      type: 'value', min: 0, max: stops.length, interval: 1,
      axisLabel: { show: false }, splitLine: { lineStyle: { color: colours.line, type: [3, 3] } },
    }),
    yAxis: axis(colours, { type: 'value', min: 0, max: top(stops), splitNumber: 5 }),
    tooltip: tooltip(colours, { trigger: 'item', formatter: ({ data }) => data?.told ?? '' }),
    series: [
      { type: 'custom', silent: true, data: stops.map((_, i) => [i]), renderItem: ({ dataIndex, coordSys }, api) => {
        const [x] = api.coord([dataIndex + 0.5, 0]);
        const width = coordSys.width / stops.length - 6;
        return { type: 'text', x, y: coordSys.y + coordSys.height + 10, style: { text: stops[dataIndex].instance, align: 'center', fill: colours.muted, fontSize: 11, fontFamily: colours.font, width, overflow: 'truncate' } };
      } },
      { type: 'lines', coordinateSystem: 'cartesian2d', silent: true, data: joins, lineStyle: { color: line, width: 1, opacity: 0.35, type: [4, 4], curveness: 0 } },
      ...stops.filter(stop => stop.measured.length > 0).map(stop => ({
        type: 'line', color: line, showSymbol: true, symbolSize: 5, lineStyle: { width: 1.6 }, emphasis: { disabled: true },
        data: stop.measured.map(([share, value, step]) => ({ value: [place.get(stop.instance) + share, 100 * value], told: `${stop.instance}, step ${step}\npass@1  ${percent(value)}\nmeasured while it trained` })),
      })),
      { type: 'custom', silent: true, data: stops.map((stop, i) => [i + 1, 100 * (stop.judged?.[1] ?? NaN), 100 * (stop.judged?.[2] ?? NaN)]), encode: { x: 0, y: [1, 2] }, renderItem: (_, api) => {
        const [x, low] = api.coord([api.value(0), api.value(1)]);
        const [, high] = api.coord([api.value(0), api.value(2)]);
        return Number.isFinite(low) && { type: 'line', shape: { x1: x, y1: low, x2: x, y2: high }, style: { stroke: dot, lineWidth: 2 } };
      } },
      { type: 'scatter', color: dot, symbolSize: 10, data: stops.flatMap((stop, i) => (stop.judged ? [{ value: [i + 1, 100 * stop.judged[0]], told: `${stop.instance}, its model\npass@1  ${percent(stop.judged[0])}\n95 % interval  ${percent(stop.judged[1])} to ${percent(stop.judged[2])}` }] : [])) },
    ],
  };
}
