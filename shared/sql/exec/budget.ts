import { errorOfQuery } from "../errors";

export interface Limits {
  /** Rows in one answer; more come with `nextCursor`. */
  readonly rowsReturned: number;
  /** Rows read from the service for one query, over all its scans. */
  readonly rowsFetched: number;
  /** Characters of the answer's rows as JSON. */
  readonly characters: number;
  readonly milliseconds: number;
}

export const defaultLimits: Limits = {
  rowsReturned: 1000,
  rowsFetched: 50_000,
  characters: 40_000,
  milliseconds: 40_000,
};

/** What one query may use, shared by all its scans. */
export class Budget {
  readonly #limits: Limits;
  readonly #started: number;
  readonly #clock: () => number;
  #fetched = 0;

  constructor(limits: Limits, clock: () => number) {
    this.#limits = limits;
    this.#clock = clock;
    this.#started = clock();
  }

  get fetched(): number {
    return this.#fetched;
  }

  /** How many rows may still be read. */
  get remaining(): number {
    return this.#limits.rowsFetched - this.#fetched;
  }

  add(rows: number): void {
    this.#fetched += rows;
  }

  /** Called where more rows are needed. Throws SqlError `budget` when none may be read any more. */
  demandMore(table: string): void {
    if (this.remaining <= 0) {
      throw errorOfQuery(
        "budget",
        `The query needs more than ${this.#limits.rowsFetched} rows (last read: ${table}).`,
        { hint: "Narrow WHERE, for example to a range of createdon, and run it in parts." },
      );
    }
    if (this.#clock() - this.#started > this.#limits.milliseconds) {
      const seconds = this.#limits.milliseconds / 1000;
      throw errorOfQuery("budget", `The query took longer than ${seconds} seconds.`, {
        hint: "Narrow WHERE, or ask for fewer columns.",
      });
    }
  }
}
