import { inputsOf, type Plan, type Scan } from "../../plan/nodes";
import { isOnePage } from "../../plan/scan";
import type { Row } from "../../types/sql-type";
import type { Batches, Execution } from "../execution";
import { countRows, mostCounted } from "./count";
import { tooMany } from "./gate";
import { pages } from "./pages";
import type { PartsRead } from "./parts/batches";
import { readInParts } from "./parts/read-in-parts";
import { mostGroups } from "./parts/spans";

export async function* scanRows(
  scan: Scan,
  execution: Execution,
  wanted: number | undefined,
  runFallback: (plan: Plan) => Batches,
): Batches {
  if (isOnePage(scan)) yield* onePage(scan, execution, runFallback);
  else if (!scan.fetch.aggregate) yield* plainRows(scan, execution, wanted);
  else if (scan.fetch.inParts) yield* groupsOfParts(scan, execution, runFallback);
  else yield* groups(scan, execution, runFallback);
}

/** The rows, if they come in one page. */
async function* onePage(
  scan: Scan,
  execution: Execution,
  runFallback: (plan: Plan) => Batches,
): Batches {
  let isPart = false;
  const tell = (hasMore: boolean) => {
    isPart = hasMore;
  };
  let only: readonly Row[] = [];
  for await (const rows of pages(scan, execution, undefined, tell)) {
    only = rows;
    break;
  }
  if (isPart && scan.fallback) yield* runFallback(scan.fallback);
  else yield only;
}

/**
 * Where all rows are needed and were not counted before, the first page tells whether they are many; then they are counted before
 * more are read.
 */
async function* plainRows(scan: Scan, execution: Execution, wanted?: number): Batches {
  const step = execution.counted?.has(scan) ? undefined : execution.readWhole?.get(scan);
  let isFirst = step !== undefined;
  for await (const rows of pages(scan, execution, wanted)) {
    if (isFirst && step && execution.shown?.hasMore)
      await refuseTooMany(scan, step, rows.length, execution);
    isFirst = false;
    yield rows;
  }
}

async function refuseTooMany(
  scan: Scan,
  step: Plan,
  read: number,
  execution: Execution,
): Promise<void> {
  const most = execution.account.remaining + read;
  // What the service counts says nothing of a limit above.
  if (most > mostCounted) return;
  const count = await countRows(scan, execution);
  if (count === undefined || (count !== "many" && count <= most)) return;
  throw tooMany(
    scan,
    step,
    count,
    execution,
    `It was stopped after ${read.toLocaleString("en-US")}.`,
  );
}

/** All groups in one page; on too many rows or groups for the service the fallback works them out. */
async function* groups(
  scan: Scan,
  execution: Execution,
  runFallback: (plan: Plan) => Batches,
): Batches {
  const rows = await readGroups(scan, execution);
  if (rows) {
    yield rows.length === 0 ? emptyGroup(scan) : rows;
  } else if (scan.fallback) {
    if (isReadHere(scan.fallback)) sayReadHere(scan, execution);
    yield* runFallback(scan.fallback);
  }
}

/** Does it read single rows, and not only the first of an order? */
const isReadHere = (plan: Plan): boolean =>
  plan.kind === "scan"
    ? !plan.fetch.aggregate && plan.fetch.top === undefined
    : inputsOf(plan).some(isReadHere);

const sayReadHere = (scan: Scan, { notes }: Execution) =>
  notes.add(
    `${scan.fetch.table}: too many rows for the service to aggregate, so they were read and aggregated here.`,
  );

async function* groupsOfParts(
  scan: Scan,
  execution: Execution,
  runFallback: (plan: Plan) => Batches,
): Batches {
  const hold = execution.account.open(scan);
  try {
    const found = await readInParts(scan, execution, hold);
    if (found) {
      sayInParts(scan, found, execution);
      for (const rows of found.batches) yield rows.length === 0 ? emptyGroup(scan) : rows;
    } else if (scan.fallback) {
      sayReadHere(scan, execution);
      yield* runFallback(scan.fallback);
    }
  } finally {
    hold.release();
  }
}

function sayInParts(scan: Scan, { batches, by }: PartsRead, { notes }: Execution): void {
  const { table } = scan.fetch;
  notes.add(
    `${table}: more rows than the service aggregates at once, so it was asked for ${batches.length} parts of them, by ${by.join(" and ")}, and these were put together here. Rows that came or went meanwhile may be counted or not.`,
  );
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
  const row = scan.columns.map(({ alias, column }) => {
    const name = aggregates.find((one) => one.alias === alias)?.function;
    if (name !== "count" && name !== "countcolumn") return null;
    return column.type.kind === "bigint" ? 0n : 0;
  });
  return [row];
}
