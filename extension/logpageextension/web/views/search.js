// Search: what is in the logs. The records come first, then how many there are over time, then what their fields have.
import { Problem, address, get, pause } from '../api.js';
import { include, included, remove, says } from '../box.js';
import { h, replace } from '../dom.js';
import { bar } from '../parts/bar.js';
import { facets } from '../parts/facets.js';
import { histogram } from '../parts/histogram.js';
import { notice, problem } from '../parts/notice.js';
import { copy } from '../parts/record.js';
import { COLUMNS, records } from '../parts/table.js';
import { number, plural } from '../text.js';
import { FROM, PRESETS, TO, ago, fixed, moment, rangeName, stamp } from '../time.js';

const NO_FACETS = { facets: [], sampled: false };
const PAGE = 200;
const MOST = 10_000; // records that are kept for scrolling back, and characters of their messages
const HEAVIEST = 50_000_000;
const LOOKS = 10; // for records that are counted and not found yet
const BETWEEN_LOOKS = 500;

/** @type {import('../main.js').ViewModule['show']} */
export function show(root, params, app) {
  let stopped = new AbortController();
  let question = { q: '', from: '', to: '' };
  let columns = COLUMNS;
  let before = '';
  let draw = () => {};
  let asking = false;
  let wanted = false; // the facets, which are asked for when they can be seen

  const top = bar(app);
  const box = () => top.input.value.trim();
  const volume = histogram({ zoom: (from, to) => app.change({ from, to }), level: level => app.change({ q: toggled(box(), level) }) });
  const sides = facets({ box, search: q => app.change({ q }), opened: () => wanted && askFacets() });
  const list = records(app, {
    box,
    older: () => older(),
    columns: names => app.change({ cols: names.join() === COLUMNS.join() ? '' : names.map(encodeURIComponent).join() }, true),
  });
  const count = h('span', { 'data-testid': 'count', class: 'count' });
  const instead = h('div', {});
  const summary = h('div', { class: 'summary' }, count, h('div', { class: 'actions' }, list.wrap, exports(), copyLink()));
  const results = h('div', { class: 'results', tabindex: 0, role: 'region', 'aria-label': 'Records' },
    h('h1', { class: 'unseen' }, 'Search'), volume.element, summary, instead, list.element);
  replace(root, top.element, h('div', { class: 'columns' }, sides.element, results));

  app.keys([
    { key: 'j', does: 'next record', run: () => list.move(1) },
    { key: 'k', does: 'record before', run: () => list.move(-1) },
    { key: 'Enter', does: 'open the record, or close it', run: () => list.toggle() },
    { key: 'Escape', does: 'close the record', run: () => list.close() },
    { key: 'r', does: 'search again', run: () => app.change({}) },
  ]);

  /** @param {import('../main.js').Params} params */
  function update({ q = '', from = '', to = '', cols = '', mark = '' }) {
    const sameQuestion = q === question.q && from === question.from && to === question.to;
    const names = cols ? cols.split(',').map(name => decode(name)) : COLUMNS;
    const onlyColumns = sameQuestion && names.join('\n') !== columns.join('\n') && list.size() > 0;
    [question, columns] = [{ q, from, to }, names];
    top.show({ q, from, to });
    app.title(q || 'Search');
    draw = () => list.show(columns, { q, mark, days: !oneDay(from, to) });
    if (onlyColumns) draw();
    else search(!sameQuestion);
  }

  /** @param {boolean} other another question than before */
  async function search(other) {
    stopped.abort();
    stopped = new AbortController();
    const { signal } = stopped;
    results.setAttribute('aria-busy', 'true');
    asking = true;
    wanted = false;
    const counted = askVolume(signal);
    try {
      const answer = await newest(counted, signal);
      keepFocus();
      list.clear();
      draw();
      replace(instead);
      if (other) results.scrollTop = 0;
      wanted = true;
      volume.element.hidden = false;
      summary.hidden = list.element.hidden = answer.records.length === 0;
      shown(answer);
      if (answer.records.length === 0) none(signal);
      if (sides.element.open) askFacets();
    } catch (error) {
      if (signal.aborted) return;
      failed(error);
    }
    results.removeAttribute('aria-busy');
    asking = false;
  }

  /**
   * The newest records. Those of a new stream are counted by the store a moment before they are found.
   * @param {Promise<number>} counted
   * @param {AbortSignal} signal
   * @returns {Promise<import('../api.js').Records>}
   */
  async function newest(counted, signal) {
    const look = () => get('records', { ...question, limit: PAGE }, signal);
    let answer = await look();
    for (let looks = 1; answer.records.length === 0 && looks < LOOKS && await counted > 0; looks++) {
      await pause(BETWEEN_LOOKS, signal);
      answer = await look();
    }
    signal.throwIfAborted();
    return answer;
  }

  /** What has the focus among the records goes with them. */
  function keepFocus() {
    if (list.element.contains(document.activeElement) || instead.contains(document.activeElement)) results.focus({ preventScroll: true });
  }

  /** @param {unknown} error */
  function failed(error) {
    keepFocus();
    list.clear();
    sides.show(NO_FACETS);
    volume.element.hidden = summary.hidden = list.element.hidden = true;
    const inBox = top.fail(error);
    replace(instead, inBox ? notice('The search cannot be read.', ['The box says where. Its help shows what it takes: press ?']) : problem(error, () => search(false)));
  }

  /** @param {import('../api.js').Records} answer */
  function shown(answer) {
    before = answer.before;
    const kept = list.size() + answer.records.length;
    const full = kept >= MOST || list.weight() > HEAVIEST;
    list.append(answer.records, !before || full);
    if (before && full) replace(list.foot, `These are ${number(kept)} records. A smaller range or search shows older ones.`);
    else replace(list.foot, before ? 'Older records are fetched…' : kept > 0 ? `${plural(kept, 'record')}, no older ones in this range.` : '');
  }

  async function older() {
    if (asking || !before) return;
    const { signal } = stopped;
    asking = true;
    try {
      shown(await get('records', { ...question, limit: PAGE, before }, signal));
    } catch (error) {
      if (signal.aborted) return;
      replace(list.foot, error instanceof Problem ? `${error.message} ${error.advice} ` : String(error),
        h('button', { onclick: () => { asking = false; older(); } }, 'Try again'));
      return;
    }
    asking = false;
  }

  /**
   * Shows how many there are over time, and returns how many in all; 0 where that is not known.
   * @param {AbortSignal} signal
   */
  async function askVolume(signal) {
    try {
      const buckets = Math.max(20, Math.min(120, Math.floor(results.clientWidth / 10)));
      const answer = await get('volume', { ...question, buckets }, signal);
      volume.show(answer);
      replace(count, plural(answer.total, 'record'));
      app.announce(`${plural(answer.total, 'record')}, ${rangeName(question.from || FROM, question.to || TO)}`);
      return answer.total;
    } catch (error) {
      if (!signal.aborted) volume.fail(error instanceof Problem && error.at !== undefined ? '' : 'The histogram could not be made.');
      return 0;
    }
  }

  /** The values of each field; of those that the box asks for, also what it would find with another value. */
  async function askFacets() {
    wanted = false;
    const { signal } = stopped;
    const { q, ...range } = question;
    try {
      const fields = included(q);
      const [answer, ...others] = await Promise.all([q, ...fields.map(field => remove(q, field))].map(q => get('facets', { ...range, q }, signal)));
      for (const [index, field] of fields.entries()) {
        const is = (/** @type {import('../api.js').Facet} */ facet) => facet.field === field || facet.label === field;
        const whole = others[index].facets.find(is);
        const at = answer.facets.findIndex(is);
        if (whole) answer.facets.splice(Math.max(0, at), at < 0 ? 0 : 1, whole);
      }
      sides.show(answer);
    } catch (error) {
      if (!signal.aborted) sides.show(NO_FACETS);
    }
  }

  /**
   * Why there are no records, and where some are.
   * @param {AbortSignal} signal
   */
  async function none(signal) {
    const { q, from, to } = question;
    const days = app.status()?.store.retention_days || 30;
    const newestOf = async (/** @type {string} */ q) => (await get('records', { q, from: `now-${days}d`, limit: 1 }, signal)).records[0];
    const found = await newestOf(q).catch(() => undefined);
    const any = found || !q ? found : await newestOf('').catch(() => undefined);
    if (signal.aborted) return;
    const wider = found ? PRESETS.filter(([back]) => moment(back) < moment(from || FROM)).slice(0, 3) : [];
    const actions = [
      ...(found ? [{ text: 'Go to the newest one', run: () => app.change(upTo(found.time)) }] : []),
      ...wider.map(([back, text]) => ({ text, run: () => app.change({ from: back, to: TO }) })),
      ...(q ? [{ text: 'Search for everything', run: () => app.change({ q: '' }) }] : []),
    ];
    const range = rangeName(from || FROM, to || TO);
    if (found) replace(instead, notice(`No records in this range: ${range}`, [`The newest one${q ? ' that is found' : ''} is of ${stamp(found.time)}, ${ago(found.time)}.`], actions));
    else if (any) replace(instead, notice('Nothing is found.', [`No record of the last ${days} days is found by this search.`, 'Words are found in the message; another field is asked for by its name: user.name:ann'], actions));
    else replace(instead, notice('There are no records yet.', ['They come when the application logs: the collector reads the files of MINA_LOGS, and shows a line here about a second after it was written.', ...old()], [{ text: 'Look again', run: () => app.change({}) }]));
  }

  /** What is said where old records were not kept. */
  function old() {
    const store = app.status()?.store;
    return store?.too_old ? [`${plural(store.too_old, 'record was', 'records were')} older than the ${store.retention_days} days that are kept, and not kept. EXPLORE_DAYS keeps more.`] : [];
  }

  function exports() {
    const menu = h('details', { class: 'menu end' }, h('summary', { class: 'button', 'data-testid': 'export' }, 'Export'), h('div', { class: 'menu-body' }));
    menu.addEventListener('toggle', () => replace(menu.children[1], menu.open && h('ul', { class: 'presets' }, ['jsonl', 'csv'].map(format => h('li', {},
      h('a', { class: 'button quiet', href: address('export', { ...question, format }), download: '', 'data-testid': `export-${format}` }, format === 'csv' ? 'CSV' : 'JSON lines'))))));
    return menu;
  }

  function copyLink() {
    return h('button', {
      'data-testid': 'copy-link', title: 'The address of this search, with its range as fixed times',
      onclick(/** @type {Event} */ event) {
        const [from, to] = [question.from || FROM, question.to || TO].map(text => fixed(text));
        const cols = columns === COLUMNS ? '' : columns.map(encodeURIComponent).join();
        copy(new URL(app.link('search', { q: question.q, from, to, cols }), location.href).href, /** @type {HTMLElement} */ (event.currentTarget), app);
      },
    }, 'Copy link');
  }

  update(params);
  return {
    update,
    close() {
      stopped.abort();
      list.end();
    },
  };
}

/** @param {string} q @param {string} level */
function toggled(q, level) {
  return says(q, 'level', level) === 'in' ? remove(q, 'level', level) : include(q, 'level', level);
}

/** @param {string} time the hour that ends with it */
function upTo(time) {
  const at = Date.parse(time);
  return { from: new Date(at - 36e5).toISOString(), to: new Date(at + 1).toISOString() };
}

/** @param {string} from @param {string} to */
function oneDay(from, to) {
  const day = (/** @type {string} */ text) => stamp(fixed(text)).slice(0, 10);
  return day(from || FROM) === day(to || TO);
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
