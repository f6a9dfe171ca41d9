// How often something was, in equal parts of a range, as a small chart.
import { svg } from '../dom.js';
import { number } from '../text.js';

const HEIGHT = 24;

/** @param {number[]} counts */
export function spark(counts) {
  const most = Math.max(1, ...counts);
  return svg('svg', { class: 'spark', role: 'img', viewBox: `0 0 ${counts.length * 5} ${HEIGHT}`, 'data-testid': 'spark', 'aria-label': `In ${counts.length} equal parts of the range: ${counts.map(number).join(', ')}` },
    svg('line', { x1: 0, x2: counts.length * 5, y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }),
    counts.map((count, i) => {
      const height = count && Math.max(2, Math.round((count / most) * (HEIGHT - 2)));
      return count > 0 && svg('rect', { x: i * 5 + 0.5, y: HEIGHT - height, width: 4, height });
    }));
}
