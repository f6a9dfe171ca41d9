// How many records there are over time, by level. Dragging over it, or Shift and the arrows, chooses a range.
import { h, replace, svg } from '../dom.js';
import { number, plural } from '../text.js';
import { clock, stamp } from '../time.js';

/** @typedef {import('../api.js').Level} Level */
/** @typedef {{start: number, end: number, total: number, counts: Partial<Record<Level, number>>}} Bar */

/**
 * From the bottom up: what is worst stands on the line.
 * @type {Level[]}
 */
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', ''];
const HEIGHT = 84;
const AXIS = 18;
const LEFT = 40;

/** Distances of the marks of the axis, in milliseconds. */
const STEPS = [1, 10, 100, 1e3, 5e3, 15e3, 6e4, 3e5, 9e5, 36e5, 108e5, 432e5, 864e5, 6048e5];

/**
 * @param {object} does
 * @param {(from: string, to: string) => void} does.zoom
 * @param {(level: string) => void} does.level
 */
export function histogram(does) {
  /** @type {import('../api.js').Volume | undefined} */
  let volume;
  /** @type {Bar[]} */
  let bars = [];
  let width = 0;
  let [anchor, current] = [-1, -1]; // bars; none is -1
  const chart = svg('svg', {
    class: 'histogram', role: 'slider', tabindex: 0, 'data-testid': 'histogram', height: HEIGHT + AXIS, 'aria-valuemin': 0,
    'aria-label': 'Records over time. The arrows choose a bar, with Shift several, Enter shows their time only.',
  });
  const chosen = svg('rect', { class: 'chosen', y: 0, height: HEIGHT });
  const legend = h('div', { class: 'legend' });
  const readout = h('div', { class: 'readout', 'data-testid': 'readout' });
  const element = h('div', { class: 'volume' }, h('div', { class: 'volume-head' }, legend, readout), chart);
  new ResizeObserver(([entry]) => {
    const next = Math.floor(entry.contentRect.width);
    if (next === width) return;
    width = next;
    draw();
  }).observe(element);

  /** @param {import('../api.js').Volume} answer */
  function show(answer) {
    volume = answer;
    [anchor, current] = [-1, -1];
    bars = barsOf(answer);
    const sums = LEVELS.map(level => ({ level, sum: bars.reduce((sum, { counts }) => sum + (counts[level] ?? 0), 0) })).filter(({ sum }) => sum > 0);
    replace(legend, sums.map(({ level, sum }) => h('button', {
      class: `key ${level || 'none'}`, 'data-testid': `legend-${level}`, disabled: !level, title: level && `Only ${level}, or no more`,
      onclick: () => does.level(level),
    }, h('i', {}), level || 'no level', ' ', h('span', {}, number(sum)))));
    draw();
  }

  /** @param {string} text */
  function fail(text) {
    volume = undefined;
    replace(legend, h('span', { class: 'soft' }, text));
    replace(chart);
  }

  function draw() {
    if (!volume || !width) return;
    const most = Math.max(1, ...bars.map(({ total }) => total));
    chart.setAttribute('width', String(width));
    chart.setAttribute('aria-valuemax', String(bars.length - 1));
    replace(chart, axis(), svg('text', { x: LEFT - 6, y: 10, 'text-anchor': 'end' }, short(most)),
      svg('text', { x: LEFT - 6, y: HEIGHT, 'text-anchor': 'end' }, '0'),
      bars.filter(({ total }) => total > 0).map(bar => drawBar(bar, most)), chosen);
    choose(anchor, current);
  }

  /** @param {Bar} bar @param {number} most */
  function drawBar(bar, most) {
    const [left, right] = [x(bar.start), x(bar.end)];
    let y = HEIGHT;
    const parts = LEVELS.filter(level => bar.counts[level]).map(level => {
      const height = Math.max(1.5, (bar.counts[level] ?? 0) / most * (HEIGHT - 4));
      y -= height;
      return svg('rect', { class: level || 'none', x: left, y: y.toFixed(1), width: Math.max(1, right - left - 1).toFixed(1), height: height.toFixed(1) });
    });
    return svg('g', {}, svg('title', {}, words(bar, bar)), parts);
  }

  /** The line with its marks of time. */
  function axis() {
    const { from, to } = bounds();
    const room = Math.max(1, Math.floor((width - LEFT) / 90));
    const step = STEPS.find(step => (to - from) / step <= room) ?? Math.ceil((to - from) / room / 864e5) * 864e5;
    /** @type {SVGElement[]} */
    const marks = [svg('path', { d: `M${LEFT} ${HEIGHT + 0.5}H${width}` })];
    const offset = (Date.parse(`${stamp(from).replace(' ', 'T')}Z`) || 0) - Math.floor(from / 1e3) * 1e3;
    for (let at = Math.ceil((from + offset) / step) * step - offset; at < to; at += step) {
      const text = step >= 864e5 || clock(at).startsWith('00:00:00.000') ? stamp(at).slice(5, 10) : clock(at).slice(0, step < 1e3 ? 12 : step < 6e4 ? 8 : 5);
      marks.push(svg('path', { d: `M${x(at).toFixed(1)} ${HEIGHT}v4` }));
      if (x(at) > LEFT + 12 && x(at) < width - 18) marks.push(svg('text', { x: x(at).toFixed(1), y: HEIGHT + 15, 'text-anchor': 'middle' }, text));
    }
    return svg('g', { class: 'axis' }, marks);
  }

  /** @param {number} at */
  function x(at) {
    const { from, to } = bounds();
    return LEFT + (Math.min(Math.max(at, from), to) - from) / (to - from) * (width - LEFT);
  }

  function bounds() {
    return volume ? { from: Date.parse(volume.from), to: Math.max(Date.parse(volume.to), Date.parse(volume.from) + 1) } : { from: 0, to: 1 };
  }

  /**
   * Chooses the bars between two, and says what they have.
   * @param {number} first
   * @param {number} last
   */
  function choose(first, last) {
    [anchor, current] = [first, last];
    chosen.setAttribute('visibility', last < 0 ? 'hidden' : 'visible');
    const range = chosenBars();
    replace(readout, range ? words(...range) : '');
    chart.setAttribute('aria-valuenow', String(Math.max(0, last)));
    chart.setAttribute('aria-valuetext', range ? words(...range) : `${plural(volume?.total ?? 0, 'record')}, no bar chosen`);
    if (!range) return;
    chosen.setAttribute('x', String(x(range[0].start)));
    chosen.setAttribute('width', String(Math.max(1, x(range[1].end) - x(range[0].start))));
  }

  /** @returns {[Bar, Bar] | undefined} */
  function chosenBars() {
    if (current < 0 || !bars[current]) return undefined;
    return [bars[Math.min(anchor, current)], bars[Math.max(anchor, current)]];
  }

  /** @param {Bar} first @param {Bar} last */
  function words(first, last) {
    const within = bars.filter(({ start }) => start >= first.start && start <= last.start);
    const total = within.reduce((sum, bar) => sum + bar.total, 0);
    const levels = LEVELS.map(level => [level || 'no level', within.reduce((sum, { counts }) => sum + (counts[level] ?? 0), 0)]).filter(([, sum]) => sum);
    const digits = last.end - first.start < 2e3 ? 23 : 19;
    const [begin, end] = [first.start, last.end].map(at => stamp(new Date(at).toISOString()).slice(0, digits));
    return `${begin} – ${end.slice(11)}: ${plural(total, 'record')}${levels.map(([level, sum]) => `, ${number(Number(sum))} ${level}`).join('')}`;
  }

  function zoom() {
    const range = chosenBars();
    if (!range) return;
    const { from, to } = bounds();
    const [start, end] = [Math.max(range[0].start, from), Math.min(range[1].end, to)];
    choose(-1, -1);
    does.zoom(new Date(start).toISOString(), new Date(end).toISOString());
  }

  /** @param {PointerEvent} event */
  function under(event) {
    const { from, to } = bounds();
    const at = from + (event.clientX - chart.getBoundingClientRect().left - LEFT) / (width - LEFT) * (to - from);
    const found = bars.findIndex(({ end }) => at < end);
    return found < 0 ? bars.length - 1 : found;
  }

  let dragging = false;
  chart.addEventListener('pointerdown', event => {
    if (event.button !== 0 || bars.length === 0) return;
    dragging = true;
    chart.setPointerCapture(event.pointerId);
    choose(under(event), under(event));
  });
  chart.addEventListener('pointermove', event => bars.length > 0 && choose(dragging ? anchor : under(event), under(event)));
  chart.addEventListener('pointerleave', () => !dragging && choose(-1, -1));
  chart.addEventListener('pointercancel', () => {
    dragging = false;
    choose(-1, -1);
  });
  chart.addEventListener('pointerup', () => {
    if (!dragging) return;
    dragging = false;
    zoom();
  });
  chart.addEventListener('keydown', event => {
    const last = bars.length - 1;
    const next = { ArrowLeft: Math.max(0, current - 1), ArrowRight: Math.min(last, current + 1), Home: 0, End: last }[event.key];
    if (next !== undefined) choose(event.shiftKey && anchor >= 0 ? anchor : next, next);
    else if (event.key === 'Enter') zoom();
    else if (event.key === 'Escape' && current >= 0) choose(-1, -1);
    else return;
    event.preventDefault();
  });
  chart.addEventListener('blur', () => choose(-1, -1));

  return { element, show, fail };
}

/**
 * All bars of a range, also the empty ones. The store's begin at whole steps, so the first may begin before the range.
 * @param {import('../api.js').Volume} volume
 * @returns {Bar[]}
 */
function barsOf({ from, to, step_ms: step, buckets }) {
  const begin = Date.parse(from);
  const phase = buckets.length > 0 ? Date.parse(buckets[0].time) % step : 0;
  const first = Math.floor((begin - phase) / step) * step + phase;
  const length = Math.min(2000, Math.max(1, Math.ceil((Date.parse(to) - first) / step)));
  /** @type {Bar[]} */
  const bars = Array.from({ length }, (_, index) => ({ start: first + index * step, end: first + (index + 1) * step, total: 0, counts: {} }));
  for (const { time, counts } of buckets) {
    const bar = bars[Math.min(length - 1, Math.round((Date.parse(time) - first) / step))];
    if (!bar) continue;
    for (const [level, count] of Object.entries(counts)) {
      bar.counts[/** @type {Level} */ (level)] = (bar.counts[/** @type {Level} */ (level)] ?? 0) + count;
      bar.total += count;
    }
  }
  return bars;
}

/** @param {number} n */
function short(n) {
  return n.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 });
}
