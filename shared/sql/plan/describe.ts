import { childrenOf, type Expr } from "./expression";

/** An expression in SQL's words, for plans and tests. */
export function describe(expr: Expr): string {
  switch (expr.kind) {
    case "column": {
      const ref = expr.column.origin?.ref;
      return ref ? `${ref}.${expr.column.name}` : expr.column.name;
    }
    case "constant":
      return typeof expr.value === "string" ? `'${expr.value}'` : String(expr.value ?? "NULL");
    case "currentUser":
      return "CURRENT_USER";
    case "arithmetic":
    case "compare":
      return `(${describe(expr.left)} ${expr.operator} ${describe(expr.right)})`;
    case "logic":
      return `(${expr.operands.map(describe).join(` ${expr.operator.toUpperCase()} `)})`;
    case "not":
      return `NOT ${describe(expr.operand)}`;
    case "isNull":
      return `${describe(expr.operand)} IS ${expr.negated ? "NOT " : ""}NULL`;
    case "in":
      return `${describe(expr.operand)} ${expr.negated ? "NOT " : ""}IN (${expr.list.map(describe).join(", ")})`;
    case "like":
      return `${describe(expr.operand)} ${expr.negated ? "NOT " : ""}LIKE ${describe(expr.pattern)}`;
    case "call":
      return `${expr.name}(${expr.args.map(describe).join(", ")})`;
    case "cast":
      return `CAST(${describe(expr.operand)} AS ${expr.type})`;
    case "case":
      return `CASE(${childrenOf(expr).map(describe).join(", ")})`;
  }
}
