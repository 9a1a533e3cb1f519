import type { Row } from "../types";

/** A column that may hold more is heavy: bodies of mails and notes, files as base64. */
const heavyLength = 8_000;
/** Characters that a page of heavy columns should have. */
const target = 4_194_304;
/** A first page may have more, were every text as long as it may be: few are. */
const firstTarget = 4 * target;
const growth = 8;

/** The size of the next page, out of what columns may hold and what the pages before did hold. */
export class PageSize {
  readonly isHeavy: boolean;
  readonly #longest: number;
  readonly #most: number;
  #size: number;
  #mean: number;

  /**
   * @param maxLengths declared lengths of the columns' texts
   * @param most rows a page, whatever their weight
   */
  constructor(maxLengths: readonly number[], most: number) {
    this.#longest = maxLengths
      .filter((length) => length > heavyLength)
      .reduce((sum, length) => sum + length, 0);
    this.isHeavy = this.#longest > 0;
    this.#most = most;
    this.#mean = this.#longest;
    this.#size = this.isHeavy ? limited(firstTarget / this.#longest, most) : most;
  }

  /** Rows of the next page. */
  get rows(): number {
    return this.#size;
  }

  /** Characters that the next page may well have. */
  get characters(): number {
    return this.#size * Math.min(this.#longest, 2 * this.#mean);
  }

  /** Takes the measure of a page. */
  learn(rows: readonly Row[]): void {
    if (!this.isHeavy || rows.length === 0) return;
    let characters = 0;
    for (const row of rows)
      for (const value of row) characters += typeof value === "string" ? value.length : 8;
    this.#mean = characters / rows.length;
    this.#size = limited(Math.min(target / this.#mean, this.#size * growth), this.#most);
  }
}

const limited = (rows: number, most: number): number =>
  Math.max(1, Math.min(most, Math.floor(rows)));
