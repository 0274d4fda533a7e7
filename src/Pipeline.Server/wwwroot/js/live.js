import { address } from './api.js';

const RETRY_MS = 2000;

/**
 * Follows a run. The browser comes back by itself when the server restarts, and says with Last-Event-ID what it has
 * seen; where it gives up (the server answered with an error), we come back in its place.
 */
export function follow(run, after, { journal, progress, connection }) {
  let last = after;
  let source;
  open();
  document.addEventListener('visibilitychange', () => (document.hidden ? source.close() : open())); // a browser has six connections

  function open() {
    source?.close();
    source = new EventSource(address(['runs', run, 'stream'], { after: last }));
    source.onopen = () => connection('live');
    source.addEventListener('journal', event => {
      last = Number(event.lastEventId);
      journal(JSON.parse(event.data));
    });
    source.addEventListener('progress', event => progress(JSON.parse(event.data)));
    source.onerror = () => {
      connection('reconnecting');
      const failed = source;
      if (failed.readyState === EventSource.CLOSED) setTimeout(() => failed === source && !document.hidden && open(), RETRY_MS);
    };
  }
}
