import type { Row } from "../types/sql-type";

/** A column that may hold more is heavy: bodies of mails and notes, files as base64. */
const heavyLength = 8_000;
/** Characters that a page of long texts should have. */
const target = 4_194_304;
/** A first page may have more, were every text as long as it may be: few are. */
const firstTarget = 4 * target;
const growth = 8;
/**
 * Cells of a page. Its JSON is parsed at one go, which holds the event loop for about half a microsecond a cell; a wide
 * table has hundreds of columns.
 */
const cellsOfPage = 60_000;
/** A query may read 50,000 rows, and a call may make 200 requests. */
const leastRows = 400;
/** So many pages are as small as is comfortable; then they grow, so that a long reading ends within its requests. */
const comfortablePages = 50;

/** The size of the next page, out of what columns may hold and what the pages before did hold. */
export class PageSize {
  readonly isHeavy: boolean;
  readonly #longest: number;
  readonly #most: number;
  #size: number;
  #mean: number;
  #pages = 0;

  /**
   * @param maxLengths declared length of each column's texts; 0 for what is no text
   * @param most rows a page, whatever their weight
   * @param first rows of the first page, when it is known that few are wanted; the pages behind it grow
   */
  constructor(maxLengths: readonly number[], most: number, first = most) {
    this.#longest = maxLengths
      .filter((length) => length > heavyLength)
      .reduce((sum, length) => sum + length, 0);
    this.isHeavy = this.#longest > 0;
    const cells = Math.max(1, maxLengths.length);
    this.#most = Math.min(most, Math.max(leastRows, Math.floor(cellsOfPage / cells)));
    this.#mean = this.#longest;
    const start = Math.min(this.#most, first);
    this.#size = this.isHeavy ? limited(firstTarget / this.#longest, start) : limited(start, start);
  }

  /** Rows of the next page. */
  get rows(): number {
    return this.#size;
  }

  /** Characters that the next page may well have; 0 where no column is heavy. */
  get characters(): number {
    return this.#size * Math.min(this.#longest, 2 * this.#mean);
  }

  /** Takes the measure of a page. */
  learn(rows: readonly Row[]): void {
    this.#pages += 1;
    if (rows.length === 0) return;
    let characters = 0;
    for (const row of rows)
      for (const value of row) characters += typeof value === "string" ? value.length : 8;
    this.#mean = characters / rows.length;
    const fitting = (target * 2 ** Math.floor(this.#pages / comfortablePages)) / this.#mean;
    this.#size = limited(Math.min(fitting, this.#size * growth), this.#most);
  }
}

const limited = (rows: number, most: number): number =>
  Math.max(1, Math.min(most, Math.floor(rows)));
