// Exceptions: those of a type that were raised in one place are a group.
import { get } from '../api.js';
import { add, term } from '../box.js';
import { h, replace } from '../dom.js';
import { asking } from '../parts/asking.js';
import { bar } from '../parts/bar.js';
import { notice } from '../parts/notice.js';
import { panel } from '../parts/record.js';
import { openable, opener } from '../parts/rows.js';
import { spark } from '../parts/spark.js';
import { line, number, plural } from '../text.js';
import { ago, rangeName, stamp } from '../time.js';

/** @typedef {import('../main.js').App} App */
/** @typedef {import('../main.js').Params} Params */
/**
 * @typedef {object} Group
 * @property {string} type
 * @property {string} frame the innermost frame of the application, '' if there is none
 * @property {number} count
 * @property {number} requests
 * @property {number} users
 * @property {string} first
 * @property {string} last
 * @property {number[]} spark
 * @property {import('../api.js').LogRecord} newest
 */
/** @typedef {{groups: Group[], more: boolean}} Answer */

/** @type {import('../main.js').ViewModule['show']} */
export function show(root, params, app) {
  const top = bar(app);
  const found = h('section', { 'aria-label': 'Exceptions' });
  const asked = asking(found, signal => get('exceptions', range(params), signal), (/** @type {Answer} */ answer) => {
    draw(found, answer, params, app);
  }, top.fail);
  replace(root, h('h1', { class: 'unseen' }, 'Exceptions'), top.element, found);
  const update = (/** @type {Params} */ next) => {
    params = next;
    top.show(params);
    asked.run();
  };
  update(params);
  return { update, close: asked.stop };
}

/** @param {Params} params */
function range({ q, from, to }) {
  return { q, from, to };
}

/** @param {HTMLElement} found @param {Answer} answer @param {Params} params @param {App} app */
function draw(found, { groups, more }, params, app) {
  const body = h('tbody', {}, groups.map(group => row(group, params, app)));
  const shown = new Map([...body.rows].map((row, i) => [row, groups[i]]));
  app.keys(openable(body, row => newest(/** @type {Group} */ (shown.get(row)), app)));
  const says = groups.length ? `${plural(groups.length, 'group')} of ${plural(groups.reduce((sum, { count }) => sum + count, 0), 'exception')}` : 'No exceptions';
  app.announce(says);
  if (groups.length === 0) return replace(found, none(params, app));
  replace(found,
    h('p', { class: 'remark', 'data-testid': 'summary' }, says, more && ': the most frequent ones. A shorter range has the others.'),
    h('div', { class: 'scroll' }, h('table', { class: 'groups', 'aria-label': 'Groups of exceptions, most frequent first', 'data-testid': 'groups' },
      h('thead', {}, h('tr', {}, ['Exception', 'Records', 'Trend', 'Requests', 'Users', 'First seen', 'Last seen', 'Records in Search'].map(name => h('th', { scope: 'col', class: /Records$|Requests|Users/.test(name) ? 'number' : undefined },
        name === 'Records in Search' ? h('span', { class: 'unseen' }, name) : name)))),
      body)));
}

/** @param {Group} group @param {Params} params @param {App} app */
function row(group, params, app) {
  const { type, frame, count, requests, users, first, last, newest } = group;
  return h('tr', { class: 'error', 'data-testid': 'group' },
    h('td', { class: 'exception' },
      opener(h('b', { 'data-testid': 'group-type' }, line(type, 200)), 'The newest one'),
      h('div', { class: 'mono', 'data-testid': 'group-frame' }, frame ? line(frame, 200) : 'no frame of the application'),
      h('div', { class: 'soft' }, h('bdi', {}, line(newest.fields['exception.message'] ?? newest.body, 200)))),
    h('td', { class: 'number', 'data-testid': 'group-count' }, number(count)),
    h('td', {}, spark(group.spark)),
    h('td', { class: 'number', 'data-testid': 'group-requests' }, number(requests)),
    h('td', { class: 'number', 'data-testid': 'group-users' }, number(users)),
    h('td', {}, when(first)),
    h('td', {}, when(last)),
    h('td', {}, h('a', { href: search(group, params, app), 'aria-label': `Search for ${type} in ${frame || 'an unknown place'}`, 'data-testid': 'group-search' }, 'Search')));
}

/** @param {string} time */
function when(time) {
  return h('time', { datetime: time, title: stamp(time) }, ago(time));
}

/** @param {Group} group @param {App} app */
function newest(group, app) {
  return h('div', {}, h('h3', {}, 'The newest one'), panel(group.newest, app));
}

/**
 * The address of a group's records in Search.
 * @param {Group} group
 * @param {Params} params
 * @param {App} app
 */
function search({ type, frame }, params, app) {
  const place = frame ? term('mina.exception.frame', [frame]) : '-mina.exception.frame:*';
  return app.link('search', { ...range(params), q: add(add(params.q ?? '', term('exception.type', [type])), place) });
}

/** @param {Params} params @param {App} app */
function none(params, app) {
  const where = params.q ? ' that fit the search' : '';
  return notice(`No exceptions${where}: ${rangeName(params.from || 'now-1h', params.to || 'now')}`,
    ['Here is what the application has logged with a traceback, such as log.exception("…") or exc_info=True.'],
    [{ text: 'Look at the last 7 days', run: () => app.change({ from: 'now-7d', to: '' }) }, ...(params.q ? [{ text: 'Clear the search', run: () => app.change({ q: '' }) }] : [])]);
}
