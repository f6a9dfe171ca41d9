// The keyboard: each view says which keys it has, and the help shows them.
import { h } from './dom.js';

/** @typedef {{key: string, does: string, run: (event: KeyboardEvent) => void}} Key */

/** @type {Key[]} */
let shown = [];

/** @type {Key[]} */
const always = [
  { key: '/', does: 'go to the search box', run: () => box()?.focus() },
  { key: '?', does: 'show this help', run: () => help() },
];

/**
 * The keys of the view that is shown.
 * @param {Key[]} keys
 */
export function setKeys(keys) {
  shown = keys;
}

/** @returns {HTMLInputElement | null} */
function box() {
  return document.querySelector('[data-testid="box"]');
}

/** Listens to the keyboard, but where one types or a dialog is open. */
export function listen() {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector('dialog[open]')) return;
    if (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]')) return;
    const key = [...shown, ...always].find(({ key }) => key === event.key);
    if (!key) return;
    if (key.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary')) return;
    event.preventDefault();
    key.run(event);
  });
}

/** What the search box takes, by example. */
const GRAMMAR = [
  ['timeout', 'the word, in any case, in the message'],
  ['"rate limit"', 'the words one after the other'],
  ['level:error', 'also level:>=warning'],
  ['user:42', 'short names: level, logger, user, request, path, ip, status, exception, host, service'],
  ['meeting_id:=4711', 'any field; = is exactly this value'],
  ['duration_seconds:>120', 'also >=, <, <='],
  ['status:5xx', 'all of 500 to 599'],
  ['user.name:ann*', 'begins with'],
  ['url.query:*', 'has the field'],
  ['path:~"^/api/v[12]/"', 'a regular expression'],
  ['-path:/healthz', 'without; also ! and not'],
  ['(a or b) logger:app', 'and is a blank, or and parentheses group'],
];

/** Shows the keys and what the box takes. */
export function help() {
  const close = () => dialog.close();
  const dialog = h('dialog', { class: 'help', 'aria-labelledby': 'help-title', 'data-testid': 'help' },
    h('header', {}, h('h2', { id: 'help-title' }, 'Help'), h('button', { class: 'quiet', 'aria-label': 'Close', onclick: close }, '✕')),
    h('h3', {}, 'Search'),
    h('dl', {}, GRAMMAR.flatMap(([example, meaning]) => [h('dt', {}, h('code', {}, example)), h('dd', {}, meaning)])),
    h('h3', {}, 'Keyboard'),
    h('dl', {}, [...shown, ...always].flatMap(({ key, does }) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, does)])));
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', event => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
}
