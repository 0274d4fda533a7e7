import { post } from './api.js';
import { h, render } from './dom.js';
import { trouble } from './shell.js';

// The form that a server for more than one machine begins with. The token goes into a cookie that scripts cannot read.

const main = document.querySelector('main');
const token = h('input', { type: 'password', id: 'token', autocomplete: 'current-password', spellcheck: 'false', required: true });
const answer = h('div', { 'aria-live': 'polite' });
const form = h('form', { class: 'card padded sign-in', onsubmit: signIn },
  h('h1', {}, 'Sign in'),
  h('p', { class: 'muted' }, 'With a token of this server: ', h('code', {}, 'pipeline token view'), ' or ', h('code', {}, 'operate'), ' makes one.'),
  h('label', { for: 'token' }, 'Token'), token,
  h('button', { class: 'primary' }, 'Sign in'), answer);

render(main, form);
token.focus();

async function signIn(event) {
  event.preventDefault();
  try {
    await post(['session'], { token: token.value });
    location.replace(next());
  } catch (error) {
    token.value = '';
    render(answer, trouble(error));
  }
}

// Where one wanted to go; never to another site.
function next() {
  const asked = new URL(new URLSearchParams(location.search).get('next') ?? '/', location.origin);
  return asked.origin === location.origin ? asked.href : '/';
}
