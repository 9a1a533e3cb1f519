/** What an answer of Dataverse says about its service protection limits. */
export interface LimitFacts {
  readonly status: number;
  /** Of a 429. */
  readonly retryAfterSeconds: number | undefined;
  /** `x-ms-ratelimit-burst-remaining-xrm-requests`: requests left in the window of five minutes. */
  readonly requestsLeft: number | undefined;
  /** `x-ms-ratelimit-time-remaining-xrm-requests`: seconds of execution left in that window. */
  readonly secondsLeft: number | undefined;
}

/** How many requests may be under way, and from when on the next may start. All people share one pace. */
export interface Pace {
  readonly places: number;
  /** Moment of the clock before which nothing starts. */
  readonly opensAt: number;
  /** Called when a request starts; what it returns goes to `answered`. */
  started(): number;
  answered(start: number, facts: LimitFacts): void;
}

export interface PaceOptions {
  readonly most: number;
  readonly now: () => number;
  /** From 0 up to 1; spreads the restarts of several instances. */
  readonly random: () => number;
}

/** Both documented; environments give more requests than that, never less. */
const requestsInWindow = 6_000;
const secondsInWindow = 1_200;
/** Below this part of the window's budget the pace goes down, in proportion. */
const scarce = 0.25;
const firstPauseMs = 250;
const longestPauseMs = 8_000;

/**
 * Additive increase, multiplicative decrease, as TCP has it: a refusal halves the places, a round of answers gives one back.
 * All requests of the app count against one user's limits, so a refusal of one means that all are too fast: everybody
 * pauses shortly, longer with each refusal in a row, while only the refused request waits its whole Retry-After. What is
 * let through meanwhile finds out when the limit is lifted.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export function createPace({ most, now, random }: PaceOptions): Pace {
  let places = most;
  let ceiling = most;
  let opensAt = 0;
  /** Counts the decreases. Requests that started before the last one were too fast for the old pace, not for the new one. */
  let era = 0;
  let inARow = 0;
  let answersInEra = 0;

  function slowDown(retryAfterSeconds: number | undefined): void {
    places = Math.max(1, Math.floor(Math.min(places, ceiling) / 2));
    era++;
    answersInEra = 0;
    const pause = Math.min(
      firstPauseMs * 2 ** inARow,
      longestPauseMs,
      (retryAfterSeconds ?? Number.POSITIVE_INFINITY) * 1_000,
    );
    inARow++;
    opensAt = Math.max(opensAt, now() + pause * (0.5 + random() / 2));
  }

  function speedUp(): void {
    inARow = 0;
    answersInEra++;
    if (places >= most || answersInEra < places) return;
    places++;
    answersInEra = 0;
  }

  return {
    get places() {
      return Math.min(places, ceiling);
    },
    get opensAt() {
      return opensAt;
    },
    started: () => era,
    answered(start, { status, retryAfterSeconds, requestsLeft, secondsLeft }) {
      const left = Math.min(
        (requestsLeft ?? requestsInWindow) / requestsInWindow,
        (secondsLeft ?? secondsInWindow) / secondsInWindow,
      );
      if (requestsLeft !== undefined || secondsLeft !== undefined)
        ceiling = Math.max(1, Math.min(most, Math.ceil((most * left) / scarce)));
      if (start !== era) return;
      if (status === 429) slowDown(retryAfterSeconds);
      else speedUp();
    },
  };
}
