import { h } from './dom.js';
import { count, duration, lookOf, moment } from './format.js';
import { badge } from './shell.js';

/** Every stage: state, attempts, progress, time, tokens. */
export function stageTable(run, chosen, choose) {
  return [
    h('div', { class: 'section-head' }, h('h2', {}, 'Stages')),
    h('div', { class: 'card scroll-x', tabindex: '0', role: 'group', 'aria-label': 'Stages' }, h('table', { class: 'stages' },
      h('thead', {}, h('tr', {},
        h('th', { scope: 'col' }, 'Stage'), h('th', { scope: 'col' }, 'State'), h('th', { scope: 'col', class: 'wide-only' }, 'Progress'),
        h('th', { scope: 'col', class: 'number wide-only' }, 'Attempts'), h('th', { scope: 'col', class: 'number' }, 'Time'),
        h('th', { scope: 'col', class: 'number wide-only' }, 'Tokens'))),
      h('tbody', {}, run.stages.map(stage => row(stage, chosen, choose))))),
  ];
}

function row(stage, chosen, choose) {
  const name = stage.started
    ? h('a', { class: 'name', href: `?stage=${encodeURIComponent(stage.instance)}`, 'data-key': `row-${stage.instance}`, onclick: event => { event.preventDefault(); choose(stage.instance); } }, stage.instance)
    : h('span', { class: 'name muted' }, stage.instance);
  return h('tr', { 'aria-current': stage.instance === chosen ? 'true' : null },
    h('td', {}, name, h('span', { class: 'small muted wide-only' }, `  ${stage.uses}`), reason(stage)),
    h('td', {}, badge(stage)),
    h('td', { class: 'progress wide-only' }, progress(stage)),
    h('td', { class: 'number wide-only' }, stage.attempts.length || '–'),
    h('td', { class: 'number' }, stage.seconds === undefined ? '–' : duration(stage.seconds)),
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

function reason(stage) {
  const bad = stage.state === 'failed';
  return [
    stage.reason && h('span', { class: `reason ${bad ? 'bad' : ''}` }, stage.reason),
    stage.warnings.map(warning => h('span', { class: 'reason' }, warning)),
  ];
}

/** The newest alarms of a stage: where its curves are, not only in the list of events. */
export function alarmList(run, instance) {
  const MOST = 3;
  const alarms = run.alarms.filter(alarm => alarm.instance === instance);
  return [
    alarms.slice(0, MOST).map(alarm => h('div', { class: 'notice warning' },
      h('strong', {}, `${alarm.code} at step ${alarm.step}`), h('span', {}, alarm.message))),
    alarms.length > MOST && h('p', { class: 'small muted' }, `and ${alarms.length - MOST} more among the events`),
  ];
}

/** Chooses the stage whose curves and log are shown. */
export function stagePicker(run, chosen, choose) {
  return h('select', { 'aria-label': 'Stage', 'data-key': 'stage-picker', onchange: event => choose(event.target.value) },
    run.stages.filter(stage => stage.started).map(stage =>
      h('option', { value: stage.instance, selected: stage.instance === chosen }, `${stage.instance} (${lookOf(stage).word})`)));
}

/** What became of each attempt, where there was more than one or the one failed. */
export function attemptList(stage) {
  if (!stage.attempts.some(attempt => attempt.state === 'failed' || attempt.number > 1)) return null;
  return h('ul', { class: 'attempts' }, stage.attempts.map(attempt => h('li', {},
    h('span', {}, `attempt ${attempt.number}`), badge(attempt.state),
    h('span', { class: 'muted' }, [
      attempt.started && moment(attempt.started),
      attempt.resume_step !== undefined && `from the checkpoint of step ${attempt.resume_step}`,
      attempt.message,
    ].filter(Boolean).join(' · ')))));
}
