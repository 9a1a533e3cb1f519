import { inTurn } from "../../account/heavy-pages";
import { createInFlight } from "../../account/in-flight";
import { PageSize } from "../../account/page-size";
import type { SourceCell, SourceRequest, SourceValue } from "../../catalog";
import { kindOf } from "../../expression/column-type";
import type { PlanColumn } from "../../expression/expression";
import type { Scan, ScanColumn } from "../../plan/nodes";
import { fetchXmlOf, storedName } from "../../plan/scan";
import { beginningOf } from "../../shape";
import { fromNumber } from "../../types/print";
import type { Row, SqlType, Value } from "../../types/sql-type";
import type { Batches, Execution } from "../execution";
import { PageReader } from "./page-reader";
import { PageWindow } from "./page-window";

const fullPage = 5000;
/** Rows of a first page when fewer are wanted: what reads them may leave some out. */
const smallestPage = 500;

function cellOf({ column, alias }: ScanColumn, scan: Scan): SourceCell {
  const { origin } = column;
  const stored = origin?.base?.origin?.meta ?? origin?.meta;
  const targets = stored?.targets ?? [];
  return {
    link: origin && origin.ref !== scan.fetch.ref ? origin.ref : undefined,
    name: alias ?? storedName(column),
    aliased: alias !== undefined,
    part: origin?.part ?? "value",
    // The stored kind: a label is text, but it is read from a choice.
    type: stored?.type ?? kindOf(column.type),
    onlyTarget: targets.length === 1 ? targets[0] : undefined,
  };
}

/**
 * Rows of one query of the service, page by page.
 *
 * @param tell told of each page whether more of the wanted rows lie behind it, before it is given
 */
export async function* pages(
  scan: Scan,
  execution: Execution,
  wanted?: number,
  tell?: (hasMore: boolean) => void,
): Batches {
  const { source, signal, account } = execution;
  account.request(scan.fetch.table);
  const pageSize = pageSizeOf(scan, Math.min(fullPage, account.remaining), wanted);
  const whole = withoutTop(scan, pageSize);
  const changes = [typer(scan), cutterOf(scan, execution)].filter((each) => each !== undefined);
  const window = new PageWindow(scan, whole === scan);
  const request = requestOf(scan, whole, execution, {
    pageSize: pageSize.rows,
    nextPageSize: () => Math.min(pageSize.rows, window.wanted),
  });
  const inFlight = createInFlight(scan, () => pageSize.rows, account);
  const found = source.scan(request)[Symbol.asyncIterator]();
  const read = async () => {
    const { value: page } = await found.next();
    if (page) pageSize.learn(page.rows);
    if (page === undefined) return undefined;
    return {
      more: page.more,
      count: page.rows.length,
      rows: await changed(page.rows, changes, account),
    };
  };
  const reader = new PageReader(() =>
    pageSize.isHeavy ? inTurn(heavyPage(pageSize.characters, execution), read) : read(),
  );
  // Where all rows are needed, the next page is on its way while the rows of this one are worked on.
  const isAhead = !pageSize.isHeavy && execution.counted?.has(scan) === true;
  try {
    await inFlight.expect();
    while (!window.isDone) {
      const page = await reader.next();
      signal.throwIfAborted();
      if (page === undefined) return;
      const given = page.rows.slice(0, account.remaining);
      const rows = window.take(given);
      // Groups of parts are many for few rows; they are counted as groups.
      if (!scan.fetch.inParts) account.read(page.count);
      await inFlight.arrived(rows);
      const hasMore = !window.isDone && page.more;
      if (execution.shown) execution.shown.hasMore = hasMore;
      tell?.(hasMore);
      const goesOn = hasMore || (!window.isDone && given.length < page.count);
      if (!isAhead) yield rows;
      if (goesOn) {
        account.request(scan.fetch.table);
        await inFlight.expect();
      }
      if (!isAhead) continue;
      if (hasMore) reader.begin();
      yield rows;
    }
  } finally {
    inFlight.release();
    await reader.end();
    await found.return?.();
  }
}

const pageSizeOf = (scan: Scan, most: number, wanted = fullPage): PageSize =>
  new PageSize(
    scan.fetch.aggregate ? [] : scan.columns.map(({ column }) => lengthOf(column)),
    most,
    Math.max(wanted, smallestPage),
  );

const requestOf = (
  scan: Scan,
  asked: Scan,
  { account, signal }: Execution,
  sizes: Pick<SourceRequest, "pageSize" | "nextPageSize">,
): SourceRequest => ({
  table: scan.fetch.table,
  fetchXml: fetchXmlOf(asked),
  cells: scan.columns.map((column) => cellOf(column, scan)),
  ...sizes,
  look: (rows: number) => (account.due(rows) ? account.pause() : undefined),
  signal,
});

const heavyPage = (characters: number, { account, signal }: Execution) => ({
  characters,
  order: account.order,
  patience: account.patience,
  signal,
  crowded: () => account.crowded(),
});

/** What is computed from a column is as long as the column's own text; a label or name is short. */
const lengthOf = ({ origin }: PlanColumn): number =>
  origin?.part === "value" ? (origin.meta.maxLength ?? 0) : 0;

/** TOP brings all its rows in one page, however many and heavy they are: then pages are counted here. */
function withoutTop(scan: Scan, { isHeavy, rows }: PageSize): Scan {
  const { page, top = page?.size, ...fetch } = scan.fetch;
  return top !== undefined && (isHeavy || top > rows)
    ? { ...scan, fetch: { ...fetch, top: undefined } }
    : scan;
}

/** A service counts in binary fractions: what it sums of a decimal is noise behind these digits. */
const fromService = (value: SourceValue, type: SqlType): Value =>
  typeof value === "number" ? fromNumber(value, type) : value;

/** Numbers whose values here are exact ones. */
const isExact = ({ kind }: SqlType): boolean =>
  kind === "decimal" || kind === "money" || kind === "bigint";

type RowChange = (row: Row) => Row;

/** Rows that are changed between two looks at the clock. */
const rowsBetween = 256;

/** A page has 5,000 rows of as many as a hundred columns: others run while they are changed. */
async function changed(
  rows: readonly Row[],
  changes: readonly RowChange[],
  account: Execution["account"],
): Promise<readonly Row[]> {
  if (changes.length === 0) return rows;
  const result: Row[] = [];
  for (const row of rows) {
    result.push(changes.reduce((each, change) => change(each), row));
    if (result.length % rowsBetween === 0 && account.due(rowsBetween)) await account.pause();
  }
  return result;
}

/** Values of exact types as the engine counts them; all others are what the source gives. Undefined: nothing is to change. */
function typer(scan: Scan): RowChange | undefined {
  const exact = scan.columns.flatMap(({ column }, index) =>
    isExact(column.type) ? [{ index, type: column.type }] : [],
  );
  if (exact.length === 0) return undefined;
  return (row) => {
    const copy: Value[] = [...row];
    for (const { index, type } of exact)
      copy[index] = fromService((row[index] ?? null) as SourceValue, type);
    return copy;
  };
}

/** Cuts the texts that are only shown to what an answer can show, before the page is let go. */
function cutterOf(scan: Scan, { shown }: Execution): RowChange | undefined {
  if (shown === undefined) return undefined;
  const { characters, lengths } = shown;
  const indexes = scan.columns.flatMap(({ column }, index) =>
    shown.columns.has(column.id) && lengthOf(column) > characters ? [index] : [],
  );
  if (indexes.length === 0) return undefined;
  return (row) => {
    const copy = [...row];
    for (const index of indexes) {
      const value = copy[index];
      if (typeof value !== "string" || value.length <= characters) continue;
      const beginning = beginningOf(value, characters);
      lengths.set(beginning, value.length);
      copy[index] = beginning;
    }
    return copy;
  };
}
