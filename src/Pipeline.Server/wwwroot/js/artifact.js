import { get } from './api.js';
import { h, render } from './dom.js';
import { bytes, count } from './format.js';
import { shell, skeleton, trouble } from './shell.js';
import { scroll, table } from './table.js';

// One artifact: what it was made from, who reads it, and what is in it.

const main = document.querySelector('main');
const [, , word, , instance, , output] = location.pathname.split('/').map(decodeURIComponent);
const runPage = `/runs/${encodeURIComponent(word)}`;
const stagePage = name => `${runPage}/stages/${encodeURIComponent(name)}`;

shell([h('a', { href: '/' }, 'runs'), h('a', { class: 'mono', href: runPage }, word), h('a', { href: `${runPage}/artifacts` }, 'artifacts'), h('span', {}, `${instance}.${output}`)]);
document.title = `${instance}.${output} · Pipeline`;
render(main, h('h1', {}, `${instance}.${output}`), skeleton(300));
start();

async function start() {
  try {
    show(await get(['runs', word, 'stages', instance, 'outputs', output]));
  } catch (error) {
    render(main, h('h1', {}, `${instance}.${output}`), trouble(error));
  }
}

function show({ artifact, made_from: from, used_by: users, files, documents, dataset }) {
  const fact = (name, value) => value !== undefined && h('div', {}, h('dt', {}, name), h('dd', {}, value));
  const block = (title, ...content) => h('section', { 'aria-label': title }, h('h2', {}, title), content);
  render(main,
    h('div', { class: 'title' }, h('h1', {}, `${instance}.${output}`),
      h('dl', { class: 'facts' }, fact('Kind', artifact.kind), fact('Rows', artifact.rows && count(artifact.rows)), fact('Parameters', artifact.parameters && count(artifact.parameters)),
        fact('Size', artifact.bytes && bytes(artifact.bytes))),
      h('p', { class: 'small muted mono digest' }, artifact.digest)),
    artifact.bytes === undefined && h('div', { class: 'notice warning' }, h('strong', {}, 'Gone'), h('span', {}, 'Its files are not there any more. A run that needs it makes it again.')),
    dataset && block(`First ${dataset.rows.length} of ${count(dataset.count)} rows`, rows(dataset)),
    h('div', { class: 'below' },
      h('div', { class: 'column' },
        block('Made from', from.length === 0 ? h('p', { class: 'muted' }, 'Nothing that the pipeline made.') : table('Made from', ['Artifact', 'Kind'], from.map(name => [
          h('a', { href: `${stagePage(name.instance)}/outputs/${encodeURIComponent(name.name)}` }, `${name.instance}.${name.name}`), name.kind,
        ]))),
        block('Read by', users.length === 0 ? h('p', { class: 'muted' }, 'No stage of this pipeline.') : table('Read by', ['Stage', 'As'], users.map(name => [
          h('a', { href: stagePage(name.instance) }, name.instance), h('code', {}, name.name),
        ])))),
      h('div', { class: 'column' }, files.length > 0 && block('Files', table('Files', ['File', '#Size'], files.map(file => [h('code', {}, file.path), bytes(file.bytes)]))))),
    documents.map(document => block(document.path, h('pre', { class: 'card padded document', tabindex: '0' }, pretty(document)))));
}

function rows({ columns, rows: all }) {
  return scroll('Rows', h('table', { class: 'rows' },
    h('thead', {}, h('tr', {}, columns.map(column => h('th', { scope: 'col' }, column.name, h('div', { class: 'type mono' }, column.type))))),
    h('tbody', {}, all.map(row => h('tr', {}, columns.map(column => h('td', {}, h('div', { class: 'cell' }, cell(row[column.name])))))))), { tall: true });
}

function cell(value) {
  if (value === null || value === undefined) return h('span', { class: 'muted' }, '–');
  if (Array.isArray(value)) return value.map(turn => h('div', {}, h('span', { class: 'muted small' }, turn.role), ' ', turn.content));
  if (typeof value === 'object') return Object.entries(value).map(([name, inner]) => h('div', {}, h('span', { class: 'muted small' }, name), ' ', inner ?? '–'));
  return String(value);
}

function pretty({ path, text }) {
  if (!path.endsWith('.json')) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
