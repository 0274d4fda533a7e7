import { get } from './api.js';
import { h, render } from './dom.js';
import { clockTime } from './format.js';
import { trouble } from './shell.js';

const KEPT = 1000;

/** The journal of the run, newest first. */
export function events(section) {
  const list = h('ol', { class: 'card events', tabindex: '0', 'aria-label': 'Events, newest first' });
  const alarms = h('input', { type: 'checkbox', onchange: () => filter() });
  let newest = 0;
  render(section, h('div', { class: 'section-head' }, h('h2', {}, 'Events'),
    h('label', { class: 'check end' }, alarms, 'Only what needs a look')), list);
  return { load, add };

  async function load(run) {
    try {
      for (const event of await get(['runs', run, 'events'], { limit: KEPT })) add(event);
    } catch (error) {
      render(list, h('li', {}, trouble(error)));
    }
  }

  function add(event) {
    if (event.sequence <= newest) return;
    newest = event.sequence;
    list.prepend(h('li', { class: event.tone },
      h('time', { datetime: event.time }, clockTime(event.time)),
      h('span', { class: 'what' },
        event.instance && h('span', { class: 'stage' }, event.attempt > 1 ? `${event.instance} #${event.attempt} ` : `${event.instance} `),
        event.text)));
    if (list.childElementCount > KEPT) list.lastElementChild.remove();
    filter(list.firstElementChild);
  }

  function filter(only) {
    for (const item of only ? [only] : list.children) {
      item.hidden = alarms.checked && !item.classList.contains('warning') && !item.classList.contains('bad');
    }
  }
}
