import { h, render } from './dom.js';

// How curves are looked at: the x axis, smoothing, the scale of y, the span of steps. Kept for the next page, but for the span.

const KEPT_AS = 'pipeline.curves';
const AXES = [['step', 'Step', 'Optimizer steps'], ['relative', 'Relative', 'Time since the first step'], ['wall', 'Time', 'Time of the day']];
const SMOOTHEST = 0.99;

/** The controls, and the view they set; `changed` is called with it. */
export function curveView(bar, changed) {
  const view = { axis: 'step', smoothing: 0, log: false, ...kept(), span: null };
  const value = h('output', { class: 'mono' });
  const slider = h('input', { type: 'range', min: 0, max: SMOOTHEST, step: 0.01, value: view.smoothing, 'aria-label': 'Smoothing', oninput: () => set({ smoothing: Number(slider.value) }) });
  const log = h('input', { type: 'checkbox', checked: view.log, onchange: () => set({ log: log.checked }) });
  const axes = h('div', { class: 'segments', role: 'group', 'aria-label': 'X axis' });
  const whole = h('button', { onclick: () => set({ span: null }), title: 'Show all steps again' }, 'All steps');
  const downloads = h('span', { class: 'end downloads' });
  render(bar, axes,
    h('label', { class: 'smoothing' }, h('span', {}, 'Smoothing'), slider, value),
    h('label', { class: 'check' }, log, 'Log scale'), whole,
    h('span', { class: 'small muted wide-only' }, 'drag over a chart to zoom'), downloads);
  tell();
  return { view, set, downloads };

  function set(change) {
    Object.assign(view, change);
    tell();
    keep(view);
    changed(view);
  }

  function tell() {
    value.textContent = view.smoothing.toFixed(2);
    whole.hidden = view.span === null;
    render(axes, AXES.map(([name, label, title]) => h('button', {
      title, 'data-key': `axis-${name}`, 'aria-pressed': String(view.axis === name), onclick: () => set({ axis: name, span: null }),
    }, label)));
  }
}

function kept() {
  try {
    const { axis, smoothing, log } = JSON.parse(localStorage.getItem(KEPT_AS)) ?? {};
    return {
      ...(AXES.some(([name]) => name === axis) && { axis }),
      ...(smoothing >= 0 && smoothing <= SMOOTHEST && { smoothing }),
      ...(typeof log === 'boolean' && { log }),
    };
  } catch {
    return {};
  }
}

function keep({ axis, smoothing, log }) {
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify({ axis, smoothing, log }));
  } catch { /* a browser that keeps nothing shows the usual view again */ }
}
