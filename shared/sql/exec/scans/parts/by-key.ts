import type { Hold } from "../../../account/account";
import type { SqlError } from "../../../errors";
import type { Scan } from "../../../plan/nodes";
import type { Row } from "../../../types/sql-type";
import type { Execution } from "../../execution";
import { batchesOf, type PartsRead } from "./batches";
import { fewRows, placesOfIds } from "./few-values";
import { orderOfGuid } from "./guid-order";
import { refusalOfRequests } from "./many-groups";
import { readSpan } from "./read-span";
import { allOf, atOnce } from "./some-at-once";
import { cutAt, ofSpan, type Span, type SpanOfKey, spansOfKey } from "./spans";

/** How long requests take was weighed before. */
const nothingSent = { requests: 0, milliseconds: 0 };

/** Rows that are looked at to know where the values of a column lie. */
const rowsSeen = 5000;

/** A column of ids by which rows are grouped, and may be parted as well. */
export interface RangeKey {
  readonly attribute: string;
  readonly type: "guid" | "lookup";
  /** Its place in the groups. */
  readonly index: number;
}

/** How rows with many different ids in a column are parted, so that each part has all rows of its ids. */
export interface ByKey {
  readonly key: RangeKey;
  /** Into so many parts the rows are to be cut. */
  readonly parts: number;
  /** What the query ends with where that cannot be done. */
  readonly refusal: SqlError;
}

type ReadRest = (scan: Scan, execution: Execution, hold: Hold) => Promise<PartsRead | undefined>;

/** The column as one to part rows by; undefined where it is of another table than the first, or has no ids. */
export function rangeKeyOf({ fetch, columns }: Scan, attribute: string): RangeKey | undefined {
  const group = fetch.aggregate?.find(
    (one) =>
      one.groupBy &&
      one.dateGrouping === undefined &&
      one.ref === fetch.ref &&
      one.attribute === attribute,
  );
  const index = columns.findIndex(
    ({ alias, column }) => alias === group?.alias && column.origin?.part === "value",
  );
  const type = columns[index]?.column.origin?.meta.type;
  return group && (type === "guid" || type === "lookup") ? { attribute, type, index } : undefined;
}

/**
 * Groups of parts of the rows, each of the rows between two ids of a column: a group lies in one part only, so that the parts
 * are fewer than those by time, each of which has groups of most ids.
 *
 * @param readRest reads the rows of one id, or of none, where they alone are too many for one request
 * @throws SqlError the refusal, where the service compares no such ids, or sorts them in another way
 */
export async function readByKey(
  scan: Scan,
  { key, parts, refusal }: ByKey,
  execution: Execution,
  hold: Hold,
  readRest: ReadRest,
): Promise<PartsRead> {
  const seen = await placesSeen(scan, key, execution);
  if (!seen || !(await comparesIds(scan, key, seen, execution))) throw refusal;
  const { attribute } = key;
  const taken = batchesOf(scan, execution, hold);
  const alone: (readonly Row[])[] = [];
  const by = new Set<string>([attribute]);
  const spans: readonly Span[] = [
    { by: "no key", attribute },
    ...spansOfKey(attribute, bordersOf(seen, parts)),
  ];
  const waiting = [...spans].reverse();
  await allOf(
    waiting,
    async (span) => {
      const rows = await readSpan(scan, span, execution);
      if (typeof rows === "object") {
        if (span.by === "key" && !rows.every((row) => isWithin(span, row, key))) throw refusal;
        taken.take(rows);
        return;
      }
      const place = span.by === "key" ? middleOf(span, seen) : undefined;
      if (span.by === "key" && place !== undefined) {
        waiting.push(...[...cutAt(span, place)].reverse());
        const tooMany = refusalOfRequests(waiting.length, scan, execution, nothingSent);
        if (tooMany) throw tooMany;
        return;
      }
      const rest = await readRest({ ...scan, fetch: ofSpan(scan.fetch, span) }, execution, hold);
      if (!rest) throw refusal;
      alone.push(...rest.batches);
      for (const column of rest.by) by.add(column);
    },
    { most: () => atOnce, goesOn: () => true },
  );
  return { batches: [...taken.batches, ...alone], by: [...by] };
}

/** The ids of some rows by their places, in order; undefined where the service's order is not the known one. */
async function placesSeen(
  scan: Scan,
  { attribute, type }: RangeKey,
  execution: Execution,
): Promise<readonly bigint[] | undefined> {
  const { primaryId } = scan.fetch;
  const columns = [
    { name: primaryId, type: "guid" },
    { name: attribute, type },
  ] as const;
  const some = { columns, by: primaryId, count: rowsSeen, present: attribute };
  const rows = await fewRows(scan, some, execution);
  if (!placesOfIds(rows.map(([id]) => id))) return undefined;
  const ids = rows.map(([, id]) => id).filter((id) => typeof id === "string");
  return ids.map(orderOfGuid).sort(byPlace);
}

const byPlace = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Rows of exactly one id, asked for as those between it and the next: a service that compares no ids refuses that, or finds others. */
async function comparesIds(
  scan: Scan,
  key: RangeKey,
  seen: readonly bigint[],
  execution: Execution,
): Promise<boolean> {
  const low = seen[Math.floor(seen.length / 2)];
  if (low === undefined) return false;
  const [, one] = spansOfKey(key.attribute, [low, low + 1n]);
  if (!one) return false;
  try {
    const rows = await readSpan(scan, one, execution);
    return (
      typeof rows !== "object" || (rows.length > 0 && rows.every((row) => isWithin(one, row, key)))
    );
  } catch (error) {
    if (execution.source.isRefusal?.(error)) return false;
    throw error;
  }
}

/** Places between which there are about as many different ids each; an id with the rows of a whole part is one by itself. */
function bordersOf(seen: readonly bigint[], parts: number): readonly bigint[] {
  const rows = new Map<bigint, number>();
  for (const place of seen) rows.set(place, (rows.get(place) ?? 0) + 1);
  const different = [...rows.keys()];
  const count = Math.min(parts, different.length);
  const at = (part: number) => different[Math.floor((different.length * part) / count)] ?? 0n;
  const even = Array.from({ length: count - 1 }, (_, part) => at(part + 1));
  const heavy = different.filter((place) => (rows.get(place) ?? 0) > seen.length / count);
  const all = new Set([...even, ...heavy.flatMap((place) => [place, place + 1n])]);
  return [...all].filter((place) => place > 0n).sort(byPlace);
}

/**
 * Where a part that holds too much is cut: in the middle of the rows seen there, so that an id of very many rows is soon alone, or
 * of all ids there can be; undefined for one id.
 */
function middleOf({ low, high }: SpanOfKey, seen: readonly bigint[]): bigint | undefined {
  if (high - low < 2n) return undefined;
  const within = seen.filter((place) => place >= low && place < high);
  const middle = within[Math.floor(within.length / 2)] ?? (low + high) / 2n;
  return middle > low ? middle : low + 1n;
}

function isWithin({ low, high }: SpanOfKey, row: Row, { index }: RangeKey): boolean {
  const id = row[index];
  if (typeof id !== "string") return false;
  const place = orderOfGuid(id);
  return place >= low && place < high;
}
