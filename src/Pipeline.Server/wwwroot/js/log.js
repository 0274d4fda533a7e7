import { get } from './api.js';
import { h, render } from './dom.js';

const KEPT = 400_000; // characters: what a browser lays out without a stutter

/** What the chosen stage prints, followed as it prints. */
export function log(section) {
  const text = h('pre', { class: 'log card', tabindex: '0', 'aria-label': 'Log' });
  const attempts = h('select', { 'aria-label': 'Attempt', onchange: () => restart() });
  const stream = h('select', { 'aria-label': 'Stream', onchange: () => restart() }, h('option', { value: 'stdout' }, 'output'), h('option', { value: 'stderr' }, 'errors'));
  const follows = h('input', { type: 'checkbox', checked: true, onchange: () => follows.checked && toEnd() });
  const name = h('span', { class: 'muted' });
  let run;
  let stage;
  let end; // bytes read; undefined before the first answer
  let turn = 0; // answers to questions of an earlier turn come too late
  let busy = false;
  let again = false; // asked for while busy

  render(section, h('div', { class: 'section-head' }, h('h2', {}, 'Log'), name,
    h('div', { class: 'controls end' }, attempts, stream, h('label', { class: 'check' }, follows, 'Follow'))), text);
  text.addEventListener('scroll', () => {
    if (text.scrollTop + text.clientHeight < text.scrollHeight - 40) follows.checked = false;
  });
  return { show, grown: () => load() };

  function show(nextRun, instance) {
    const next = nextRun.stages.find(other => other.instance === instance);
    const same = stage?.instance === instance && stage.attempts.length === next.attempts.length;
    run = nextRun.line.run;
    stage = next;
    name.textContent = instance ?? '';
    if (same) {
      load();
      return;
    }
    render(attempts, stage.attempts.map(attempt => h('option', { value: attempt.number }, `attempt ${attempt.number}`)));
    attempts.hidden = stage.attempts.length < 2;
    attempts.value = stage.attempts.at(-1)?.number;
    restart();
  }

  function restart() {
    turn++;
    busy = false;
    end = undefined;
    follows.checked = true;
    text.textContent = '';
    load();
  }

  async function load() {
    again = busy;
    if (busy) return;
    if (!stage.started) {
      text.textContent = 'It has not been started.';
      return;
    }
    const mine = turn;
    busy = true;
    try {
      const part = await get(['runs', run, 'stages', stage.instance, 'logs'], { attempt: attempts.value || null, stream: stream.value, offset: end });
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
    if (end === undefined && part.start > 0) text.append(`… ${part.start.toLocaleString('en-US')} bytes before this\n`);
    if (part.text === '' && part.size === 0) {
      text.textContent = 'Nothing was printed here.';
      return; // end stays undefined: the first lines replace this one
    }
    if (end === undefined && text.textContent === 'Nothing was printed here.') text.textContent = '';
    end = part.end;
    if (part.text === '') return;
    text.append(part.text);
    if (text.textContent.length > KEPT) text.textContent = text.textContent.slice(-KEPT / 2);
    if (follows.checked) toEnd();
    if (part.end < part.size) setTimeout(load);
  }

  function toEnd() {
    text.scrollTop = text.scrollHeight;
  }
}
