import timersPromises from "node:timers/promises";

/** Milliseconds since the process began, by its own clock, whatever runs faster. */
export const wallClock = performance.now.bind(performance);

/**
 * Lets time of this process run `times` faster: every wait ends so much sooner, and `performance.now()` counts so much more.
 * Deadlines, waits for a Retry-After and looks after a while keep their proportions, so that a matrix of minutes can be run
 * in a CI. Dates stay as they are: tokens are judged by them. Work takes what it takes, so it looks `times` longer.
 *
 * @returns puts the clock back
 */
export function quicken(times: number): () => void {
  const { setTimeout: plain, setInterval: plainInterval } = globalThis;
  const { timeout: plainSignal } = AbortSignal;
  const { setTimeout: plainWait } = timersPromises;
  const start = wallClock();
  const shorter = (ms: number | undefined) => (ms ?? 0) / times;
  const own = Object.getOwnPropertyDescriptor(performance, "now");

  globalThis.setTimeout = Object.assign(
    (work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
      plain(work, shorter(ms), ...args),
    plain,
  ) as typeof setTimeout;
  globalThis.setInterval = ((work: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
    plainInterval(work, shorter(ms), ...args)) as typeof setInterval;
  timersPromises.setTimeout = ((ms?: number, value?: unknown, options?: object) =>
    plainWait(shorter(ms), value, options)) as typeof plainWait;
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    const reason = () => new DOMException("The operation timed out.", "TimeoutError");
    plain(() => controller.abort(reason()), shorter(ms)).unref();
    return controller.signal;
  };
  performance.now = () => start + (wallClock() - start) * times;

  return () => {
    globalThis.setTimeout = plain;
    globalThis.setInterval = plainInterval;
    timersPromises.setTimeout = plainWait;
    AbortSignal.timeout = plainSignal;
    if (own === undefined) Reflect.deleteProperty(performance, "now");
    else Object.defineProperty(performance, "now", own);
  };
}
