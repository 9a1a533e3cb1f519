import type { Source } from "../catalog";
import type { Plan, PlanOf } from "../plan/nodes";
import type { Row } from "../types";
import type { Account } from "./account";
import { aggregateRows } from "./aggregate";
import { bindingOf, bound, peek, resume } from "./bind-join";
import { collect } from "./collect";
import type { Environment } from "./evaluate";
import { joinRows } from "./join";
import { scanRows } from "./scan";
import { sortRows } from "./sort";
import { distinctRows, filterRows, limitRows, projectRows } from "./stream";

export interface Execution {
  readonly source: Source;
  readonly signal: AbortSignal;
  /** What the query uses; every operator charges what it holds and looks up for each row. */
  readonly account: Account;
  readonly environment: Environment;
  readonly notes: Set<string>;
  /** How texts are cut where they are read that the answer only shows; not at all when left out. */
  readonly shown?: ShownTexts;
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

/**
 * Runs a plan; rows come in batches, in the order of `columnsOf(plan)`. `wanted` is how many rows the
 * caller means to take, so that a scan need not read full pages. Stopping early ends the scans.
 */
export async function* run(plan: Plan, execution: Execution, wanted?: number): Batches {
  switch (plan.kind) {
    case "rows":
      yield plan.rows;
      return;
    case "scan":
      yield* scanRows(plan, execution, wanted, (fallback) => run(fallback, execution));
      return;
    case "filter":
      yield* filterRows(plan, run(plan.input, execution), execution);
      return;
    case "project":
      yield* projectRows(plan, run(plan.input, execution, wanted), execution);
      return;
    case "limit":
      yield* limit(plan, execution, wanted);
      return;
    case "distinct":
      yield* distinctRows(plan, run(plan.input, execution), execution);
      return;
    case "sort":
      yield* sort(plan, execution);
      return;
    case "aggregate":
      yield* aggregate(plan, execution);
      return;
    case "join":
      yield* join(plan, execution);
  }
}

async function* limit(plan: PlanOf<"limit">, execution: Execution, wanted?: number): Batches {
  const count = Math.min(
    plan.count ?? Number.POSITIVE_INFINITY,
    wanted ?? Number.POSITIVE_INFINITY,
  );
  if (count <= 0) return;
  const last = plan.offset + count;
  const below = Number.isFinite(last) ? last : undefined;
  yield* limitRows(plan, last, run(plan.input, execution, below));
}

async function* sort(plan: PlanOf<"sort">, execution: Execution): Batches {
  const { account, environment } = execution;
  const hold = account.open(plan);
  try {
    const rows = await collect(run(plan.input, execution), plan.input, account, hold);
    yield await sortRows(plan, rows, environment, account, hold);
  } finally {
    hold.release();
  }
}

async function* aggregate(plan: PlanOf<"aggregate">, execution: Execution): Batches {
  const { account, environment } = execution;
  const hold = account.open(plan);
  try {
    yield await aggregateRows(plan, run(plan.input, execution), environment, account, hold);
  } finally {
    hold.release();
  }
}

/** Asks the right side for the keys of the left when these are few, else for everything. */
async function* join(plan: PlanOf<"join">, execution: Execution): Batches {
  const { account, environment } = execution;
  const hold = account.open(plan);
  const binding = bindingOf(plan);
  const left = run(plan.left, execution);
  try {
    const peeked = binding && (await peek(left, plan.left, binding, account, hold));
    const isWhole = peeked !== undefined && peeked.rest === undefined;
    const right = binding && isWhole ? bound(binding, peeked.keys) : plan.right;
    const isEmpty = isWhole && peeked.keys.length === 0;
    const rows = isEmpty
      ? []
      : await collect(run(right, execution), plan.right, account, hold, true);
    const from = peeked ? resume(peeked) : left;
    yield* joinRows(plan, from, rows, environment, account, hold);
  } finally {
    hold.release();
    await left.return();
  }
}
