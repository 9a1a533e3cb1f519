import { columnsIn, conjuncts, type Expr, type PlanColumn } from "../../expression/expression";
import { columnIdsOf, type Plan, type PlanOf, type Scan } from "../nodes";

/** `column of the rows = value of what is around`: a condition that is only true where the column has a value. */
export interface KeyEquality {
  readonly key: PlanColumn;
  readonly outside: Expr;
}

/** The equality of a plain column of these rows with something that names none of their columns. */
export function keyEquality(part: Expr, rows: Plan): KeyEquality | undefined {
  if (part.kind !== "compare" || part.operator !== "=") return undefined;
  const ids = columnIdsOf(rows);
  const names = (expr: Expr) => [...columnsIn(expr)];
  for (const [inside, outside] of [
    [part.left, part.right],
    [part.right, part.left],
  ] as const) {
    if (inside.kind !== "column" || !ids.has(inside.column.id)) continue;
    const around = names(outside);
    if (around.length > 0 && !around.some(({ id }) => ids.has(id)))
      return { key: inside.column, outside };
  }
  return undefined;
}

/** Is there no value that two of these rows have in this column? Of NULL nothing is said. */
export const isUnique = (plan: Plan, id: number): boolean => isUniqueBy(plan, new Set([id]));

/** The same of the values of several columns together. */
function isUniqueBy(plan: Plan, ids: ReadonlySet<number>): boolean {
  switch (plan.kind) {
    case "scan":
      return isUniqueInScan(plan, ids);
    case "filter":
    case "sort":
    case "limit":
    case "distinct":
      return isUniqueBy(plan.input, ids);
    case "aggregate":
      return !plan.sets && plan.keys.every(({ column }) => ids.has(column.id));
    case "project":
      return isUniqueBy(plan.input, new Set(passedOn(plan, ids)));
    case "join":
      return isUniqueInJoin(plan, ids);
    default:
      return false;
  }
}

const passedOn = ({ items }: PlanOf<"project">, ids: ReadonlySet<number>): readonly number[] =>
  items.flatMap(({ column, expr }) =>
    ids.has(column.id) && expr.kind === "column" ? [expr.column.id] : [],
  );

function isUniqueInScan({ fetch, columns }: Scan, ids: ReadonlySet<number>): boolean {
  if (fetch.aggregate) {
    const groups = fetch.aggregate.filter(({ groupBy }) => groupBy);
    const known = columns.filter(({ column }) => ids.has(column.id)).map(({ alias }) => alias);
    return groups.every(({ alias }) => known.includes(alias));
  }
  return (
    fetch.links.length === 0 &&
    columns.some(
      ({ column: { id, origin } }) =>
        ids.has(id) &&
        origin?.part === "value" &&
        origin.meta.isPrimaryId &&
        origin.ref === fetch.ref,
    )
  );
}

/** A side of a join keeps its keys where each of its rows meets one row of the other at most. */
function isUniqueInJoin(join: PlanOf<"join">, ids: ReadonlySet<number>): boolean {
  const { left, right, type } = join;
  if (type === "full") return false;
  if (type === "semi" || type === "anti") return isUniqueBy(left, ids);
  if (isUniqueBy(left, ids) && meetsOneOf(join, right)) return true;
  return type === "inner" && isUniqueBy(right, ids) && meetsOneOf(join, left);
}

/** Does a row of the other side meet one row of this one at most? */
export function meetsOneOf({ on }: PlanOf<"join">, side: Plan): boolean {
  const keys = conjuncts(on).flatMap((part) => keyEquality(part, side)?.key.id ?? []);
  return keys.length > 0 && isUniqueBy(side, new Set(keys));
}
