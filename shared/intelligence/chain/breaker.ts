const failuresToOpen = 3;
const openMs = 60_000;

/** Keeps a provider that failed three times in a row from being asked for a minute; then one call tries it again. */
export class Breaker {
  readonly #now: () => number;
  #failures = 0;
  #openUntil = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#now() < this.#openUntil;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openUntil = 0;
  }

  failed(): void {
    this.#failures++;
    if (this.#failures >= failuresToOpen) this.#openUntil = this.#now() + openMs;
  }
}
