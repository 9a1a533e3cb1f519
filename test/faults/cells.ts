import type { Passing } from "../support/fault-proxy";
import type { Extent } from "./calls";
import { type Fault, faultsOfIdentity, faultsOfReads, faultsOfWrites } from "./faults";
import type { Place } from "./lane";
import { oddReads, oddWrites } from "./odd-answers";

/** The `list` of faults that the page tells of, or `odd` answers beside it. */
export type FaultSet = "list" | "odd";

/** Which of a call's requests is struck. */
export type Spot =
  | "identity"
  | "definitions"
  | "asking"
  | "asking, last"
  | "page"
  | "page, last"
  | "first read"
  | "later read"
  | "write"
  | "second write"
  | "last write"
  | "check";

/** One fault at one request of a use. */
export interface Cell {
  readonly spot: Spot;
  readonly place: Place | undefined;
  readonly fault: Fault;
}

/** Spots whose requests all tools send alike. They are met by a process that has read nothing yet. */
const usual: ReadonlySet<Spot> = new Set(["identity", "definitions"]);
/** One tool that reads and one that writes try all faults of definitions, the others these. */
const fewOfDefinitions: ReadonlySet<string> = new Set(["503 always", "{} always", "stall always"]);
/** What shows in a read of what is only looked up, or looked at afterwards, as the others would. */
const few: ReadonlySet<string> = new Set([
  ...["429 number", "503 always", "401 once", "401 always", "403 page", "404 page"],
  ...["500 always", "HTML 200 always", "empty always", "{} always", "redirect 302 always"],
  ...["reset once", "reset always", "stall always", "dead"],
]);
/** Of what is read to ask for somebody's yes, by the call that asks and by the page: it is read by the tool's own code. */
const fewOfAsking: ReadonlySet<string> = new Set([
  ...["503 always", "401 always", "404 page", "HTML 200 always", "{} always"],
  ...["reset once", "stall always", "dead"],
]);
/** Of the writes behind the first one. */
const fewOfWrites: ReadonlySet<string> = new Set([
  ...["429 long", "503 always", "401 always", "404 page", "stall", "dead"],
  ...["reset", "500", "HTML 200", "{}"].flatMap((name) => [
    `${name}, not done`,
    `${name}, done`,
    `${name}, done, then dead`,
  ]),
  ...["reset, done late", "504, done late", "slow past the deadline"],
]);

/** The requests that a use made when nothing was wrong. */
export interface Requests {
  /** As after a start. */
  readonly cold: readonly Passing[];
  readonly warm: readonly Passing[];
  /** Of the call that asked for somebody's yes, and of the page that was opened for it; empty where there is none. */
  readonly asking: readonly Passing[];
  readonly page: readonly Passing[];
}

/**
 * The faults of every spot of a use. Each use meets every fault, where it counts: at its first write, or at its first read when it
 * only reads.
 *
 * @param extent `all` faults of definitions and of reads before a write, too
 */
export function cellsOf(
  { cold, warm, asking, page }: Requests,
  extent: Extent,
  set: FaultSet = "list",
): Cell[] {
  const spots = new Map<Spot, Place | undefined>([["identity", undefined]]);
  const definitions = cold.findIndex(({ purpose }) => purpose === "definitions");
  if (definitions >= 0) spots.set("definitions", placeOf(cold, definitions));

  const reads = indexesOf(warm, "look");
  const writes = indexesOf(warm, "write");
  const [firstWrite = warm.length] = writes;
  const before = reads.filter((at) => at < firstWrite);
  const put = (spot: Spot, at: number | undefined) => {
    if (at === undefined) return;
    const place = placeOf(warm, at);
    const isNew = [...spots.values()].every(
      (each) => each?.name !== place.name || each.after !== place.after,
    );
    if (isNew) spots.set(spot, place);
  };
  put("first read", before[0]);
  put("later read", before.at(-1));
  put("write", writes[0]);
  put("second write", writes[1]);
  put("last write", writes.at(-1));
  put(
    "check",
    reads.find((at) => at > firstWrite),
  );

  for (const [spot, requests] of [
    ["asking", asking],
    ["page", page],
  ] as const) {
    const looks = indexesOf(requests, "look");
    for (const [name, at] of [
      [spot, looks[0]],
      [`${spot}, last`, looks.slice(1).at(-1)],
    ] as const)
      if (at !== undefined && set === "list") spots.set(name, placeOf(requests, at));
  }

  const faultsOf = (spot: Spot) =>
    set === "odd" ? oddAt(spot, extent) : faultsAt(spot, extent, writes.length > 0);
  return [...spots].flatMap(([spot, place]) =>
    faultsOf(spot).map((fault) => ({ spot, place, fault })),
  );
}

/** They are met by a process that has read nothing yet. */
export const isCold = (spot: Spot): boolean => usual.has(spot);

function oddAt(spot: Spot, extent: Extent): readonly Fault[] {
  if (spot === "identity") return [];
  if (spot === "definitions") return extent === "all" ? oddReads : [];
  return spot.endsWith("write") ? oddWrites : oddReads;
}

function faultsAt(spot: Spot, extent: Extent, acts: boolean): readonly Fault[] {
  const named = (faults: readonly Fault[], names: ReadonlySet<string>) =>
    faults.filter(({ name }) => names.has(name));
  const isWhole = extent === "all";
  switch (spot) {
    case "identity":
      return faultsOfIdentity;
    case "definitions":
      return isWhole ? faultsOfReads : named(faultsOfReads, fewOfDefinitions);
    case "first read":
      return isWhole || !acts ? faultsOfReads : named(faultsOfReads, few);
    case "write":
      return faultsOfWrites;
    case "asking":
    case "asking, last":
    case "page":
    case "page, last":
      return named(faultsOfReads, fewOfAsking);
    case "second write":
    case "last write":
      return named(faultsOfWrites, fewOfWrites);
    default:
      return named(faultsOfReads, few);
  }
}

const indexesOf = (all: readonly Passing[], purpose: Passing["purpose"]) =>
  all.flatMap((each, at) => (each.purpose === purpose ? [at] : []));

const placeOf = (all: readonly Passing[], at: number): Place => {
  const name = all[at]?.name ?? "";
  return { name, after: all.slice(0, at).filter((each) => each.name === name).length };
};
