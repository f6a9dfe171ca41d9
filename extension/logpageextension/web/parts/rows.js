// Rows of a table that are walked with the keyboard, and opened in place.
import { h } from '../dom.js';

/**
 * The button that opens a row, for a cell of it.
 * @param {import('../dom.js').Child | import('../dom.js').Child[]} shown
 * @param {string} [title]
 */
export function opener(shown, title) {
  return h('button', { class: 'opens', 'aria-expanded': 'false', title, 'data-testid': 'opener' }, shown);
}

/**
 * Lets rows with an opener be opened: what is returned for one is shown below it. Returns the keys for it.
 * @param {HTMLTableSectionElement} body
 * @param {(row: HTMLTableRowElement) => Node} detail
 * @returns {import('../keys.js').Key[]}
 */
export function openable(body, detail) {
  /** @type {HTMLTableRowElement | undefined} */
  let current;
  const isOpen = (/** @type {Element} */ row) => row.nextElementSibling?.classList.contains('detail') ?? false;
  const button = (/** @type {Element} */ row) => /** @type {HTMLElement} */ (row.querySelector('.opens'));
  const reach = (/** @type {HTMLTableRowElement} */ row) => {
    current?.classList.remove('current');
    current = row;
    row.classList.add('current');
  };
  const here = () => (current?.isConnected ? current : undefined);
  const toggle = (/** @type {HTMLTableRowElement} */ row) => {
    const open = isOpen(row);
    if (open) row.nextElementSibling?.remove();
    else row.after(h('tr', { class: 'detail', 'data-testid': 'detail' }, h('td', { colspan: row.cells.length }, detail(row))));
    button(row).setAttribute('aria-expanded', String(!open));
  };
  const move = (/** @type {number} */ by) => {
    const rows = /** @type {HTMLTableRowElement[]} */ ([...body.rows].filter(button));
    const from = here();
    const next = rows[from ? Math.max(0, Math.min(rows.length - 1, rows.indexOf(from) + by)) : 0];
    if (!next) return;
    reach(next);
    button(next).focus({ preventScroll: true });
    next.scrollIntoView({ block: 'nearest' });
  };
  const close = () => {
    const row = here();
    if (!row || !isOpen(row)) return;
    toggle(row);
    button(row).focus({ preventScroll: true });
  };
  body.addEventListener('click', event => {
    const target = /** @type {Element} */ (event.target);
    const row = /** @type {HTMLTableRowElement | null} */ (target.closest('tr'));
    if (!row || !button(row) || target.closest('a')) return;
    if (!target.closest('.opens') && getSelection()?.type === 'Range') return; // a text is being marked
    reach(row);
    toggle(row);
  });
  return [
    { key: 'j', does: 'next row', run: () => move(1) },
    { key: 'k', does: 'previous row', run: () => move(-1) },
    { key: 'Enter', does: 'open or close the row', run: () => { const row = here(); if (row) toggle(row); } },
    { key: 'Escape', does: 'close the row', run: close },
  ];
}
