// The newest records as rows, newest on top. They come faster than anybody reads: so they are drawn a few times a second,
// only the newest are kept, and only what is drawn is parsed.
import { h } from '../dom.js';
import { clock, stamp } from '../time.js';
import { opener } from './rows.js';
import { cell } from './table.js';

/** @typedef {import('../api.js').LogRecord} LogRecord */

export const MOST = 500;

/** How long is waited between two drawings, in milliseconds: longer where drawing takes long, so that the page answers. */
const [LEAST_WAIT, LONGEST_WAIT, SHARE] = [100, 600, 4];

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
  let wait = LEAST_WAIT;
  let scheduled = false;

  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    setTimeout(() => requestAnimationFrame(turn), wait);
  };
  const turn = () => {
    const begun = performance.now();
    if (!paused) draw();
    changed();
    scheduled = false;
    setTimeout(() => { // when it has been laid out
      wait = Math.min(LONGEST_WAIT, Math.max(LEAST_WAIT, SHARE * (performance.now() - begun)));
    });
  };
  /** Puts a row above all that are not newer: mostly on top. @param {HTMLTableRowElement} shown */
  const place = shown => {
    const time = moment(records.get(shown)?.time ?? '');
    const isAbove = (/** @type {Element} */ other) => !records.has(other) || moment(records.get(other)?.time ?? '') > time;
    let below = body.firstElementChild;
    while (below && isAbove(below)) below = below.nextElementSibling;
    body.insertBefore(shown, below);
  };
  const draw = () => {
    const drawn = [];
    const latest = waiting.slice(-MOST).map(next => (typeof next === 'string' ? /** @type {LogRecord} */ (JSON.parse(next)) : next));
    for (const record of latest.reverse().sort(newestFirst)) {
      if (ids.has(record.id)) continue;
      ids.add(record.id);
      if (newest === '' || moment(record.time) > moment(newest)) newest = record.time;
      const shown = row(record);
      records.set(shown, record);
      drawn.push(shown);
    }
    [waiting, fresh] = [[], 0];
    for (const shown of drawn.reverse()) place(shown);
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

/**
 * A time as a text that sorts as time goes: 31.13Z is before 31.130229Z.
 * @param {string} time
 */
function moment(time) {
  return time.replace('Z', '');
}

/**
 * @param {LogRecord} a
 * @param {LogRecord} b
 */
function newestFirst(a, b) {
  const [first, second] = [moment(a.time), moment(b.time)];
  return first < second ? 1 : first > second ? -1 : 0;
}

/** @param {LogRecord} record */
function row(record) {
  return h('tr', { class: `record ${record.level}`, 'data-testid': 'live-row' },
    h('td', { class: 'c-time' }, opener(clock(record.time), stamp(record.time))),
    ['level', 'logger', 'message'].map(name => cell(record, name)));
}
