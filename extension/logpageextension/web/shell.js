// What is around each view: the ways to the others, zone and colours, and what the store has to say.
import { get } from './api.js';
import { h, replace } from './dom.js';
import { help } from './keys.js';
import { plural } from './text.js';
import { setZone, zone, zoneName } from './time.js';

/** @typedef {import('./api.js').Status} Status */

const LINKS = [['search', 'Search'], ['exceptions', 'Exceptions'], ['slow', 'Slow'], ['live', 'Live']];

/**
 * The links to the views, which keep what is searched and when.
 * @param {HTMLElement} nav
 * @param {string} current
 * @param {Record<string, string>} params
 * @param {(view: string, params: Record<string, string>) => string} link
 */
export function navigation(nav, current, { q = '', from = '', to = '' }, link) {
  replace(nav, LINKS.map(([view, title]) => h('a', {
    href: link(view, view === 'live' ? { q } : { q, from, to }),
    'aria-current': view === current && 'page',
    'data-testid': `nav-${view}`,
  }, title)));
}

/**
 * The zone of times, the colours, and the help.
 * @param {HTMLElement} element
 * @param {() => void} zoneChanged
 */
export function settings(element, zoneChanged) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  const theme = h('button', { class: 'quiet', 'data-testid': 'theme', onclick: () => setTheme(isDark() ? 'light' : 'dark') });
  const zones = h('button', {
    class: 'quiet', 'data-testid': 'zone', title: 'The zone of the times that are shown',
    onclick() {
      setZone(zone() === 'utc' ? 'local' : 'utc');
      name();
      zoneChanged();
    },
  });
  const name = () => {
    replace(zones, zoneName());
    zones.setAttribute('aria-label', `Times are ${zone() === 'utc' ? 'UTC: show local ones' : `local (${zoneName()}): show UTC`}`);
    replace(theme, isDark() ? '☀' : '☾');
    theme.setAttribute('aria-label', isDark() ? 'Light colours' : 'Dark colours');
  };
  /** @param {string} chosen */
  const setTheme = chosen => {
    document.documentElement.dataset.theme = chosen;
    localStorage.setItem('theme', chosen);
    name();
  };
  dark.addEventListener('change', name);
  name();
  replace(element, zones, theme, h('button', { class: 'quiet', 'aria-label': 'Help', 'data-testid': 'help-button', onclick: help }, '?'));
}

/**
 * Asks the collector how it does, more often while it does badly, and says what the user has to know.
 * @param {HTMLElement} element
 * @param {() => void} recovered the store answers again
 * @returns {() => Status | undefined}
 */
export function banner(element, recovered) {
  /** @type {Status | undefined} */
  let status;
  let well = true;
  let hidden = '';
  const ask = async () => {
    let says = '';
    let severe = true;
    try {
      status = await get('status');
      [says, severe] = sentence(/** @type {Status} */ (status));
    } catch (error) {
      says = `${/** @type {any} */ (error).message} ${/** @type {any} */ (error).advice ?? ''}`;
    }
    show(says, severe);
    if (!severe && !well) recovered();
    well = !severe;
    setTimeout(ask, document.hidden ? 30_000 : severe ? 2_000 : 10_000);
  };
  /** @param {string} says @param {boolean} severe */
  const show = (says, severe) => {
    element.hidden = says === '' || says === hidden;
    if (element.dataset.says === says) return;
    element.dataset.says = says;
    element.classList.toggle('severe', severe);
    replace(element, h('span', {}, says), !severe && h('button', {
      class: 'quiet', 'aria-label': 'Hide this', onclick: () => { hidden = says; element.hidden = true; },
    }, '✕'));
  };
  ask();
  return () => status;
}

/**
 * What is to be said of the store, and whether it keeps the page from its work.
 * @param {Status} status
 * @returns {[string, boolean]}
 */
function sentence({ store }) {
  const why = [store.reason, store.action].filter(Boolean).join(' ');
  switch (store.state) {
    case 'starting': return ['The store of the logs is starting.', true];
    case 'stopped': return [`The store of the logs has stopped and is started again. ${why}`, true];
    case 'failed': return [`The store of the logs does not run. ${why}`, true];
  }
  if (store.read_only) return [why || 'The disk is full: no new records are kept until there is room. What is there can be read.', false];
  if (store.too_old > 0) {
    return [`${plural(store.too_old, 'record is', 'records are')} older than the ${plural(store.retention_days, 'day')} that are kept, `
      + 'and not shown here (EXPLORE_DAYS keeps more).', false];
  }
  if (store.unkept > 0) return [`${plural(store.unkept, 'record')} could not be kept here while the store was away. They are in the log file.`, false];
  return ['', false];
}
