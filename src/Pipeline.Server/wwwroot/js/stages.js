import { h, name as words } from './dom.js';
import { count, duration } from './format.js';
import { badge } from './shell.js';

/** Every stage: state, attempts, progress, time, tokens. */
export function stageTable(run) {
  return [
    h('div', { class: 'section-head' }, h('h2', {}, 'Stages')),
    h('div', { class: 'card scroll-x', tabindex: '0', role: 'group', 'aria-label': 'Stages' }, h('table', { class: 'stages' },
      h('thead', {}, h('tr', {},
        h('th', { scope: 'col' }, 'Stage'), h('th', { scope: 'col' }, 'State'), h('th', { scope: 'col', class: 'wide-only' }, 'Progress'),
        h('th', { scope: 'col', class: 'number wide-only' }, 'Attempts'), h('th', { scope: 'col', class: 'number' }, 'Time'),
        h('th', { scope: 'col', class: 'number wide-only' }, 'Tokens'))),
      h('tbody', {}, run.stages.map(stage => row(run.line.run, stage))))),
  ];
}

function row(run, stage) {
  const name = h('a', { class: 'name', href: `/runs/${encodeURIComponent(run)}/stages/${encodeURIComponent(stage.instance)}`, 'data-key': `row-${stage.instance}` }, words(stage.instance));
  return h('tr', {},
    h('td', {}, name, h('span', { class: 'small muted wide-only' }, `  ${stage.uses}`), reason(stage)),
    h('td', {}, badge(stage)),
    h('td', { class: 'progress wide-only' }, progress(stage)),
    h('td', { class: 'number wide-only' }, stage.attempts.length || '–'),
    h('td', { class: 'number' }, stage.seconds === undefined || stage.queued ? '–' : duration(stage.seconds)),
    h('td', { class: 'number wide-only' }, stage.tokens ? count(stage.tokens) : '–'));
}

function progress({ state, queued, progress, instance }) {
  if (state !== 'active' || queued) return null;
  const left = progress?.eta_seconds > 0 ? `, ${duration(progress.eta_seconds)} left` : '';
  return [
    h('progress', { value: progress?.share ?? 0, max: 1, 'aria-label': `Progress of ${instance}` }),
    h('span', { class: 'small muted' }, progress?.total > 0 ? `${count(progress.step)} of ${count(progress.total)}${left}` : progress?.phase ?? 'starting'),
  ];
}

// That there was nothing to take is no news; that something has changed since is.
const ranAgain = ({ cache_miss: miss }) => miss && miss !== 'never executed before' && !miss.startsWith('attempt ');

function reason(stage) {
  const bad = stage.state === 'failed';
  return [
    ranAgain(stage) && h('span', { class: 'reason' }, `Ran because of ${stage.cache_miss}`),
    stage.reason && h('span', { class: `reason ${bad ? 'bad' : ''}` }, stage.reason),
    stage.warnings.map(warning => h('span', { class: 'reason' }, warning)),
  ];
}
