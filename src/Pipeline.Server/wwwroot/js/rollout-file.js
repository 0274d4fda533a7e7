import { address, answer } from './api.js';
import { h, render } from './dom.js';
import { filters, PAGE, pages } from './rollout-controls.js';
import { groupCard } from './rollout-cards.js';
import { empty, shell, skeleton, trouble } from './shell.js';

// A file of completions that another trainer wrote, in the same viewer. It is sent to be read, and not kept.

const main = document.querySelector('main');
const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'Which completions' });
const body = h('div', { class: 'groups' });
const foot = h('div', { class: 'controls' });
const input = h('input', { type: 'file', accept: '.parquet,.jsonl,.json', 'aria-label': 'File of completions', onchange: () => input.files[0] && show({ filter: 'all', page: 0 }) });
let turn = 0;

shell([h('span', {}, 'rollouts')]);
render(main,
  h('div', { class: 'section-head' }, h('h1', {}, 'Rollouts'), h('span', { class: 'muted' }, 'of a file')),
  h('p', { class: 'muted' }, 'Opens completions as TRL (Parquet), verl (JSON lines) and Pipeline write them. The file is read and not kept.'),
  h('div', { class: 'controls' }, input), chips, body, foot);
render(body, h('div', { class: 'card' }, empty('No file chosen', 'TRL writes completions_00010.parquet, verl 10.jsonl.')));

async function show(choice) {
  const mine = ++turn;
  if (!body.querySelector('.group')) render(body, skeleton(300));
  try {
    const view = await answer(fetch(address(['rollouts', 'read'], { filter: choice.filter, skip: choice.page * PAGE, take: PAGE }), {
      method: 'POST', body: input.files[0], headers: { 'content-type': 'application/octet-stream', accept: 'application/json' },
    }));
    if (mine !== turn) return;
    render(chips, filters(view, choice, part => show({ ...choice, page: 0, ...part })));
    render(body, view.groups.map(group => groupCard(group)));
    render(foot, pages(view, choice, page => { show({ ...choice, page }); scrollTo(0, 0); }));
  } catch (error) {
    if (mine !== turn) return;
    render(body, trouble(error));
    render(chips);
    render(foot);
  }
}
