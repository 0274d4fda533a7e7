// What all charts share: colours from the style sheet, axes, tooltips as text, one cursor over a group, and the mouse:
// a drag chooses a span, a click a point.

/* global echarts */

const charts = new Set();
const DRAG_PX = 5; // less is a click

/**
 * A chart in an element. `options` makes its option from the palette; it is asked again when dark and light change.
 * `group` shares the cursor; `span(from, to)` and `click(x)` are told values of the x axis.
 */
export function chart(element, options, { group, span, click } = {}) {
  const instance = echarts.init(element, null, { renderer: 'canvas' });
  if (group) {
    instance.group = group;
    echarts.connect(group);
  }
  const own = {
    draw: () => instance.setOption({ animation: false, textStyle: { fontFamily: palette().font }, ...options(palette()) }, { notMerge: true }),
    resize: () => instance.resize(),
    dispose() {
      watch.unobserve(element);
      charts.delete(own);
      instance.dispose();
    },
  };
  charts.add(own);
  own.draw();
  owners.set(element, own);
  watch.observe(element);
  if (span || click) listen(element, x => instance.convertFromPixel({ xAxisIndex: 0 }, x), span, click);
  return own;
}

function listen(element, valueAt, span, click) {
  const shade = document.createElement('div');
  shade.className = 'selection';
  element.onpointerdown = down => {
    if (down.button !== 0 || down.pointerType !== 'mouse') return; // a finger scrolls
    const left = element.getBoundingClientRect().left;
    const start = down.clientX - left;
    const move = event => {
      const [from, to] = [start, event.clientX - left].sort((a, b) => a - b);
      if (!span || to - from < DRAG_PX) return;
      element.append(shade);
      Object.assign(shade.style, { left: `${Math.max(0, from)}px`, width: `${to - Math.max(0, from)}px` });
    };
    const up = event => {
      removeEventListener('pointermove', move);
      removeEventListener('pointerup', up);
      shade.remove();
      const [from, to] = [start, event.clientX - left].sort((a, b) => a - b);
      if (to - from < DRAG_PX) click?.(valueAt(start));
      else span?.(valueAt(from), valueAt(to));
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', up);
  };
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(own => own.draw()));

// The element and not the window: a card may grow or shrink without it, when a scrollbar or a neighbour comes or goes.
const owners = new WeakMap();
const watch = new ResizeObserver(entries => requestAnimationFrame(() => entries.forEach(({ target }) => charts.has(owners.get(target)) && owners.get(target).resize())));

function palette() {
  const style = getComputedStyle(document.documentElement);
  const of = name => style.getPropertyValue(`--${name}`).trim();
  return {
    series: [1, 2, 3, 4, 5].map(i => of(`chart-${i}`)),
    text: of('text'), muted: of('muted'), line: of('line'), surface: of('surface'), good: of('good'), warning: of('warning'), bad: of('bad'), idle: of('idle'), font: of('sans'),
  };
}

/** The usual frame: a light grid, small labels, no frame around it. */
export const axis = (colours, more) => ({
  axisLine: { show: false }, axisTick: { show: false },
  axisLabel: { color: colours.muted, fontSize: 11 },
  splitLine: { lineStyle: { color: colours.line } },
  ...more,
});

/** Text alone: a label may hold what a model or a file wrote. */
export const tooltip = (colours, more) => ({
  renderMode: 'richText', backgroundColor: colours.surface, borderColor: colours.line, borderWidth: 1, padding: [6, 10],
  textStyle: { color: colours.text, fontSize: 12, fontFamily: colours.font }, confine: true, ...more,
});
