import { h, render, s } from './dom.js';
import { lookOf, percent } from './format.js';

const NODE = { width: 108, height: 40 };
const COLUMN = 122;
const ROW = 54;

/** The pipeline as the server laid it out: what each stage needs, and where it stands. */
export function graph(section, run) {
  let frame = section.querySelector('.graph');
  if (!frame) {
    frame = h('div', { class: 'card scroll-x graph', tabindex: '0', role: 'group', 'aria-label': 'The pipeline, from left to right' });
    render(section, h('div', { class: 'section-head' }, h('h2', {}, 'Pipeline'), legend()), frame);
    for (const [on, off] of [['mouseover', 'mouseout'], ['focusin', 'focusout']]) {
      frame.addEventListener(on, event => trace(frame, event.target.closest('a')?.dataset.instance));
      frame.addEventListener(off, () => trace(frame));
    }
  }
  const stages = new Map(run.stages.map(stage => [stage.instance, stage]));
  const places = new Map(run.graph.nodes.map(node => [node.instance, node]));
  const width = (run.graph.columns - 1) * COLUMN + NODE.width + 4;
  const height = (run.graph.rows - 1) * ROW + NODE.height + 4;
  render(frame, s('svg', { width, height, viewBox: `-2 -2 ${width} ${height}` },
    run.graph.edges.map(edge => s('path', { class: `edge ${edge.weights ? '' : 'data'}`, 'data-from': edge.from, 'data-to': edge.to, d: path(edge, places) })),
    run.graph.nodes.map(node => box(node, run.line.run, stages))));
  if (frame.dataset.traced) trace(frame, frame.dataset.traced);
}

/** Leaves visible what a stage is made from, and what is made from it: its lineage. */
function trace(frame, instance) {
  frame.dataset.traced = instance ?? '';
  const edges = [...frame.querySelectorAll('path.edge')];
  const kin = new Set(instance && [instance]);
  const spread = (here, there) => {
    const found = [instance];
    for (const one of found) for (const edge of edges) if (edge.dataset[here] === one && !found.includes(edge.dataset[there])) found.push(edge.dataset[there]);
    found.forEach(one => kin.add(one));
    return new Set(found);
  };
  const [above, below] = instance ? [spread('to', 'from'), spread('from', 'to')] : [];
  for (const edge of edges) edge.classList.toggle('dim', Boolean(instance) && ![above, below].some(side => side.has(edge.dataset.from) && side.has(edge.dataset.to)));
  for (const node of frame.querySelectorAll('a[data-instance]')) node.classList.toggle('dim', Boolean(instance) && !kin.has(node.dataset.instance));
}

function box(node, run, stages) {
  const stage = stages.get(node.instance);
  const evaluations = node.evaluations.map(instance => stages.get(instance));
  const { tone, word } = lookOf(stage);
  const [x, y] = [node.column * COLUMN, node.row * ROW];
  const sub = standing(stage, word, evaluations);
  return s('a', {
    href: `/runs/${encodeURIComponent(run)}/stages/${encodeURIComponent(node.instance)}`, class: tone, 'data-instance': node.instance,
    'data-key': `node-${node.instance}`,
  },
  s('rect', { x, y, width: NODE.width, height: NODE.height, rx: 6 }),
  s('circle', { class: 'mark', cx: x + 11, cy: y + 13.5, r: 3.5 }),
  s('text', { x: x + 20, y: y + 18 }, fitted(node.instance, '550 12px', 20)),
  s('text', { class: 'sub', x: x + 8, y: y + 33 }, fitted(sub, '400 11px', 8)),
  s('title', {}, `${node.instance}: ${word}`));
}

// Under the name: how far it is, or how good its model is, or what became of it.
function standing(stage, word, evaluations) {
  if (stage.progress?.total > 0) return percent(stage.progress.share, 0);
  const judged = evaluations.map(evaluation => evaluation.metrics['eval/pass@1']).filter(value => value !== undefined);
  if (judged.length > 0) return `pass@1 ${percent(Math.max(...judged))}`;
  return evaluations.some(evaluation => evaluation.state === 'active') ? 'being evaluated' : word;
}

const ruler = document.createElement('canvas').getContext('2d');

// As much of a text as the box has room for, in the font that this machine has.
function fitted(text, font, indent) {
  const room = NODE.width - indent - 3;
  ruler.font = `${font} ${getComputedStyle(document.documentElement).getPropertyValue('--sans')}`;
  if (ruler.measureText(text).width <= room) return text;
  let letters = text.length - 1;
  while (letters > 1 && ruler.measureText(`${text.slice(0, letters)}…`).width > room) letters--;
  return `${text.slice(0, letters)}…`;
}

// A smooth line from the right side of one box through its places in the columns between to the left side of another.
function path(edge, places) {
  const [from, to] = [places.get(edge.from), places.get(edge.to)];
  const middle = row => row * ROW + NODE.height / 2;
  const points = [
    [from.column * COLUMN + NODE.width, middle(from.row)],
    ...edge.rows.map((row, i) => [(from.column + 1 + i) * COLUMN + NODE.width / 2, middle(row)]),
    [to.column * COLUMN, middle(to.row)],
  ];
  return points.reduce((text, [x, y], i) => {
    if (i === 0) return `M${x},${y}`;
    const [px, py] = points[i - 1];
    const half = (px + x) / 2;
    return `${text}C${half},${py} ${half},${y} ${x},${y}`;
  }, '');
}

function legend() {
  const line = kind => s('svg', { viewBox: '0 0 22 6', 'aria-hidden': 'true', }, s('path', { class: `edge ${kind}`, d: 'M1,3H21' }));
  return h('div', { class: 'legend graph-legend' }, h('span', {}, line(''), 'weights'), h('span', {}, line('data'), 'data'));
}
