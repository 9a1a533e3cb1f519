import { fetchXmlOf } from "../exec/scan";
import { describe } from "./describe";
import type { Plan, Scan } from "./nodes";

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
