import type { Scan } from "../nodes";
import type { Rule } from "../rule";
import { isPlainScan } from "../scan";

/**
 * distinct(project(scan)) lets the service leave out repeated rows, which saves pages. The local
 * distinct stays: names and labels may repeat where the stored values differ.
 */
export const foldDistinctIntoScan: Rule = {
  name: "fold-distinct-into-scan",
  apply(plan) {
    if (plan.kind !== "distinct" || plan.input.kind !== "project") return undefined;
    const project = plan.input;
    if (!isPlainScan(project.input)) return undefined;
    const used = new Set<number>();
    for (const { expr } of project.items) {
      if (expr.kind !== "column") return undefined;
      const kind = expr.column.origin?.meta.type;
      // A distinct query is sorted by its columns: by names that are not for the caller.
      if (expr.column.origin?.meta.isNameless) return undefined;
      if (kind === undefined || kind === "memo" || kind === "choices") return undefined;
      used.add(expr.column.id);
    }
    const scan = project.input;
    const columns = scan.columns.filter((one) => used.has(one.column.id));
    const folded: Scan = { ...scan, columns, fetch: { ...scan.fetch, distinct: true } };
    return { ...plan, input: { ...project, input: folded } };
  },
};
