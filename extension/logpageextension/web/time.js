// Moments and ranges: as the address has them (RFC 3339, now, now-15m), as they are typed, and as they are read.

const UNITS = /** @type {Record<string, number>} */ ({ s: 1e3, m: 6e4, h: 36e5, d: 864e5 });
const RELATIVE = /^now(?:-(\d{1,6})([smhd]))?$/;

export const FROM = 'now-1h';
export const TO = 'now';

/** The ranges that are offered: how far back, and in words. */
export const PRESETS = [
  ['now-5m', 'Last 5 minutes'], ['now-15m', 'Last 15 minutes'], ['now-1h', 'Last hour'], ['now-6h', 'Last 6 hours'],
  ['now-24h', 'Last 24 hours'], ['now-7d', 'Last 7 days'], ['now-30d', 'Last 30 days'],
];

/**
 * The milliseconds of a moment of the address, NaN if it is none.
 * @param {string} text
 * @param {number} [now]
 */
export function moment(text, now = Date.now()) {
  const relative = RELATIVE.exec(text);
  if (!relative) return Date.parse(text);
  return relative[1] ? now - Number(relative[1]) * UNITS[relative[2]] : now;
}

/**
 * A moment of the address as a fixed time; what is none stays as it is.
 * @param {string} text
 * @param {number} [now]
 */
export function fixed(text, now) {
  const ms = moment(text, now);
  return Number.isNaN(ms) ? text : new Date(ms).toISOString();
}

/**
 * What was typed, as the address has it; undefined if it is no moment. A time without a zone is one of the shown zone,
 * and one without a day is of today.
 * @param {string} typed
 * @returns {string | undefined}
 */
export function read(typed) {
  const text = typed.trim().replace(/\s+ago$/, '').replace(/^-?(\d+)\s*([smhd])$/, 'now-$1$2').replace(/\s*-\s*(?=\d+[smhd]$)/, '-');
  if (RELATIVE.test(text)) return text;
  const parts = /^(?:(\d{4}-\d\d-\d\d)[T ]?)?(\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i.exec(text);
  if (!parts || (!parts[1] && !parts[2])) return undefined;
  const day = parts[1] ?? stamp(new Date().toISOString()).slice(0, 10);
  const hour = (parts[2] ?? '00:00').padStart(5, '0').replace(/^(\d):/, '0$1:').replace(',', '.');
  const offset = parts[3] ? parts[3].toUpperCase().replace('UTC', 'Z').replace(/(\d\d)(\d\d)$/, '$1:$2') : zone() === 'utc' ? 'Z' : '';
  const ms = Date.parse(`${day}T${hour}${offset}`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** @returns {'utc' | 'local'} in which zone times are shown */
export function zone() {
  return localStorage.getItem('zone') === 'utc' ? 'utc' : 'local';
}

/** @param {'utc' | 'local'} name */
export function setZone(name) {
  localStorage.setItem('zone', name);
}

/** The offset of the shown zone, such as +02:00, or UTC. */
export function zoneName() {
  if (zone() === 'utc') return 'UTC';
  const minutes = -new Date().getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** @param {number} n */
function two(n) {
  return String(n).padStart(2, '0');
}

/**
 * Date and time in the shown zone, with all fractions: 2026-11-26 16:43:31.130229.
 * @param {string | number} time
 */
export function stamp(time) {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return String(time);
  const utc = zone() === 'utc';
  const date = utc
    ? [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()]
    : [at.getFullYear(), at.getMonth(), at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()];
  const fraction = typeof time === 'string' ? /\.\d+/.exec(time)?.[0] ?? '' : '';
  return `${date[0]}-${two(date[1] + 1)}-${two(date[2])} ${two(date[3])}:${two(date[4])}:${two(date[5])}${fraction}`;
}

/**
 * The time of day with milliseconds: 16:43:31.130.
 * @param {string | number} time
 */
export function clock(time) {
  return stamp(typeof time === 'number' ? new Date(time).toISOString() : time).slice(11, 23);
}

/**
 * A duration: 0.4 ms, 230 ms, 1.2 s, 3 min 20 s, 2 h.
 * @param {number} ms
 */
export function duration(ms) {
  if (ms < 1000) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  if (ms < 6e4) return `${Number((ms / 1e3).toFixed(1))} s`;
  const [large, small, unit, rest] = ms < 36e5 ? [6e4, 1e3, 'min', 's'] : ms < 864e5 ? [36e5, 6e4, 'h', 'min'] : [864e5, 36e5, 'd', 'h'];
  const whole = Math.floor(ms / Number(large));
  const left = Math.floor((ms % Number(large)) / Number(small));
  return left ? `${whole} ${unit} ${left} ${rest}` : `${whole} ${unit}`;
}

/**
 * How long ago: now, 20 s ago, 3 min ago.
 * @param {string} time
 */
export function ago(time) {
  const ms = Date.now() - Date.parse(time);
  if (ms < 2000) return 'now';
  return `${duration(ms).split(' ').slice(0, 2).join(' ').replace(/\.\d/, '')} ago`;
}

/**
 * A range of the address in words: "Last hour", or from and to.
 * @param {string} from
 * @param {string} to
 */
export function rangeName(from, to) {
  const preset = to === 'now' && PRESETS.find(([back]) => back === from);
  if (preset) return preset[1];
  const [begin, end] = [from, to].map(text => (RELATIVE.test(text) ? text : stamp(fixed(text)).replace(/\.000$/, '')));
  return `${begin} – ${end.slice(0, 10) === begin.slice(0, 10) ? end.slice(11) : end}`;
}
