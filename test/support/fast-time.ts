import { syncBuiltinESMExports } from "node:module";
import timersPromises from "node:timers/promises";

type Work = (...args: unknown[]) => void;

const plain = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  signal: AbortSignal.timeout,
  wait: timersPromises.setTimeout,
  now: performance.now.bind(performance),
};

/** A timer of the faster time: armed again when the process was at work instead of waiting. */
class FastTimer {
  readonly #work: () => void;
  readonly #every: boolean;
  readonly #ms: number;
  readonly #left: (due: number) => number;
  #due = 0;
  #isRef = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(work: () => void, ms: number, every: boolean, left: (due: number) => number) {
    this.#work = work;
    this.#every = every;
    this.#ms = Math.max(1, Number.isFinite(ms) ? ms : 1);
    this.#left = left;
    this.refresh();
  }

  refresh(): this {
    this.#due = performance.now() + this.#ms;
    this.#arm();
    return this;
  }

  #arm(): void {
    plain.clearTimeout(this.#timer);
    this.#timer = plain.setTimeout(() => this.#fire(), this.#left(this.#due));
    if (!this.#isRef) this.#timer.unref();
  }

  #fire(): void {
    if (performance.now() < this.#due) {
      this.#arm();
      return;
    }
    this.#timer = undefined;
    if (this.#every) this.refresh();
    this.#work();
  }

  close(): void {
    plain.clearTimeout(this.#timer);
  }

  unref(): this {
    this.#isRef = false;
    this.#timer?.unref();
    return this;
  }

  ref(): this {
    this.#isRef = true;
    this.#timer?.ref();
    return this;
  }

  hasRef(): boolean {
    return this.#isRef;
  }
}

const wakingMs = 4;
const longestSleepMs = 8;

/**
 * Lets time of this process run `times` faster while it waits: deadlines, waits for a Retry-After and looks after a while keep
 * their proportions, so that a matrix of hours is run in minutes. Work takes what it takes: time in which the process is busy,
 * or does not get the processor, counts once, so that a busy machine passes no deadline that an idle one would meet. A process
 * that waits is woken every few milliseconds; one that slept for longer was not let run. Dates stay as they are: tokens are
 * judged by them.
 *
 * @returns puts the clock back
 */
export function quicken(times: number): () => void {
  let moment = plain.now();
  let before = performance.eventLoopUtilization();
  const now = () => {
    const since = performance.eventLoopUtilization();
    const idle = Math.max(0, since.idle - before.idle);
    const waited = Math.min(idle, longestSleepMs);
    moment += waited * times + (idle - waited) + Math.max(0, since.active - before.active);
    before = since;
    return moment;
  };
  const waking = plain.setInterval(now, wakingMs);
  waking.unref();
  const left = (due: number) => Math.max(1, (due - now()) / times);
  const timer =
    (every: boolean) =>
    (work: Work, ms = 0, ...args: unknown[]) =>
      new FastTimer(() => work(...args), ms, every, left);
  const clear = (original: (timer?: NodeJS.Timeout) => void) => (given?: unknown) =>
    given instanceof FastTimer ? given.close() : original(given as NodeJS.Timeout);

  performance.now = now;
  globalThis.setTimeout = timer(false) as unknown as typeof setTimeout;
  globalThis.setInterval = timer(true) as unknown as typeof setInterval;
  globalThis.clearTimeout = clear(plain.clearTimeout) as typeof clearTimeout;
  globalThis.clearInterval = clear(plain.clearInterval) as typeof clearInterval;
  timersPromises.setTimeout = waitFaster(timer(false)) as typeof plain.wait;
  // Modules hold what they import by its name.
  syncBuiltinESMExports();
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    const reason = () => new DOMException("The operation timed out.", "TimeoutError");
    timer(false)(() => controller.abort(reason()), ms).unref();
    return controller.signal;
  };

  return () => {
    plain.clearInterval(waking);
    Object.assign(globalThis, {
      setTimeout: plain.setTimeout,
      setInterval: plain.setInterval,
      clearTimeout: plain.clearTimeout,
      clearInterval: plain.clearInterval,
    });
    timersPromises.setTimeout = plain.wait;
    syncBuiltinESMExports();
    AbortSignal.timeout = plain.signal;
    Reflect.deleteProperty(performance, "now");
  };
}

const waitFaster =
  (timer: (work: Work, ms?: number) => FastTimer) =>
  <T>(ms?: number, value?: T, { signal }: { signal?: AbortSignal } = {}): Promise<T | undefined> =>
    new Promise((resolve, reject) => {
      const abort = () => {
        waiting.close();
        const message = "The operation was aborted";
        reject(
          Object.assign(new Error(message, { cause: signal?.reason }), {
            name: "AbortError",
            code: "ABORT_ERR",
          }),
        );
      };
      const waiting = timer(() => {
        signal?.removeEventListener("abort", abort);
        resolve(value);
      }, ms);
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort, { once: true });
    });
