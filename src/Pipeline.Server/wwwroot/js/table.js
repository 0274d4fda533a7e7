import { h } from './dom.js';

/** A card for a table that may be wider than the window, or with `tall` longer than one wants to scroll past. */
export const scroll = (label, content, { tall = false } = {}) =>
  h('div', { class: `card ${tall ? 'tall' : 'scroll-x'}`, tabindex: '0', role: 'group', 'aria-label': label }, content);

/** A table of cells. A heading that begins with # is over numbers, with ~ one of a column that a phone has no room for; without headings the first cell of a row is one. */
export function table(label, headings, rows, options) {
  const kind = i => [headings?.[i].match(/^~?#/) && 'number', headings?.[i].startsWith('~') && 'wide-only'].filter(Boolean).join(' ') || null;
  return scroll(label, h('table', { class: 'plain' },
    headings && h('thead', {}, h('tr', {}, headings.map((heading, i) => h('th', { scope: 'col', class: kind(i) }, heading.replace(/^~?#?/, ''))))),
    h('tbody', {}, rows.map(row => h('tr', {}, row.map((cell, i) => (!headings && i === 0
      ? h('th', { scope: 'row' }, cell)
      : h('td', { class: kind(i) }, cell))))))), options);
}
