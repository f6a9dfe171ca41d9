// Slow and failing: how long requests take and how often they fail, by path.
import { get } from '../api.js';
import { add, term } from '../box.js';
import { h, replace, svg } from '../dom.js';
import { asking } from '../parts/asking.js';
import { bar } from '../parts/bar.js';
import { notice } from '../parts/notice.js';
import { line, number, plural } from '../text.js';
import { duration, rangeName } from '../time.js';

/** @typedef {import('../main.js').App} App */
/** @typedef {import('../main.js').Params} Params */
/**
 * @typedef {object} Path
 * @property {string} method
 * @property {string} path numbers and ids are folded: /api/meetings/{id}
 * @property {number} requests
 * @property {number} p50_ms
 * @property {number} p95_ms
 * @property {number} max_ms
 * @property {number} errors
 * @property {number} error_share
 * @property {number} measured requests whose time is known
 */
/** @typedef {{paths: Path[], more: boolean}} Answer */
/** @typedef {'path' | 'requests' | 'p50_ms' | 'p95_ms' | 'max_ms' | 'error_share'} Column */

/** @type {[Column, string][]} */
const COLUMNS = [['path', 'Path'], ['requests', 'Requests'], ['p50_ms', 'p50'], ['p95_ms', 'p95'], ['max_ms', 'Slowest'], ['error_share', 'Failing']];

/** @type {import('../main.js').ViewModule['show']} */
export function show(root, params, app) {
  const top = bar(app);
  const found = h('section', { 'aria-label': 'Paths' });
  /** @type {Answer | undefined} */
  let answer;
  const draw = () => answer && table(found, answer, params, app);
  const asked = asking(found, signal => get('slow', { q: params.q, from: params.from, to: params.to }, signal), (/** @type {Answer} */ got) => {
    answer = got;
    draw();
    app.announce(plural(got.paths.length, 'path'));
  }, top.fail);
  replace(root, h('h1', { class: 'unseen' }, 'Slow and failing'), top.element, found);
  top.show(params);
  asked.run();
  return {
    update(next) {
      const sorted = next.sort !== params.sort;
      params = next;
      top.show(params);
      if (sorted) draw();
      else asked.run();
    },
    close: asked.stop,
  };
}

/**
 * The column that rows are sorted by, and whether the most comes first.
 * @param {Params} params
 * @returns {[Column, boolean]}
 */
function order({ sort = '' }) {
  const found = COLUMNS.find(([column]) => column === sort.replace(/^-/, ''));
  return found ? [found[0], sort.startsWith('-')] : ['p95_ms', true];
}

/** @param {HTMLElement} found @param {Answer} answer @param {Params} params @param {App} app */
function table(found, { paths, more }, params, app) {
  if (paths.length === 0) return replace(found, none(params, app));
  const [column, falling] = order(params);
  const sorted = [...paths].sort((a, b) => compare(a, b, column) * (falling ? -1 : 1));
  const slowest = Math.max(1, ...paths.map(path => path.p95_ms || 0));
  const body = h('tbody', {}, sorted.map(path => row(path, slowest, params, app)));
  const focused = document.activeElement?.getAttribute('data-testid');
  replace(found,
    more && h('p', { class: 'remark', 'data-testid': 'more' }, `Only the slowest ${plural(paths.length, 'path')} are shown. Search for some, or take a shorter range.`),
    h('div', { class: 'scroll' }, h('table', { class: 'paths', 'aria-label': 'Requests by path, ids folded', 'data-testid': 'paths' },
      h('thead', {}, h('tr', {}, COLUMNS.map(([name, title]) => header(name, title, column, falling, app)), h('th', { scope: 'col' }, h('span', { class: 'unseen' }, 'Requests in Search')))),
      body)));
  if (focused?.startsWith('sort-')) /** @type {HTMLElement | null} */ (found.querySelector(`[data-testid="${focused}"]`))?.focus();
}

/** @param {Path} a @param {Path} b @param {Column} column */
function compare(a, b, column) {
  if (column === 'path') return a.path.localeCompare(b.path) || a.method.localeCompare(b.method);
  return (a[column] ?? 0) - (b[column] ?? 0);
}

/** @param {Column} name @param {string} title @param {Column} column @param {boolean} falling @param {App} app */
function header(name, title, column, falling, app) {
  const isSorted = name === column;
  const next = isSorted ? !falling : name !== 'path';
  return h('th', { scope: 'col', class: name === 'path' ? undefined : 'number', 'aria-sort': isSorted && (falling ? 'descending' : 'ascending') },
    h('button', { class: 'quiet sort', 'data-testid': `sort-${name}`, onclick: () => app.change({ sort: `${next ? '-' : ''}${name}` }, true) },
      title, h('span', { 'aria-hidden': 'true' }, isSorted ? (falling ? ' ▾' : ' ▴') : '')));
}

/** @param {Path} path @param {number} slowest @param {Params} params @param {App} app */
function row(path, slowest, params, app) {
  const name = `${path.method} ${path.path}`.trim();
  const time = (/** @type {number} */ ms) => (path.measured && ms !== null ? duration(ms) : '–');
  return h('tr', { 'data-testid': 'path' },
    h('td', { class: 'mono path', title: name }, line(name, 200)),
    h('td', { class: 'number' }, number(path.requests)),
    h('td', { class: 'number' }, time(path.p50_ms)),
    h('td', { class: 'number slowness' }, time(path.p95_ms), bars(path.p95_ms / slowest)),
    h('td', { class: 'number' }, time(path.max_ms)),
    h('td', { class: `number ${path.errors ? 'bad' : 'soft'}` }, path.errors ? `${share(path.error_share)} (${number(path.errors)})` : '0'),
    h('td', {}, h('a', { href: search(path, params, app), 'aria-label': `Search for ${name}`, 'data-testid': 'path-search' }, 'Search')));
}

/** @param {number} part of 1 */
function bars(part) {
  return svg('svg', { 'aria-hidden': 'true', height: 3 }, svg('rect', { width: `${((part || 0) * 100).toFixed(1)}%`, height: 3 }));
}

/** @param {number} part of 1 */
function share(part) {
  return part < 0.001 ? '< 0.1 %' : `${Number((part * 100).toFixed(1))} %`;
}

/**
 * The address of a path's requests in Search: where an id was folded, any text is meant.
 * @param {Path} path
 * @param {Params} params
 * @param {App} app
 */
function search({ method, path }, params, app) {
  const parts = path.split(/\{\w+\}/);
  const folded = `^${parts.map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^/]+')}$`;
  const place = parts.length > 1 ? `path:~${JSON.stringify(folded)}` : term('url.path', [path]);
  const asked = add(params.q ?? '', place);
  return app.link('search', { q: method ? add(asked, term('http.request.method', [method])) : asked, from: params.from, to: params.to });
}

/** @param {Params} params @param {App} app */
function none(params, app) {
  const where = params.q ? ' that fit the search' : '';
  return notice(`No requests${where}: ${rangeName(params.from || 'now-1h', params.to || 'now')}`,
    ['Here is what has a path and a time: processing_time_ms or latency_ms of the application, or an access line with its time.'],
    [{ text: 'Look at the last 7 days', run: () => app.change({ from: 'now-7d', to: '' }) }, ...(params.q ? [{ text: 'Clear the search', run: () => app.change({ q: '' }) }] : [])]);
}
