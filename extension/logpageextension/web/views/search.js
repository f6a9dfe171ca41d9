// Search: what is in the logs.
import { get } from '../api.js';
import { h, replace } from '../dom.js';

/** @type {import('../main.js').ViewModule['show']} */
export function show(root, params, app) {
  const stopped = new AbortController();
  get('records', { q: params.q, from: params.from, to: params.to }, stopped.signal).then(answer => {
    replace(root, h('pre', {}, JSON.stringify(answer, null, 1)));
    app.announce(`${answer.records.length} records`);
  });
  return { close: () => stopped.abort() };
}
