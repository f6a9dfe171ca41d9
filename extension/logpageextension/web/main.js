// The page: what the address says is shown. A view is a module of views/ that exports
//
//   show(root, params, app) → {update(params)?, close()?} or nothing
//
// root is an empty element of the view's own, whose overflow scrolls. params are those of the address, all texts:
// {q, from, to, …}, and `id` of #/request/<id>. update takes other parameters of the same view, also the same ones when the
// store is back; a view without it is shown anew. close ends what goes on (requests, observers, streams).
import { byId, h, replace } from './dom.js';
import { listen, setKeys } from './keys.js';
import { problem } from './parts/notice.js';
import { banner, navigation, settings } from './shell.js';

/** @typedef {Record<string, string>} Params */
/** @typedef {{update?: (params: Params) => void, close?: () => void}} View */
/** @typedef {{show: (root: HTMLElement, params: Params, app: App) => View | void}} ViewModule */
/**
 * What a view has of the page.
 * @typedef {object} App
 * @property {(view: string, params?: Params) => string} link the address of a view; empty parameters are left out
 * @property {(view: string, params?: Params) => void} go
 * @property {(params: Params, replacing?: boolean) => void} change other values of parameters of this view; '' takes one out
 * @property {(keys: import('./keys.js').Key[]) => void} keys the view's keys, for as long as it is shown
 * @property {(text: string) => void} announce says a text to those who hear the page
 * @property {(text: string) => void} title
 * @property {() => import('./api.js').Status | undefined} status what the collector has said of itself last
 */

/**
 * The views, each a module of its own that is loaded when it is shown, and their titles.
 * @type {Record<string, string>}
 */
const views = {
  search: 'Search', record: 'Record', request: 'Request', exceptions: 'Exceptions', slow: 'Slow and failing', live: 'Live',
};

let name = '';
/** @type {Params} */
let params = {};
/** @type {View} */
let view = {};
let turn = 0;

/** What #/name/id?parameters says. */
function address() {
  const [path, query] = /^#?\/?([^?]*)\??(.*)$/s.exec(location.hash)?.slice(1) ?? ['', ''];
  const [first, ...rest] = path.split('/');
  const found = Object.fromEntries(new URLSearchParams(query));
  if (rest.length > 0) found.id = decode(rest.join('/'));
  return { name: Object.hasOwn(views, first) ? first : 'search', params: found };
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @type {App['link']} */
function link(view, params = {}) {
  const { id, ...others } = params;
  const kept = Object.entries(view === 'request' ? others : params).filter(([, value]) => value);
  const query = kept.length ? `?${new URLSearchParams(kept)}` : '';
  return `#/${view}${view === 'request' && id ? `/${encodeURIComponent(id)}` : ''}${query}`;
}

/** @type {App} */
const app = {
  link,
  go: (view, params) => void (location.hash = link(view, params)),
  change(changes, replacing) {
    const next = link(name, { ...params, ...changes });
    if (next === location.hash) return void route();
    if (!replacing) return void (location.hash = next);
    history.replaceState(null, '', next);
    route();
  },
  keys: setKeys,
  announce: text => replace(byId('live'), text),
  title: text => void (document.title = `${text} · Mina logs`),
  status: banner(byId('banner'), () => route()),
};

/** Shows what the address says. */
async function route() {
  const next = address();
  navigation(byId('nav'), next.name, next.params, link);
  params = next.params;
  if (next.name === name && view.update) return view.update(params);
  const mine = ++turn;
  view.close?.();
  view = {};
  const moved = name !== '' && name !== next.name;
  name = next.name;
  setKeys([]);
  app.title(views[name]);
  const root = h('div', { class: `view ${name}`, 'data-testid': `view-${name}` });
  replace(byId('view'), root);
  if (moved) byId('view').focus({ preventScroll: true });
  try {
    /** @type {ViewModule} */
    const module = await import(`./views/${name}.js`);
    if (mine === turn) view = module.show(root, params, app) ?? {};
  } catch (error) {
    if (mine === turn) replace(root, problem(error, () => location.reload()));
  }
}

settings(byId('settings'), () => {
  view.close?.();
  name = '';
  route();
});
listen();
addEventListener('hashchange', route);
byId('skip').addEventListener('click', event => {
  event.preventDefault(); // the address stays what is shown
  byId('view').focus();
});
route();
