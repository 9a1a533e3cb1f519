import { describe } from "../expression/describe";
import type { Expr } from "../expression/expression";
import { inputsOf, type Plan, type PlanOf, type Scan, type SortKey } from "./nodes";
import { fetchXmlOf, isOnePage } from "./scan";
import { whyHere } from "./why-here";

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

/** What is known of the rows that a step gives. */
export interface Counts {
  /** Rows that it gave. */
  readonly rows?: ReadonlyMap<Plan, number>;
  /** Rows that the service was asked about, in words. */
  readonly estimates?: ReadonlyMap<Plan, string>;
}

/** `8 rows`, `about 60,012 rows`, and why it is done here, in brackets behind a step. */
function remark(plan: Plan, { rows, estimates }: Counts): string {
  const count = rows?.get(plan);
  const words = [
    count === undefined
      ? undefined
      : `${count.toLocaleString("en-US")} ${count === 1 ? "row" : "rows"}`,
    estimates?.get(plan),
    whyHere(plan),
  ].filter((one) => one !== undefined);
  return words.length > 0 ? `  [${words.join("; ")}]` : "";
}

function describeScan(scan: Scan, indent: string, counts: Counts): string {
  const fallback = scan.fallback
    ? `\n${indent}  ${isOnePage(scan) ? "if it has more than one page" : "if the service refuses"}:\n${explain(scan.fallback, counts, `${indent}    `)}`
    : "";
  const inParts = scan.fetch.inParts ? ", in parts" : "";
  return `scan ${scan.fetch.table}${inParts}${remark(scan, counts)}\n${indentXml(fetchXmlOf(scan), `${indent}  `)}${fallback}`;
}

const listed = (expressions: readonly Expr[]): string => expressions.map(describe).join(", ");
const ordered = (keys: readonly SortKey[]): string =>
  keys.map((key) => describe(key.expr) + (key.descending ? " desc" : "")).join(", ");

function describeAggregate(plan: PlanOf<"aggregate">): string {
  const keys = plan.keys.map((key) => describe(key.expr));
  const sets = plan.sets?.map((set) => `(${set.map((at) => keys[at]).join(", ")})`);
  const by = sets ? `sets ${sets.join(", ")}` : keys.join(", ");
  const measures = plan.aggregations.map((one) => {
    const order = one.order.length > 0 ? ` order by ${ordered(one.order)}` : "";
    return `${one.name}(${one.distinct ? "distinct " : ""}${listed(one.args) || "*"}${order})`;
  });
  return `aggregate${by && ` by ${by}`}: ${measures.join(", ")}`;
}

function describeApply({ mode, parameters, when }: PlanOf<"apply">): string {
  const given = parameters.length > 0 ? ` for ${listed(parameters.map(({ expr }) => expr))}` : "";
  const what = mode.type === "quantified" ? `${mode.quantifier} ${describe(mode.test)}` : mode.type;
  return `apply ${what}${given}${when ? ` when ${describe(when)}` : ""}`;
}

function describeWindow({ partition, order, functions }: PlanOf<"window">): string {
  const calls = functions.map((one) => `${one.name}(${listed(one.args)})`).join(", ");
  const by = partition.length > 0 ? ` partition by ${listed(partition)}` : "";
  return `window ${calls} over${by}${order.length > 0 ? ` order by ${ordered(order)}` : ""}`;
}

function describeLimit({ offset, count, percent, given = {}, ties }: PlanOf<"limit">): string {
  const share = given.percent ? describe(given.percent) : percent;
  const rows = given.count ? describe(given.count) : (count ?? "all");
  const from = given.offset ? describe(given.offset) : offset;
  return `limit ${share === undefined ? rows : `${share} percent`}${ties ? " with ties" : ""}${from === 0 ? "" : ` offset ${from}`}`;
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
    case "apply":
      return describeApply(plan);
    case "aggregate":
      return describeAggregate(plan);
    case "window":
      return describeWindow(plan);
    case "set":
      return plan.operator;
    case "sort":
      return `sort ${ordered(plan.keys)}`;
    case "limit":
      return describeLimit(plan);
    case "distinct":
    case "spool":
    case "last round":
      return plan.kind;
    case "recursive":
      return `recursive, at most ${plan.most} rounds`;
    case "function":
      return `${plan.name}(${listed(plan.args)})`;
  }
}

/** A plan as an indented tree: what stands at a scan runs in Dataverse, the rest runs here, and says why. */
export function explain(plan: Plan, counts: Counts = {}, indent = ""): string {
  if (plan.kind === "scan") return indent + describeScan(plan, indent, counts);
  return [
    indent + headline(plan) + remark(plan, counts),
    ...inputsOf(plan).map((input) => explain(input, counts, `${indent}  `)),
  ].join("\n");
}

/** The scans of a plan, in the order in which they stand; what runs only if the service refuses is not among them. */
export const scansOf = (plan: Plan): readonly Scan[] =>
  plan.kind === "scan" ? [plan] : inputsOf(plan).flatMap(scansOf);
