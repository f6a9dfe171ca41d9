// What the collector answers. Its README describes the API.

/** @typedef {'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | ''} Level */
/** @typedef {{text: string, application: boolean}} TracebackLine */
/**
 * @typedef {object} LogRecord
 * @property {string} id
 * @property {string} time RFC 3339 in UTC, with what the store has of fractions
 * @property {string} severity
 * @property {Level} level
 * @property {number} severity_number
 * @property {string} logger
 * @property {string} host
 * @property {string} service
 * @property {string} body
 * @property {Record<string, string>} fields
 * @property {TracebackLine[]} [traceback]
 */
/** @typedef {{records: LogRecord[], before: string}} Records */
/** @typedef {{time: string, counts: Partial<Record<Level, number>>}} Bucket */
/** @typedef {{from: string, to: string, step_ms: number, total: number, buckets: Bucket[]}} Volume */
/** @typedef {{field: string, label: string, values: {value: string, records: number}[]}} Facet */
/** @typedef {{facets: Facet[], sampled: boolean}} Facets */
/**
 * @typedef {object} Store
 * @property {'starting' | 'running' | 'stopped' | 'failed' | 'remote'} state
 * @property {string} since
 * @property {string} reason
 * @property {string} action
 * @property {number} bytes
 * @property {number} limit_bytes
 * @property {number} retention_days
 * @property {boolean} read_only
 * @property {number} too_old
 * @property {number} unkept
 */
/** @typedef {{store: Store, version: string, now: string, logsql: boolean, vmui: boolean}} Status */

/** A question that has not been answered: what is wrong, what to do, and where in the box. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {string} advice
   * @param {number} [status]
   * @param {number} [at] the byte of the box
   */
  constructor(message, advice, status = 0, at) {
    super(message);
    this.advice = advice;
    this.status = status;
    this.at = at;
  }
}

/**
 * Asks /api/path. Parameters that are empty are left out.
 * @param {string} path
 * @param {Record<string, string | number | undefined>} [params]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, params = {}, signal) {
  const response = await send(address(path, params), signal);
  if (!response.ok) throw await failure(response, signal);
  const answer = await response.json().catch(() => undefined);
  if (answer !== undefined) return answer;
  throw signal?.aborted ? new DOMException('', 'AbortError') : new Problem('The answer of the collector broke off.', 'Try again.');
}

/**
 * What a failed answer says.
 * @param {Response} response
 * @param {AbortSignal} [signal]
 */
export async function failure(response, signal) {
  const answer = await response.json().catch(() => undefined);
  if (signal?.aborted) return new DOMException('', 'AbortError');
  const error = answer?.error ?? {};
  return new Problem(
    error.message ?? `The collector answered ${response.status} ${response.statusText}.`,
    error.do ?? 'Its log may say more.',
    response.status,
    error.at,
  );
}

/**
 * @param {string} url
 * @param {AbortSignal} [signal]
 */
async function send(url, signal) {
  try {
    return await fetch(url, { signal, headers: { Accept: 'application/json' } });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem('The collector does not answer.', 'Is it running, and is this still its address?');
  }
}

/**
 * The address of a question, for links and streams.
 * @param {string} path
 * @param {Record<string, string | number | undefined>} [params]
 */
export function address(path, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return `api/${path}${text && `?${text}`}`;
}

/**
 * Waits before one asks again, not longer than until the signal.
 * @param {number} ms
 * @param {AbortSignal} signal
 */
export function pause(ms, signal) {
  return new Promise(resolve => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', resolve, { once: true });
  });
}
