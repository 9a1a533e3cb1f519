import type { Account, Hold } from "../account/account";
import { each } from "../account/each";
import { textBytes } from "../account/row-size";
import type { Environment } from "../expression/environment";
import { compile } from "../expression/evaluate";
import type { PlanColumn } from "../expression/expression";
import { weightOf } from "../expression/weight";
import type { SortKey } from "../plan/nodes";
import { sortKeyOf } from "../types/compare";
import type { Row } from "../types/sql-type";

type Key = string | number | bigint | null;
/** The row, and its keys behind it: one object less for each row than a pair would be. */
type Keyed = readonly [row: Row, ...keys: Key[]];

/** Rows that are sorted at one go: short enough not to hold the event loop. */
const runLength = 8192;
/** A keyed row takes an array of its own, beside the row. */
const keyedBytes = 64;

export interface Sorting {
  readonly keys: readonly SortKey[];
  /** Of the rows, in order. */
  readonly columns: readonly PlanColumn[];
}

/** Sorts by keys computed once for each row; rows with equal keys keep their order; NULL is lowest. */
export async function sortRows(
  { keys: by, columns }: Sorting,
  rows: readonly Row[],
  environment: Environment,
  account: Account,
  hold: Hold,
): Promise<Row[]> {
  const keys = by.map(({ expr }) => ({
    evaluate: compile(expr, columns, environment),
    sortKey: sortKeyOf(expr.type),
  }));
  const signs = by.map(({ descending }) => (descending ? -1 : 1));
  const keyed: Keyed[] = [];
  const visit = (row: Row) => {
    let bytes = keyedBytes;
    const values = keys.map(({ evaluate, sortKey }): Key => {
      const value = evaluate(row);
      if (value === null) return null;
      const key = sortKey(value);
      bytes += typeof key === "string" ? textBytes(key) : 8;
      return key;
    });
    hold.add(bytes);
    keyed.push([row, ...values]);
  };
  const weight = weightOf(by.map(({ expr }) => expr));
  await each(rows, account, visit, weight);
  const [sign = 1] = signs;
  const byOne: Compare = (a, b) => compareKeys(a[1] as Key, b[1] as Key) * sign;
  const byAll: Compare = (a, b) => {
    for (let at = 1; at <= signs.length; at += 1) {
      const order = compareKeys(a[at] as Key, b[at] as Key);
      if (order !== 0) return order * (signs[at - 1] ?? 1);
    }
    return 0;
  };
  const sorted = await mergeSort(keyed, signs.length === 1 ? byOne : byAll, account);
  return sorted.map(([row]) => row);
}

type Compare = (a: Keyed, b: Keyed) => number;

/** Short runs are sorted by the engine, then merged in pairs, with the event loop given back in between. Stable. */
async function mergeSort(items: Keyed[], compare: Compare, account: Account): Promise<Keyed[]> {
  let runs: Keyed[][] = [];
  for (let start = 0; start < items.length; start += runLength) {
    runs.push(items.slice(start, start + runLength).sort(compare));
    await account.pause();
  }
  while (runs.length > 1) {
    const longer: Keyed[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      const [left = [], right] = runs.slice(at, at + 2);
      longer.push(right === undefined ? left : await merge(left, right, compare, account));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

async function merge(
  left: readonly Keyed[],
  right: readonly Keyed[],
  compare: Compare,
  account: Account,
): Promise<Keyed[]> {
  const [last, first] = [left[left.length - 1], right[0]];
  if (last && first && compare(last, first) <= 0) return left.concat(right);
  const merge: Merge = { left, right, fromLeft: 0, fromRight: 0, merged: [] };
  while (mergeSome(merge, compare, account)) await account.pause();
  const { merged, fromLeft, fromRight } = merge;
  for (const item of left.slice(fromLeft)) merged.push(item);
  for (const item of right.slice(fromRight)) merged.push(item);
  return merged;
}

interface Merge {
  readonly left: readonly Keyed[];
  readonly right: readonly Keyed[];
  fromLeft: number;
  fromRight: number;
  readonly merged: Keyed[];
}

/** Merges until the account is due, or one side has ended: then false. */
function mergeSome(merge: Merge, compare: Compare, account: Account): boolean {
  const { left, right, merged } = merge;
  while (merge.fromLeft < left.length && merge.fromRight < right.length) {
    const a = left[merge.fromLeft] as Keyed;
    const b = right[merge.fromRight] as Keyed;
    const takeLeft = compare(a, b) <= 0;
    merged.push(takeLeft ? a : b);
    if (takeLeft) merge.fromLeft += 1;
    else merge.fromRight += 1;
    if (account.due()) return true;
  }
  return false;
}

function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}
