// Live: the records as they come, until one looks closer.
import { get } from '../api.js';
import { h, replace } from '../dom.js';
import { bar } from '../parts/bar.js';
import { panel } from '../parts/record.js';
import { openable } from '../parts/rows.js';
import { MOST, tail } from '../parts/tail.js';
import { listen } from '../stream.js';
import { number, plural } from '../text.js';

/** @typedef {import('../main.js').Params} Params */

/** How much is shown of what came before. */
const BEFORE = { from: 'now-15m', limit: 100 };

/** @type {import('../main.js').ViewModule['show']} */
export function show(root, params, app) {
  const top = bar(app, false);
  const state = h('span', { class: 'state', 'data-testid': 'live-state' });
  const button = h('button', { class: 'primary', 'data-testid': 'live-button', onclick: () => pause(!rows.paused()) });
  const trouble = h('span', { class: 'trouble', role: 'alert', 'data-testid': 'live-problem' });
  const body = h('tbody');
  const none = h('p', { class: 'remark', 'data-testid': 'live-none' }, 'Records appear here within two seconds of being written.');
  const pane = h('div', { class: 'pane', 'data-testid': 'live-pane' },
    h('table', { class: 'records tail', 'aria-label': 'Records, newest first', 'data-testid': 'live-rows' },
      h('thead', {}, h('tr', {}, ['Time', 'Level', 'Logger', 'Message'].map(name => h('th', { scope: 'col', class: `c-${name.toLowerCase()}` }, name)))),
      body),
    none);
  const rows = tail(body, say);
  let stopped = new AbortController();
  let connected = false;

  function say() {
    const [name, text] = rows.paused() ? ['paused', 'Paused'] : connected ? ['on', 'Live'] : ['off', 'Connecting…'];
    none.hidden = body.rows.length > 0;
    state.className = `state ${name}`;
    if (state.textContent !== text) replace(state, text);
    replace(button, !rows.paused() ? 'Pause' : rows.fresh() ? `${number(rows.fresh())} new` : 'Go on');
  }

  /** @param {boolean} now */
  function pause(now) {
    if (now === rows.paused()) return;
    if (!now) scrollToTop();
    rows.pause(now);
    say();
    app.announce(now ? 'Paused' : 'Live');
  }

  function scrollToTop() {
    getSelection()?.removeAllRanges();
    pane.scrollTop = 0;
    scrollTo(0, 0);
  }

  /** Listens to what fits the box, and fetches what was missed: before it began, or while it was away. */
  function start() {
    stopped.abort();
    stopped = new AbortController();
    const { signal } = stopped;
    const q = params.q ?? '';
    rows.clear();
    let leftOut = 0;
    listen(q, {
      record: text => rows.add([text]),
      opened() {
        connected = true;
        replace(trouble);
        say();
        const since = rows.newest();
        get('records', { q, ...(since ? { from: since, limit: MOST } : BEFORE) }, signal).then(({ records }) => rows.add(records.reverse()), () => {});
      },
      missed(records) {
        leftOut += records;
        replace(trouble, `${plural(leftOut, 'record was', 'records were')} left out: more come than can be followed. Search for fewer; all are found at Search.`);
      },
      problem(problem) {
        connected = false;
        if (!top.fail(problem)) replace(trouble, `${problem.message} ${problem.advice}`);
        say();
      },
    }, signal);
  }

  const scrolled = () => (pane.scrollTop > 0 || scrollY > 0) && pause(true); // in a low window the page scrolls
  const selected = () => {
    const selection = getSelection();
    if (selection?.type === 'Range' && body.contains(selection.anchorNode)) pause(true);
  };
  document.addEventListener('scroll', scrolled, true);
  document.addEventListener('selectionchange', selected);
  const keys = openable(body, row => {
    pause(true);
    return panel(rows.record(row), app, { box: () => params.q ?? '' });
  });
  app.keys([
    ...keys.map(({ key, does, run }) => ({ key, does, run: (/** @type {KeyboardEvent} */ event) => { pause(true); run(event); } })),
    { key: 'p', does: 'pause, and go on', run: () => pause(!rows.paused()) },
  ]);
  replace(root, h('h1', { class: 'unseen' }, 'Live'), top.element, h('div', { class: 'live-line' }, state, button, trouble), pane);
  top.show(params);
  start();
  return {
    update(next) {
      const same = next.q === params.q && connected;
      params = next;
      top.show(params);
      if (!same) start();
    },
    close() {
      stopped.abort();
      document.removeEventListener('scroll', scrolled, true);
      document.removeEventListener('selectionchange', selected);
    },
  };
}
