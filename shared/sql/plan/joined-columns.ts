import type { ColumnKind } from "../catalog";
import type { Expr, PlanColumn } from "../expression/expression";
import type { Scan } from "./nodes";

/** Two columns that a join compares. */
export interface Pair {
  readonly left: PlanColumn;
  readonly right: PlanColumn;
}

/** `left.column = right.column` over stored columns of one kind, whichever way round it is written. */
export function asPair(expr: Expr, left: Scan, right: Scan): Pair | undefined {
  if (expr.kind !== "compare" || expr.operator !== "=") return undefined;
  if (expr.left.kind !== "column" || expr.right.kind !== "column") return undefined;
  const has = (scan: Scan, column: PlanColumn) =>
    scan.columns.some((one) => one.column.id === column.id);
  const [a, b] = [expr.left.column, expr.right.column];
  const pair =
    has(left, a) && has(right, b)
      ? { left: a, right: b }
      : has(left, b) && has(right, a)
        ? { left: b, right: a }
        : undefined;
  if (pair?.left.origin?.part !== "value" || pair.right.origin?.part !== "value") return undefined;
  const kind = kindOf(pair.left);
  return kind === kindOf(pair.right) && kind !== undefined && linkable.has(kind) ? pair : undefined;
}

/** Kinds of columns that a link can compare exactly as SQL does. */
const linkable: ReadonlySet<ColumnKind> = new Set([
  "guid",
  "integer",
  "choice",
  "boolean",
  "text",
  "bigint",
  "decimal",
  "money",
  "float",
  "datetime",
  "date",
]);

/** Ids and lookups are joined with each other; all else only with its own kind. */
const kindOf = ({ origin }: PlanColumn): ColumnKind | undefined =>
  origin?.meta.type === "lookup" ? "guid" : origin?.meta.type;
