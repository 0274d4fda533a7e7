import { post } from './api.js';
import { h, render } from './dom.js';
import { shell } from './shell.js';

// A pipeline file, checked while it is typed by the parser that `pipeline validate` uses, and started.

const SETTLE_MS = 300; // after the last letter
const KEPT_AS = 'pipeline.submit';
const main = document.querySelector('main');
const text = h('textarea', { spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off', wrap: 'off', 'aria-label': 'Pipeline file', 'aria-describedby': 'findings', oninput: () => changed(), onscroll: () => { gutter.scrollTop = text.scrollTop; } });
const gutter = h('ol', { class: 'gutter', 'aria-hidden': 'true' });
const findings = h('div', { id: 'findings', class: 'findings', 'aria-live': 'polite' });
const line = (label, name, placeholder) => h('label', {}, h('span', {}, label), h('input', { type: 'text', name, placeholder, spellcheck: 'false', oninput: () => changed() }));
const overrides = h('form', { class: 'overrides' }, line('Profile', 'profile', 'smoke'), line('Parameters', 'params', 'seed=2, steps=100'), line('Settings', 'sets', 'stages.rl.with.steps=5'));
const start = h('button', { class: 'primary', disabled: true, onclick: () => submit() }, 'Start');
const file = h('input', { type: 'file', accept: '.yaml,.yml', 'aria-label': 'Open a pipeline file', onchange: () => open() });
let turn = 0; // answers to an earlier text come too late
let settle;

shell([h('a', { href: '/' }, 'runs'), h('span', {}, 'new')]);
document.title = 'New run · Pipeline';
overrides.onsubmit = event => event.preventDefault();
render(main, h('div', { class: 'section-head' }, h('h1', {}, 'New run'), file),
  h('div', { class: 'editor card' }, gutter, text), overrides, findings, h('div', { class: 'controls' }, start));
text.value = kept();
number([]);
check();

function changed() {
  clearTimeout(settle);
  start.disabled = true;
  number([]);
  settle = setTimeout(check, SETTLE_MS);
}

async function open() {
  if (!file.files[0]) return;
  text.value = await file.files[0].text();
  changed();
}

function asked() {
  const list = name => overrides.elements[name].value.split(',').map(part => part.trim()).filter(Boolean);
  return { text: text.value, profile: overrides.elements.profile.value, params: list('params'), sets: list('sets') };
}

async function check() {
  keep(text.value);
  const mine = ++turn;
  if (text.value.trim() === '') {
    render(findings, h('p', { class: 'muted' }, 'Write a pipeline file, or open one. It is checked while you type.'));
    return;
  }
  try {
    const found = await post(['pipelines', 'validate'], asked());
    if (mine === turn) tell(found);
  } catch (error) {
    if (mine === turn) render(findings, h('div', { class: 'notice bad', role: 'alert' }, h('strong', {}, error.code), h('span', {}, error.message)));
  }
}

function tell({ name, stages, errors }) {
  number(errors);
  start.disabled = errors.length > 0;
  render(findings, errors.length === 0
    ? h('div', { class: 'notice good' }, h('strong', {}, `${name} is valid`), h('span', {}, `${stages.length} stages: ${stages.map(stage => stage.instance).join(', ')}`))
    : h('ol', { class: 'card mistakes' }, errors.map(error => h('li', {}, h('button', { onclick: () => go(error) },
      h('span', { class: 'mono muted' }, error.line > 0 ? `${error.line}:${error.column}` : '–'), h('span', {}, error.message))))));
}

// Line numbers; those of lines with a mistake stand out.
function number(errors) {
  const wrong = new Set(errors.map(error => error.line));
  render(gutter, text.value.split('\n').map((_, i) => h('li', { class: wrong.has(i + 1) ? 'wrong' : null }, i + 1)));
  gutter.scrollTop = text.scrollTop;
}

function go({ line: at, column }) {
  if (at === 0) return;
  const place = text.value.split('\n').slice(0, at - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  text.focus();
  text.setSelectionRange(place, place);
  text.scrollTop = Math.max(0, (at - 8) * parseFloat(getComputedStyle(text).lineHeight));
}

async function submit() {
  start.disabled = true;
  try {
    const { run } = await post(['runs'], asked());
    location.href = `/runs/${encodeURIComponent(run)}`;
  } catch (error) {
    render(findings, h('div', { class: 'notice bad', role: 'alert' }, h('strong', {}, error.code), h('span', {}, error.message)));
    start.disabled = false;
  }
}

function kept() {
  try {
    return sessionStorage.getItem(KEPT_AS) ?? '';
  } catch {
    return '';
  }
}

function keep(value) {
  try {
    sessionStorage.setItem(KEPT_AS, value);
  } catch { /* then a reload begins anew */ }
}
