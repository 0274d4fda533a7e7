import { h, render } from './dom.js';
import { look, lookOf } from './format.js';

const PLACES = [['/new', 'New run'], ['/rollouts', 'Open rollouts'], ['/system', 'System']];
const bar = document.querySelector('.bar');

/** The bar: where we are, and, on a page that follows something, whether it is live. */
export function shell(trail, connection) {
  const state = {
    live: { tone: 'good', word: 'live' },
    reconnecting: { tone: 'warning', word: 'reconnecting …' },
    loading: { tone: 'pending', word: 'loading' },
  }[connection];
  render(bar,
    h('a', { class: 'home', href: '/', 'data-key': 'home' }, h('img', { src: '/favicon.svg', alt: '' }), 'Pipeline'),
    h('nav', { class: 'trail', 'aria-label': 'Where you are' }, trail.flatMap(part => [h('span', { 'aria-hidden': 'true' }, '/'), part])),
    h('nav', { class: 'places', 'aria-label': 'Pages' }, PLACES.map(([href, label]) => h('a', { href, 'data-key': href }, label))),
    state && h('span', { class: 'connection', role: 'status' }, h('span', { class: `badge ${state.tone}` }, state.word)));
}

/** The state of a run or an attempt, or of a whole stage, as a coloured word. */
export function badge(state) {
  const { tone, word } = typeof state === 'string' ? look(state) : lookOf(state);
  return h('span', { class: `badge ${tone === 'cached' ? 'good' : tone}` }, word);
}

/** The stages of a run as a row of marks. */
export function strip(stages) {
  const done = stages.filter(stage => ['succeeded', 'cached', 'skipped'].includes(stage.state)).length;
  return h('div', { class: 'strip', role: 'img', 'aria-label': `${done} of ${stages.length} stages done` },
    stages.map(stage => h('span', { class: lookOf(stage).tone, title: `${stage.instance}: ${lookOf(stage).word}` })));
}

/** What is shown in place of something that cannot be had. */
export function trouble(error) {
  return h('div', { class: 'notice bad', role: 'alert' }, h('strong', {}, error.code ?? 'ERROR'), h('span', {}, error.message));
}

export function empty(title, ...text) {
  return h('div', { class: 'empty' }, h('strong', {}, title), h('p', {}, ...text));
}

export function skeleton(height) {
  const block = h('div', { class: 'skeleton', 'aria-hidden': 'true' });
  block.style.height = `${height}px`;
  return block;
}
