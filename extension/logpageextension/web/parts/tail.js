// The newest records as rows, newest on top. They come faster than anybody reads: so they are drawn a few times a second,
// only the newest are kept, and only what is drawn is parsed.
import { h } from '../dom.js';
import { clock, stamp } from '../time.js';
import { opener } from './rows.js';
import { cell } from './table.js';

/** @typedef {import('../api.js').LogRecord} LogRecord */

export const MOST = 500;
const EVERY = 100;

/**
 * @param {HTMLTableSectionElement} body
 * @param {() => void} changed the number of new records has
 */
export function tail(body, changed) {
  /** @type {WeakMap<Element, LogRecord>} */
  const records = new WeakMap();
  /** @type {Set<string>} those of the rows */
  const ids = new Set();
  /** @type {(string | LogRecord)[]} not drawn yet, as they came, oldest first */
  let waiting = [];
  let fresh = 0;
  let paused = false;
  let newest = '';
  /** @type {number | undefined} */
  let timer;

  const schedule = () => {
    timer ??= setTimeout(() => requestAnimationFrame(() => {
      timer = undefined;
      if (!paused) draw();
      changed();
    }), EVERY);
  };
  const draw = () => {
    const drawn = [];
    const latest = waiting.slice(-MOST).map(next => (typeof next === 'string' ? /** @type {LogRecord} */ (JSON.parse(next)) : next));
    for (const record of latest.sort((a, b) => (a.time < b.time ? 1 : -1))) {
      if (ids.has(record.id)) continue;
      ids.add(record.id);
      if (record.time > newest) newest = record.time;
      const shown = row(record);
      records.set(shown, record);
      drawn.push(shown);
    }
    [waiting, fresh] = [[], 0];
    body.prepend(...drawn);
    while (body.rows.length > MOST) {
      const last = body.rows[body.rows.length - 1];
      ids.delete(records.get(last)?.id ?? '');
      last.remove();
    }
  };
  return {
    record: (/** @type {Element} */ row) => /** @type {LogRecord} */ (records.get(row)),
    fresh: () => fresh,
    paused: () => paused,
    /** The time of the newest row. */
    newest: () => newest,
    /** @param {(string | LogRecord)[]} more */
    add(more) {
      const unknown = more.filter(next => typeof next === 'string' || !ids.has(next.id));
      waiting.push(...unknown);
      if (waiting.length > 2 * MOST) waiting = waiting.slice(-MOST);
      fresh += unknown.length;
      schedule();
    },
    /** @param {boolean} now */
    pause(now) {
      paused = now;
      schedule();
    },
    clear() {
      [waiting, fresh, newest, paused] = [[], 0, '', false];
      ids.clear();
      body.replaceChildren();
      changed();
    },
  };
}

/** @param {LogRecord} record */
function row(record) {
  return h('tr', { class: `record ${record.level}`, 'data-testid': 'live-row' },
    h('td', { class: 'c-time' }, opener(clock(record.time), stamp(record.time))),
    ['level', 'logger', 'message'].map(name => cell(record, name)));
}
