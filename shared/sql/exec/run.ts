import type { Source } from "../catalog";
import { columnsOf, type Plan, type PlanOf } from "../plan/nodes";
import type { Row } from "../types";
import { aggregateRows } from "./aggregate";
import { bindingOf, bound, peek, resume } from "./bind-join";
import type { Budget } from "./budget";
import { compile, type Environment } from "./evaluate";
import { joinRows } from "./join";
import { scanRows } from "./scan";
import { sortRows } from "./sort";
import { hashKeys } from "./values";

export interface Execution {
  readonly source: Source;
  readonly signal: AbortSignal;
  readonly budget: Budget;
  readonly environment: Environment;
  readonly notes: Set<string>;
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
      yield* filter(plan, execution);
      return;
    case "project":
      yield* project(plan, execution, wanted);
      return;
    case "limit":
      yield* limit(plan, execution, wanted);
      return;
    case "distinct":
      yield* distinct(plan, execution);
      return;
    case "sort": {
      const input = await collect(run(plan.input, execution));
      yield sortRows(plan, input, execution.environment);
      return;
    }
    case "aggregate": {
      const input = run(plan.input, execution);
      yield await aggregateRows(plan, input, execution.environment);
      return;
    }
    case "join":
      yield* join(plan, execution);
  }
}

/** Asks the right side for the keys of the left when these are few, else for everything. */
async function* join(plan: PlanOf<"join">, execution: Execution): Batches {
  const { environment } = execution;
  const binding = bindingOf(plan);
  const left = run(plan.left, execution);
  if (binding === undefined) {
    yield* joinRows(plan, left, await collect(run(plan.right, execution)), environment);
    return;
  }
  const peeked = await peek(left, binding);
  const isWhole = peeked.rest === undefined;
  const right = isWhole ? bound(binding, peeked.keys) : plan.right;
  const isEmpty = isWhole && peeked.keys.length === 0;
  const rows = isEmpty ? [] : await collect(run(right, execution));
  yield* joinRows(plan, resume(peeked), rows, environment);
}

async function collect(batches: Batches): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) {
    for (const row of batch) rows.push(row);
  }
  return rows;
}

async function* filter(plan: PlanOf<"filter">, execution: Execution): Batches {
  const test = compile(plan.predicate, columnsOf(plan.input), execution.environment);
  for await (const batch of run(plan.input, execution)) {
    const kept = batch.filter((row) => test(row) === true);
    if (kept.length > 0) yield kept;
  }
}

async function* project(plan: PlanOf<"project">, execution: Execution, wanted?: number): Batches {
  const columns = columnsOf(plan.input);
  const items = plan.items.map((item) => compile(item.expr, columns, execution.environment));
  for await (const batch of run(plan.input, execution, wanted)) {
    yield batch.map((row) => items.map((item) => item(row)));
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
  let seen = 0;
  for await (const batch of run(plan.input, execution, below)) {
    const from = Math.max(0, plan.offset - seen);
    const to = Math.min(batch.length, last - seen);
    seen += batch.length;
    if (from < to) yield batch.slice(from, to);
    if (seen >= last) return;
  }
}

async function* distinct(plan: PlanOf<"distinct">, execution: Execution): Batches {
  const seen = new Set<string>();
  for await (const batch of run(plan.input, execution)) {
    const fresh = batch.filter((row) => {
      const key = hashKeys(row);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    if (fresh.length > 0) yield fresh;
  }
}
