// One record with all it has: its message, traceback and fields, and the ways to what belongs to it.
import { exclude, include, term } from '../box.js';
import { h, replace } from '../dom.js';
import { cut, number, plural } from '../text.js';
import { stamp, zoneName } from '../time.js';

/** @typedef {import('../api.js').LogRecord} LogRecord */
/** @typedef {import('../main.js').App} App */
/**
 * What the view offers for a field of the record.
 * @typedef {object} Offers
 * @property {() => string} [box] what the box says, which + and − edit; without it they begin a new search
 * @property {string[]} [columns] those of the table
 * @property {(field: string) => void} [column] shows the field as a column, or no more
 */

const LONG = 2000;
const MANY = 60;

/**
 * @param {LogRecord} record
 * @param {App} app
 * @param {Offers} [offers]
 */
export function panel(record, app, offers = {}) {
  const { traceback = [] } = record;
  const long = record.body.length > 160 || /[\r\n]/.test(record.body);
  return h('div', { class: 'panel', 'data-testid': 'panel' },
    h('div', { class: 'panel-head' }, h('span', { class: 'soft mono' }, `${stamp(record.time)} ${zoneName()}`), links(record, app)),
    long && text('pre', 'body', record.body),
    traceback.length > 0 && trace(traceback),
    fields(record, app, offers));
}

/**
 * The ways from a record to its request, its thread, what was around it, and itself.
 * @param {LogRecord} record
 * @param {App} app
 */
function links(record, app) {
  const { fields } = record;
  const request = fields['mina.request.id'] || fields.trace_id;
  const same = (/** @type {string[]} */ ...names) => names.filter(name => fields[name]).map(name => term(name, [fields[name]])).join(' ');
  const around = (/** @type {number} */ ms) => ({
    from: new Date(Date.parse(record.time) - ms).toISOString(), to: new Date(Date.parse(record.time) + ms).toISOString(), mark: record.id,
  });
  const way = (/** @type {string} */ name, /** @type {string} */ href, /** @type {string} */ title) => h('a', {
    class: 'button', href, title, 'data-testid': `way-${name.toLowerCase().replace(/\W+/g, '-')}`,
  }, name);
  return h('div', { class: 'actions' },
    request && way('Request', app.link('request', { id: request }), 'All records of its request, in order'),
    fields['thread.id'] && way('Thread', app.link('search', { q: same('host.name', 'process.pid', 'thread.id'), ...around(6e4) }), 'Its thread, a minute before and after'),
    way('±5 s', app.link('search', { q: same('host.name', 'process.pid'), ...around(5e3) }), 'Its process, five seconds before and after'),
    way('Link', app.link('record', { id: record.id }), 'This record alone, to be kept or sent on'),
    h('button', { 'data-testid': 'copy', onclick: (/** @type {Event} */ event) => copy(json(record), /** @type {HTMLElement} */ (event.currentTarget), app) }, 'Copy as JSON'));
}

/** @param {LogRecord} record */
function json({ time, severity, logger, body, fields }) {
  return JSON.stringify({ time, severity, logger, body, fields }, null, 2);
}

/**
 * Copies a text; the button says for a while that it has.
 * @param {string} content
 * @param {HTMLElement} button
 * @param {App} app
 */
export async function copy(content, button, app) {
  const name = button.textContent ?? '';
  const done = await navigator.clipboard.writeText(content).then(() => true, () => false);
  replace(button, done ? 'Copied' : 'The browser refuses');
  app.announce(button.textContent ?? '');
  setTimeout(() => replace(button, name), 1500);
}

/**
 * A text of any length: what is long is shown when it is asked for.
 * @param {'pre' | 'span'} tag
 * @param {string} name
 * @param {string} content
 */
function text(tag, name, content) {
  const shown = h(tag, { class: name, dir: 'auto' }, cut(content, LONG));
  if (content.length <= LONG) return shown;
  const more = h('button', {
    class: 'quiet more', 'data-testid': 'whole',
    onclick() {
      replace(shown, content);
      more.remove();
    },
  }, `Show all ${number(content.length)} characters`);
  return h('div', {}, shown, more);
}

/**
 * A traceback, the application's own frames marked.
 * @param {import('../api.js').TracebackLine[]} lines
 */
export function trace(lines) {
  return h('pre', { class: 'traceback', dir: 'ltr', 'data-testid': 'traceback' },
    lines.map(({ text, application }) => h('span', { class: application ? 'application' : undefined }, `${text}\n`)));
}

/**
 * @param {LogRecord} record
 * @param {App} app
 * @param {Offers} offers
 */
function fields(record, app, offers) {
  const all = Object.entries(record.fields).filter(([name]) => !(record.traceback && name === 'exception.stacktrace')).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = (/** @type {[string, string][]} */ some) => some.map(([name, value]) => field(name, value, app, offers));
  const body = h('tbody', {}, rows(all.slice(0, MANY)));
  const table = h('table', { class: 'fields', 'aria-label': 'Fields' }, body);
  if (all.length <= MANY) return table;
  const more = h('button', {
    class: 'quiet more', 'data-testid': 'all-fields',
    onclick() {
      replace(body, rows(all));
      more.remove();
    },
  }, `Show all ${plural(all.length, 'field')}`);
  return h('div', {}, table, more);
}

/**
 * @param {string} name
 * @param {string} value
 * @param {App} app
 * @param {Offers} offers
 */
function field(name, value, app, offers) {
  const shortName = cut(name, 120);
  const search = (/** @type {string} */ q) => (offers.box ? app.change({ q }) : app.go('search', { q }));
  const does = (/** @type {string} */ sign, /** @type {string} */ says, /** @type {() => void} */ run, /** @type {boolean} */ pressed = false) => h('button', {
    class: 'quiet', title: says, 'aria-label': `${says}: ${shortName}`, 'aria-pressed': pressed && 'true', onclick: run,
  }, sign);
  const isColumn = offers.columns?.includes(name) ?? false;
  return h('tr', { 'data-field': name },
    h('th', { scope: 'row', title: name.length > 30 && name }, shortName),
    h('td', { class: 'value' }, text('span', 'mono', value)),
    h('td', { class: 'does' },
      does('+', 'Only with this value', () => search(include(offers.box?.() ?? '', name, value))),
      does('−', 'Without this value', () => search(exclude(offers.box?.() ?? '', name, value))),
      offers.column && does('▥', isColumn ? 'No column' : 'As a column', () => offers.column?.(name), isColumn)));
}
