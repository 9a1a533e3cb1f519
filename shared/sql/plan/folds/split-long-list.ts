import {
  conjunction,
  conjuncts,
  type Expr,
  type ExprOf,
  type Scalar,
} from "../../expression/expression";
import { fromPredicate } from "../../fetchxml/from-predicate";
import {
  and,
  bytesOf,
  bytesOfConditions,
  bytesOfValue,
  conditionsIn,
  longestConditions,
} from "../../fetchxml/model";
import { hashKeyOf } from "../../types/compare";
import type { Value } from "../../types/sql-type";
import { columnsOf, type Scan } from "../nodes";
import type { Rule } from "../rule";
import { isPlainScan } from "../scan";

type List = ExprOf<"in">;

/**
 * filter(scan) by a list that no request can carry becomes a scan for each part of it, measured by bytes. A value stands in
 * one part, by the equality of SQL, and each part is looked at here again: the service may take more texts for the same.
 */
export const splitLongList: Rule = {
  name: "split-long-list",
  apply(plan) {
    if (plan.kind !== "filter" || !isPlainScan(plan.input)) return undefined;
    const scan = plan.input;
    const parts = conjuncts(plan.predicate).filter((part) => !scan.alsoAbove.includes(part));
    const there = bytesOfConditions(scan.fetch);
    if (there + parts.reduce((sum, part) => sum + bytesOfPart(part), 0) <= longestConditions)
      return undefined;
    const list = longestOf(parts);
    if (list === undefined) return undefined;
    const beside = parts.reduce((sum, part) => sum + (part === list ? 0 : bytesOfPart(part)), 0);
    // What stands beside the list goes down with each of its parts, unless that leaves them no room.
    const room = longestConditions - there - Math.min(beside, longestConditions / 2);
    const lists = splitBy(withoutNull(list), room);
    if (lists.length < 2) return undefined;
    const inputs = lists.map((one) => ({
      kind: "filter" as const,
      input: withList(scan, one),
      predicate: swapped(plan.predicate, list, one),
    }));
    return { kind: "set", operator: "union all", inputs, columns: columnsOf(scan) };
  },
};

function longestOf(parts: readonly Expr[]): List | undefined {
  let longest: { list: List; bytes: number } | undefined;
  for (const part of parts) {
    const bytes = isList(part) ? bytesOfPart(part) : 0;
    if (isList(part) && bytes > (longest?.bytes ?? 0)) longest = { list: part, bytes };
  }
  return longest?.list;
}

const isList = (part: Expr): part is List => part.kind === "in" && !part.negated;

/** NULL in a list is equal to nothing. */
const withoutNull = (list: List): List => ({
  ...list,
  list: list.list.filter((item) => item.kind !== "constant" || item.value !== null),
});

const knownBytes = new WeakMap<Expr, number>();

/** Bytes of what the service can take; 0 where it cannot. A long list is written out once, however often it is looked at. */
function bytesOfPart(part: Expr): number {
  const known = knownBytes.get(part);
  if (known !== undefined) return known;
  const pushed = fromPredicate(isList(part) ? withoutNull(part) : part);
  const bytes = pushed ? bytesOf(pushed.filter) : 0;
  knownBytes.set(part, bytes);
  return bytes;
}

/** Equal values once, in parts of so many bytes. */
function splitBy(list: List, room: number): List[] {
  const key = hashKeyOf(list.operand.type);
  const items = new Map(
    list.list.map((item) => [item.kind === "constant" ? key(item.value as Value) : item, item]),
  );
  const parts: Scalar[][] = [];
  const bytesOfItems = eachBytes(list, [...items.values()]);
  let left = 0;
  for (const [at, item] of [...items.values()].entries()) {
    const bytes = bytesOfItems[at] ?? 0;
    if (bytes > left || parts.length === 0) {
      parts.push([]);
      left = room - aroundList;
    }
    left -= bytes;
    parts.at(-1)?.push(item);
  }
  return parts.map((part) => ({ ...list, list: part }));
}

/** Bytes of each value as the request holds it, encoded. */
function eachBytes(list: List, items: readonly Scalar[]): readonly number[] {
  const valuesOf = (some: readonly Scalar[]) => {
    const pushed = fromPredicate({ ...list, list: some });
    return pushed ? conditionsIn(and(pushed.filter)).flatMap((one) => one.values) : [];
  };
  const sumOf = (values: readonly string[]) =>
    values.reduce((sum, value) => sum + bytesOfValue(value), 0);
  const values = valuesOf(items);
  // Some say more than one value in the request.
  return values.length === items.length
    ? values.map(bytesOfValue)
    : items.map((item) => sumOf(valuesOf([item])));
}

/** Names and brackets around the values. */
const aroundList = 1000;

/** The list goes down, and stays above as well. */
function withList(scan: Scan, list: List): Scan {
  const pushed = fromPredicate(list);
  if (!pushed) return scan;
  const filter = and(...(scan.fetch.filter?.parts ?? []), pushed.filter);
  return { ...scan, fetch: { ...scan.fetch, filter }, alsoAbove: [...scan.alsoAbove, list] };
}

const swapped = (predicate: Expr, list: List, part: List): Expr =>
  conjunction(conjuncts(predicate).map((one) => (one === list ? part : one))) ?? predicate;
