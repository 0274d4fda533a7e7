import { h } from './dom.js';

const LOOK = { holds: 'good', not_shown: 'warning', not_measured: 'idle', does_not_hold: 'bad' };

/** What the pipeline was to show, and whether it did: a row for each number that a claim expects. Nothing without claims. */
export function claims(list) {
  return list.length > 0 && h('div', { class: 'card scroll-x wide', tabindex: '0', role: 'group', 'aria-label': 'Claims' }, h('table', { class: 'claims' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Claim'), h('th', { scope: 'col' }, 'Expected'),
      h('th', { scope: 'col', class: 'number' }, 'Measured'), h('th', { scope: 'col', class: 'number' }, '95 % interval'), h('th', { scope: 'col' }, 'Holds'))),
    list.map(claim => h('tbody', {}, claim.expectations.map((row, i) => h('tr', {},
      i === 0 && h('th', { scope: 'rowgroup', rowspan: claim.expectations.length }, claim.claim),
      h('td', {}, row.text.expected), h('td', { class: 'number' }, row.text.measured), h('td', { class: 'number' }, row.text.interval),
      h('td', {}, h('span', { class: `badge ${LOOK[row.holds] ?? 'idle'}` }, row.text.holds))))))));
}
