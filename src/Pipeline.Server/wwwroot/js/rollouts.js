import { get } from './api.js';
import { h, render } from './dom.js';
import { percent, short } from './format.js';
import { empty, shell, skeleton, trouble } from './shell.js';

const main = document.querySelector('main');
const run = decodeURIComponent(location.pathname.split('/')[2]);
const query = new URLSearchParams(location.search);
const stage = query.get('stage') ?? '';
const body = h('div', {}, skeleton(300));
let steps = [];

shell([
  h('a', { href: '/' }, 'runs'), h('a', { class: 'mono', href: `/runs/${encodeURIComponent(run)}?stage=${encodeURIComponent(stage)}` }, run),
  h('span', {}, 'rollouts'),
]);
document.title = `Rollouts of ${stage} · Pipeline`;
const controls = h('div', { class: 'controls' });
render(main, h('div', { class: 'section-head' }, h('h1', {}, 'Rollouts'), h('span', { class: 'muted' }, stage)), controls, body);
start();

async function start() {
  try {
    steps = await get(['runs', run, 'stages', stage, 'rollouts']);
    if (steps.length === 0) {
      render(body, h('div', { class: 'card' }, empty('No rollouts were kept', 'Stages that learn by reinforcement keep those of some of their steps.')));
      return;
    }
    const asked = Number(query.get('step'));
    await show(steps.includes(asked) ? asked : steps.at(-1));
  } catch (error) {
    render(body, trouble(error));
  }
}

async function show(step) {
  const place = steps.indexOf(step);
  const go = (name, to) => h('button', { disabled: steps[to] === undefined, 'data-key': name, onclick: () => show(steps[to]) }, name);
  render(controls,
    h('label', {}, 'Step ', h('select', { 'data-key': 'step', onchange: event => show(Number(event.target.value)) },
      steps.map(other => h('option', { value: other, selected: other === step }, other)))),
    go('Earlier', place - 1), go('Later', place + 1));
  query.set('step', step);
  history.replaceState(null, '', `?${query}`);
  try {
    const { groups } = await get(['runs', run, 'stages', stage, 'rollouts', step]);
    render(body, h('section', { 'aria-label': 'Groups' }, groups.map(group)));
  } catch (error) {
    render(body, trouble(error));
  }
}

function group({ prompt, ground_truth: truth, completions }, i) {
  const mean = completions.reduce((sum, completion) => sum + (completion.reward ?? 0), 0) / completions.length;
  const right = completions.filter(completion => completion.outcome === 'correct').length;
  return h('article', { class: 'card padded group' },
    h('div', { class: 'section-head' }, h('h2', {}, `Prompt ${i + 1}`),
      h('span', { class: 'muted' }, [truth !== undefined && `answer ${truth}`, `${right} of ${completions.length} right`, `mean reward ${short(mean)}`].filter(Boolean).join(' · '))),
    h('div', { class: 'prompt' }, prompt),
    h('div', { class: 'completions' }, completions.map(completion)));
}

function completion({ text, length, stop_reason: stop, reward, advantage, rewards, answer, outcome, mixing }) {
  const facts = [
    ...Object.entries(rewards).map(([name, value]) => [name, value === null || value === undefined ? '–' : short(value)]),
    ['tokens', stop === 'length' ? `${length}, cut off` : length],
    answer !== undefined && ['answer', answer], outcome && ['outcome', outcome.replaceAll('_', ' ')],
    mixing > 0 && ['other language', percent(mixing, 0)],
  ].filter(Boolean);
  return h('div', { class: 'completion' },
    h('header', {},
      h('span', { class: 'reward' }, `reward ${reward === undefined ? '–' : short(reward)}`),
      advantage !== undefined && h('span', { class: advantage >= 0 ? 'up' : 'down' }, `advantage ${advantage > 0 ? '+' : ''}${short(advantage)}`)),
    h('pre', { tabindex: '0', 'aria-label': 'Completion' }, text),
    h('dl', {}, facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))));
}
