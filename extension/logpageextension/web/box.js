// The search box's text, edited: what is clicked is written there, so that the box always says what is shown.
// The collector reads the text; here only its outermost terms are told apart.

/**
 * Short names of fields, as the collector's box has them.
 * @type {Record<string, string>}
 */
const SHORT = {
  logger: 'scope.name', user: 'user.id', request: 'mina.request.id', path: 'url.path', ip: 'client.address',
  status: 'http.response.status_code', exception: 'exception.type', host: 'host.name', service: 'service.name',
};

const QUOTED = /^"(?:[^"\\]|\\.)*"?/s;
const TERM = /^([-!]?)("(?:[^"\\]|\\.)*"|[^\s:"()]+):(=?)(.*)$/s;
const WORDS = ['and', 'or', 'not'];

/** @typedef {{start: number, end: number, field: string, values: string[], without: boolean}} Term a term of a field with one value or several */

/**
 * The field's value as a term.
 * @param {string} field
 * @param {string[]} values
 * @param {boolean} [without]
 */
export function term(field, values, without) {
  const sign = without ? '-' : '';
  if (values.length === 1) return `${sign}${named(field)}:${field === 'level' ? '' : '='}${quoted(values[0])}`;
  return `${sign}${named(field)}:${field === 'level' ? `(${values.map(quoted).join(' or ')})` : `in(${values.map(quoted).join(', ')})`}`;
}

/**
 * The text, narrowed to records whose field has this value; to one of its values where it has such a term already.
 * @param {string} text
 * @param {string} field
 * @param {string} value
 */
export function include(text, field, value) {
  return change(text, field, value, false);
}

/**
 * The text, without records whose field has this value.
 * @param {string} text
 * @param {string} field
 * @param {string} value
 */
export function exclude(text, field, value) {
  return change(text, field, value, true);
}

/**
 * Whether the text asks for this value of the field ("in"), for none with it ("out"), or for neither.
 * @param {string} text
 * @param {string} field
 * @param {string} value
 * @returns {'in' | 'out' | ''}
 */
export function says(text, field, value) {
  const found = terms(text).find(term => term.field === field && term.values.includes(value));
  return found ? (found.without ? 'out' : 'in') : '';
}

/**
 * The text without what it asks of a field's value; without a value, without all that includes one of the field.
 * @param {string} text
 * @param {string} field
 * @param {string} [value]
 */
export function remove(text, field, value) {
  for (const found of terms(text).reverse()) {
    if (found.field !== field || (value === undefined ? found.without : !found.values.includes(value))) continue;
    const left = value === undefined ? [] : found.values.filter(other => other !== value);
    text = splice(text, found, left.length > 0 ? term(field, left, found.without) : '');
  }
  return text;
}

/**
 * The fields that the text asks for by value.
 * @param {string} text
 */
export function included(text) {
  return [...new Set(terms(text).filter(({ without }) => !without).map(({ field }) => field))];
}

/**
 * The words and phrases that the text asks for in the message.
 * @param {string} text
 */
export function words(text) {
  return pieces(text.replace(/[()]/g, ' ')).map(({ text }) => text).filter(text => !/^[-!]|^(and|or|not|\*)$/i.test(text) && !TERM.test(text))
    .map(text => unquoted(text).replace(/\*$/, '')).filter(Boolean);
}

/**
 * @param {string} text
 * @param {string} field
 * @param {string} value
 * @param {boolean} without
 */
function change(text, field, value, without) {
  const rest = remove(text, field, value);
  const same = terms(rest).find(term => term.field === field && term.without === without);
  if (same) return splice(rest, same, term(field, [...same.values, value], without));
  return add(rest, term(field, [value], without));
}

/**
 * The text and a term that has to hold too.
 * @param {string} text
 * @param {string} more
 */
export function add(text, more) {
  const rest = text.trim();
  if (rest === '' || rest === '*') return more;
  return pieces(rest).some(({ text }) => text.toLowerCase() === 'or') ? `(${rest}) ${more}` : `${rest} ${more}`;
}

/**
 * The text with another piece, or without it and the "and" beside it.
 * @param {string} text
 * @param {{start: number, end: number}} piece
 * @param {string} other
 */
function splice(text, { start, end }, other) {
  const [before, after] = [text.slice(0, start), text.slice(end)];
  if (other) return before + other + after;
  const kept = [before.replace(/\s+and\s*$/i, ''), before.trim() ? after : after.replace(/^\s*and\s+/i, '')];
  return kept.map(part => part.trim()).filter(Boolean).join(' ');
}

/**
 * The outermost terms that ask for values of a field; none where the text has an "or" beside them.
 * @param {string} text
 * @returns {Term[]}
 */
function terms(text) {
  const all = pieces(text);
  if (all.some(({ text }) => text.toLowerCase() === 'or')) return [];
  const found = [];
  for (const [index, { start, end, text: piece }] of all.entries()) {
    const parts = TERM.exec(piece);
    if (!parts || all[index - 1]?.text.toLowerCase() === 'not') continue;
    const values = valuesOf(parts[4]);
    const field = fieldOf(parts[2]);
    if (values) found.push({ start, end, field, values, without: parts[1] !== '' });
  }
  return found;
}

/**
 * The values behind a field's colon, if they are plain ones.
 * @param {string} text
 */
function valuesOf(text) {
  const list = /^in\((.*)\)$/s.exec(text);
  const either = /^\((.*)\)$/s.exec(text);
  if (list) return pieces(list[1], /[\s,]/).map(({ text }) => unquoted(text));
  if (either) {
    const parts = pieces(either[1]).map(({ text }) => text);
    return parts.every((part, index) => (index % 2 ? part === 'or' : plain(part))) ? parts.filter((_, index) => index % 2 === 0).map(unquoted) : undefined;
  }
  return plain(text) ? [unquoted(text)] : undefined;
}

/** @param {string} text */
function plain(text) {
  return text.startsWith('"') ? QUOTED.exec(text)?.[0] === text : /^[^\s<>~*()"]+$/.test(text);
}

/**
 * What stands between blanks, outside of quotes and parentheses.
 * @param {string} text
 * @param {RegExp} [blank]
 */
function pieces(text, blank = /\s/) {
  const found = [];
  let start = -1;
  let depth = 0;
  for (let at = 0; at <= text.length; at++) {
    const sign = text[at];
    if (at === text.length || (blank.test(sign) && depth <= 0)) {
      if (start >= 0) found.push({ start, end: at, text: text.slice(start, at) });
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    if (sign === '"') at += /** @type {RegExpExecArray} */ (QUOTED.exec(text.slice(at)))[0].length - 1;
    else if (sign === '(') depth++;
    else if (sign === ')') depth--;
  }
  return found;
}

/**
 * The field of a name as it stands in the box. A name in quotes is meant as it is.
 * @param {string} name
 */
export function fieldOf(name) {
  return Object.hasOwn(SHORT, name) ? SHORT[name] : unquoted(name);
}

/**
 * The field's name as the box has it.
 * @param {string} field
 */
export function named(field) {
  const short = Object.keys(SHORT).find(name => SHORT[name] === field);
  if (short) return short;
  return /^[A-Za-z_][\w.]*$/.test(field) && !Object.hasOwn(SHORT, field) && !WORDS.includes(field.toLowerCase()) ? field : JSON.stringify(field);
}

/** @param {string} value */
function quoted(value) {
  return /^\w[\w.-]*$/.test(value) && !WORDS.includes(value.toLowerCase()) ? value : JSON.stringify(value);
}

/** @param {string} text */
function unquoted(text) {
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
