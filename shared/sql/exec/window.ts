import type { Account, Hold } from "../account/account";
import { emptyRowBytes, textBytes } from "../account/row-size";
import type { Environment } from "../expression/environment";
import { compile } from "../expression/evaluate";
import type { PlanColumn } from "../expression/expression";
import type { BoundAggregate } from "../functions/aggregate/aggregate";
import type { WindowRows } from "../functions/window/window";
import { columnsOf, type Frame, type PlanOf, type WindowFunction } from "../plan/nodes";
import { hashKeysOf } from "../types/compare";
import type { Row, SqlType, Value } from "../types/sql-type";
import { collect } from "./collect";
import type { Batches, Execution, Run } from "./execution";
import { sortRows } from "./sort";

type Window = PlanOf<"window">;
type Range = readonly [first: number, end: number];

/** The value of one function for each row of a partition. */
type Compute = (partition: Partition) => Promise<readonly Value[]>;

interface Partition {
  readonly rows: readonly Row[];
  /** First row and one past the last that is equal by ORDER BY, of each row. */
  readonly peers: readonly Range[];
}

/** Window functions: rows are sorted by partition and order, then each partition is gone over by itself. */
export async function* windowRows(plan: Window, execution: Execution, run: Run): Batches {
  const { account, environment } = execution;
  const columns = columnsOf(plan.input);
  const hold = account.open(plan);
  try {
    const given = await collect(run(plan.input, execution), plan.input, account, hold);
    const keys = [
      ...plan.partition.map((expr) => ({ expr, descending: false })),
      ...plan.order.map((key) => key),
    ];
    const rows =
      keys.length === 0
        ? given
        : await sortRows({ keys, columns }, given, environment, account, hold);
    const partitionKey = keyOf(plan.partition, columns, environment);
    const orderKey = keyOf(
      plan.order.map(({ expr }) => expr),
      columns,
      environment,
    );
    const functions = plan.functions.map((one) =>
      computing(one, plan, columns, environment, account, hold),
    );
    for (let at = 0; at < rows.length; ) {
      const end = endOf(rows, at, partitionKey);
      const some = rows.slice(at, end);
      const partition = { rows: some, peers: peersOf(some, orderKey) };
      if (account.due(some.length)) await account.pause();
      const values: (readonly Value[])[] = [];
      for (const compute of functions) values.push(await compute(partition));
      const made = some.map((row, index): Row => {
        const more = values.map((one) => one[index] ?? null);
        hold.add(emptyRowBytes(more.length) + textsIn(more));
        return [...row, ...more];
      });
      if (account.due(some.length)) await account.pause();
      yield made;
      at = end;
    }
  } finally {
    hold.release();
  }
}

const textsIn = (values: readonly Value[]): number =>
  values.reduce<number>(
    (sum, value) => sum + (typeof value === "string" ? textBytes(value) : 0),
    0,
  );

function keyOf(
  parts: readonly { readonly type: SqlType }[],
  columns: readonly PlanColumn[],
  environment: Environment,
): (row: Row) => string {
  const values = (parts as Window["partition"]).map((part) => compile(part, columns, environment));
  const hashKeys = hashKeysOf(parts.map(({ type }) => type));
  return (row) => hashKeys(values.map((value) => value(row)));
}

/** One past the last row from `start` on that has the same key. */
function endOf(rows: readonly Row[], start: number, key: (row: Row) => string): number {
  const first = key(rows[start] as Row);
  let end = start + 1;
  while (end < rows.length && key(rows[end] as Row) === first) end += 1;
  return end;
}

function peersOf(rows: readonly Row[], key: (row: Row) => string): readonly Range[] {
  const peers: Range[] = [];
  for (let at = 0; at < rows.length; ) {
    const range: Range = [at, endOf(rows, at, key)];
    while (peers.length < range[1]) peers.push(range);
    at = range[1];
  }
  return peers;
}

/** The rows of the frame of a row, within its partition. */
function framing(frame: Frame | undefined, isOrdered: boolean) {
  const { unit, from, to }: Frame = frame ?? {
    unit: "range",
    from: "unbounded",
    to: isOrdered ? 0 : "unbounded",
  };
  return ({ rows, peers }: Partition, at: number): Range => {
    const [first, end] = unit === "rows" ? [at, at + 1] : (peers[at] as Range);
    const start = from === "unbounded" ? 0 : first + from;
    const stop = to === "unbounded" ? rows.length : end + to;
    const clamped = Math.min(Math.max(0, start), rows.length);
    return [clamped, Math.max(clamped, Math.min(Math.max(0, stop), rows.length))];
  };
}

function computing(
  one: WindowFunction,
  plan: Window,
  columns: readonly PlanColumn[],
  environment: Environment,
  account: Account,
  hold: Hold,
): Compute {
  const args = one.args.map((arg) => compile(arg, columns, environment));
  const frameOf = framing(one.frame, plan.order.length > 0);
  const valuesOf = (row: Row) => args.map((arg) => arg(row));
  if (one.bound.kind === "window") {
    const { window } = one.bound;
    return async (partition) => {
      const { rows, peers } = partition;
      const values = rows.map(valuesOf);
      const view: WindowRows = {
        size: rows.length,
        args: (at) => values[at] ?? [],
        peers: (at) => peers[at] ?? [at, at + 1],
        frame: (at) => frameOf(partition, at),
      };
      if (account.due(rows.length)) await account.pause();
      return window.run(view, one.ignoreNulls);
    };
  }
  const { aggregate } = one.bound;
  const surroundings = { work: environment.work, hold: (bytes: number) => hold.add(bytes) };
  if (one.within.length > 0)
    return async ({ rows }) => {
      const sorting = { keys: one.within, columns };
      const sorted = await sortRows(sorting, rows, environment, account, hold);
      const accumulator = aggregate.start(surroundings);
      for (const row of sorted) accumulator.add(valuesOf(row));
      const result = accumulator.result();
      return rows.map(() => result);
    };
  return async (partition) => {
    const values = partition.rows.map(valuesOf);
    const ranges = partition.rows.map((_, at) => frameOf(partition, at));
    return slide(aggregate, surroundings, values, ranges, plan, account);
  };
}

/**
 * An aggregate over frames that only move forward: rows come in at the end and go out at the beginning. What cannot take a row
 * back starts again from the first row of the frame.
 */
async function slide(
  aggregate: BoundAggregate,
  surroundings: Parameters<BoundAggregate["start"]>[0],
  values: readonly (readonly Value[])[],
  ranges: readonly Range[],
  plan: Window,
  account: Account,
): Promise<readonly Value[]> {
  let accumulator = aggregate.start(surroundings);
  let from = 0;
  let to = 0;
  let last: Value | undefined;
  const results: Value[] = [];
  for (const [first, end] of ranges) {
    const isSame = last !== undefined && first === from && end === to;
    const canMove = first === from || (accumulator.remove !== undefined && first <= to);
    if (!canMove || end < to) {
      accumulator = aggregate.start(surroundings);
      from = first;
      to = first;
    }
    let moved = 0;
    for (; from < first; from += 1, moved += 1) accumulator.remove?.(values[from] ?? []);
    for (; to < end; to += 1, moved += 1) accumulator.add(values[to] ?? []);
    account.join(moved, plan);
    if (!isSame || last === undefined) last = accumulator.result();
    results.push(last);
    if (account.due(moved + 1)) await account.pause();
  }
  return results;
}
