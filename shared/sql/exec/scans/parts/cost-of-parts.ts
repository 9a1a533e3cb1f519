import type { SqlError } from "../../../errors";
import type { Scan } from "../../../plan/nodes";
import type { Execution } from "../../execution";
import { type ByKey, rangeKeyOf } from "./by-key";
import { type Density, densityOf, partsByValue, partsFor, refusalOfRequests } from "./many-groups";
import { type Span, widthOf } from "./spans";

/** What it takes to ask for all parts of the rows, as far as those that were asked for tell. */
export class CostOfParts {
  readonly #scan: Scan;
  readonly #execution: Execution;
  readonly #waiting: readonly Span[];
  readonly #requestsLeft: number;
  readonly #millisecondsLeft: number;
  /** Into how many parts a span of such a width was found to fall. */
  #found: { readonly width: number; readonly cuts: number } | undefined;

  /** @param waiting parts that are still to be asked for */
  constructor(scan: Scan, execution: Execution, waiting: readonly Span[]) {
    const { account } = execution;
    this.#scan = scan;
    this.#execution = execution;
    this.#waiting = waiting;
    this.#requestsLeft = account.requestsLeft;
    this.#millisecondsLeft = account.millisecondsLeft;
  }

  /**
   * Into how many parts a span with too many groups is to be cut, or how the rows are to be parted in place of that; undefined where
   * nobody knows.
   *
   * @throws SqlError `budget` when it and all others of its kind are more than the query can ask for
   */
  async ofGroups(span: Span): Promise<number | ByKey | undefined> {
    const width = widthOf(span);
    if (this.#found?.width === width) return this.#found.cuts;
    const density = await densityOf(this.#scan, span, this.#execution);
    if (!density) return undefined;
    const cuts = Math.max(2, partsFor(density));
    this.#found = { width, cuts };
    const others = this.#waiting.reduce((sum, other) => sum + widthOf(other), 0);
    const alike = 1 + (width > 0 ? others / width : 0);
    const refusal = this.#refusal(cuts * alike, density);
    if (!refusal) return cuts;
    const key = rangeKeyOf(this.#scan, density.column);
    const parts = partsByValue(density, density.rows * alike);
    if (!key || this.#refusal(parts, density)) throw refusal;
    return { key, parts, refusal };
  }

  /** @throws SqlError `budget` when the parts that are known already are too many */
  demandRoom(): void {
    const refusal = this.#refusal(this.#waiting.length);
    if (refusal) throw refusal;
  }

  #refusal(needed: number, density?: Density): SqlError | undefined {
    const { account } = this.#execution;
    const sent = {
      requests: this.#requestsLeft - account.requestsLeft,
      milliseconds: this.#millisecondsLeft - account.millisecondsLeft,
    };
    return refusalOfRequests(needed, this.#scan, this.#execution, sent, density);
  }
}
