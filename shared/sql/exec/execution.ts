import type { Account } from "../account/account";
import type { Source } from "../catalog";
import type { Environment } from "../expression/environment";
import type { Plan } from "../plan/nodes";
import type { Row } from "../types/sql-type";

/** What the operators of one query share. */
export interface Execution {
  readonly source: Source;
  readonly signal: AbortSignal;
  /** What the query uses; every operator charges what it holds and looks up for each row. */
  readonly account: Account;
  readonly environment: Environment;
  readonly notes: Set<string>;
  /** Rows that each step of the plan has given, where somebody wants to know. */
  readonly counts?: Map<Plan, number>;
  /** Scans that are read to their end, with the step that needs their rows. */
  readonly readWhole?: ReadonlyMap<Plan, Plan>;
  /** Those of them that were found to be small enough before the query began. */
  readonly counted?: ReadonlySet<Plan>;
  /** How texts are cut where they are read that the answer only shows; not at all when left out. */
  readonly shown?: ShownTexts;
  /** Rows of spools that were read already: kept until the query ends. */
  readonly spools: Map<Plan, Promise<readonly Row[]>>;
  /** Rows of the last round of the recursive expressions around, by the columns of each. */
  readonly rounds?: ReadonlyMap<unknown, readonly Row[]>;
}

export interface ShownTexts {
  /** Ids of the columns that nothing but the answer reads. */
  readonly columns: ReadonlySet<number>;
  /** No answer holds more of a text. */
  readonly characters: number;
  /** True length of each text that was cut, by what is left of it. */
  readonly lengths: Map<string, number>;
  /** Whether the last page that a scan gave had more rows behind it. */
  hasMore: boolean;
}

export type Batches = AsyncGenerator<readonly Row[], void, undefined>;

/** Runs an input; operators get it so that none needs to know all the others. */
export type Run = (plan: Plan, execution: Execution, wanted?: number) => Batches;
