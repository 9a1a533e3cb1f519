import { childrenOf, type Expr } from "./expression";

/** Parts of an expression that take about as long as the handling of a row. */
const partsOfARow = 16;

/** Parts that are gone over for each row: a list of constants is one look into a set. */
function partsOf(expr: Expr): number {
  if (expr.kind === "in" && expr.list.every(({ kind }) => kind === "constant"))
    return 1 + partsOf(expr.operand);
  let parts = 1;
  for (const child of childrenOf(expr)) parts += partsOf(child);
  return parts;
}

/** How much a row counts on which these are computed: 1 is a row that is only handed on. */
export const weightOf = (expressions: readonly Expr[]): number =>
  1 + Math.floor(expressions.reduce((sum, expr) => sum + partsOf(expr), 0) / partsOfARow);
