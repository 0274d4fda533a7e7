// What all charts share: colours from the style sheet, axes, tooltips as text, and one cursor over all of a stage.

/* global echarts */

const charts = new Set();

/** A chart in an element. `options` makes its option from the palette; it is asked again when dark and light change. */
export function chart(element, options, group) {
  const instance = echarts.init(element, null, { renderer: 'canvas' });
  if (group) instance.group = group;
  const own = {
    draw: () => instance.setOption({ animation: false, textStyle: { fontFamily: palette().font }, ...options(palette()) }, { notMerge: true }),
    resize: () => instance.resize(),
    dispose() {
      charts.delete(own);
      instance.dispose();
    },
  };
  charts.add(own);
  own.draw();
  return own;
}

/** Moves the cursors of a group of charts together. */
export const connect = group => echarts.connect(group);

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.forEach(own => own.draw()));
let resizing;
addEventListener('resize', () => {
  cancelAnimationFrame(resizing);
  resizing = requestAnimationFrame(() => charts.forEach(own => own.resize()));
});

function palette() {
  const style = getComputedStyle(document.documentElement);
  const of = name => style.getPropertyValue(`--${name}`).trim();
  return {
    series: [1, 2, 3, 4, 5].map(i => of(`chart-${i}`)),
    text: of('text'), muted: of('muted'), line: of('line'), surface: of('surface'), warning: of('warning'), font: of('sans'),
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
