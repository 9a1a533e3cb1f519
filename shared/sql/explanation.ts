import type { Execution } from "./exec/execution";
import { countInWords, countRows } from "./exec/scans/count";
import { type Counts, explain, scansOf } from "./plan/explain";
import type { Plan } from "./plan/nodes";
import { fetchXmlOf } from "./plan/scan";
import { type Prepared, prepare, type Question } from "./prepare";

export interface ExplainedScan {
  readonly table: string;
  readonly fetchXml: string;
}

export interface Explanation {
  /** What the service is asked, in the order of the plan; what is asked only if it refuses stands in `plan`. */
  readonly scans: readonly ExplainedScan[];
  /** The whole as an indented tree, with why a step is taken here. */
  readonly plan: string;
  /** Names of the rules that fired, in order. */
  readonly trace: readonly string[];
  readonly notes: readonly string[];
}

/** The plan of a query. Reads no rows. */
export async function explainQuery(
  options: Question & { readonly now: Date },
): Promise<Explanation> {
  return explanationOf(await prepare(options, options.now), {});
}

export const explanationOf = ({ plan, trace, notes }: Prepared, counts: Counts): Explanation => ({
  scans: scansOf(plan).map((scan) => ({ table: scan.fetch.table, fetchXml: fetchXmlOf(scan) })),
  plan: explain(plan, counts),
  trace,
  notes,
});

/** `EXPLAIN SELECT …`: the statement, with the word made blank so that places stay what they are. */
export function withoutExplain(sql: string): { readonly sql: string; readonly isExplain: boolean } {
  const [word] = /^\s*EXPLAIN(?=[\s(])/i.exec(sql) ?? [];
  return word === undefined
    ? { sql, isExplain: false }
    : { sql: word.replace(/explain/i, " ".repeat(7)) + sql.slice(word.length), isExplain: true };
}

/** How many rows stand behind each scan: one request for each, and none is read. */
export async function estimatesOf(
  plan: Plan,
  execution: Execution,
): Promise<ReadonlyMap<Plan, string>> {
  const estimates = new Map<Plan, string>();
  for (const scan of scansOf(plan)) {
    const words = countInWords(await countRows(scan, execution));
    if (words !== undefined) estimates.set(scan, `of ${words}`);
  }
  return estimates;
}
