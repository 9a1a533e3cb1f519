import { type Change, type Expr, mapChildren, type Scalar } from "../expression/expression";
import type { PlanOf, ProjectItem } from "./nodes";

/** Expressions in place of columns, by the columns' ids. */
export type Replacements = ReadonlyMap<number, Scalar>;

export const replacementsOf = (items: readonly ProjectItem[]): Replacements =>
  new Map(items.map(({ column, expr }) => [column.id, expr]));

/** The expression with columns replaced; the same object when it names none of them. */
export function substitute<Whole extends Expr>(expr: Whole, by: Replacements): Whole {
  if (expr.kind === "column") return (by.get(expr.column.id) ?? expr) as Whole;
  const change: Change = (part) => substitute(part, by);
  return mapChildren(expr, change);
}

/** Only renames and leaves away: whatever stands above may as well read the columns below. */
export const isRenaming = ({ items }: PlanOf<"project">): boolean =>
  items.every(({ expr }) => expr.kind === "column");

/** Besides adds constants, which are the same for each row that there is. */
export const isPlainProject = ({ items }: PlanOf<"project">): boolean =>
  items.every(({ expr }) => expr.kind === "column" || expr.kind === "constant");

/** An item that stays what it is when it is computed elsewhere or twice, at no cost. */
export const isPlain = ({ kind }: Scalar): boolean =>
  kind === "column" || kind === "constant" || kind === "parameter" || kind === "currentUser";

/** The expression with parameters replaced by what they stand for. */
export function substituteParameters<Whole extends Expr>(expr: Whole, by: Replacements): Whole {
  if (expr.kind === "parameter") return (by.get(expr.column.id) ?? expr) as Whole;
  const change: Change = (part) => substituteParameters(part, by);
  return mapChildren(expr, change);
}
