import { toInvariant } from "../types/print";
import { typeName } from "../types/sql-type";
import { childrenOf, type Expr, type ExprOf } from "./expression";

function describeConstant({ value, type }: ExprOf<"constant">): string {
  if (value === null) return "NULL";
  if (typeof value === "number" || typeof value === "boolean")
    return typeof value === "number" && /date|time/.test(type.kind)
      ? `'${toInvariant(value, type)}'`
      : String(value);
  return typeof value === "string" && !/binary/.test(type.kind)
    ? `'${value}'`
    : /date|time/.test(type.kind)
      ? `'${toInvariant(value, type)}'`
      : toInvariant(value, type);
}

function describeOptions({ operand, test, sets, negated }: ExprOf<"options">): string {
  const options = sets.map((set) => set.map(({ value }) => value).join("+")).join(", ");
  return `${describe(operand)} ${negated ? "NOT " : ""}${test === "are" ? "ARE" : "CONTAIN"} (${options})`;
}

/** An expression in SQL's words, for plans and tests. */
export function describe(expr: Expr): string {
  switch (expr.kind) {
    case "column":
    case "parameter": {
      const ref = expr.column.origin?.ref;
      return ref ? `${ref}.${expr.column.name}` : expr.column.name;
    }
    case "constant":
      return describeConstant(expr);
    case "truth":
      return expr.value === null ? "UNKNOWN" : String(expr.value);
    case "isTrue":
      return describe(expr.operand);
    case "currentUser":
      return "CURRENT_USER";
    case "unary":
      return `${expr.operator}${describe(expr.operand)}`;
    case "binary":
    case "compare":
      return `(${describe(expr.left)} ${expr.operator} ${describe(expr.right)})`;
    case "distinct":
      return `(${describe(expr.left)} IS ${expr.negated ? "NOT " : ""}DISTINCT FROM ${describe(expr.right)})`;
    case "logic":
      return `(${expr.operands.map(describe).join(` ${expr.operator.toUpperCase()} `)})`;
    case "not":
      return `NOT ${describe(expr.operand)}`;
    case "isNull":
      return `${describe(expr.operand)} IS ${expr.negated ? "NOT " : ""}NULL`;
    case "in":
      return `${describe(expr.operand)} ${expr.negated ? "NOT " : ""}IN (${expr.list.map(describe).join(", ")})`;
    case "service":
      return `${describe(expr.operand)} = ${expr.name}(${expr.values.join(", ")})`;
    case "like":
      return `${describe(expr.operand)} ${expr.negated ? "NOT " : ""}LIKE ${describe(expr.pattern)}`;
    case "options":
      return describeOptions(expr);
    case "call": {
      const args = expr.args.map(describe);
      if (expr.keyword !== undefined) args[0] = expr.keyword;
      return `${expr.name}(${args.join(", ")})`;
    }
    case "cast":
      return `${expr.isTry ? "TRY_CAST" : "CAST"}(${describe(expr.operand)} AS ${typeName(expr.type)})`;
    case "case":
      return `CASE(${childrenOf(expr).map(describe).join(", ")})`;
  }
}
