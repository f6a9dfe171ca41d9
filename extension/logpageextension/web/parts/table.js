// The records, newest first, a page after the other. Only the pages near what is seen have rows in the document.
import { h, replace } from '../dom.js';
import { words } from '../box.js';
import { anyOf, cut, line } from '../text.js';
import { clock, stamp } from '../time.js';
import { panel } from './record.js';

/** @typedef {import('../api.js').LogRecord} LogRecord */
/** @typedef {{records: LogRecord[], first: number, body: HTMLTableSectionElement, drawn: boolean}} Page */

export const COLUMNS = ['level', 'logger', 'message'];
const HEADS = new Map([['level', 'Level'], ['logger', 'Logger'], ['message', 'Message']]);
const DRAWN = 5; // pages
const MARKS = 4; // in a message

/**
 * @param {import('../main.js').App} app
 * @param {object} does
 * @param {() => string} does.box what the box says
 * @param {() => void} does.older asks for the next page
 * @param {(columns: string[]) => void} does.columns other columns are wanted
 */
export function records(app, does) {
  /** @type {Page[]} */
  let pages = [];
  let columns = COLUMNS;
  let context = { q: '', days: false, mark: '' };
  /** @type {RegExp | undefined} */
  let found;
  /** @type {Set<string>} */
  const open = new Set();
  let current = '';
  const head = h('tr', {});
  const table = h('table', { class: 'records', 'aria-label': 'Records, newest first', 'data-testid': 'records' }, h('thead', {}, head));
  const wrap = h('button', { 'data-testid': 'wrap', title: 'Long messages over several lines', onclick: () => setWrap(localStorage.getItem('wrap') !== 'yes') }, 'Wrap');
  const foot = h('div', { class: 'foot', 'data-testid': 'foot' });
  const element = h('div', { class: 'records-pane' }, table, foot);
  const near = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      const page = pages.find(({ body }) => body === target);
      if (page && isIntersecting) draw(page);
    }
  }, around(1200));
  const end = new IntersectionObserver(entries => entries.some(({ isIntersecting }) => isIntersecting) && does.older(), around(800));

  /** @param {boolean} wrapped */
  function setWrap(wrapped) {
    localStorage.setItem('wrap', wrapped ? 'yes' : 'no');
    table.classList.toggle('wrap', wrapped);
    wrap.setAttribute('aria-pressed', String(wrapped));
  }
  setWrap(localStorage.getItem('wrap') === 'yes');

  /** @param {string[]} names @param {typeof context} of */
  function show(names, of) {
    [columns, context] = [names, of];
    found = anyOf(words(of.q));
    table.style.setProperty('--chosen', String(columns.filter(name => !COLUMNS.includes(name)).length));
    replace(head, h('th', { scope: 'col', class: 'c-time' }, 'Time'), columns.map(column));
    const had = table.contains(document.activeElement);
    for (const page of pages.filter(({ drawn }) => drawn)) redraw(page);
    if (had) opener(currentRow())?.focus({ preventScroll: true });
  }

  /** @param {string} name */
  function column(name) {
    const known = HEADS.get(name);
    return h('th', { scope: 'col', class: known ? `c-${name}` : 'c-field', title: name }, h('span', {}, known ?? cut(name, 60)),
      h('button', { class: 'quiet', 'aria-label': `Remove the column ${cut(name, 60)}`, onclick: () => does.columns(columns.filter(other => other !== name)) }, '✕'));
  }

  function clear() {
    for (const { body } of pages) {
      near.unobserve(body);
      body.remove();
    }
    pages = [];
    open.clear();
    current = '';
    end.unobserve(foot);
    replace(foot);
  }

  /** @param {LogRecord[]} more @param {boolean} last */
  function append(more, last) {
    const before = pages.at(-1);
    const page = { records: more, first: before ? before.first + before.records.length : 0, body: h('tbody', {}), drawn: false };
    pages.push(page);
    table.append(page.body);
    draw(page);
    near.observe(page.body);
    current ||= more[0]?.id ?? '';
    end.unobserve(foot);
    if (!last) end.observe(foot); // anew, so that a foot that is still seen is heard of
  }

  /** @param {Page} page */
  function draw(page) {
    if (page.drawn) return;
    redraw(page);
    page.drawn = true;
    const drawn = pages.filter(({ drawn }) => drawn);
    if (drawn.length <= DRAWN) return;
    const at = pages.indexOf(page);
    fold(drawn.reduce((far, other) => (Math.abs(pages.indexOf(other) - at) > Math.abs(pages.indexOf(far) - at) ? other : far)));
  }

  /** @param {Page} page */
  function redraw(page) {
    replace(page.body, page.records.flatMap((record, index) => rows(record, page.first + index)));
  }

  /**
   * Puts one high row in the place of a page's.
   * @param {Page} page
   */
  function fold(page) {
    const height = page.body.getBoundingClientRect().height;
    const gap = h('td', { colspan: columns.length + 1 });
    gap.style.height = `${height}px`;
    replace(page.body, h('tr', { class: 'gap', 'aria-hidden': 'true' }, gap));
    page.drawn = false;
  }

  /** @param {LogRecord} record @param {number} index */
  function rows(record, index) {
    const isOpen = open.has(record.id);
    const time = context.days ? `${stamp(record.time).slice(5, 10)} ${clock(record.time)}` : clock(record.time);
    const row = h('tr', {
      class: `record ${record.level}${record.id === context.mark ? ' marked' : ''}`, 'data-id': record.id, 'data-testid': 'record',
      'aria-rowindex': index + 2, onclick: clicked,
    },
    h('td', { class: 'c-time' }, h('button', {
      class: 'opens', 'aria-expanded': String(isOpen), tabindex: record.id === current ? 0 : -1, title: stamp(record.time),
    }, time)),
    columns.map(name => cell(record, name, found)));
    return isOpen ? [row, detail(record)] : [row];
  }

  /** @param {LogRecord} record */
  function detail(record) {
    return h('tr', { class: `detail ${record.level}`, 'data-testid': 'detail' }, h('td', { colspan: columns.length + 1 },
      panel(record, app, { box: does.box, columns, column: toggleColumn })));
  }

  /** @param {string} name */
  function toggleColumn(name) {
    const message = columns.indexOf('message');
    const at = message < 0 ? columns.length : message;
    does.columns(columns.includes(name) ? columns.filter(other => other !== name) : [...columns.slice(0, at), name, ...columns.slice(at)]);
  }

  /** @param {MouseEvent} event */
  function clicked(event) {
    const row = /** @type {HTMLElement} */ (event.currentTarget);
    if (!getSelection()?.isCollapsed && !(event.target instanceof HTMLButtonElement)) return; // a text is being marked
    reach(row.dataset.id ?? '');
    toggle();
  }

  /** @returns {HTMLElement | null} the row of the current record */
  function currentRow() {
    return current ? table.querySelector(`tr[data-id="${CSS.escape(current)}"]`) : null;
  }

  /**
   * Makes a record the current one.
   * @param {string} id
   */
  function reach(id) {
    const was = currentRow();
    was?.classList.remove('current');
    opener(was)?.setAttribute('tabindex', '-1');
    current = id;
    const row = currentRow();
    row?.classList.add('current');
    opener(row)?.setAttribute('tabindex', '0');
    return row;
  }

  /** Opens the current record, or closes it. */
  function toggle() {
    const row = currentRow();
    const record = pages.flatMap(({ records }) => records).find(({ id }) => id === current);
    if (!row || !record) return;
    if (open.delete(current)) row.nextElementSibling?.remove();
    else {
      open.add(current);
      row.after(detail(record));
    }
    opener(row)?.setAttribute('aria-expanded', String(open.has(current)));
  }

  /**
   * Goes on to the next record, or back.
   * @param {1 | -1} by
   */
  function move(by) {
    const all = /** @type {HTMLElement[]} */ ([...table.querySelectorAll('tr.record')]);
    const at = all.findIndex(({ dataset }) => dataset.id === current);
    const begun = all[at]?.classList.contains('current') && table.contains(document.activeElement);
    const next = all[begun ? Math.min(all.length - 1, Math.max(0, at + by)) : Math.max(0, at)];
    if (!next) return;
    const row = reach(next.dataset.id ?? '');
    opener(row)?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  }

  function close() {
    if (open.has(current)) toggle();
    opener(currentRow())?.focus({ preventScroll: true });
  }

  return {
    element, foot, wrap, show, clear, append, toggle, close, move,
    size: () => pages.reduce((sum, { records }) => sum + records.length, 0),
    weight: () => pages.reduce((sum, { records }) => records.reduce((sum, { body }) => sum + body.length, sum), 0),
    end() {
      near.disconnect();
      end.disconnect();
    },
  };
}

/**
 * So many pixels around what is seen, of the page or of the pane that scrolls in it.
 * @param {number} pixels
 * @returns {IntersectionObserverInit}
 */
function around(pixels) {
  const margin = `${pixels}px 0px`;
  return /** @type {any} */ ({ rootMargin: margin, scrollMargin: margin });
}

/** @param {Element | null} row @returns {HTMLElement | null | undefined} */
function opener(row) {
  return row?.querySelector('.opens');
}

/**
 * What a record has in a column.
 * @param {LogRecord} record
 * @param {string} name
 * @param {RegExp} [found] what is marked in the message
 */
export function cell(record, name, found) {
  switch (name) {
    case 'level': return h('td', { class: 'c-level' }, h('span', { class: 'level' }, record.severity || record.level || '–'));
    case 'logger': return h('td', { class: 'c-logger', title: record.logger }, cut(record.logger, 120));
    case 'message': return h('td', { class: 'c-message' }, message(record, found));
  }
  const value = line(Object.hasOwn(record.fields, name) ? record.fields[name] : '', 200);
  return h('td', { class: 'c-field', title: value }, h('bdi', {}, value));
}

/**
 * The message in one line, and of what was raised what it does not say.
 * @param {LogRecord} record
 * @param {RegExp} [found]
 */
export function message({ body, fields }, found) {
  const raised = ['exception.type', 'exception.message'].map(name => fields[name]).filter(text => text && !body.includes(text)).join(': ');
  if (!body) return h('span', { class: 'soft' }, line(raised, 200) || 'no message');
  return [h('bdi', {}, found ? marked(line(body), found) : line(body)), raised && h('span', { class: 'soft' }, ` ${line(raised, 200)}`)];
}

/**
 * The text with the first of what is found in it marked.
 * @param {string} text
 * @param {RegExp} found with a group around all of it
 */
function marked(text, found) {
  const parts = text.split(found);
  const some = parts.slice(0, 2 * MARKS).map((part, index) => (index % 2 ? h('mark', {}, part) : part));
  return [...some, parts.slice(2 * MARKS).join('')];
}
