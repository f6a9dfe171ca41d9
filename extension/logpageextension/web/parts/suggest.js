// What may be meant while the box is typed in: names of fields, and values that records have had lately.
import { fieldOf, named, term } from '../box.js';
import { h, replace } from '../dom.js';
import { cut } from '../text.js';

const MOST = 8;
const NAMES = ['level', 'logger', 'user', 'request', 'path', 'ip', 'status', 'exception', 'host', 'service'];
const LEVELS = ['debug', 'info', 'warning', 'error', 'critical'];

/** @type {import('../api.js').Facet[]} */
let known = [];

/**
 * Keeps what the records of the last question have.
 * @param {import('../api.js').Facet[]} facets
 */
export function learn(facets) {
  if (facets.length > 0) known = facets;
}

/**
 * What the word in front of the caret may become, and where it begins.
 * @param {string} before
 * @returns {{start: number, options: string[]}}
 */
export function options(before) {
  const [all, sign, name, word] = /** @type {RegExpExecArray} */ (/([-!]?)(?:([^\s:"()]+):=?)?([^\s:"()]*)$/.exec(before));
  const start = before.length - all.length;
  const inQuotes = (before.match(/(?:^|[^\\])"/g) ?? []).length % 2 === 1;
  if (inQuotes || (!word && !name)) return { start, options: [] };
  const wanted = word.toLowerCase();
  if (!name) {
    const names = [...new Set([...NAMES, ...known.map(({ field }) => named(field))])];
    return { start, options: fitting(names, wanted).map(other => `${sign}${other}:`) };
  }
  const field = fieldOf(name);
  const values = field === 'level' ? LEVELS : known.find(facet => facet.field === field)?.values.map(({ value }) => value) ?? [];
  return { start, options: fitting(values, wanted).map(value => term(field, [value], sign !== '')) };
}

/**
 * The texts that have what is wanted, first those that begin with it.
 * @param {string[]} texts
 * @param {string} wanted
 */
function fitting(texts, wanted) {
  const found = texts.map(text => ({ text, at: text.toLowerCase().indexOf(wanted) })).filter(({ at }) => at >= 0);
  return found.sort((a, b) => Number(a.at > 0) - Number(b.at > 0)).slice(0, MOST).map(({ text }) => text);
}

/**
 * A list below the box, for the arrows, Tab and Enter; without a choice Enter searches as ever.
 * @param {HTMLInputElement} input
 */
export function suggestions(input) {
  /** @type {string[]} */
  let offered = [];
  let start = 0;
  let chosen = -1;
  const list = h('ul', { class: 'suggestions', id: 'suggestions', role: 'listbox', 'aria-label': 'Suggestions', 'data-testid': 'suggestions', hidden: true });
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', 'suggestions'], ['aria-expanded', 'false']]) input.setAttribute(name, value);

  function close() {
    offered = [];
    draw();
  }

  function draw() {
    list.hidden = offered.length === 0;
    input.setAttribute('aria-expanded', String(offered.length > 0));
    replace(list, offered.map((option, index) => h('li', {
      id: `suggestion-${index}`, role: 'option', 'aria-selected': String(index === chosen),
      onpointerdown: (/** @type {Event} */ event) => {
        event.preventDefault(); // the box keeps the focus
        accept(option);
      },
    }, h('bdi', {}, cut(option, 200)))));
    if (chosen < 0 || offered.length === 0) input.removeAttribute('aria-activedescendant');
    else input.setAttribute('aria-activedescendant', `suggestion-${chosen}`);
  }

  /** @param {string} option */
  function accept(option) {
    const caret = input.selectionStart ?? input.value.length;
    const whole = option.endsWith(':') ? option : `${option} `;
    input.setRangeText(whole, start, caret, 'end');
    offer();
  }

  function offer() {
    const caret = input.selectionStart ?? 0;
    const found = options(input.value.slice(0, caret));
    [start, offered, chosen] = [found.start, /^\S/.test(input.value.slice(caret)) ? [] : found.options, -1];
    draw();
  }

  input.addEventListener('input', offer);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', event => {
    if (offered.length === 0) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) chosen = (chosen + by + offered.length + (chosen < 0 && by < 0 ? 1 : 0)) % offered.length;
    else if (event.key === 'Escape') offered = [];
    else if (chosen >= 0 && (event.key === 'Enter' || event.key === 'Tab')) return void (event.preventDefault(), accept(offered[chosen]));
    else return;
    event.preventDefault();
    draw();
  });
  return { list, close };
}
