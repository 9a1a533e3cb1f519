import type { Account, Hold } from "../account/account";
import { each } from "../account/each";
import { textBytes } from "../account/row-size";
import type { Environment } from "../expression/environment";
import { compile, type Evaluate } from "../expression/evaluate";
import type { PlanColumn } from "../expression/expression";
import { weightOf } from "../expression/weight";
import type { Accumulator } from "../functions/aggregate/aggregate";
import { type Aggregation, columnsOf, expressionsOf, type PlanOf } from "../plan/nodes";
import { comparatorOf, hashKeysOf } from "../types/compare";
import type { Row, Value } from "../types/sql-type";
import type { Batches } from "./execution";

/** A group with its entry in the table, and each of its accumulators, in bytes, without texts. */
const groupBytes = 160;
const accumulatorBytes = 120;
/** A value that DISTINCT has seen, without its text. */
const seenBytes = 40;
/** A value that waits to be added in order, without its text. */
const waitingBytes = 64;

/** Of more grouping sets each is a piece of work of its own: there may be thousands, and a row is in a group of every one. */
const setsAtOnce = 16;

/** Values of a row in one array that each row fills anew: who keeps them copies them. */
function evaluateInto(parts: readonly Evaluate[]): (row: Row) => readonly Value[] {
  const values = new Array<Value>(parts.length).fill(null);
  return (row) => {
    for (let at = 0; at < parts.length; at += 1) values[at] = parts[at]?.(row) ?? null;
    return values;
  };
}

/** Makes the accumulators of one aggregate: for DISTINCT each value once, for WITHIN GROUP in order. */
export function accumulatorsOf(
  one: Aggregation,
  columns: readonly PlanColumn[],
  environment: Environment,
  hold: Hold,
  seeOne: (key: string) => void,
): () => { add(row: Row): void; result(): Value } {
  const args = one.args.map((arg) => compile(arg, columns, environment));
  const order = one.order.map(({ expr, descending }) => ({
    evaluate: compile(expr, columns, environment),
    compare: comparatorOf(expr.type),
    sign: descending ? -1 : 1,
  }));
  const valuesOf = evaluateInto(args);
  const hashKeys = hashKeysOf(one.bound.takes);
  const isDistinct = one.distinct && !one.bound.ignoresDistinct;
  const surroundings = { work: environment.work, hold: (bytes: number) => hold.add(bytes) };
  const start = (): Accumulator => {
    const inner = one.bound.start(surroundings);
    if (!isDistinct) return inner;
    const seen = new Set<string>();
    return {
      add: (values) => {
        const key = hashKeys(values);
        if (seen.has(key)) return;
        seeOne(key);
        seen.add(key);
        inner.add(values);
      },
      result: () => inner.result(),
    };
  };
  return () => {
    const accumulator = start();
    if (order.length === 0)
      return { add: (row) => accumulator.add(valuesOf(row)), result: () => accumulator.result() };
    const waiting: { readonly keys: readonly Value[]; readonly values: readonly Value[] }[] = [];
    return {
      add: (row) => {
        const values = [...valuesOf(row)];
        let bytes = waitingBytes;
        for (const value of values) if (typeof value === "string") bytes += textBytes(value);
        hold.add(bytes);
        waiting.push({ keys: order.map(({ evaluate }) => evaluate(row)), values });
      },
      result: () => {
        waiting.sort((a, b) => {
          for (const [at, { compare, sign }] of order.entries()) {
            const difference = compare(a.keys[at] ?? null, b.keys[at] ?? null);
            if (difference !== 0) return difference * sign;
          }
          return 0;
        });
        for (const { values } of waiting) accumulator.add(values);
        return accumulator.result();
      },
    };
  };
}

interface Group {
  readonly values: Row;
  readonly accumulators: readonly { add(row: Row): void; result(): Value }[];
}

/**
 * Groups by the keys, in order of first appearance; by each grouping set in turn where there are several. A set without keys
 * is one group, also over no rows.
 */
export async function aggregateRows(
  plan: PlanOf<"aggregate">,
  input: Batches,
  environment: Environment,
  account: Account,
  hold: Hold,
): Promise<Row[]> {
  const columns = columnsOf(plan.input);
  const keys = plan.keys.map((key) => compile(key.expr, columns, environment));
  const seeOne = (key: string) => {
    account.group(plan);
    hold.add(seenBytes + textBytes(key));
  };
  const makers = plan.aggregations.map((one) =>
    accumulatorsOf(one, columns, environment, hold, seeOne),
  );
  const sets = (plan.sets ?? [plan.keys.map((_, at) => at)]).map((positions) =>
    groupingOf(plan, positions, keys, makers, account, hold),
  );
  const weight = weightOf(expressionsOf(plan));
  const add = ({ groupOf }: (typeof sets)[number], values: Row, row: Row) => {
    for (const accumulator of groupOf(values).accumulators) accumulator.add(row);
  };
  const valuesOf = evaluateInto(keys);
  const visit = (row: Row) => {
    const values = valuesOf(row);
    for (const set of sets) add(set, values, row);
  };
  for await (const batch of input) {
    if (sets.length <= setsAtOnce) await each(batch, account, visit, sets.length * weight);
    else
      for (const row of batch) {
        const values = valuesOf(row);
        await each(sets, account, (set) => add(set, values, row), weight);
      }
  }
  const rows: Row[] = [];
  for (const { groups, bits } of sets) {
    await each([...groups.values()], account, ({ values, accumulators }) => {
      rows.push([...values, ...accumulators.map((one) => one.result()), ...bits]);
    });
  }
  return rows;
}

/** The groups of one grouping set. */
function groupingOf(
  plan: PlanOf<"aggregate">,
  positions: readonly number[],
  keys: readonly Evaluate[],
  makers: readonly ReturnType<typeof accumulatorsOf>[],
  account: Account,
  hold: Hold,
) {
  const isAll = positions.length === keys.length;
  const isKey = keys.map((_, at) => positions.includes(at));
  const hashKeys = hashKeysOf(plan.keys.map(({ column }) => column.type));
  const groups = new Map<string, Group>();
  const groupOfValues = (values: Row): Group => {
    const key = hashKeys(values);
    let group = groups.get(key);
    if (!group) {
      account.group(plan);
      // The key's text stands for those of the values, which are not much longer.
      hold.add(groupBytes + accumulatorBytes * makers.length + 2 * textBytes(key));
      group = { values: [...values], accumulators: makers.map((make) => make()) };
      groups.set(key, group);
    }
    return group;
  };
  const only = positions.length === 0 ? groupOfValues(keys.map(() => null)) : undefined;
  return {
    groups,
    /** GROUPING of each key. */
    bits: plan.grouping ? isKey.map((is) => (is ? 0 : 1)) : [],
    /** @param values of all keys */
    groupOf: (values: Row): Group =>
      only ?? groupOfValues(isAll ? values : values.map((value, at) => (isKey[at] ? value : null))),
  };
}
