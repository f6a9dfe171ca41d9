// What is shown instead of records: why there are none, and what to do.
import { Problem } from '../api.js';
import { h } from '../dom.js';

/** @typedef {{text: string, run?: () => void, href?: string}} Action */

/**
 * @param {string} title
 * @param {(string | Node)[]} paragraphs
 * @param {Action[]} [actions]
 */
export function notice(title, paragraphs, actions = []) {
  return h('div', { class: 'notice', 'data-testid': 'notice' },
    h('h2', {}, title),
    paragraphs.map(text => h('p', {}, text)),
    actions.length > 0 && h('p', { class: 'actions' }, actions.map(({ text, run, href }) => (href
      ? h('a', { class: 'button', href }, text)
      : h('button', { onclick: run }, text)))));
}

/**
 * @param {unknown} error
 * @param {() => void} again
 */
export function problem(error, again) {
  const [title, advice] = error instanceof Problem ? [error.message, error.advice] : ['This page has an error of its own.', String(error)];
  const shown = notice(title, advice ? [advice] : [], [{ text: 'Try again', run: again }]);
  shown.setAttribute('role', 'alert');
  shown.setAttribute('data-testid', 'problem');
  return shown;
}
