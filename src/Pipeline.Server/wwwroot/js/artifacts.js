import { get } from './api.js';
import { h, name as words, render } from './dom.js';
import { bytes, count, short } from './format.js';
import { empty, shell, skeleton, trouble } from './shell.js';
import { table } from './table.js';

// What the stages of a run made.

const main = document.querySelector('main');
const [, , word] = location.pathname.split('/').map(decodeURIComponent);
const runPage = `/runs/${encodeURIComponent(word)}`;

shell([h('a', { href: '/' }, 'runs'), h('a', { class: 'mono', href: runPage }, word), h('span', {}, 'artifacts')]);
render(main, h('h1', {}, 'Artifacts'), skeleton(300));
start();

async function start() {
  try {
    const [run, artifacts, checkpoints] = await Promise.all([get(['runs', word]), get(['runs', word, 'artifacts']), get(['runs', word, 'checkpoints'])]);
    const { run: id, pinned } = run.line;
    shell([h('a', { href: '/' }, 'runs'), h('a', { class: 'mono', href: runPage }, id), h('span', {}, 'artifacts')]);
    document.title = `Artifacts of ${id} · Pipeline`;
    const size = artifacts.reduce((sum, artifact) => sum + (artifact.source ? 0 : artifact.bytes ?? 0), 0);
    render(main,
      h('div', { class: 'section-head' }, h('h1', {}, 'Artifacts'), h('span', { class: 'muted' }, [`${bytes(size)} made by this run`, pinned && 'pinned: nothing of it is deleted'].filter(Boolean).join(' · '))),
      artifacts.length === 0
        ? h('div', { class: 'card' }, empty('Nothing was made yet', 'The outputs of a stage appear when it is done.'))
        : table('Artifacts', ['Artifact', '~Kind', '~#Holds', '#Size', '~Digest', '~Made by'], artifacts.map(artifact => [
          h('a', { href: `${runPage}/stages/${encodeURIComponent(artifact.instance)}/outputs/${encodeURIComponent(artifact.output)}` }, words(`${artifact.instance}.${artifact.output}`)),
          artifact.kind,
          artifact.rows !== undefined ? `${count(artifact.rows)} rows` : artifact.parameters !== undefined ? `${short(artifact.parameters)} parameters` : '–',
          artifact.bytes === undefined ? h('span', { class: 'muted' }, 'gone') : bytes(artifact.bytes),
          h('code', { class: 'muted', title: artifact.digest }, artifact.digest.replace('sha256:', '').slice(0, 8)),
          artifact.source ? h('a', { class: 'mono', href: `/runs/${encodeURIComponent(artifact.source.run)}` }, artifact.source.run) : h('span', { class: 'muted' }, 'this run'),
        ])),
      kept(checkpoints, pinned));
  } catch (error) {
    render(main, h('h1', {}, 'Artifacts'), trouble(error));
  }
}

/** The checkpoints that lie on the disk, and which rule keeps each. */
function kept(checkpoints, pinned) {
  const size = checkpoints.reduce((sum, checkpoint) => sum + checkpoint.bytes, 0);
  return h('section', { 'aria-label': 'Checkpoints' },
    h('div', { class: 'section-head' }, h('h2', {}, 'Checkpoints'), checkpoints.length > 0 && h('span', { class: 'muted' }, `${bytes(size)} on the disk`)),
    checkpoints.length === 0
      ? h('div', { class: 'card' }, empty('No checkpoints are kept', 'Stages that train write them while they work.'))
      : table('Checkpoints', ['Stage', '#Step', '~Attempt', '#Size', 'Kept'], checkpoints.map(checkpoint => [
        h('a', { href: `${runPage}/stages/${encodeURIComponent(checkpoint.instance)}` }, words(checkpoint.instance)),
        count(checkpoint.step), checkpoint.attempt, bytes(checkpoint.bytes),
        [...checkpoint.kept, pinned && 'pinned'].filter(Boolean).join(', ') || h('span', { class: 'muted' }, 'by no rule: pipeline gc deletes it'),
      ])));
}
