import type { Hold } from "../../account/account";
import { rowMeasure } from "../../account/row-size";
import { columnType } from "../../expression/column-type";
import type { PlanColumn } from "../../expression/expression";
import { and, type FetchQuery } from "../../fetchxml/model";
import type { Scan } from "../../plan/nodes";
import type { Row, Value } from "../../types/sql-type";
import type { Execution } from "../execution";
import { CostOfParts } from "./cost-of-parts";
import { orderOfGuid } from "./guid-order";
import { pages } from "./pages";
import { cut, mostGroups, ofSpan, type Span, spansOfIds, spansOfTime } from "./spans";

/** So many queries are under way at once: the service allows a person 52. */
const atOnce = 4;
/** Ids that are looked at to know that the service sorts them as SQL Server does. */
const idsSeen = 50;

export interface PartsRead {
  /** Groups of each part. */
  readonly batches: readonly (readonly Row[])[];
  /** Columns by which the rows were parted. */
  readonly by: readonly string[];
}

/**
 * Groups of parts of the rows, each small enough for the service: spans of the time at which rows were made, and of ids where
 * too many were made at one time. Undefined when the rows cannot be parted so.
 */
export async function readInParts(
  scan: Scan,
  execution: Execution,
  hold: Hold,
): Promise<PartsRead | undefined> {
  const waiting: Span[] = [...((await firstSpans(scan, execution)) ?? [])].reverse();
  if (waiting.length === 0) return undefined;
  const batches: (readonly Row[])[] = [];
  const measure = rowMeasure(scan);
  const by = new Set<string>();
  const cost = new CostOfParts(scan, execution, waiting);
  let isPossible = true;
  const readOne = async (span: Span) => {
    by.add(span.by === "id" ? scan.fetch.primaryId : (scan.fetch.createdOn ?? ""));
    const rows = await readSpan(scan, span, execution);
    if (typeof rows === "object") {
      for (const row of rows) {
        const size = measure([...row]);
        hold.add(size.row + size.texts);
        execution.account.group(scan);
      }
      batches.push(rows);
      return;
    }
    const cuts = rows === "groups" ? await cost.ofGroups(span) : undefined;
    const parts = cut(span, cuts) ?? (await byIds(scan, span, execution));
    if (parts) waiting.push(...[...parts].reverse());
    else isPossible = false;
    cost.demandRoom();
  };
  // Until one part is known to be small enough, others of its size would be asked for in vain.
  const most = () => (batches.length > 0 ? atOnce : 1);
  await allOf(waiting, readOne, { most, goesOn: () => isPossible });
  return isPossible ? { batches, by: [...by] } : undefined;
}

/** Works through a list that grows meanwhile, some at once. What fails ends the others before it is thrown. */
async function allOf<One>(
  waiting: One[],
  work: (one: One) => Promise<void>,
  { most, goesOn }: { readonly most: () => number; readonly goesOn: () => boolean },
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  while ((waiting.length > 0 || underWay.size > 0) && failures.length === 0 && goesOn()) {
    const one = underWay.size < most() ? waiting.pop() : undefined;
    if (one === undefined) {
      await Promise.race(underWay);
      continue;
    }
    const task = work(one)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(task));
    underWay.add(task);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}

/** The groups, or of what there is too much for the service. */
async function readSpan(
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

/** Undefined when the table has neither a time of making nor ids that are sorted as was thought. */
async function firstSpans(scan: Scan, execution: Execution): Promise<readonly Span[] | undefined> {
  const { createdOn } = scan.fetch;
  if (createdOn === undefined) return byIds(scan, { by: "all" }, execution);
  const column = { name: createdOn, type: "datetime" } as const;
  const [first] = await firstValues(scan, column, 1, false, execution);
  const [low] =
    first === null ? await firstValues(scan, column, 1, false, execution, true) : [first];
  const none: readonly Span[] = first === null ? [{ by: "none" }] : [];
  // Rows that are gone since the service refused: one part has them all.
  if (low === undefined || low === null) return first === null ? none : [];
  const [high] = await firstValues(scan, column, 1, true, execution, true);
  return [...none, ...spansOfTime(Number(low), Number(high ?? low))];
}

async function byIds(
  scan: Scan,
  span: Span,
  execution: Execution,
): Promise<readonly Span[] | undefined> {
  if (span.by === "id") return undefined;
  const within = { ...scan, fetch: ofSpan(scan.fetch, span) };
  const column = { name: scan.fetch.primaryId, type: "guid" } as const;
  const lowest = await firstValues(within, column, idsSeen, false, execution);
  const [highest] = await firstValues(within, column, 1, true, execution);
  const ids = [...lowest, highest].filter((id) => typeof id === "string");
  const places = ids.map(orderOfGuid);
  const isSorted = places.every((place, at) => at === 0 || (places[at - 1] ?? 0n) <= place);
  const [low, high] = [places[0], places.at(-1)];
  // Another order, such as that of texts, would put a row into two parts or none.
  if (!isSorted || lowest.length < 2 || low === undefined || high === undefined) return undefined;
  return spansOfIds(span, low, high);
}

/** The lowest or highest values of a column of the root, among the rows of the query. */
async function firstValues(
  scan: Scan,
  { name, type }: { readonly name: string; readonly type: "datetime" | "guid" },
  count: number,
  descending: boolean,
  execution: Execution,
  isPresent = false,
): Promise<readonly Value[]> {
  const { ref, filter, primaryId } = scan.fetch;
  const meta = {
    name,
    displayName: name,
    type,
    part: "value",
    base: name,
    onServer: true,
    isPrimaryId: name === primaryId,
  } as const;
  const column: PlanColumn = {
    id: -1,
    name,
    type: columnType(meta),
    origin: { ref, part: "value", meta },
  };
  const present = {
    kind: "condition",
    ref,
    attribute: name,
    operator: "not-null",
    values: [],
  } as const;
  const fetch: FetchQuery = {
    ...scan.fetch,
    aggregate: undefined,
    inParts: false,
    distinct: false,
    top: count,
    orders: [{ attribute: name, descending }],
    filter: isPresent ? and(...(filter?.parts.length ? [filter] : []), present) : filter,
  };
  const values: Value[] = [];
  const one: Scan = { kind: "scan", fetch, columns: [{ column }], alsoAbove: [] };
  for await (const rows of pages(one, execution))
    for (const [value = null] of rows) values.push(value);
  return values;
}
