import type { Clock } from "../../shared/dataverse/transport/clock";

export interface ManualClock extends Clock {
  /** Lets time pass; what falls due runs in order. */
  pass(ms: number): void;
  /** Timers that have not run and were not cancelled. */
  readonly pending: number;
}

/** Time that passes when the test says so. */
export function createManualClock(): ManualClock {
  let now = 0;
  let timers: { readonly at: number; readonly work: () => void }[] = [];
  return {
    now: () => now,
    after(ms, work) {
      const timer = { at: now + ms, work };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((each) => each !== next);
        now = next.at;
        next.work();
      }
      now = end;
    },
    get pending() {
      return timers.length;
    },
  };
}
