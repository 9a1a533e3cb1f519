import { classOf, type SqlType } from "../types";
import { childrenOf, type Expr } from "./expression";

/**
 * Characters that a text holds which is of no MAX type: 8,000 bytes, at one byte a character or two.
 *
 * @see https://learn.microsoft.com/sql/t-sql/data-types/char-and-varchar-transact-sql
 * @see https://learn.microsoft.com/sql/t-sql/data-types/nchar-and-nvarchar-transact-sql
 */
const longestPlain = 8000;
const longestUnicode = 4000;
/** Characters of one text of a MAX type that is computed here: twice the longest that Dataverse stores in a memo. */
export const longestMax = 2_097_152;

/** How long a computed text may become, and what happens to a longer one. */
export interface TextRoom {
  readonly characters: number;
  /** T-SQL cuts silently; a text of a MAX type is refused when it becomes too long. */
  readonly cuts: boolean;
}

/** Is it VARCHAR(MAX) or NVARCHAR(MAX)? The type `memo` says so for what is computed from memos, too. */
export const isMax = (expr: Expr): boolean =>
  expr.type === "memo" ||
  (expr.kind === "column" &&
    expr.column.origin?.part === "value" &&
    expr.column.origin.meta.isMax === true) ||
  // A literal that is longer than a plain text is of a MAX type.
  (expr.kind === "constant" &&
    typeof expr.value === "string" &&
    expr.value.length > (isUnicode(expr) ? longestUnicode : longestPlain));

/** Is it NVARCHAR? Everything that Dataverse stores is. */
export function isUnicode(expr: Expr): boolean {
  switch (expr.kind) {
    case "constant":
    case "cast":
      return expr.unicode === true;
    case "column":
      return classOf(expr.type) === "text";
    case "call":
    case "case":
    case "arithmetic":
      return childrenOf(expr).some(isUnicode);
    default:
      return false;
  }
}

/** The type of a text made from these: of a MAX type when one of them is. */
export const textOf = (parts: readonly Expr[]): SqlType => (parts.some(isMax) ? "memo" : "text");

export function roomOf(expr: Expr): TextRoom {
  if (isMax(expr)) return { characters: longestMax, cuts: false };
  return { characters: isUnicode(expr) ? longestUnicode : longestPlain, cuts: true };
}
