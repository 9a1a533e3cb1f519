import type { Execution } from "../exec/execution";
import { countInWords, countRows } from "../exec/scans/count";
import type { Plan, Scan } from "../plan/nodes";

/**
 * How many rows there are beside those of TOP, where the service can count them in one request: undefined where TOP left none
 * out, for a single row, and where rows are left out or made here.
 */
export async function totalBesideTop(
  plan: Plan,
  rows: number,
  execution: Execution,
): Promise<string | undefined> {
  const scan = rows > 1 ? toppedScan(plan) : undefined;
  if (scan?.fetch.top !== rows) return undefined;
  return countInWords(await countRows(scan, execution));
}

function toppedScan(plan: Plan): Scan | undefined {
  if (plan.kind === "project") return toppedScan(plan.input);
  return plan.kind === "scan" && !plan.fetch.aggregate && !plan.fetch.distinct ? plan : undefined;
}
