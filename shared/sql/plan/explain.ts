import { fetchXmlOf } from "../exec/scan";
import { childrenOf, type Expr } from "./expression";
import type { Plan, Scan } from "./nodes";

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

/** Breaks FetchXML into lines, one element each. */
const indentXml = (xml: string, indent: string): string => {
  let depth = 0;
  const lines = xml.replaceAll("><", ">\n<").split("\n");
  return lines
    .map((line) => {
      if (line.startsWith("</")) depth -= 1;
      const written = indent + "  ".repeat(depth) + line;
      if (!line.startsWith("</") && !line.endsWith("/>") && !line.includes("</")) depth += 1;
      return written;
    })
    .join("\n");
};

function describeScan(scan: Scan, indent: string): string {
  const fallback = scan.fallback
    ? `\n${indent}  if the service refuses:\n${explain(scan.fallback, `${indent}    `)}`
    : "";
  return `scan ${scan.fetch.table}\n${indentXml(fetchXmlOf(scan), `${indent}  `)}${fallback}`;
}

function headline(plan: Exclude<Plan, Scan>): string {
  switch (plan.kind) {
    case "rows":
      return `rows (${plan.rows.length})`;
    case "filter":
      return `filter ${describe(plan.predicate)}`;
    case "project":
      return `project ${plan.items.map(({ column, expr }) => `${column.name} = ${describe(expr)}`).join(", ")}`;
    case "join":
      return `${plan.type} join on ${describe(plan.on)}`;
    case "aggregate": {
      const keys = plan.keys.map((key) => describe(key.expr)).join(", ");
      const measures = plan.aggregations.map(
        (one) =>
          `${one.function}(${one.distinct ? "distinct " : ""}${one.argument ? describe(one.argument) : "*"})`,
      );
      return `aggregate${keys && ` by ${keys}`}: ${measures.join(", ")}`;
    }
    case "sort":
      return `sort ${plan.keys.map((key) => describe(key.expr) + (key.descending ? " desc" : "")).join(", ")}`;
    case "limit":
      return `limit ${plan.count ?? "all"}${plan.offset > 0 ? ` offset ${plan.offset}` : ""}`;
    case "distinct":
      return "distinct";
  }
}

/** A plan as an indented tree: what stands at a scan runs in Dataverse, the rest runs here. */
export function explain(plan: Plan, indent = ""): string {
  if (plan.kind === "scan") return indent + describeScan(plan, indent);
  const inputs =
    plan.kind === "rows" ? [] : plan.kind === "join" ? [plan.left, plan.right] : [plan.input];
  return [indent + headline(plan), ...inputs.map((input) => explain(input, `${indent}  `))].join(
    "\n",
  );
}
