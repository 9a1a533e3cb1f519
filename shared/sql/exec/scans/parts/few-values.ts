import { columnType } from "../../../expression/column-type";
import type { PlanColumn } from "../../../expression/expression";
import { and, type FetchQuery } from "../../../fetchxml/model";
import type { Scan } from "../../../plan/nodes";
import type { Row, Value } from "../../../types/sql-type";
import type { Execution } from "../../execution";
import { pages } from "../pages";
import { orderOfGuid } from "./guid-order";

/** Ids that are looked at to know that the service sorts them as SQL Server does. */
const idsSeen = 50;

interface ReadColumn {
  readonly name: string;
  readonly type: "datetime" | "guid" | "lookup";
}

interface FewRows {
  readonly columns: readonly ReadColumn[];
  readonly count: number;
  /** Column of the root by which the rows are sorted. */
  readonly by: string;
  readonly descending?: boolean;
  /** Leaves out rows without a value in this column. */
  readonly present?: string;
}

/** Columns of the root in the first rows of an order, among the rows of the query. */
export async function fewRows(
  scan: Scan,
  { columns, count, by, descending = false, present }: FewRows,
  execution: Execution,
): Promise<readonly Row[]> {
  const { ref, filter } = scan.fetch;
  const isThere = (attribute: string) =>
    ({ kind: "condition", ref, attribute, operator: "not-null", values: [] }) as const;
  const fetch: FetchQuery = {
    ...scan.fetch,
    aggregate: undefined,
    inParts: false,
    distinct: false,
    top: count,
    orders: [{ attribute: by, descending }],
    filter: present ? and(...(filter?.parts.length ? [filter] : []), isThere(present)) : filter,
  };
  const found: Row[] = [];
  const reading: Scan = {
    kind: "scan",
    fetch,
    columns: columns.map((column) => ({ column: planColumn(column, scan) })),
    alsoAbove: [],
  };
  for await (const rows of pages(reading, execution)) found.push(...rows);
  return found;
}

function planColumn({ name, type }: ReadColumn, { fetch: { ref, primaryId } }: Scan): PlanColumn {
  const meta = {
    name,
    displayName: name,
    type,
    part: "value",
    base: name,
    onServer: true,
    isPrimaryId: name === primaryId,
  } as const;
  return { id: -1, name, type: columnType(meta), origin: { ref, part: "value", meta } };
}

/** The lowest or highest value of a time; null where it is that of no time. */
export async function edgeOfTime(
  scan: Scan,
  name: string,
  { descending = false, isPresent = false },
  execution: Execution,
): Promise<Value | undefined> {
  const order = { count: 1, by: name, descending, ...(isPresent && { present: name }) };
  const columns = [{ name, type: "datetime" }] as const;
  const [row] = await fewRows(scan, { columns, ...order }, execution);
  return row && (row[0] ?? null);
}

/** Ids as the service sorted them, by their places in SQL Server's order; undefined where these show another, such as that of texts. */
export function placesOfIds(ids: readonly (Value | undefined)[]): readonly bigint[] | undefined {
  const places = ids.filter((one) => typeof one === "string").map(orderOfGuid);
  const isSorted = places.every((place, at) => at === 0 || (places[at - 1] ?? 0n) <= place);
  return isSorted && places.length >= 2 ? places : undefined;
}

/** The lowest and the highest of the rows' own ids, by their places; undefined where their order is not known or they are too few. */
export async function edgesOfIds(
  scan: Scan,
  execution: Execution,
): Promise<readonly [low: bigint, high: bigint] | undefined> {
  const { primaryId: name } = scan.fetch;
  const id = { columns: [{ name, type: "guid" }], by: name } as const;
  const lowest = await fewRows(scan, { ...id, count: idsSeen }, execution);
  const highest = await fewRows(scan, { ...id, count: 1, descending: true }, execution);
  const places = placesOfIds([...lowest, ...highest].map(([one]) => one));
  const [low, high] = [places?.[0], places?.at(-1)];
  if (lowest.length < 2 || low === undefined || high === undefined) return undefined;
  return [low, high];
}
