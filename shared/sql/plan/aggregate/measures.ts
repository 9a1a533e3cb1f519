import type { ColumnKind } from "../../catalog";
import { columnExpr, constant, type PlanColumn, type Scalar } from "../../expression/expression";
import { averageOf } from "../../functions/aggregate/aggregates";
import type { SqlType } from "../../types/sql-type";
import type { Aggregation } from "../nodes";
import type { RuleContext } from "../rule";
import { storedName } from "../scan";
import { linearOf } from "./linear";
import { aggregation, type MeasureValue, type Raws } from "./raws";
import { sumOfLinear } from "./sum-of-linear";

/** Money is not here: the service converts it to the base currency, SQL does not. */
const summable: ReadonlySet<ColumnKind> = new Set(["integer", "decimal", "float"]);
const comparable: ReadonlySet<ColumnKind> = new Set(["integer", "decimal", "float", "datetime"]);

/** The column itself, or the one of which a sum can be told from its own sum. */
function columnOf({ name, distinct }: Aggregation, argument: Scalar): PlanColumn | undefined {
  if (argument.kind === "column") return argument.column;
  return (name === "SUM" || name === "AVG") && !distinct ? linearOf(argument)?.column : undefined;
}

/** The column that the service can aggregate; "rows" for COUNT(*). */
export function measurable(one: Aggregation): PlanColumn | "rows" | undefined {
  const [argument, ...more] = one.args;
  if (more.length > 0 || one.order.length > 0) return undefined;
  const isCount = one.name === "COUNT" || one.name === "COUNT_BIG";
  if (!argument) return isCount ? "rows" : undefined;
  const column = columnOf(one, argument);
  if (column?.origin?.part !== "value") return undefined;
  const kind = column.origin.meta.type;
  switch (one.name) {
    case "COUNT":
    case "COUNT_BIG": {
      const plain = kind !== "memo" && kind !== "choices";
      return plain || !one.distinct ? column : undefined;
    }
    case "SUM":
    case "AVG":
      return !one.distinct && summable.has(kind) ? column : undefined;
    case "MIN":
    case "MAX":
      return comparable.has(kind) ? column : undefined;
    default:
      return undefined;
  }
}

/** NULL where nothing was counted: SQL has NULL where the service has 0. */
export const unlessNone = (count: Scalar, value: Scalar, type: SqlType): Scalar => ({
  kind: "case",
  type,
  whens: [
    {
      when: {
        kind: "compare",
        type: "predicate",
        operator: "=",
        left: count,
        right: constant(count.type.kind === "bigint" ? 0n : 0, count.type),
      },
      result: constant(null, type),
    },
  ],
  otherwise: value,
});

/** AVG from a sum and a count, which cuts whole numbers as SQL does. */
export function averageFrom(sum: Scalar, count: Scalar, of: SqlType, type: SqlType): Scalar {
  const average = averageOf(of);
  return {
    kind: "call",
    type,
    name: "AVG",
    args: [sum, count],
    bound: {
      type,
      nullable: true,
      takes: [sum.type, count.type],
      run: ([total = null, rows = null]) =>
        total === null || rows === null || Number(rows) === 0 ? null : average(total, Number(rows)),
    },
  };
}

/** What the service is asked for, and how the query's aggregate comes of it. */
export function measureOf(
  one: Aggregation,
  column: PlanColumn | "rows",
  root: { readonly ref: string; readonly attribute: string },
  raws: Raws,
  context: RuleContext,
): MeasureValue | undefined {
  const plain = { distinct: one.distinct };
  if (column === "rows") {
    const made = raws.add({
      attribute: { ...root, function: "count", ...plain },
      aggregation: one,
    });
    return (standsFor) => standsFor(made);
  }
  const of = { ref: column.origin?.ref ?? "", attribute: storedName(column) };
  if (one.name === "COUNT" || one.name === "COUNT_BIG") {
    const attribute = { ...of, function: "countcolumn", ...plain } as const;
    const made = raws.add({ attribute, aggregation: one });
    return (standsFor) => standsFor(made);
  }
  if (one.name === "MIN" || one.name === "MAX") {
    const name = one.name === "MIN" ? "min" : "max";
    const attribute = { ...of, function: name, distinct: false } as const;
    const made = raws.add({ attribute, aggregation: { ...one, distinct: false } });
    return (standsFor) => standsFor(made);
  }
  const [given] = one.args;
  if (given && given.kind !== "column") return sumOfLinear(one, given, root, raws, context);
  const argument = columnExpr(column);
  const summing = aggregation("SUM", [argument], context);
  const counting = aggregation("COUNT", [argument], context);
  if (!summing || !counting) return undefined;
  const sum = raws.add({
    attribute: { ...of, function: "sum", distinct: false },
    aggregation: summing,
  });
  const count = raws.add({
    attribute: { ...of, function: "countcolumn", distinct: false },
    aggregation: counting,
  });
  const { type } = one.column;
  return (standsFor) => {
    const [total, rows] = [standsFor(sum), standsFor(count)];
    const value = one.name === "SUM" ? total : averageFrom(total, rows, column.type, type);
    return unlessNone(rows, value, type);
  };
}
