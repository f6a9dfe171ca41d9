// One record, by its address.
import { get } from '../api.js';
import { h, replace } from '../dom.js';
import { problem } from '../parts/notice.js';
import { panel } from '../parts/record.js';
import { line } from '../text.js';

/** @type {import('../main.js').ViewModule['show']} */
export function show(root, { id = '' }, app) {
  const stopped = new AbortController();
  ask();
  return { close: () => stopped.abort() };

  async function ask() {
    try {
      const { record } = await get('record', { id }, stopped.signal);
      app.title(line(record.body, 80) || 'Record');
      replace(root, h('article', { class: `single ${record.level}` },
        h('h1', {}, h('span', { class: 'level' }, record.severity || record.level), ' ', h('bdi', {}, line(record.body, 300))),
        h('p', { class: 'soft' }, record.logger), panel(record, app)));
    } catch (error) {
      if (!stopped.signal.aborted) replace(root, problem(error, ask));
    }
  }
}
