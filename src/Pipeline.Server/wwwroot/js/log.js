import { get } from './api.js';
import { h, render } from './dom.js';
import { count } from './format.js';

const KEPT = 400_000; // characters: what a browser lays out without a stutter
const AROUND = 8 * 1024; // bytes shown before a line that was found
const SETTLE_MS = 250; // after the last letter of what is looked for

/** What a stage printed: followed as it prints, read backwards, searched through all attempts. */
export function log(section) {
  const text = h('pre', { class: 'log card', tabindex: '0', 'aria-label': 'Log' });
  const found = h('ol', { class: 'card found', hidden: true, 'aria-label': 'Lines found' });
  const attempts = h('select', { 'aria-label': 'Attempt', onchange: () => restart() });
  const stream = h('select', { 'aria-label': 'Stream', onchange: () => restart() }, h('option', { value: 'stdout' }, 'output'), h('option', { value: 'stderr' }, 'errors'));
  const follows = h('input', { type: 'checkbox', checked: true, onchange: () => follows.checked && restart() });
  const search = h('input', { type: 'search', placeholder: 'Search all attempts', 'aria-label': 'Search the log', oninput: () => { clearTimeout(settle); settle = setTimeout(find, SETTLE_MS); } });
  const earlier = h('button', { hidden: true, onclick: () => back() }, 'Earlier');
  const place = h('span', { class: 'small muted' });
  let run;
  let stage;
  let start; // bytes: where what is shown begins
  let end; // bytes read; undefined before the first answer
  let turn = 0; // answers to questions of an earlier turn come too late
  let busy = false;
  let again = false; // asked for while busy
  let settle;

  render(section, h('div', { class: 'section-head' }, h('h2', {}, 'Log'), place,
    h('div', { class: 'controls end' }, earlier, search, attempts, stream, h('label', { class: 'check' }, follows, 'Follow'))), found, text);
  text.addEventListener('scroll', () => {
    if (text.scrollTop + text.clientHeight < text.scrollHeight - 40) follows.checked = false;
  });
  return { show, grown: () => load() };

  function show(nextRun, next) {
    const same = stage && run === nextRun && stage.instance === next.instance && stage.started === next.started && stage.attempts.length === next.attempts.length;
    const last = stage?.attempts.length;
    [run, stage] = [nextRun, next];
    if (same) {
      load();
      return;
    }
    const chosen = attempts.value;
    render(attempts, stage.attempts.map(attempt => h('option', { value: attempt.number }, `attempt ${attempt.number}`)));
    attempts.hidden = stage.attempts.length < 2;
    // A new attempt is followed where the former was; who reads an old one is left to it.
    attempts.value = last && !follows.checked ? chosen : stage.attempts.at(-1)?.number;
    if (last && !follows.checked) return;
    restart();
  }

  function clear() {
    turn++;
    busy = false;
    [start, end] = [undefined, undefined];
    text.textContent = '';
  }

  function restart() {
    clear();
    follows.checked = true;
    load();
  }

  function ask(query) {
    return get(['runs', run, 'stages', stage.instance, 'logs'], { attempt: attempts.value || null, stream: stream.value, ...query });
  }

  async function load() {
    again = busy;
    if (busy) return;
    if (!stage.started) {
      text.textContent = 'It has not been started.';
      return;
    }
    if (!follows.checked && end !== undefined) return; // who reads is not pulled away
    const mine = turn;
    busy = true;
    try {
      const part = await ask({ offset: end });
      if (mine !== turn) return;
      add(part);
    } catch (error) {
      if (mine === turn && error.code !== 'UNREACHABLE') text.textContent = error.message;
    } finally {
      if (mine === turn) {
        busy = false;
        if (again) load();
      }
    }
  }

  function add(part) {
    if (part.text === '' && part.size === 0) {
      text.textContent = 'Nothing was printed here.';
      return; // end stays undefined: the first lines replace this one
    }
    if (end === undefined) {
      text.textContent = '';
      start = part.start;
    }
    end = part.end;
    tell(part.size);
    if (part.text === '') return;
    text.append(part.text);
    if (text.textContent.length > KEPT) {
      text.textContent = text.textContent.slice(-KEPT / 2);
      start = undefined; // it can be read backwards only from a place that is known
    }
    if (follows.checked) text.scrollTop = text.scrollHeight;
    if (part.end < part.size) setTimeout(load);
  }

  async function back() {
    const mine = turn;
    const part = await ask({ before: start });
    if (mine !== turn) return;
    const fromEnd = text.scrollHeight - text.scrollTop;
    follows.checked = false;
    text.prepend(part.text);
    start = part.start;
    tell(part.size);
    text.scrollTop = text.scrollHeight - fromEnd;
  }

  function tell(size) {
    earlier.hidden = !(start > 0);
    place.textContent = start > 0 ? `${count(start)} of ${count(size)} bytes before this` : '';
  }

  async function find() {
    const query = search.value.trim();
    found.hidden = query === '';
    if (query === '') return;
    try {
      const { lines, more } = await get(['runs', run, 'stages', stage.instance, 'logs', 'search'], { query });
      if (query !== search.value.trim()) return;
      render(found,
        lines.length === 0 && h('li', { class: 'muted' }, 'No attempt printed this.'),
        lines.map(line => h('li', {}, h('button', { onclick: () => open(line) },
          h('span', { class: 'muted' }, `${line.attempt}${line.stream === 'stderr' ? ' errors' : ''}`), h('code', {}, line.text)))),
        more && h('li', { class: 'muted' }, `The first ${lines.length}; look for something rarer.`));
    } catch (error) {
      render(found, h('li', {}, error.message));
    }
  }

  /** Shows a line that was found, with what stands around it. */
  async function open(line) {
    clear();
    follows.checked = false;
    [attempts.value, stream.value] = [line.attempt, line.stream];
    const mine = turn;
    const [before, after] = await Promise.all([ask({ before: line.offset, limit: AROUND }), ask({ offset: line.offset })]);
    if (mine !== turn) return;
    const [first, ...rest] = after.text.split('\n');
    const mark = h('mark', {}, first);
    text.append(before.text, mark, `\n${rest.join('\n')}`);
    [start, end] = [before.start, after.end];
    tell(after.size);
    mark.scrollIntoView({ block: 'center' });
  }
}
