// The bar above the views: the search box, the range of time, and refresh.
import { Problem } from '../api.js';
import { h, replace } from '../dom.js';
import { ranges } from './range.js';
import { suggestions } from './suggest.js';

/** @typedef {import('../main.js').App} App */

/**
 * The bar, for the parameters q, from and to. show puts other parameters into it, fail says what is wrong with the box.
 * @param {App} app
 * @param {boolean} [range] with the range of time
 */
export function bar(app, range = true) {
  const input = h('input', {
    type: 'search', class: 'box', 'data-testid': 'box', 'aria-label': 'Search', 'aria-describedby': 'box-error', maxlength: 8192,
    placeholder: 'Search: timeout  "rate limit"  level:error  user:42  -path:/healthz', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false',
  });
  const error = h('div', { id: 'box-error', class: 'box-error', role: 'alert', 'data-testid': 'box-error', hidden: true });
  const suggested = suggestions(input);
  const time = range ? ranges(app) : undefined;
  const element = h('div', { class: 'bar', role: 'search' },
    h('form', { class: 'box-line', onsubmit: submit }, h('div', { class: 'box-field' }, input, suggested.list), h('button', { class: 'primary', 'data-testid': 'search' }, 'Search')),
    time?.element,
    error);

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    suggested.close();
    app.change({ q: input.value.trim() });
  }
  input.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault(); // which would take the text away
    input.blur();
  });

  /** @param {import('../main.js').Params} params */
  function show({ q = '', from = '', to = '' }) {
    if (input.value.trim() !== q) input.value = q;
    time?.show(from, to);
    fail(undefined);
  }

  /**
   * Whether the problem is one of the box, which is then shown below it.
   * @param {unknown} problem
   */
  function fail(problem) {
    const inBox = problem instanceof Problem && problem.at !== undefined;
    error.hidden = !inBox;
    input.setAttribute('aria-invalid', String(inBox));
    if (inBox) replace(error, pointed(input.value, problem.at ?? 0), h('b', {}, problem.message), ' ', problem.advice);
    return inBox;
  }

  return { element, input, show, fail };
}

/**
 * The text, marked at a byte.
 * @param {string} text
 * @param {number} at
 */
function pointed(text, at) {
  const before = new TextDecoder().decode(new TextEncoder().encode(text).slice(0, at));
  const [sign = ' ', ...rest] = text.slice(before.length);
  return h('code', { dir: 'ltr' }, before.slice(-60), h('mark', {}, sign), rest.join('').slice(0, 40));
}
