import type { Scan } from "../../plan/nodes";
import type { Row } from "../../types/sql-type";

/** Which rows of a reading are wanted, where TOP or a page of the query is counted here and not by the service. */
export class PageWindow {
  #skipped: number;
  #left: number;

  /** @param isAsked whether the service itself leaves out what is before the page */
  constructor({ fetch: { page, top = page?.size } }: Scan, isAsked: boolean) {
    this.#skipped = isAsked || !page ? 0 : page.size * (page.number - 1);
    this.#left = isAsked && !page ? Number.POSITIVE_INFINITY : (top ?? Number.POSITIVE_INFINITY);
  }

  /** Rows that a next page may as well have. */
  get wanted(): number {
    return this.#skipped + this.#left;
  }

  get isDone(): boolean {
    return this.#left <= 0;
  }

  take(rows: readonly Row[]): readonly Row[] {
    const taken = rows.slice(this.#skipped, this.#skipped + this.#left);
    this.#skipped = Math.max(0, this.#skipped - rows.length);
    this.#left -= taken.length;
    return taken;
  }
}
