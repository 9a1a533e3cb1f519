interface Purse {
  left: number;
  at: number;
}

/** So many names in a row may be wrong before anybody is made to wait for it. */
const most = 20;
/** One more is had back in this time. */
const refillMs = 2_000;
/** People remembered; who is forgotten has all of it again. */
const mostPeople = 1_000;

/**
 * How often definitions are looked at afresh because of one person's unknown names. Whoever errs has it for free, whoever makes up
 * names by the hundred is refused by what is known here, and pays alone: nobody else's looks get fewer.
 */
export class LookAllowance {
  readonly #purses = new Map<string, Purse>();
  readonly #now: () => number;

  /** @param now a clock in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one look, if there is one. */
  take(person: string): boolean {
    const now = this.#now();
    const known = this.#purses.get(person);
    const left = known ? Math.min(most, known.left + (now - known.at) / refillMs) : most;
    // Newest last, so that the one who is forgotten has not looked for longest.
    this.#purses.delete(person);
    this.#purses.set(person, { left: left < 1 ? left : left - 1, at: now });
    if (this.#purses.size > mostPeople) {
      const [oldest] = this.#purses.keys();
      if (oldest !== undefined) this.#purses.delete(oldest);
    }
    return left >= 1;
  }
}
