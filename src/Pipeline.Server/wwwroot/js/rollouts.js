import { get } from './api.js';
import { h, render } from './dom.js';
import { controls, filters, PAGE, pages } from './rollout-controls.js';
import { groupCard } from './rollout-cards.js';
import { empty, shell, skeleton, trouble } from './shell.js';

// The rollouts of a step, group by group; beside them, if wanted, what another step or stage made of the same prompts.

const main = document.querySelector('main');
const [, , word, , stage] = location.pathname.split('/').map(decodeURIComponent);
const query = new URLSearchParams(location.search);
const bar = h('div', { class: 'controls' });
const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'Which completions' });
const body = h('div', { class: 'groups' }, skeleton(300));
const foot = h('div', { class: 'controls' });
let run = word;
let stages = []; // of this run, that kept rollouts
let turn = 0; // answers to an earlier question come too late

document.title = `Rollouts of ${stage} · Pipeline`;
top();
render(main, h('div', { class: 'section-head' }, h('h1', {}, 'Rollouts'), h('span', { class: 'muted' }, stage)), bar, chips, body, foot);
start();

function top() {
  const to = `/runs/${encodeURIComponent(run)}`;
  shell([h('a', { href: '/' }, 'runs'), h('a', { class: 'mono', href: to }, run), h('a', { href: `${to}/stages/${encodeURIComponent(stage)}` }, stage), h('span', {}, 'rollouts')]);
}

async function start() {
  try {
    run = (await get(['runs', word])).line.run;
    top();
    stages = await get(['runs', run, 'rollouts']);
    const mine = stages.find(other => other.instance === stage);
    if (!mine) {
      render(body, h('div', { class: 'card' }, empty('No rollouts were kept', 'Stages that learn by reinforcement keep those of some of their steps, evaluations all.')));
      return;
    }
    const step = Number(query.get('step'));
    await show({
      step: mine.steps.includes(step) ? step : mine.steps.at(-1),
      filter: query.get('filter') ?? 'all', page: Number(query.get('page') ?? 0), against: query.get('with') ?? '',
    });
  } catch (error) {
    render(body, trouble(error));
  }
}

async function show(choice) {
  const mine = ++turn;
  const [other, otherStep] = splitSource(choice.against);
  for (const [name, value] of [['step', choice.step], ['filter', choice.filter === 'all' ? null : choice.filter], ['page', choice.page || null], ['with', choice.against || null]]) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  history.replaceState(null, '', `?${query}`);
  const change = part => show({ ...choice, page: 0, ...part });
  render(bar, controls(stages, stage, choice, change));
  try {
    const view = await get(['runs', run, 'stages', stage, 'rollouts', choice.step], { filter: choice.filter, skip: choice.page * PAGE, take: PAGE });
    const ids = view.groups.map(group => group.prompt_id).join();
    const beside = other && ids ? await get(['runs', run, 'stages', other, 'rollouts', otherStep], { prompts: ids, take: PAGE * 4 }) : null;
    if (mine !== turn) return;
    render(chips, filters(view, choice, change));
    const name = (instance, step) => `${stages.find(one => one.instance === instance)?.name ?? instance}${step > 0 ? `, step ${step}` : ''}`;
    render(body, view.groups.length === 0
      ? h('div', { class: 'card' }, empty('No completion is like that', 'Choose another filter or step.'))
      : view.groups.map(group => groupCard(group, beside && {
        titles: [name(stage, choice.step), name(other, otherStep)],
        group: beside.groups.find(one => one.prompt_id === group.prompt_id),
      })));
    render(foot, pages(view, choice, page => { change({ page }); scrollTo(0, 0); }));
  } catch (error) {
    if (mine === turn) render(body, trouble(error));
  }
}

/** "r1_zero:40" as its parts; an instance may hold a colon, a step does not. */
function splitSource(text) {
  const colon = text.lastIndexOf(':');
  return colon < 0 ? [] : [text.slice(0, colon), Number(text.slice(colon + 1))];
}
