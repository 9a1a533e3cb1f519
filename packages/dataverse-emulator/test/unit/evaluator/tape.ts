/** Choices read off a list of numbers, so that fast-check can make and shrink whole queries. Zero is the simplest choice. */
export class Tape {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(n: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next++;
    return number % n;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** True once in n times. */
  once(n: number): boolean {
    return this.below(n) === n - 1;
  }

  some<T>(list: readonly T[]): T[] {
    return list.filter(() => this.once(2));
  }
}
