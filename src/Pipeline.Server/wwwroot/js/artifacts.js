import { get } from './api.js';
import { h, render } from './dom.js';
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
    const artifacts = await get(['runs', word, 'artifacts']);
    document.title = `Artifacts of ${word} · Pipeline`;
    const size = artifacts.reduce((sum, artifact) => sum + (artifact.source ? 0 : artifact.bytes ?? 0), 0);
    render(main,
      h('div', { class: 'section-head' }, h('h1', {}, 'Artifacts'), h('span', { class: 'muted' }, `${bytes(size)} made by this run`)),
      artifacts.length === 0
        ? h('div', { class: 'card' }, empty('Nothing was made yet', 'The outputs of a stage appear when it is done.'))
        : table('Artifacts', ['Artifact', 'Kind', '#Holds', '#Size', 'Digest', 'Made by'], artifacts.map(artifact => [
          h('a', { href: `${runPage}/stages/${encodeURIComponent(artifact.instance)}/outputs/${encodeURIComponent(artifact.output)}` }, `${artifact.instance}.${artifact.output}`),
          artifact.kind,
          artifact.rows !== undefined ? `${count(artifact.rows)} rows` : artifact.parameters !== undefined ? `${short(artifact.parameters)} parameters` : '–',
          artifact.bytes === undefined ? h('span', { class: 'muted' }, 'gone') : bytes(artifact.bytes),
          h('code', { class: 'muted', title: artifact.digest }, artifact.digest.replace('sha256:', '').slice(0, 8)),
          artifact.source ? h('a', { class: 'mono', href: `/runs/${encodeURIComponent(artifact.source.run)}` }, artifact.source.run) : h('span', { class: 'muted' }, 'this run'),
        ])));
  } catch (error) {
    render(main, h('h1', {}, 'Artifacts'), trouble(error));
  }
}
