import { h } from './dom.js';
import { count } from './format.js';

export const PAGE = 20; // groups

const FILTERS = [
  ['all', 'All'], ['no_reward', 'No reward'], ['wrong', 'Wrong'], ['truncated', 'Cut off'], ['mixed', 'Mixed language'], ['timeout', 'Verifier timed out'],
];

/** Which step, and what it is compared with; `change` is told what was chosen. */
export function controls(stages, stage, { step, against }, change) {
  const { steps } = stages.find(other => other.instance === stage);
  const place = steps.indexOf(step);
  const go = (label, to) => h('button', { disabled: steps[to] === undefined, 'data-key': label, onclick: () => change({ step: steps[to] }) }, label);
  return [
    steps.length > 1 && h('label', {}, 'Step ', h('select', { 'data-key': 'step', onchange: event => change({ step: Number(event.target.value) }) },
      steps.map(other => h('option', { value: other, selected: other === step }, other)))),
    steps.length > 1 && go('Earlier', place - 1),
    steps.length > 1 && go('Later', place + 1),
    h('label', { class: 'against' }, 'Same prompts in ', h('select', { 'data-key': 'against', onchange: event => change({ against: event.target.value }) },
      h('option', { value: '' }, '–'),
      stages.map(other => h('optgroup', { label: other.name ? `${other.instance} (${other.name})` : other.instance },
        other.steps.filter(one => other.instance !== stage || one !== step).map(one => {
          const value = `${other.instance}:${one}`;
          return h('option', { value, selected: value === against }, one > 0 ? `${other.instance}, step ${one}` : other.name ?? other.instance);
        }))))),
  ];
}

/** How many completions are of each sort; a sort chosen shows only these. */
export function filters(view, { filter }, change) {
  return FILTERS.filter(([name]) => name === 'all' || name === filter || view.found[name] > 0).map(([name, label]) =>
    h('button', { class: 'chip', 'data-key': `filter-${name}`, 'aria-pressed': String(name === filter), onclick: () => change({ filter: name }) },
      label, h('span', { class: 'muted' }, count(view.found[name]))));
}

export function pages(view, { page }, turn) {
  const last = Math.ceil(view.groups_found / PAGE) - 1;
  if (last < 1) return null;
  return [
    h('button', { disabled: page === 0, onclick: () => turn(page - 1) }, 'Previous'),
    h('span', { class: 'muted' }, `prompts ${page * PAGE + 1} to ${Math.min(view.groups_found, (page + 1) * PAGE)} of ${count(view.groups_found)}`),
    h('button', { disabled: page >= last, onclick: () => turn(page + 1) }, 'Next'),
  ];
}
