import { axis, tooltip } from './charts.js';
import { clockTime, duration, short, tick } from './format.js';

// One panel as a chart: of one stage with band and marks, or one line each of several.

/**
 * A source: { label, metrics, clock, marks }. `clock` is [[step, time]] ascending, of the whole stage; `marks` are
 * { step, text, tone, codes }. The view: see curve-view.js.
 */
export function panelOption(panel, sources, view, colours) {
  const scale = panel.scale ?? 1;
  const several = sources.length > 1;
  const lines = sources.flatMap((source, s) => panel.lines
    .filter(([name]) => source.metrics.series[name])
    .map(([name, label], i) => ({
      ...points(source, smoothed(panel, source.metrics.series[name]), scale, view),
      name: several ? source.label : label, colour: colours.series[(several ? s : i) % colours.series.length],
    })));
  const logarithmic = view.log && lines.some(line => line.raw.some(([, value]) => value > 0));
  const fit = data => (logarithmic ? data.filter(([, value]) => value > 0) : data);
  const band = several ? null : bandOf(panel, sources[0], scale, view);
  return {
    ...frame(view, colours, extent(sources, view)),
    yAxis: axis(colours, { type: logarithmic ? 'log' : 'value', scale: true, splitNumber: 3, axisLabel: { color: colours.muted, fontSize: 11, formatter: tick } }),
    tooltip: tooltip(colours, { trigger: 'axis', axisPointer: { lineStyle: { color: colours.muted } }, formatter: items => telling(panel, items, view) }),
    series: [
      ...(band && !logarithmic ? [shade(band, colours.series[0])] : []),
      ...lines.filter(line => line.smooth).map(line => ({ ...drawn(panel, fit(line.raw), line), silent: true, tooltip: { show: false }, name: '', lineStyle: { width: 1, opacity: 0.28 } })),
      ...lines.map((line, i) => ({
        ...drawn(panel, fit(line.smooth ?? line.raw), line), lineStyle: { width: 1.6 },
        markLine: i === 0 && !several ? marksOf(panel, sources[0], view, colours) : undefined,
      })),
    ],
  };
}

/** How the rewards of completions spread: a column a step, darker where more of them are. */
export function distributionOption({ edges, steps, shares }, source, view, colours) {
  const middle = i => (i < 0 ? steps[0] - (middle(0) - steps[0]) : i >= steps.length - 1 ? steps.at(-1) + gap(steps) : (steps[i] + steps[i + 1]) / 2);
  const most = Math.max(...shares.flat());
  const cells = steps.flatMap((step, i) => shares[i].flatMap((share, bin) => (share === 0 ? [] : [[
    xOf(source, steps.length === 1 ? step - 0.5 : middle(i - 1), view), xOf(source, steps.length === 1 ? step + 0.5 : middle(i), view), edges[bin], edges[bin + 1], share, step,
  ]])));
  return {
    ...frame(view, colours, extent([source], view)),
    yAxis: axis(colours, { type: 'value', min: edges[0], max: edges.at(-1), splitNumber: 3, axisLabel: { color: colours.muted, fontSize: 11, formatter: tick, hideOverlap: true, showMinLabel: false, showMaxLabel: false } }),
    tooltip: tooltip(colours, {
      trigger: 'item',
      formatter: ({ value: [, , low, high, share, step] }) => `step ${step}\nreward ${short(low)} to ${short(high)}\n${(100 * share).toFixed(1)}\u202f% of its completions`,
    }),
    series: [{
      type: 'custom', data: cells, encode: { x: [0, 1], y: [2, 3] }, clip: true,
      renderItem: (_, api) => {
        const [left, bottom] = api.coord([api.value(0), api.value(2)]);
        const [right, top] = api.coord([api.value(1), api.value(3)]);
        return { type: 'rect', shape: { x: left + 0.5, y: top + 0.5, width: Math.max(1, right - left - 1), height: Math.max(1, bottom - top - 1) }, style: { fill: colours.series[0], opacity: 0.12 + 0.88 * (api.value(4) / most) } };
      },
    }],
  };
}

const gap = steps => (steps.length > 1 ? (steps.at(-1) - steps.at(-2)) / 2 : 0.5);

/** What a step is on the x axis. */
export function xOf(source, step, view) {
  if (view.axis === 'step') return step;
  const time = between(source.clock, step);
  return view.axis === 'wall' ? time : (time - source.clock[0][1]) / 1000;
}

/** The step at a place of the x axis. */
export function stepOf(source, x, view) {
  if (view.axis === 'step') return x;
  const time = view.axis === 'wall' ? x : x * 1000 + source.clock[0][1];
  return between(source.clock.map(([step, at]) => [at, step]), time);
}

/** A panel in words, for those who do not see it. */
export function describe(panel, source) {
  const curve = panel.lines.length > 0 && source.metrics.series[panel.lines[0][0]];
  if (!curve || curve.values.length === 0) return 'no values yet';
  const of = value => shownAs(value * (panel.scale ?? 1), panel);
  return `from ${of(curve.values[0])} at step ${curve.steps[0]} to ${of(curve.values.at(-1))} at step ${curve.steps.at(-1)}`;
}

/** A curve as its panel draws it: the few points of an evaluation are measurements with intervals, and stay what they are. */
export const smoothed = (panel, curve) => (panel.points ? { ...curve, smooth: undefined } : curve);

export const shownAs = (value, panel) => (panel.suffix ? `${value.toFixed(1)}${panel.suffix}` : short(value));

function frame(view, colours, [min, max]) {
  const label = { color: colours.muted, fontSize: 11, hideOverlap: true };
  return {
    grid: { left: 0, right: 14, top: 18, bottom: 0, outerBoundsMode: 'same', outerBounds: { left: 2, right: 10, top: 18, bottom: 2 } },
    xAxis: axis(colours, {
      type: view.axis === 'wall' ? 'time' : 'value', min, max, splitLine: { show: false }, splitNumber: 4, minInterval: view.axis === 'step' ? 1 : 0,
      axisLabel: view.axis === 'wall' ? label : { ...label, formatter: view.axis === 'step' ? tick : duration },
    }),
  };
}

// The same span under every panel, so that what stands below one another happened together.
function extent(sources, view) {
  if (view.span) return view.span;
  const ends = sources.filter(source => source.clock.length > 0).flatMap(source => [source.clock[0][0], source.clock.at(-1)[0]].map(step => xOf(source, step, view)));
  return [Math.min(...ends), Math.max(...ends)];
}

function points(source, curve, scale, view) {
  const of = values => curve.steps.map((step, i) => [xAt(source, curve, i, view), values[i] * scale, step, curve.times?.[i]]);
  return { raw: of(curve.values), smooth: curve.smooth && of(curve.smooth) };
}

function xAt(source, curve, i, view) {
  if (view.axis === 'step') return curve.steps[i];
  const time = curve.times[i] ?? between(source.clock, curve.steps[i]);
  return view.axis === 'wall' ? time : (time - source.clock[0][1]) / 1000;
}

const drawn = (panel, data, { colour, name }) => ({
  type: 'line', data, color: colour, name, showSymbol: panel.points === true || data.length === 1, symbol: 'circle', symbolSize: 5, emphasis: { disabled: true },
});

// Where a later attempt went on from a checkpoint, and the alarms that this panel is about.
function marksOf(panel, source, view, colours) {
  const shown = source.marks.filter(mark => !mark.code || panel.alarms?.includes(mark.code));
  return {
    silent: true, symbol: 'none',
    data: shown.map(mark => ({ xAxis: xOf(source, mark.step, view), name: mark.text, lineStyle: { color: mark.code ? colours.warning : colours.muted }, label: { color: mark.code ? colours.warning : colours.muted } })),
    lineStyle: { type: [2, 3], width: 1 },
    label: { formatter: '{b}', fontSize: 10, position: 'end', distance: 2 },
  };
}

function bandOf(panel, source, scale, view) {
  const of = name => points(source, source.metrics.series[name], scale, view).raw;
  if (panel.band) {
    const [low, high] = panel.band.map(of);
    return low.map(([x, value]) => [x, value, between(high, x)]);
  }
  if (!panel.spread) return null;
  const spread = of(panel.spread);
  return of(panel.lines[0][0]).map(([x, value]) => [x, value - between(spread, x), value + between(spread, x)]);
}

/** The second of [[first, second]] at a first, between two on the line between them: thinned curves do not share their steps. */
function between(data, first) {
  if (data.length === 0) return 0;
  let [low, high] = [0, data.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (data[middle][0] <= first) low = middle;
    else high = middle;
  }
  const [[x0, y0], [x1, y1]] = [data[low], data[high]];
  if (x1 === x0) return y0;
  return y0 + (y1 - y0) * Math.min(1, Math.max(0, (first - x0) / (x1 - x0)));
}

/** A filled band between two curves. */
function shade(band, colour) {
  return {
    type: 'custom', silent: true, data: band, encode: { x: 0, y: [1, 2] }, tooltip: { show: false }, z: 1, clip: true,
    renderItem: (params, api) => {
      if (params.dataIndexInside > 0) return null; // the first draws for all
      const lower = band.map(([x, low]) => api.coord([x, low]));
      const upper = band.map(([x, , high]) => api.coord([x, high]));
      return { type: 'polygon', shape: { points: [...upper, ...lower.reverse()] }, style: { fill: colour, opacity: 0.14 } };
    },
  };
}

function telling(panel, items, view) {
  const lines = items.filter(item => item.seriesType === 'line' && item.seriesName !== '');
  if (lines.length === 0) return '';
  const [x, , step, time] = lines[0].value;
  const when = view.axis === 'relative' ? ` · after ${duration(x)}` : time ? ` · ${clockTime(time)}` : '';
  return [`step ${step}${when}`, ...lines.map(item => `${item.seriesName}  ${shownAs(item.value[1], panel)}`)].join('\n');
}
