// Numbers, times and states as people read them.

const THIN = '\u202f'; // narrow no-break space, before a unit

export const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)}${THIN}%`;

export const count = value => Math.round(value).toLocaleString('en-US').replaceAll(',', THIN);

/** A number of any size in about four characters: 0.0412, 3.40, 12.1k. */
export function short(value) {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e9) return `${(value / 1e9).toFixed(2)}G`;
  if (size >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  if (size >= 1e4) return `${(value / 1e3).toFixed(1)}k`;
  if (size >= 100) return value.toFixed(0);
  if (size >= 1) return value.toFixed(2);
  if (size >= 1e-3) return value.toPrecision(3);
  return value.toExponential(1);
}

/** A number on an axis: 0.05, 1.5, 12k; no more digits than it needs. */
export function tick(value) {
  const size = Math.abs(value);
  if (size >= 1e9) return `${+(value / 1e9).toPrecision(4)}G`;
  if (size >= 1e6) return `${+(value / 1e6).toPrecision(4)}M`;
  if (size >= 1e4) return `${+(value / 1e3).toPrecision(4)}k`;
  return size > 0 && size < 1e-3 ? (+value.toPrecision(2)).toExponential() : String(+value.toPrecision(4));
}

export function duration(seconds) {
  if (seconds < 10) return `${seconds.toFixed(1)}${THIN}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${THIN}s`;
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = number => String(number).padStart(2, '0');
  return h > 0 ? `${h}${THIN}h ${two(m)}${THIN}m` : `${m}${THIN}m ${two(s)}${THIN}s`;
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const exact = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** "today 14:03", "23 Nov 14:03", with the year when it is another one. */
export function moment(text) {
  const time = new Date(text);
  const today = new Date();
  if (time.toDateString() === today.toDateString()) return `today ${clock.format(time)}`;
  const year = time.getFullYear() === today.getFullYear() ? '' : ` ${time.getFullYear()}`;
  return `${day.format(time)}${year} ${clock.format(time)}`;
}

export const clockTime = text => exact.format(new Date(text));

/** What the state of a stage means for the eye. */
export const lookOf = stage => look(stage.queued ? 'queued' : stage.state);

/** What a state means for the eye: its colour, and its word. */
export function look(state) {
  const word = state.replaceAll('_', ' ');
  switch (state) {
    case 'succeeded': return { tone: 'good', word };
    case 'cached': return { tone: 'cached', word };
    case 'running': return { tone: 'run', word };
    case 'active': return { tone: 'run', word: 'running' };
    case 'intended': return { tone: 'run', word: 'launching' };
    case 'retrying': case 'cancelling': case 'awaiting_approval': return { tone: 'warning', word };
    case 'failed': return { tone: 'bad', word };
    default: return { tone: 'pending', word }; // pending, queued, skipped, blocked, cancelled
  }
}

/** A size: 12 kB, 3.4 MB. */
export function bytes(size) {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  for (; size >= 1000 && unit < units.length - 1; unit++) size /= 1000;
  return `${unit === 0 || size >= 100 ? size.toFixed(0) : size.toFixed(1)}${THIN}${units[unit]}`;
}
