// Request: the records of one request or trace over its processes, in order of time.
import { get } from '../api.js';
import { term } from '../box.js';
import { h, replace } from '../dom.js';
import { asking } from '../parts/asking.js';
import { laneCell, laneWidth, lanes as timeLines } from '../parts/lanes.js';
import { panel } from '../parts/record.js';
import { openable, opener } from '../parts/rows.js';
import { cell } from '../parts/table.js';
import { plural } from '../text.js';
import { duration, stamp } from '../time.js';

/** @typedef {import('../api.js').LogRecord} LogRecord */
/** @typedef {{record: LogRecord, since_start_ms: number, since_previous_ms: number, lane: number, gap: boolean}} Step */
/**
 * @typedef {object} Head
 * @property {string} [method]
 * @property {string} [path]
 * @property {number} [status]
 * @property {string} [user]
 * @property {string} [address]
 * @property {number} duration_ms
 * @property {number} processes
 * @property {number} errors
 * @property {number} records
 * @property {string} start
 * @property {string} end
 */
/** @typedef {{id: string, kind: 'request' | 'trace', head: Head, lanes: {name: string}[], records: Step[], more: boolean}} Answer */

/** @type {import('../main.js').ViewModule['show']} */
export function show(root, params, app) {
  const asked = asking(root, signal => get(`requests/${encodeURIComponent(params.id ?? '')}`, {}, signal), (/** @type {Answer} */ answer) => {
    app.title([answer.head.method, answer.head.path].filter(Boolean).join(' ') || answer.id);
    const [table, keys] = timeline(answer, app);
    replace(root, head(answer, app), timeLines(answer.lanes, answer.records), answer.more && cutOff(answer, app), table);
    app.keys(keys);
    app.announce(`${plural(answer.records.length, 'record')} of the ${answer.kind}`);
  });
  asked.run();
  return {
    update(next) {
      params = next;
      asked.run();
    },
    close: asked.stop,
  };
}

/**
 * @param {Answer} answer
 * @param {import('../main.js').App} app
 */
function head({ id, kind, head }, app) {
  /** @type {[string, string | number | undefined][]} */
  const facts = [
    ['Took', duration(head.duration_ms)], ['User', head.user], ['Address', head.address], ['Processes', head.processes],
    ['Records', head.records], ['Errors', head.errors], ['Began', stamp(head.start)], [kind === 'trace' ? 'Trace' : 'Request', id],
  ];
  return h('header', { class: 'head', 'data-testid': 'head' },
    h('h1', {},
      head.status ? h('span', { class: `status ${statusLevel(head.status)}`, 'data-testid': 'head-status' }, head.status) : false,
      h('span', { class: 'mono' }, [head.method, head.path].filter(Boolean).join(' ') || `${kind === 'trace' ? 'Trace' : 'Request'} ${id}`)),
    h('a', { class: 'button', href: search({ id, kind, head }, app), 'data-testid': 'head-search' }, 'In Search'),
    h('dl', { class: 'facts' }, facts.filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => h('div', {},
      h('dt', {}, name), h('dd', { class: name === 'Errors' && head.errors && 'bad', 'data-testid': `head-${name.toLowerCase()}` }, value)))));
}

/** @param {number} status */
function statusLevel(status) {
  return status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info';
}

/**
 * The address of the same records in Search.
 * @param {Pick<Answer, 'id' | 'kind' | 'head'>} answer
 * @param {import('../main.js').App} app
 */
function search({ id, kind, head }, app) {
  const [from, to] = [Date.parse(head.start) - 1000, Date.parse(head.end) + 1000].map(ms => new Date(ms).toISOString());
  return app.link('search', { q: term(kind === 'trace' ? 'trace_id' : 'mina.request.id', [id]), from, to });
}

/** @param {Answer} answer @param {import('../main.js').App} app */
function cutOff(answer, app) {
  return h('p', { class: 'remark', 'data-testid': 'more' }, `Only the first ${plural(answer.records.length, 'record')} are shown. `,
    h('a', { href: search(answer, app) }, 'Search has all of them.'));
}

/**
 * @param {Answer} answer
 * @param {import('../main.js').App} app
 * @returns {[HTMLElement, import('../keys.js').Key[]]}
 */
function timeline({ records, lanes }, app) {
  const body = h('tbody');
  for (const step of records) {
    if (step.gap) body.append(gap(step.since_previous_ms));
    body.append(row(step, lanes));
  }
  const steps = new Map([...body.rows].filter(row => row.matches('.record')).map((row, i) => [row, records[i]]));
  const keys = openable(body, row => panel(/** @type {Step} */ (steps.get(row)).record, app));
  const process = h('th', { scope: 'col' }, 'Process');
  process.style.width = `${Math.max(72, laneWidth(lanes) + 16)}px`;
  return [h('table', { class: 'records timeline', 'aria-label': 'Records in order of time', 'data-testid': 'timeline' },
    h('thead', {}, h('tr', {}, column('c-time number', 'Since start'), column('c-previous number', 'Since previous'), process,
      column('c-level', 'Level'), column('c-logger', 'Logger'), column('c-message', 'Message'))),
    body), keys];
}

/** @param {string} name @param {string} title */
function column(name, title) {
  return h('th', { scope: 'col', class: name }, title);
}

/** @param {Step} step @param {{name: string}[]} lanes */
function row({ record, since_start_ms: start, since_previous_ms: previous, lane }, lanes) {
  return h('tr', { class: `record ${record.level}`, 'data-testid': 'step' },
    h('td', { class: 'c-time number' }, opener(`+${duration(start)}`, stamp(record.time))),
    h('td', { class: 'c-previous number soft' }, duration(previous)),
    h('td', { class: 'c-lane' }, laneCell(lane, lanes)),
    ['level', 'logger', 'message'].map(name => cell(record, name)));
}

/** @param {number} ms */
function gap(ms) {
  return h('tr', { class: 'silence', 'data-testid': 'gap' }, h('td', { colspan: 6 }, `${duration(ms)} without a record`));
}
