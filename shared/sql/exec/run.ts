import { columnsOf, type Plan, type PlanOf } from "../plan/nodes";
import { aggregateRows } from "./aggregate";
import { applyRows } from "./apply";
import { begin } from "./begin";
import { collect } from "./collect";
import type { Batches, Execution } from "./execution";
import { bindingOf, peek, resume } from "./joins/bind-join";
import { joinRows } from "./joins/join";
import { limitRows, percentRows, withNumbers } from "./limit";
import { lastRound, recursiveRows } from "./recursive";
import { scanRows } from "./scans/scan";
import { setRows } from "./set";
import { sortRows } from "./sort";
import { filterSpool, spoolRows } from "./spool";
import { distinctRows, filterRows, projectRows } from "./stream";
import { tableFunctionRows } from "./table-function";
import { windowRows } from "./window";

/**
 * Runs a plan; rows come in batches, in the order of `columnsOf(plan)`. `wanted` is how many rows the
 * caller means to take, so that a scan need not read full pages. Stopping early ends the scans.
 */
export function run(plan: Plan, execution: Execution, wanted?: number): Batches {
  const rows = runNode(plan, execution, wanted);
  return execution.counts ? counted(plan, rows, execution.counts) : rows;
}

async function* counted(plan: Plan, rows: Batches, counts: Map<Plan, number>): Batches {
  counts.set(plan, counts.get(plan) ?? 0);
  for await (const batch of rows) {
    counts.set(plan, (counts.get(plan) ?? 0) + batch.length);
    yield batch;
  }
}

async function* runNode(plan: Plan, execution: Execution, wanted?: number): Batches {
  switch (plan.kind) {
    case "rows":
      yield plan.rows;
      return;
    case "scan":
      yield* scanRows(plan, execution, wanted, (fallback) => run(fallback, execution));
      return;
    case "filter":
      if (plan.input.kind === "spool") yield* filterSpool(plan, plan.input, execution, run);
      else yield* filterRows(plan, run(plan.input, execution), execution);
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
      return;
    case "apply":
      yield* applyRows(plan, execution, run);
      return;
    case "set":
      yield* setRows(plan, execution, run, wanted);
      return;
    case "window":
      yield* windowRows(plan, execution, run);
      return;
    case "spool":
      yield await spoolRows(plan, execution, run);
      return;
    case "recursive":
      yield* recursiveRows(plan, execution, run);
      return;
    case "last round":
      yield lastRound(plan, execution);
      return;
    case "function":
      yield* tableFunctionRows(plan, execution);
  }
}

async function* limit(written: PlanOf<"limit">, execution: Execution, wanted?: number): Batches {
  const plan = withNumbers(written, execution.environment);
  if (plan.percent !== undefined) {
    yield* percentRows(plan, plan.percent, execution, run);
    return;
  }
  const count = Math.min(
    plan.count ?? Number.POSITIVE_INFINITY,
    wanted ?? Number.POSITIVE_INFINITY,
  );
  if (count <= 0) return;
  const last = plan.offset + count;
  // Ties lie behind the last row that is wanted.
  const below = Number.isFinite(last) && plan.ties === undefined ? last : undefined;
  yield* limitRows(plan, last, run(plan.input, execution, below), execution);
}

async function* sort(plan: PlanOf<"sort">, execution: Execution): Batches {
  const { account, environment } = execution;
  const hold = account.open(plan);
  try {
    const rows = await collect(run(plan.input, execution), plan.input, account, hold);
    const columns = columnsOf(plan.input);
    yield await sortRows({ keys: plan.keys, columns }, rows, environment, account, hold);
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
  // Sides that ask nothing of each other are read at once.
  const begun = binding ? undefined : begin(left);
  try {
    const peeked = binding && (await peek(left, plan.left, binding, account, hold));
    const isWhole = peeked !== undefined && peeked.rest === undefined;
    const right = binding && isWhole ? binding.narrowed(peeked.keys) : plan.right;
    const isEmpty = isWhole && peeked.keys.length === 0;
    const rows = isEmpty
      ? []
      : await collect(run(right, execution), plan.right, account, hold, true);
    const from = peeked ? resume(peeked) : (begun?.() ?? left);
    yield* joinRows(plan, from, rows, environment, account, hold);
  } finally {
    hold.release();
    await left.return();
  }
}
