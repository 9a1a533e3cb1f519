import type { Scan } from "../../../plan/nodes";
import type { Row } from "../../../types/sql-type";
import type { Execution } from "../../execution";
import { pages } from "../pages";
import { mostGroups, ofSpan, type Span } from "./spans";

/** The groups, or of what there is too much for the service. */
export async function readSpan(
  scan: Scan,
  span: Span,
  execution: Execution,
): Promise<readonly Row[] | "rows" | "groups"> {
  const rows: Row[] = [];
  try {
    const part = { ...scan, fetch: ofSpan(scan.fetch, span) };
    for await (const batch of pages(part, execution)) rows.push(...batch);
  } catch (error) {
    if (execution.source.isAggregateLimit(error)) return "rows";
    throw error;
  }
  return rows.length >= mostGroups ? "groups" : rows;
}
