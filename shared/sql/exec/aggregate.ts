import { type Aggregation, columnsOf, type PlanOf } from "../plan/nodes";
import { isWhole, type Row, type Value } from "../types";
import type { Account, Hold } from "./account";
import { each } from "./each";
import { compile, type Environment, type Evaluate } from "./evaluate";
import { textBytes } from "./row-size";
import type { Batches } from "./run";
import { compareForSort, hashKey, hashKeys, withoutNoise } from "./values";

interface Accumulator {
  add(value: Value): void;
  result(): Value;
}

/** A group with its entry in the table, and each of its accumulators, in bytes, without texts. */
const groupBytes = 160;
const accumulatorBytes = 120;
/** A value that DISTINCT has seen, without its text. */
const seenBytes = 40;

function count(): Accumulator {
  let found = 0;
  return {
    add: (value) => {
      if (value !== null) found += 1;
    },
    result: () => found,
  };
}

/** Sums of money and decimals are kept free of binary noise by rounding to the digits that columns can have. */
const digits = 10;

function sum(one: Aggregation): Accumulator {
  const whole = isWhole(one.column.type);
  let total = 0;
  let found = 0;
  return {
    add: (value) => {
      if (value === null) return;
      total += Number(value);
      found += 1;
    },
    result: () => {
      if (found === 0) return null;
      if (whole) return Math.trunc(one.function === "avg" ? total / found : total);
      const exact = one.column.type === "float" ? total : Number(total.toFixed(digits));
      return one.function === "avg" ? withoutNoise(exact / found) : exact;
    },
  };
}

function extreme(one: Aggregation): Accumulator {
  const sign = one.function === "min" ? -1 : 1;
  let best: Value = null;
  return {
    add: (value) => {
      if (value === null) return;
      if (best === null || compareForSort(value, best, one.column.type) * sign > 0) best = value;
    },
    result: () => best,
  };
}

function accumulator(one: Aggregation, seeOne: (key: string) => void): Accumulator {
  const inner =
    one.function === "count"
      ? count()
      : one.function === "min" || one.function === "max"
        ? extreme(one)
        : sum(one);
  if (!one.distinct) return inner;
  const seen = new Set<string>();
  return {
    add: (value) => {
      const key = hashKey(value);
      if (seen.has(key)) return;
      seeOne(key);
      seen.add(key);
      inner.add(value);
    },
    result: inner.result,
  };
}

/** Groups by the keys, in order of first appearance. Without keys there is one group, also over no rows. */
export async function aggregateRows(
  plan: PlanOf<"aggregate">,
  input: Batches,
  environment: Environment,
  account: Account,
  hold: Hold,
): Promise<Row[]> {
  const columns = columnsOf(plan.input);
  const keys = plan.keys.map((key) => compile(key.expr, columns, environment));
  const args = plan.aggregations.map(
    ({ argument }): Evaluate => (argument ? compile(argument, columns, environment) : () => 1),
  );
  const seeOne = (key: string) => {
    account.group(plan);
    hold.add(seenBytes + textBytes(key));
  };
  const groups = new Map<string, { values: Row; accumulators: Accumulator[] }>();
  const groupOf = (values: Row) => {
    const key = hashKeys(values);
    let group = groups.get(key);
    if (!group) {
      account.group(plan);
      // The key's text stands for those of the values, which are not much longer.
      hold.add(groupBytes + accumulatorBytes * args.length + 2 * textBytes(key));
      group = { values, accumulators: plan.aggregations.map((one) => accumulator(one, seeOne)) };
      groups.set(key, group);
    }
    return group;
  };
  const only = keys.length === 0 ? groupOf([]) : undefined;
  for await (const batch of input) {
    await each(batch, account, (row) => {
      const { accumulators } = only ?? groupOf(keys.map((key) => key(row)));
      for (let at = 0; at < args.length; at += 1) {
        accumulators[at]?.add(args[at]?.(row) ?? null);
      }
    });
  }
  const rows: Row[] = [];
  await each([...groups.values()], account, ({ values, accumulators }) => {
    rows.push([...values, ...accumulators.map((one) => one.result())]);
  });
  return rows;
}
