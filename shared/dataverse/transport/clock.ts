/** Time as the gate needs it; a test brings its own. */
export interface Clock {
  /** Milliseconds since any fixed moment. */
  now(): number;
  /** Runs `work` once after `ms` milliseconds, unless the returned function is called before. */
  after(ms: number, work: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
