// What the fields of the records have, by number. A click includes a value, the − beside it leaves it out; the box says so.
import { exclude, include, remove, says } from '../box.js';
import { h, replace } from '../dom.js';
import { cut, number } from '../text.js';
import { learn } from './suggest.js';

/** @typedef {import('../api.js').Facet} Facet */

const OPEN = 9; // fields whose values are shown
const FEW = 5; // values of a field
const SOME = 40; // fields

/** Severities as the application has them, and the colours of their levels. */
const COLOURS = new Map([['warning', 'warn'], ['critical', 'fatal']]);

/**
 * @param {object} does
 * @param {() => string} does.box what the box says now, which may be more than what is shown
 * @param {(q: string) => void} does.search
 * @param {() => void} does.opened
 */
export function facets({ box, search, opened }) {
  const wide = matchMedia('(min-width: 800px)');
  /** @type {Map<string, boolean>} */
  const unfolded = new Map();
  /** @type {Set<string>} */
  const whole = new Set();
  /** @type {import('../api.js').Facets} */
  let shown = { facets: [], sampled: false };
  const body = h('div', { class: 'facet-list' });
  const find = h('input', { type: 'search', class: 'find', placeholder: 'Find a field', 'aria-label': 'Find a field', 'data-testid': 'find-field', oninput: draw });
  const element = h('details', { class: 'facets', 'data-testid': 'facets', open: wide.matches },
    h('summary', {}, 'Fields'), find, body);
  element.addEventListener('toggle', () => element.open && opened());
  wide.addEventListener('change', () => { element.open = wide.matches; });

  /** @param {import('../api.js').Facets} answer */
  function show(answer) {
    shown = answer;
    learn(answer.facets);
    draw();
  }

  function draw() {
    const wanted = find.value.trim().toLowerCase();
    const found = shown.facets.filter(({ field, label }) => `${label}\n${field}`.toLowerCase().includes(wanted));
    find.hidden = shown.facets.length < OPEN;
    keepFocus(body, () => replace(body,
      shown.sampled && h('p', { class: 'soft' }, 'Counted in a part of the records.'),
      found.length === 0 && h('p', { class: 'soft' }, wanted ? 'No such field.' : 'No fields to choose from.'),
      found.slice(0, SOME).map(facet),
      found.length > SOME && h('p', { class: 'soft' }, `${found.length - SOME} fields more: find them by name.`)));
  }

  /** @param {Facet} facet @param {number} index */
  function facet({ field, label, values }, index) {
    const name = label === 'level' ? 'level' : field;
    const most = Math.max(1, ...values.map(({ records }) => records));
    const some = whole.has(field) ? values : values.slice(0, FEW);
    const group = h('details', { class: 'facet', open: unfolded.get(field) ?? index < OPEN, 'data-testid': `facet-${field}` },
      h('summary', { title: field, 'data-key': field }, cut(label || field, 80)),
      h('ul', {}, some.map(({ value, records }) => entry(name, value, records, most))),
      values.length > some.length && h('button', {
        class: 'quiet more', 'data-key': `${field}\n`,
        onclick() {
          whole.add(field);
          draw();
        },
      }, `${values.length - some.length} more`));
    group.addEventListener('toggle', () => unfolded.set(field, group.open));
    return group;
  }

  /** @param {string} field @param {string} value @param {number} records @param {number} most */
  function entry(field, value, records, most) {
    const shownValue = field === 'level' ? value.toLowerCase() : value;
    const state = () => says(box(), field, shownValue);
    const text = cut(shownValue, 120);
    const without = () => search((state() === 'out' ? remove : exclude)(box(), field, shownValue));
    const within = () => search((state() === 'in' ? remove : include)(box(), field, shownValue));
    const bar = h('i', { 'aria-hidden': 'true' });
    bar.style.width = `${Math.max(1, records / most * 100).toFixed(1)}%`;
    return h('li', { class: field === 'level' && (COLOURS.get(shownValue) ?? shownValue) },
      h('button', {
        class: 'value', title: `${cut(shownValue, 400)}\n${number(records)} records. Alt and a click leave it out.`, 'data-key': `${field}+${value}`,
        'aria-pressed': String(state() === 'in'), onclick: (/** @type {MouseEvent} */ event) => (event.altKey ? without() : within()),
      }, bar, h('span', { class: 'text', dir: 'auto' }, text), h('span', { class: 'number' }, number(records))),
      h('button', { class: 'quiet minus', 'aria-label': `Without ${text}`, title: 'Without', 'data-key': `${field}-${value}`, 'aria-pressed': String(state() === 'out'), onclick: without }, '−'));
  }

  return { element, show };
}

/**
 * Draws anew what is in an element; the focus stays on what has the same data-key.
 * @param {HTMLElement} element
 * @param {() => void} draw
 */
export function keepFocus(element, draw) {
  const focused = document.activeElement;
  const key = element.contains(focused) ? focused?.getAttribute('data-key') : undefined;
  draw();
  if (key == null) return;
  const same = [...element.querySelectorAll('[data-key]')].find(other => other.getAttribute('data-key') === key);
  if (same instanceof HTMLElement) same.focus({ preventScroll: true });
}
