// From when to when: presets, moments that are typed, and the range before and after.
import { h, replace } from '../dom.js';
import { FROM, PRESETS, TO, fixed, moment, rangeName, read, stamp } from '../time.js';

/** @param {import('../main.js').App} app */
export function ranges(app) {
  let [from, to] = [FROM, TO];
  const title = h('summary', { class: 'button', 'data-testid': 'range', 'aria-label': 'Time range' });
  const begin = moments('From', 'from');
  const end = moments('To', 'to');
  const menu = h('details', { class: 'menu' }, title, h('div', { class: 'menu-body' },
    h('ul', { class: 'presets' }, PRESETS.map(([back, name]) => h('li', {}, h('button', {
      type: 'button', class: 'quiet', 'data-testid': `preset-${back}`, onclick: () => choose(back, TO),
    }, name)))),
    h('div', { class: 'moments' }, begin.element, end.element,
      h('button', { type: 'button', class: 'primary', 'data-testid': 'apply', onclick: apply }, 'Apply'),
      h('p', { class: 'soft' }, 'As 2026-11-26 16:40, 16:40, now-2h, 15m ago, or RFC 3339.'))));
  const step = (/** @type {string} */ name, /** @type {string} */ sign, /** @type {() => void} */ run) => h('button', {
    type: 'button', class: 'quiet', title: name, 'aria-label': name, 'data-testid': name.toLowerCase().replace(/ /g, '-'), onclick: run,
  }, sign);
  const element = h('div', { class: 'range', role: 'group', 'aria-label': 'Time' },
    step('Earlier', '‹', () => move(-1, 0)), menu, step('Later', '›', () => move(1, 0)), step('Zoom out', '⊖', () => move(0, 0.5)),
    step('Refresh', '⟳', () => app.change({})));

  menu.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      apply();
    }
    if (event.key !== 'Escape' || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    title.focus();
  });
  menu.addEventListener('toggle', () => menu.open && document.addEventListener('pointerdown', leave));

  /** @param {PointerEvent} event */
  function leave(event) {
    if (event.target instanceof Node && menu.contains(event.target) && menu.isConnected) return;
    menu.open = false;
    document.removeEventListener('pointerdown', leave);
  }

  /** @param {string} nextFrom @param {string} nextTo */
  function choose(nextFrom, nextTo) {
    menu.open = false;
    title.focus();
    app.change({ from: nextFrom, to: nextTo });
  }

  function apply() {
    const [nextFrom, nextTo] = [begin.value(), end.value()];
    if (nextFrom === undefined || nextTo === undefined) return;
    if (moment(nextFrom) >= moment(nextTo)) return end.fail('This is not after From.');
    choose(nextFrom, nextTo);
  }

  /**
   * Moves the range by its own length, and makes it longer at both ends; it ends now at the latest.
   * @param {number} by
   * @param {number} longer
   */
  function move(by, longer) {
    const now = Date.now();
    const [first, last] = [moment(from, now), moment(to, now)];
    const length = last - first;
    if (!(length > 0)) return app.change({ from: '', to: '' });
    const until = Math.min(last + (by + longer) * length, Math.max(now, last));
    app.change({ from: new Date(until - length * (1 + 2 * longer)).toISOString(), to: until === now ? TO : new Date(until).toISOString() });
  }

  /** @param {string} nextFrom @param {string} nextTo */
  function show(nextFrom, nextTo) {
    [from, to] = [nextFrom || FROM, nextTo || TO];
    replace(title, rangeName(from, to));
    for (const [field, text] of /** @type {const} */ ([[begin, from], [end, to]])) field.show(text);
  }

  return { element, show };
}

/**
 * A field for a moment.
 * @param {string} label
 * @param {string} name
 */
function moments(label, name) {
  const input = h('input', { 'data-testid': name, autocomplete: 'off', spellcheck: 'false', 'aria-describedby': `${name}-error` });
  const error = h('span', { id: `${name}-error`, class: 'wrong', role: 'alert' });
  /** @param {string} text */
  const fail = text => {
    replace(error, text);
    input.setAttribute('aria-invalid', String(text !== ''));
    if (text) input.focus();
  };
  return {
    element: h('label', {}, h('span', {}, label), input, error),
    fail,
    /** @param {string} text */
    show(text) {
      input.value = text.startsWith('now') ? text : stamp(fixed(text)).replace(/\.000$/, '');
      fail('');
    },
    value() {
      const text = read(input.value);
      fail(text === undefined ? 'This is not a time.' : '');
      return text;
    },
  };
}
