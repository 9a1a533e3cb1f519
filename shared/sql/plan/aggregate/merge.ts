import { columnExpr, constant, type PlanColumn, type Scalar } from "../../expression/expression";
import type { BoundCall } from "../../functions/function";
import { int, type SqlType, type Value } from "../../types/sql-type";
import type { Aggregation } from "../nodes";
import type { RuleContext } from "../rule";
import { substitute } from "../substitute";
import type { Groups } from "./groups";
import { averageFrom } from "./measures";
import { aggregation } from "./raws";

const isCount = (name: string): boolean => name === "COUNT" || name === "COUNT_BIG";

const call = (
  name: string,
  type: SqlType,
  args: readonly Scalar[],
  run: BoundCall["run"],
): Scalar => ({
  kind: "call",
  type,
  name,
  args,
  bound: { type, nullable: true, takes: args.map((arg) => arg.type), run },
});

/** The sum of counts; of no groups at all it is 0. */
export const orZero = (count: Scalar): Scalar =>
  call("ISNULL", count.type, [count, constant(0, int)], ([value = null]) =>
    value === null ? (count.type.kind === "bigint" ? 0n : 0) : value,
  );

/** What is computed of parts of the rows, put together for all of them. */
export function mergeOf(
  raw: Aggregation,
  partial: PlanColumn,
  context: RuleContext,
): { readonly aggregation: Aggregation; readonly value: Scalar } | undefined {
  const name = isCount(raw.name) ? "SUM" : raw.name;
  if (name !== "SUM" && name !== "MIN" && name !== "MAX") return undefined;
  const merged = aggregation(name, [columnExpr(partial)], context);
  if (!merged || merged.column.type.kind !== raw.column.type.kind) return undefined;
  const value = columnExpr(merged.column);
  return { aggregation: merged, value: isCount(raw.name) ? orZero(value) : value };
}

/** So many times a value, as if each of so many rows had it. */
function times(value: Scalar, count: Scalar): Scalar | undefined {
  const { kind } = value.type;
  const run = (multiply: (a: Value, n: Value) => Value): BoundCall["run"] => {
    return ([one = null, rows = null]) => (one === null ? null : multiply(one, rows));
  };
  if (kind === "int")
    return call(
      "*",
      value.type,
      [value, count],
      run((one, rows) => Number(one) * Number(rows)),
    );
  if (kind === "bigint" || kind === "decimal" || kind === "money")
    return call(
      "*",
      value.type,
      [value, count],
      run((one, rows) => (one as bigint) * BigInt(Number(rows))),
    );
  return undefined;
}

/** How many rows of a group have a value. */
const present = (value: Scalar, count: Scalar): Scalar => ({
  kind: "case",
  type: count.type,
  whens: [
    {
      when: { kind: "isNull", type: "predicate", operand: value, negated: false },
      result: constant(0, count.type),
    },
  ],
  otherwise: count,
});

/** Aggregates that are worked out over groups of rows that are alike in what they ask for. */
export interface OverGroups {
  readonly aggregations: readonly Aggregation[];
  readonly value: Scalar;
}

/** Does the aggregate come of groups of rows that are alike in its argument? */
export function isOverGroups({ name, args, order, distinct, bound }: Aggregation): boolean {
  if (args.length !== 1 || order.length > 0) return false;
  if (name === "MIN" || name === "MAX") return true;
  if (isCount(name)) return true;
  if (name !== "SUM" && name !== "AVG") return false;
  const kind = bound.takes[0]?.kind;
  return !distinct && (kind === "int" || kind === "bigint" || kind === "decimal");
}

/**
 * An aggregate of a row's expression, over groups instead: each counts as often as it has rows.
 *
 * @param rows how many rows a group has
 */
export function overGroups(
  one: Aggregation,
  { by }: Groups,
  rows: Scalar,
  context: RuleContext,
): OverGroups | undefined {
  const [argument] = one.args.map((arg) => substitute(arg, by));
  if (!argument) return undefined;
  if (one.name === "MIN" || one.name === "MAX" || one.distinct) {
    const made = { ...one, args: [argument] };
    return { aggregations: [made], value: columnExpr(one.column) };
  }
  const counted = aggregation("SUM", [present(argument, rows)], context);
  if (!counted) return undefined;
  const count = columnExpr(counted.column);
  if (isCount(one.name)) {
    const { type } = one.column;
    const value =
      type.kind === "bigint"
        ? call("COUNT_BIG", type, [count], ([n = null]) => BigInt(Number(n ?? 0)))
        : orZero(count);
    return { aggregations: [counted], value };
  }
  const weighted = times(argument, rows);
  const summed = weighted && aggregation("SUM", [weighted], context);
  if (!summed) return undefined;
  const sum = columnExpr(summed.column);
  if (one.name === "SUM") return { aggregations: [summed], value: sum };
  const value = averageFrom(sum, count, argument.type, one.column.type);
  return { aggregations: [summed, counted], value };
}
