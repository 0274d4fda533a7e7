import { h } from './dom.js';
import { bytes, count, duration, look, moment, short } from './format.js';
import { badge } from './shell.js';
import { table } from './table.js';

const stageAddress = (run, instance) => `/runs/${encodeURIComponent(run)}/stages/${encodeURIComponent(instance)}`;

/** What the stage is and how far: name, state, progress, facts. */
export function facts(page, steps) {
  const { stage } = page;
  const peak = Math.max(0, ...stage.attempts.map(attempt => attempt.exit?.peak_memory_bytes ?? 0));
  const cpu = stage.attempts.reduce((sum, attempt) => sum + (attempt.exit?.cpu_seconds ?? 0), 0);
  const active = stage.state === 'active' && !stage.queued;
  const results = Object.entries(stage.metrics).filter(([name]) => name === 'eval/pass@1' || name === 'accuracy');
  return h('div', { class: 'title' },
    h('div', { class: 'line' }, h('h1', {}, stage.instance), badge(stage),
      steps.length > 0 && h('a', { class: 'button end', href: `${stageAddress(page.run, stage.instance)}/rollouts` }, 'Rollouts')),
    stage.cache_miss && h('p', { class: 'small muted' }, `Why it ran: ${stage.cache_miss}`),
    active && h('div', { class: 'progress-line' },
      h('progress', { value: stage.progress?.share ?? 0, max: 1, 'aria-label': 'Progress' }),
      h('span', { class: 'small muted' }, [
        stage.progress?.phase ?? 'waiting for its first heartbeat',
        stage.progress?.total > 0 && `step ${count(stage.progress.step)} of ${count(stage.progress.total)}`,
        stage.progress?.eta_seconds > 0 && `${duration(stage.progress.eta_seconds)} left`,
        stage.progress?.age >= 30 && `silent for ${duration(stage.progress.age)}`,
      ].filter(Boolean).join(' · '))),
    h('dl', { class: 'facts' },
      fact('Kind', stage.uses),
      stage.seconds !== undefined && fact('At work', duration(stage.seconds)),
      stage.attempts.length > 1 && fact('Attempts', stage.attempts.length),
      stage.tokens > 0 && fact('Tokens', count(stage.tokens)),
      peak > 0 && fact('Peak memory', bytes(peak)),
      cpu > 0 && fact('Processor time', duration(cpu)),
      results.map(([name, value]) => fact(name === 'accuracy' ? 'Accuracy' : 'pass@1', `${(100 * value).toFixed(1)}\u202f%`))));
}

/** What a person should know before looking at curves. */
export function notices(page) {
  const MOST = 3;
  const { stage, alarms, source } = page;
  const last = stage.attempts.at(-1);
  return [
    stage.state === 'failed' && h('div', { class: 'notice bad', role: 'alert' },
      h('strong', {}, `Failed${last?.class ? `: ${look(last.class).word}` : ''}`), h('span', {}, stage.reason ?? 'Its log says more.'),
      h('span', { class: 'small muted' }, 'When the cause is gone: ', h('code', {}, `pipeline resume ${page.run}`))),
    source && h('div', { class: 'notice' }, h('span', {}, 'Taken from the cache: nothing that determines it has changed since ',
      h('a', { href: stageAddress(source.run, source.instance) }, `run ${source.run}, attempt ${source.attempt}`), '. What is shown here is of that run.')),
    !source && stage.state !== 'failed' && stage.reason && h('div', { class: 'notice' }, h('span', {}, stage.reason)),
    alarms.slice(0, MOST).map(alarm => h('div', { class: 'notice warning' },
      h('strong', {}, `${alarm.code} at step ${alarm.step}`), h('span', {}, alarm.message))),
    alarms.length > MOST && h('p', { class: 'small muted' }, `and ${alarms.length - MOST} more, marked in the charts`),
    stage.warnings.map(warning => h('div', { class: 'notice' }, h('span', {}, warning))),
  ];
}

export function attempts({ stage }) {
  if (stage.attempts.length === 0) return null;
  return block('Attempts', table('Attempts', ['Attempt', 'State', '#Took', '#Peak memory', 'What happened'], stage.attempts.map(attempt => [
    attempt.number, badge(attempt.state),
    attempt.started ? duration(Math.max(0, (new Date(attempt.ended ?? Date.now()) - new Date(attempt.started)) / 1000)) : '–',
    attempt.exit ? bytes(attempt.exit.peak_memory_bytes) : '–',
    h('span', { class: 'small muted' }, [
      attempt.started && moment(attempt.started),
      attempt.resume_step !== undefined && `from the checkpoint of step ${attempt.resume_step}`,
      attempt.message,
    ].filter(Boolean).join(' · ')),
  ])));
}

export function checkpoints({ checkpoints: all }) {
  if (all.length === 0) return null;
  return block('Checkpoints', table('Checkpoints', ['#Step', '~Attempt', '~Written', '#Size', 'Kept'], all.map(({ step, attempt, time, bytes: size, kept }) => [
    count(step), attempt, moment(time), size === undefined ? '–' : bytes(size),
    size === undefined ? h('span', { class: 'muted' }, 'deleted, no rule kept it') : kept.join(', ') || '–',
  ])));
}

export function inputs({ run, inputs: all, stage }) {
  return [
    all.length > 0 && block('Reads', table('Reads', ['Input', 'Kind', 'From', 'Digest'], all.map(input => [
      h('code', {}, input.name), input.kind,
      input.stage ? h('a', { href: `${stageAddress(run, input.stage)}/outputs/${encodeURIComponent(input.output)}` }, `${input.stage}.${input.output}`) : h('code', {}, input.path),
      digest(input.digest),
    ]))),
    stage.outputs.length > 0 && block('Made', table('Made', ['Output', 'Kind', '#Size', 'Digest'], stage.outputs.map(output => [
      h('a', { href: `${stageAddress(run, stage.instance)}/outputs/${encodeURIComponent(output.name)}` }, output.name), output.kind,
      output.rows !== undefined ? `${count(output.rows)} rows` : output.parameters !== undefined ? `${short(output.parameters)} parameters` : '–',
      digest(output.digest),
    ]))),
  ];
}

/** Every option, also those the file leaves at their defaults: one a line, named by its path. */
export function options({ options: all, command }) {
  const flat = flatten(all);
  return [
    command && block('Command', h('pre', { class: 'card padded command' }, command.join(' '))),
    flat.length > 0 && block('Options', table('Options', ['Option', 'Value'], flat.map(([name, value]) => [h('code', {}, name), h('code', { class: 'wrap' }, value)]), { tall: true })),
  ];
}

export function resources({ resources: given, seed, kind_version: version, retry, stop_when: stops }) {
  return block('Runs with', table('Runs with', null, [
    ['Seed', seed], ['Threads', given.cpus ?? 'all'], given.gpus > 0 && ['GPUs', given.gpus],
    ['Memory limit', given.memory_bytes ? bytes(given.memory_bytes) : 'none'],
    ['Time limit', given.timeout_seconds ? duration(given.timeout_seconds) : 'none'],
    ['Retries', retry.limit], ['Version of the kind', version],
    ...stops.map(stop => ['Stops when', JSON.stringify(stop)]),
  ].filter(Boolean)));
}

/** An option tree as lines: [["sampling.max_tokens", "72"]]. */
export function flatten(value, path = '') {
  if (Array.isArray(value) ? value.length > 0 && value.some(item => typeof item === 'object') : value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, child]) => flatten(child, path ? `${path}.${key}` : key));
  }
  return [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
}

const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

const block = (title, ...content) => h('section', { 'aria-label': title }, h('h2', {}, title), ...content);

const digest = text => (text ? h('code', { class: 'muted', title: text }, text.replace('sha256:', '').slice(0, 8)) : '–');
