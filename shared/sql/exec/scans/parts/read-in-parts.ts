import type { Hold } from "../../../account/account";
import type { Scan } from "../../../plan/nodes";
import type { Execution } from "../../execution";
import { batchesOf, type PartsRead } from "./batches";
import { type ByKey, readByKey } from "./by-key";
import { CostOfParts } from "./cost-of-parts";
import { edgeOfTime, edgesOfIds } from "./few-values";
import { readSpan } from "./read-span";
import { allOf, atOnce } from "./some-at-once";
import { cut, ofSpan, type Span, spansOfIds, spansOfTime } from "./spans";

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
  const taken = batchesOf(scan, execution, hold);
  const by = new Set<string>();
  const cost = new CostOfParts(scan, execution, waiting);
  let isPossible = true;
  const instead: { byKey?: ByKey } = {};
  const readOne = async (span: Span) => {
    by.add(span.by === "id" ? scan.fetch.primaryId : (scan.fetch.createdOn ?? ""));
    const rows = await readSpan(scan, span, execution);
    if (typeof rows === "object") {
      taken.take(rows);
      return;
    }
    const cuts = rows === "groups" ? await cost.ofGroups(span) : undefined;
    if (typeof cuts === "object") {
      instead.byKey = cuts;
      return;
    }
    const parts = cut(span, cuts) ?? (await byIds(scan, span, execution));
    if (parts) waiting.push(...[...parts].reverse());
    else isPossible = false;
    cost.demandRoom();
  };
  // Until one part is known to be small enough, others of its size would be asked for in vain.
  const most = () => (taken.batches.length > 0 ? atOnce : 1);
  await allOf(waiting, readOne, { most, goesOn: () => isPossible && !instead.byKey });
  // What was read so far is read again, in other parts.
  if (instead.byKey) return readByKey(scan, instead.byKey, execution, hold, readInParts);
  return isPossible ? { batches: taken.batches, by: [...by] } : undefined;
}

/** Undefined when the table has neither a time of making nor ids that are sorted as was thought. */
async function firstSpans(scan: Scan, execution: Execution): Promise<readonly Span[] | undefined> {
  const { createdOn } = scan.fetch;
  if (createdOn === undefined) return byIds(scan, { by: "all" }, execution);
  const first = await edgeOfTime(scan, createdOn, {}, execution);
  const isPresent = true;
  const low = first === null ? await edgeOfTime(scan, createdOn, { isPresent }, execution) : first;
  const none: readonly Span[] = first === null ? [{ by: "none" }] : [];
  // Rows that are gone since the service refused: one part has them all.
  if (low === undefined || low === null) return first === null ? none : [];
  const last = { descending: true, isPresent };
  const high = await edgeOfTime(scan, createdOn, last, execution);
  return [...none, ...spansOfTime(Number(low), Number(high ?? low))];
}

/** Another order of ids than SQL Server's would put a row into two parts or none. */
async function byIds(
  scan: Scan,
  span: Span,
  execution: Execution,
): Promise<readonly Span[] | undefined> {
  if (span.by !== "time" && span.by !== "all" && span.by !== "none") return undefined;
  const within = { ...scan, fetch: ofSpan(scan.fetch, span) };
  const edges = await edgesOfIds(within, execution);
  return edges && spansOfIds(span, ...edges);
}
