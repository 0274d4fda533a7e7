import { get } from './api.js';
import { axis, chart, connect, tooltip } from './charts.js';
import { h, render } from './dom.js';
import { short, tick } from './format.js';
import { panelsFor } from './panels.js';
import { empty, skeleton, trouble } from './shell.js';
import { alarmList, attemptList } from './stages.js';

const GROUP = 'stage';
const POINTS = 600; // more than a panel has pixels
const REST_MS = 1000; // between two looks at a stage that trains

/** The curves of one stage at a time. */
export function curves(section) {
  const head = h('div', { class: 'section-head' });
  const facts = h('div', { class: 'training-head' });
  const body = h('div', {});
  let shown; // { run, instance }
  let drawn = { key: '', charts: [] };
  let metrics;
  let bytes = -1;
  let busy = false;
  let again = false; // asked for while busy
  render(section, head, facts, body);

  return { show, grown };

  /** Shows a stage; `picker` makes the control that chooses another. */
  function show(run, instance, picker = shown?.picker) {
    const stage = run.stages.find(other => other.instance === instance);
    const same = shown?.instance === instance;
    shown = { run, instance, picker };
    render(head, h('h2', {}, 'Training'), picker?.(), h('span', { class: 'small muted' }, 'by optimizer step'),
      stage?.uses === 'grpo' && h('a', { class: 'end', href: `/runs/${encodeURIComponent(run.line.run)}/rollouts?stage=${encodeURIComponent(instance)}` }, 'Rollouts'));
    render(facts, stage && attemptList(stage), alarmList(run, instance));
    if (!same) {
      clear();
      bytes = -1;
      render(body, skeleton(230));
    }
    if (stage?.started) load();
    else render(body, h('div', { class: 'card' }, empty('Not started yet', 'Curves appear with its first step.')));
  }

  /** Says that the stage has written metrics. */
  function grown(size) {
    if (size !== bytes) load(size);
  }

  async function load(size = bytes) {
    again = busy;
    if (busy) return;
    busy = true;
    const asked = shown;
    try {
      metrics = await get(['runs', asked.run.line.run, 'stages', asked.instance, 'metrics'], { points: POINTS });
      bytes = size;
      if (asked.instance === shown.instance) draw();
    } catch (error) {
      if (asked.instance === shown.instance && error.code !== 'UNREACHABLE') {
        clear();
        render(body, trouble(error));
      }
    } finally {
      setTimeout(() => {
        busy = false;
        if (again) load();
      }, asked.instance === shown.instance ? REST_MS : 0);
    }
  }

  function clear() {
    drawn.charts.forEach(own => own.dispose());
    drawn = { key: '', charts: [] };
  }

  function draw() {
    const panels = panelsFor(new Set(Object.keys(metrics.series)));
    const key = JSON.stringify([shown.instance, panels.map(panel => [panel.title, panel.lines])]);
    if (key === drawn.key) {
      panels.forEach((panel, i) => update(drawn.values[i], panel));
      drawn.charts.forEach(own => own.draw());
      return;
    }
    clear();
    if (panels.length === 0) {
      const stage = shown.run.stages.find(other => other.instance === shown.instance);
      render(body, h('div', { class: 'card' }, empty(
        'No curves', stage.state === 'active' ? (stage.queued ? 'It waits for a free slot.' : 'They appear with its first step.') : 'This stage works without optimizer steps. Its log and results are below.')));
      return;
    }
    const values = panels.map(panel => h('span', { class: 'value' }));
    const boxes = panels.map(panel => h('div', { class: 'chart', role: 'img' }));
    render(body, h('div', { class: 'panels' }, panels.map((panel, i) => h('article', { class: 'card panel' },
      h('header', {}, h('h3', {}, panel.title), values[i], h('span', { class: 'small muted' }, panel.unit || '\u00a0')),
      boxes[i],
      panel.lines.length > 1 && h('div', { class: 'keys' }, panel.lines.map(([, label], line) => h('span', { class: `key-${line + 1}` }, label))),
      panel.note && h('p', { class: 'note' }, panel.note)))),
    metrics.unreadable > 0 && h('p', { class: 'small muted' }, `${metrics.unreadable} lines of metrics.jsonl are no rows of numbers (a bare NaN, or torn) and were passed over.`));
    panels.forEach((panel, i) => update(values[i], panel));
    drawn = {
      key, values,
      charts: panels.map((panel, i) => chart(boxes[i], colours => option(panel, colours, boxes[i]), GROUP)),
    };
    connect(GROUP);
  }

  function update(value, panel) {
    const last = metrics.series[panel.lines[0][0]].values.at(-1);
    value.textContent = last === undefined || panel.lines.length > 1 ? '' : shownAs(last * (panel.scale ?? 1), panel);
  }

  function option(panel, colours, box) {
    const scale = panel.scale ?? 1;
    const lines = panel.lines.map(([name]) => points(metrics.series[name], scale));
    box.setAttribute('aria-label', `${panel.title}, ${describe(panel, lines[0])}`);
    const band = bandOf(panel, scale);
    return {
      grid: { left: 0, right: 14, top: 18, bottom: 0, outerBoundsMode: 'same', outerBounds: { left: 2, right: 10, top: 18, bottom: 2 } },
      xAxis: axis(colours, { type: 'value', ...span(), splitLine: { show: false }, axisLabel: { color: colours.muted, fontSize: 11, hideOverlap: true, formatter: tick } }),
      yAxis: axis(colours, { type: 'value', scale: true, splitNumber: 3, axisLabel: { color: colours.muted, fontSize: 11, formatter: tick } }),
      tooltip: tooltip(colours, { trigger: 'axis', axisPointer: { lineStyle: { color: colours.muted } }, formatter: items => telling(panel, items) }),
      series: [
        ...(band ? [shade(band, colours.series[0])] : []),
        ...lines.map((data, i) => ({
          type: 'line', data, color: colours.series[i % colours.series.length], lineStyle: { width: 1.6 }, name: panel.lines[i][1],
          showSymbol: panel.points === true || data.length === 1, symbol: 'circle', symbolSize: 5, emphasis: { disabled: true },
          markLine: i === 0 ? resumes(colours) : undefined,
        })),
      ],
    };
  }

  // The same steps under every panel, so that what stands below one another happened together.
  function span() {
    const all = Object.values(metrics.series).filter(curve => curve.steps.length > 0);
    return { min: Math.min(...all.map(curve => curve.steps[0])), max: Math.max(...all.map(curve => curve.steps.at(-1))) };
  }

  // Where a later attempt went on from a checkpoint.
  function resumes(colours) {
    const marks = metrics.attempts.filter(attempt => attempt.resume_step !== undefined);
    return {
      silent: true, symbol: 'none', data: marks.map(attempt => ({ xAxis: attempt.resume_step, name: `attempt ${attempt.number}` })),
      lineStyle: { color: colours.muted, type: [2, 3], width: 1 },
      label: { formatter: '{b}', color: colours.muted, fontSize: 10, position: 'end', distance: 2 },
    };
  }

  function bandOf(panel, scale) {
    if (panel.band) {
      const [low, high] = panel.band.map(name => points(metrics.series[name], scale));
      return low.map(([step, value]) => [step, value, at(high, step)]);
    }
    if (!panel.spread) return null;
    const spread = points(metrics.series[panel.spread], scale);
    return points(metrics.series[panel.lines[0][0]], scale).map(([step, value]) => [step, value - at(spread, step), value + at(spread, step)]);
  }
}

const points = (curve, scale) => curve.steps.map((step, i) => [step, curve.values[i] * scale]);

/** The value of a curve at a step, between two points on the line between them: thinned curves do not share their steps. */
function at(data, step) {
  let [low, high] = [0, data.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (data[middle][0] <= step) low = middle;
    else high = middle;
  }
  const [[x0, y0], [x1, y1]] = [data[low], data[high]];
  if (x1 === x0) return y0;
  return y0 + (y1 - y0) * Math.min(1, Math.max(0, (step - x0) / (x1 - x0)));
}

/** A filled band between two curves. */
function shade(band, colour) {
  return {
    type: 'custom', silent: true, data: band, encode: { x: 0, y: [1, 2] }, tooltip: { show: false }, z: 1,
    renderItem: (params, api) => {
      if (params.dataIndexInside > 0) return null; // the first draws for all
      const lower = band.map(([step, low]) => api.coord([step, low]));
      const upper = band.map(([step, , high]) => api.coord([step, high]));
      return { type: 'polygon', shape: { points: [...upper, ...lower.reverse()] }, style: { fill: colour, opacity: 0.14 } };
    },
  };
}

const shownAs = (value, panel) => (panel.scale === 100 ? `${value.toFixed(1)}\u202f%` : short(value));

function telling(panel, items) {
  const lines = items.filter(item => item.seriesType === 'line');
  if (lines.length === 0) return '';
  return [`step ${lines[0].value[0]}`, ...lines.map(item => `${item.seriesName}  ${shownAs(item.value[1], panel)}`)].join('\n');
}

function describe(panel, data) {
  if (data.length === 0) return 'no values yet';
  const [first, last] = [data[0], data.at(-1)];
  return `from ${shownAs(first[1], panel)} at step ${first[0]} to ${shownAs(last[1], panel)} at step ${last[0]}`;
}
