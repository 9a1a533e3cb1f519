import type { SourceCell } from "../catalog";
import { toFetchXml } from "../fetchxml/serialize";
import type { Plan, Scan, ScanColumn } from "../plan/nodes";
import { attributesOf, storedName } from "../plan/scan";
import type { Row } from "../types";
import { createInFlight } from "./in-flight";
import type { Batches, Execution } from "./run";

const fullPage = 5000;
/** A query may read 50,000 rows, and a call may make 200 requests. */
const smallestPage = 500;
/** The service returns at most so many groups, and cannot page them. */
const mostGroups = 5000;

export const fetchXmlOf = (scan: Scan): string =>
  toFetchXml(scan.fetch, (ref) => attributesOf(scan, ref));

function cellOf({ column, alias }: ScanColumn, scan: Scan): SourceCell {
  const { origin } = column;
  const stored = origin?.base?.origin?.meta ?? origin?.meta;
  const targets = stored?.targets ?? [];
  return {
    link: origin && origin.ref !== scan.fetch.ref ? origin.ref : undefined,
    name: alias ?? storedName(column),
    aliased: alias !== undefined,
    part: origin?.part ?? "value",
    // The stored type: a label is text, but it is read from a choice.
    type: stored?.type ?? column.type,
    onlyTarget: targets.length === 1 ? targets[0] : undefined,
  };
}

export async function* scanRows(
  scan: Scan,
  execution: Execution,
  wanted: number | undefined,
  runFallback: (plan: Plan) => Batches,
): Batches {
  if (scan.fetch.aggregate) yield* groups(scan, execution, runFallback);
  else yield* pages(scan, execution, wanted);
}

async function* pages(scan: Scan, execution: Execution, wanted?: number): Batches {
  const { source, signal, account } = execution;
  account.request(scan.fetch.table);
  const size = wanted === undefined ? fullPage : Math.max(wanted, smallestPage);
  const request = {
    table: scan.fetch.table,
    fetchXml: fetchXmlOf(scan),
    cells: scan.columns.map((column) => cellOf(column, scan)),
    pageSize: Math.min(fullPage, size, account.remaining),
    signal,
  };
  const inFlight = createInFlight(scan, request.pageSize, account);
  try {
    await inFlight.expect();
    for await (const page of source.scan(request)) {
      signal.throwIfAborted();
      const rows = page.rows.slice(0, account.remaining);
      account.read(page.rows.length);
      await inFlight.arrived(rows);
      yield rows;
      if (page.more || rows.length < page.rows.length) {
        account.request(scan.fetch.table);
        await inFlight.expect();
      }
    }
  } finally {
    inFlight.release();
  }
}

/** All groups in one page; on too many rows or groups for the service the fallback counts here. */
async function* groups(
  scan: Scan,
  execution: Execution,
  runFallback: (plan: Plan) => Batches,
): Batches {
  const rows = await readGroups(scan, execution);
  if (rows) {
    yield rows.length === 0 ? emptyGroup(scan) : rows;
  } else if (scan.fallback) {
    execution.notes.add(
      `${scan.fetch.table}: too many rows for the service to aggregate, so they were read and aggregated here.`,
    );
    yield* runFallback(scan.fallback);
  }
}

async function readGroups(scan: Scan, execution: Execution): Promise<Row[] | undefined> {
  const rows: Row[] = [];
  try {
    for await (const batch of pages(scan, execution)) {
      for (const row of batch) rows.push(row);
      if (rows.length >= mostGroups && scan.fallback) return undefined;
    }
  } catch (error) {
    if (scan.fallback && execution.source.isAggregateLimit(error)) return undefined;
    throw error;
  }
  return rows;
}

/** Without GROUP BY there is always one group, also when there are no rows: counts are 0, all else NULL. */
function emptyGroup(scan: Scan): Row[] {
  const aggregates = scan.fetch.aggregate ?? [];
  if (aggregates.some((one) => one.groupBy)) return [];
  const row = scan.columns.map(({ alias }) => {
    const name = aggregates.find((one) => one.alias === alias)?.function;
    return name === "count" || name === "countcolumn" ? 0 : null;
  });
  return [row];
}
