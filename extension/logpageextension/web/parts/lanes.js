// The processes of a request, each with the moments of its records.
import { h, svg } from '../dom.js';
import { plural } from '../text.js';
import { duration } from '../time.js';

/** @typedef {import('../views/request.js').Step} Step */

/** Of the process of a row, in pixels. */
const [WIDTH, HEIGHT] = [18, 28];

/**
 * Where a moment is drawn, in per cent of the width.
 * @param {number} ms
 * @param {number} total
 */
const at = (ms, total) => `${(0.5 + (total > 0 ? ms / total : 0) * 99).toFixed(2)}%`;

/**
 * A line of time for each process.
 * @param {{name: string}[]} lanes
 * @param {Step[]} steps
 */
export function lanes(lanes, steps) {
  const total = steps.at(-1)?.since_start_ms ?? 0;
  return h('figure', { class: 'lanes', 'data-testid': 'lanes' },
    lanes.map(({ name }, i) => h('div', { class: 'lane' }, h('span', { class: 'lane-name' }, badge(i), name), line(name, steps.filter(({ lane }) => lane === i), total))),
    h('div', { class: 'lane', 'aria-hidden': 'true' }, h('span'), h('span', { class: 'ticks' }, [0, 0.25, 0.5, 0.75, 1].map(part => h('span', {}, duration(total * part))))));
}

/**
 * @param {string} name
 * @param {Step[]} steps those of one process
 * @param {number} total the milliseconds of all
 */
function line(name, steps, total) {
  const errors = steps.filter(({ record }) => record.severity_number >= 17).length;
  const [first, last] = [steps[0], steps[steps.length - 1]].map(step => step?.since_start_ms ?? 0);
  return svg('svg', { role: 'img', height: 22, 'aria-label': `${name}: ${plural(steps.length, 'record')}, ${plural(errors, 'error')}, from ${duration(first)} to ${duration(last)}` },
    svg('line', { class: 'track', x1: at(first, total), x2: at(last, total), y1: 11, y2: 11 }),
    steps.map(({ record, since_start_ms: ms }) => svg('rect', { class: `moment ${record.level}`, x: at(ms, total), y: 4, width: 3, height: 14, rx: 1.5 },
      svg('title', {}, `${duration(ms)} ${record.severity} ${record.body.slice(0, 200)}`))));
}

/**
 * The number of a process.
 * @param {number} lane
 */
export function badge(lane) {
  return h('span', { class: 'badge', 'aria-hidden': 'true' }, lane + 1);
}

/**
 * How wide a row's processes are, in pixels.
 * @param {{name: string}[]} lanes
 */
export function laneWidth(lanes) {
  return WIDTH * lanes.length;
}

/**
 * The process of a row among all of them: a column for each, a number in its own.
 * @param {number} lane
 * @param {{name: string}[]} lanes
 */
export function laneCell(lane, lanes) {
  const middle = (/** @type {number} */ i) => WIDTH * (i + 0.5);
  return [
    svg('svg', { class: 'lane-cell', 'aria-hidden': 'true', width: laneWidth(lanes), height: HEIGHT },
      lanes.map((_, i) => svg('line', { class: 'track', x1: middle(i), x2: middle(i), y1: 0, y2: HEIGHT })),
      svg('circle', { class: 'stop', cx: middle(lane), cy: HEIGHT / 2, r: 8 }),
      svg('text', { class: 'stop-number', x: middle(lane), y: HEIGHT / 2 + 3.5, 'text-anchor': 'middle' }, lane + 1)),
    h('span', { class: 'unseen' }, lanes[lane]?.name),
  ];
}
