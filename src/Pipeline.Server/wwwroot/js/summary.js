import { h } from './dom.js';
import { count, duration, look, moment, percent } from './format.js';
import { badge, strip } from './shell.js';

/** What the run is and how far: name, state, facts, the strip of its stages. */
export function title(run, change) {
  const { line } = run;
  const done = run.stages.filter(stage => ['succeeded', 'cached', 'skipped'].includes(stage.state)).length;
  const seconds = line.ended ? line.seconds : (Date.now() - new Date(line.submitted)) / 1000;
  const chosen = [...Object.entries(run.params).map(([name, value]) => `${name} ${value}`), ...run.overrides];
  return h('div', { class: 'title' },
    h('div', { class: 'line' }, h('h1', {}, line.pipeline), badge(line.state),
      h('span', { class: 'end' }),
      run.operable && line.state === 'running' && h('button', { 'data-key': 'cancel', onclick: () => change('cancel') }, 'Cancel'),
      run.operable && ['failed', 'cancelled'].includes(line.state) && h('button', { class: 'primary', 'data-key': 'resume', onclick: () => change('resume') }, 'Resume'),
      h('a', { class: 'button', 'data-key': 'artifacts', href: `/runs/${encodeURIComponent(line.run)}/artifacts` }, 'Artifacts')),
    h('p', { class: 'muted' }, [run.description, ...chosen].filter(Boolean).join(' · ')),
    h('dl', { class: 'facts' },
      fact('Stages', [done, h('span', { class: 'small muted' }, ` of ${run.stages.length}`)]),
      fact(line.ended ? 'Took' : 'Running for', duration(Math.max(0, seconds))),
      fact('Submitted', moment(line.submitted)),
      line.key && fact('Best held-out pass@1', [percent(line.key.value), h('span', { class: 'small muted' }, ` ${line.key.model}`)]),
      fact('Tokens', count(run.stages.reduce((sum, stage) => sum + (stage.tokens ?? 0), 0))),
      line.alarms > 0 && fact('Alarms', line.alarms)),
    strip(line.stages));
}

/** What keeps the run from going on, and what to try. */
export function notices(run, decide) {
  const idle = run.engine_at_work === false && h('div', { class: 'notice warning' },
    h('strong', {}, 'No engine is at work'),
    h('span', {}, 'Jobs that run go on and are found again, but nothing new starts: ', h('code', {}, `pipeline resume ${run.line.run}`)));
  return [idle, ...run.stages.filter(stage => stage.state === 'awaiting_approval').map(stage =>
    h('div', { class: 'notice warning' },
      h('strong', {}, `${stage.instance} waits for approval`), h('span', {}, stage.reason),
      run.operable && h('div', { class: 'controls' },
        h('button', { class: 'primary', 'data-key': `approve-${stage.instance}`, onclick: () => decide(stage.instance, true) }, 'Approve'),
        h('button', { 'data-key': `reject-${stage.instance}`, onclick: () => decide(stage.instance, false) }, 'Reject')))),
  ...run.stages.filter(stage => stage.state === 'failed').map(stage =>
    h('div', { class: 'notice bad', role: 'alert' },
      h('strong', {}, `${stage.instance} ${look(stage.state).word}${stage.attempts.at(-1)?.class ? `: ${look(stage.attempts.at(-1).class).word}` : ''}`),
      h('span', {}, stage.reason ?? 'Its log says more.'),
      h('span', { class: 'small muted' }, 'When the cause is gone: ', h('code', {}, `pipeline resume ${run.line.run}`))))];
}

function fact(name, value) {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value));
}
