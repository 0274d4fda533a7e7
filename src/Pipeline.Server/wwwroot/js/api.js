// The public API, and nothing else: whatever a page shows, a script can ask for.

const ROOT = '/api/v1';
const SIGN_IN = '/sign-in';

/** An answer that says why not: a stable code and a sentence. */
export class Problem extends Error {
  constructor(code, detail) {
    super(detail);
    this.code = code;
  }
}

/** The answer at a path made of parts, each of them encoded: get(['runs', run, 'events'], {limit: 100}). */
export const get = (parts, query = {}) => answer(fetch(address(parts, query), { headers: { accept: 'application/json' } }));

/** Asks for a change: post(['runs', run, 'cancel']). */
export const post = (parts, body = {}) => answer(fetch(address(parts), {
  method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', accept: 'application/json' },
}));

/** What the server answered, as JSON; a refusal or silence as a Problem. */
export async function answer(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Problem('UNREACHABLE', 'The server does not answer. Is `pipeline serve` still running?');
  }
  if (response.status === 401 && location.pathname !== SIGN_IN) location.assign(`${SIGN_IN}?next=${encodeURIComponent(location.pathname + location.search)}`);
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Problem(body?.code ?? `HTTP ${response.status}`, body?.detail ?? response.statusText);
  return body;
}

export function address(parts, query = {}) {
  const asked = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  const search = new URLSearchParams(asked).toString();
  return `${ROOT}/${parts.map(encodeURIComponent).join('/')}${search ? `?${search}` : ''}`;
}
