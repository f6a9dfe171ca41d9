// Numbers and texts as people read them.

/** @param {number} n */
export function number(n) {
  return n.toLocaleString('en');
}

/**
 * @param {number} n
 * @param {string} one
 * @param {string} many
 */
export function plural(n, one, many = `${one}s`) {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** @param {number} n */
export function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  for (; n >= 1024 && unit < units.length - 1; unit++) n /= 1024;
  return `${n < 10 && unit > 0 ? n.toFixed(1) : Math.round(n)} ${units[unit]}`;
}

/**
 * At most so much of a text; a character of two code units is not cut in two.
 * @param {string} text
 * @param {number} length
 */
export function cut(text, length) {
  if (text.length <= length) return text;
  return `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * The head of a text in one line.
 * @param {string} text
 * @param {number} [length]
 */
export function line(text, length = 400) {
  return cut(text, length).replace(/\s*[\r\n]+\s*/g, ' ⏎ ');
}

/**
 * What finds any of the words in a text, for marking them.
 * @param {string[]} words
 * @returns {RegExp | undefined}
 */
export function anyOf(words) {
  if (words.length === 0) return undefined;
  return new RegExp(`(${words.map(word => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|')})`, 'giu');
}
