// The records as they come: events of the collector, asked for again when they end.
import { Problem, address, failure, pause } from './api.js';

/**
 * @typedef {object} Listener
 * @property {() => void} opened records come, or come again
 * @property {(text: string) => void} record
 * @property {(records: number) => void} missed so many were more than can be followed
 * @property {(problem: Problem) => void} problem none come
 */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

/**
 * Listens until the signal. What cannot pass, a box that cannot be read, ends it.
 * @param {string} q
 * @param {Listener} listener
 * @param {AbortSignal} signal
 */
export async function listen(q, listener, signal) {
  for (let wait = FIRST_WAIT; !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      const response = await fetch(address('live', { q }), { signal, headers: { Accept: 'text/event-stream' } });
      if (!response.ok || !response.body) throw await failure(response);
      listener.opened();
      wait = FIRST_WAIT;
      await read(response.body, listener);
      listener.problem(new Problem('The collector has ended the stream.', ''));
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Problem ? error : new Problem('The collector does not answer.', '');
      listener.problem(problem);
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) return;
    }
    await pause(wait, signal);
  }
}

/**
 * Reads events until they end.
 * @param {ReadableStream<Uint8Array>} body
 * @param {Listener} listener
 */
async function read(body, listener) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) dispatch(event, listener);
  }
}

/** @param {string} event @param {Listener} listener */
function dispatch(event, listener) {
  const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
  if (name === 'record') listener.record(data);
  if (name === 'missed') listener.missed(JSON.parse(data).records);
  if (name === 'well') listener.opened();
  if (name !== 'problem') return;
  const { message, do: advice } = JSON.parse(data);
  listener.problem(new Problem(message, advice));
}
