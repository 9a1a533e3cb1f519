import type { Scan } from "../../plan/nodes";
import { int } from "../../types/sql-type";
import type { Execution } from "../execution";
import { pages } from "./pages";

/** How many rows the service aggregates at once. */
export const mostCounted = 50_000;

/** How many rows a scan has; "many" where they are more than the service counts, undefined where a source does not count. */
export type RowCount = number | "many" | undefined;

/** Asks in one request. */
export async function countRows(scan: Scan, execution: Execution): Promise<RowCount> {
  const { page: _, ...all } = scan.fetch;
  const { fetch } = scan;
  const attribute = {
    ref: fetch.ref,
    attribute: fetch.primaryId,
    alias: "n",
    groupBy: false,
    function: "count",
    distinct: false,
  } as const;
  const counting: Scan = {
    kind: "scan",
    fetch: { ...all, aggregate: [attribute], top: undefined, distinct: false, orders: [] },
    columns: [{ column: { id: -1, name: "n", type: int }, alias: "n" }],
    alsoAbove: [],
  };
  try {
    const found: unknown[] = [];
    for await (const rows of pages(counting, execution)) found.push(...rows.map(([n]) => n));
    const count = found.length === 1 ? found[0] : undefined;
    return Number.isSafeInteger(count) ? Number(count) : undefined;
  } catch (error) {
    if (execution.source.isAggregateLimit(error)) return "many";
    throw error;
  }
}

export const countInWords = (count: RowCount): string | undefined =>
  count === undefined
    ? undefined
    : count === "many"
      ? `more than ${mostCounted.toLocaleString("en-US")} rows`
      : `${count.toLocaleString("en-US")} ${count === 1 ? "row" : "rows"}`;
