import { get, post } from './api.js';
import { h, render } from './dom.js';
import { bytes, duration, moment } from './format.js';
import { badge, empty, shell, skeleton, trouble } from './shell.js';
import { table } from './table.js';

// What runs here, and on what.

const INTERVAL_MS = 3000;
const SILENT_S = 30; // a heartbeat is renewed every second
const main = document.querySelector('main');
let timer;

render(main, h('h1', {}, 'System'), skeleton(200));
document.addEventListener('visibilitychange', () => document.hidden || refresh());
refresh();

async function refresh() {
  clearTimeout(timer);
  try {
    show(await get(['system']));
    shell([h('a', { href: '/' }, 'runs'), h('span', {}, 'system')], 'live');
  } catch (error) {
    if (error.code !== 'UNREACHABLE' || main.querySelector('.skeleton')) render(main, h('h1', {}, 'System'), trouble(error));
    shell([h('a', { href: '/' }, 'runs'), h('span', {}, 'system')], 'reconnecting');
  }
  if (!document.hidden) timer = setTimeout(refresh, INTERVAL_MS);
}

function show(system) {
  const block = (title, ...content) => h('section', { 'aria-label': title }, h('h2', {}, title), content);
  const { engine, jobs } = system;
  const full = 1 - system.disk_free_bytes / system.disk_bytes;
  render(main,
    h('h1', {}, 'System'),
    full > 0.95 && h('div', { class: 'notice warning' }, h('strong', {}, 'The disk is nearly full'), h('span', {}, `${bytes(system.disk_free_bytes)} are left. Stages fail when they cannot write a checkpoint.`)),
    block('Jobs', jobs.length === 0
      ? h('div', { class: 'card' }, empty('Nothing is at work', 'Jobs appear here as soon as a run has some.'))
      : table('Jobs', ['Stage', 'Run', 'State', '#Since', '#Threads', '#Memory limit', '#Last heartbeat'], jobs.map(job => [
        h('a', { href: `/runs/${encodeURIComponent(job.run)}/stages/${encodeURIComponent(job.instance)}` }, job.attempt > 1 ? `${job.instance}, attempt ${job.attempt}` : job.instance),
        h('code', {}, job.run), badge(job.queued ? 'queued' : 'running'), moment(job.since), job.cpus ?? 'all', job.memory_bytes ? bytes(job.memory_bytes) : '–',
        job.heartbeat_age === undefined ? '–' : h('span', { class: job.heartbeat_age > SILENT_S ? 'down' : null }, `${duration(job.heartbeat_age)} ago`),
      ]))),
    system.schedules.length > 0 && block('Schedules', table('Schedules', ['Schedule', 'Next run', '~Times', '~File', 'Last run'], system.schedules.map(schedule => [
      schedule.name, schedule.next ? moment(schedule.next) : '–', [h('code', {}, schedule.cron), ` ${schedule.time_zone}`], h('code', { class: 'wrap' }, schedule.file),
      [schedule.last_run ? h('a', { class: 'mono', href: `/runs/${encodeURIComponent(schedule.last_run)}` }, schedule.last_run) : 'none yet',
        schedule.trouble && h('span', { class: 'reason down small' }, ` ${schedule.trouble}`)],
    ]))),
    h('div', { class: 'below' },
      block('Machine', table('Machine', null, [
        ['Name', system.host], ['System', system.system], ['Processors', system.cpus], ['Local jobs', slots(system)], ['Memory', bytes(system.memory_bytes)],
        ['State folder', h('code', {}, system.state)],
        ['Disk', [`${bytes(system.disk_free_bytes)} of ${bytes(system.disk_bytes)} free`, h('progress', { value: full, max: 1, 'aria-label': 'Disk in use' })]],
      ])),
      block('Programs', table('Programs', null, [
        ['Pipeline', system.version.replace(/\+(.{8}).*/, ' ($1)')], ['Runtime', system.runtime],
        ['Engine', engine ? [`process ${engine.pid} on ${engine.host}, since ${moment(engine.started)} `, badge(engine.at_work ? 'running' : engine.at_work === false ? 'ended' : 'unknown')] : 'none has worked here yet'],
        system.role && ['Your token', [`may ${system.role === 'operate' ? 'look and operate' : 'look'} `, h('button', { 'data-key': 'sign-out', onclick: signOut }, 'Sign out')]],
      ].filter(Boolean)))));
}

/** What the executor of this machine has given away. A job that asks for no number takes all. */
function slots({ cpus, jobs }) {
  const running = jobs.filter(job => !job.queued);
  const taken = Math.min(cpus, running.reduce((sum, job) => sum + (job.cpus ?? cpus), 0));
  return `${taken} of ${cpus} slots taken${running.length > 0 ? ` by ${running.length}` : ''}, ${jobs.length - running.length} queued`;
}

async function signOut() {
  await post(['session', 'end']);
  location.assign('/sign-in');
}
