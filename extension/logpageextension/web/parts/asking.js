// A part of a view that shows what the collector answers, or why it does not.
import { replace } from '../dom.js';
import { problem } from './notice.js';

/**
 * Each call of run asks anew; only the last question's answer is drawn.
 * @template T
 * @param {HTMLElement} element
 * @param {(signal: AbortSignal) => Promise<T>} ask
 * @param {(answer: T) => void} draw
 * @param {(error: unknown) => boolean} [shown] whether an error has been shown elsewhere
 */
export function asking(element, ask, draw, shown = () => false) {
  let stopped = new AbortController();
  const run = async () => {
    stopped.abort();
    stopped = new AbortController();
    const { signal } = stopped;
    element.setAttribute('aria-busy', 'true');
    try {
      const answer = await ask(signal);
      if (!signal.aborted) draw(answer);
    } catch (error) {
      if (!signal.aborted) replace(element, !shown(error) && problem(error, run));
    }
    if (!signal.aborted) element.removeAttribute('aria-busy');
  };
  return { run, stop: () => stopped.abort() };
}
