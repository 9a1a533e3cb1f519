/**
 * An amount that persons take from, so that nobody can take all of it: whoever takes must leave as much free as they hold.
 * One person alone gets half, two get a third each, and somebody new always finds something. Network switches share their
 * buffers in this way ("dynamic queue length thresholds", Choudhury and Hahne 1998).
 */
export class Shares {
  readonly #amount: number;
  readonly #held = new Map<string, number>();
  #total = 0;

  constructor(amount: number) {
    this.#amount = amount;
  }

  get total(): number {
    return this.#total;
  }

  /** What this person holds. */
  of(person: string): number {
    return this.#held.get(person) ?? 0;
  }

  /** Takes `count`, or nothing and tells so. */
  take(person: string, count: number): boolean {
    const own = this.#held.get(person) ?? 0;
    const free = this.#amount - this.#total;
    if (count > free || own + count > Math.max(1, free)) return false;
    this.#held.set(person, own + count);
    this.#total += count;
    return true;
  }

  give(person: string, count: number): void {
    const left = (this.#held.get(person) ?? 0) - count;
    if (left > 0) this.#held.set(person, left);
    else this.#held.delete(person);
    this.#total -= count;
  }
}
