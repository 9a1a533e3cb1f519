import type { Account, Hold } from "../../account/account";
import { each } from "../../account/each";
import { textBytes } from "../../account/row-size";
import type { Environment } from "../../expression/environment";
import { compile, type Evaluate } from "../../expression/evaluate";
import { columnsIn, conjunction, conjuncts, type Expr } from "../../expression/expression";
import { weightOf } from "../../expression/weight";
import { columnIdsOf, columnsOf, type PlanOf } from "../../plan/nodes";
import { hashKeysOf } from "../../types/compare";
import type { Row, SqlType, Value } from "../../types/sql-type";
import type { Batches } from "../execution";
import { pairOf } from "./pair";

interface Conditions {
  readonly left: readonly Evaluate[];
  readonly right: readonly Evaluate[];
  readonly hashKeys: (values: readonly Value[]) => string;
  /** What of ON is no equality between the two sides; undefined when nothing is left. */
  readonly rest: Expr | undefined;
}

/** Joined rows are handed on in batches of so many: a row that matches thousands never makes one huge batch. */
const batchLength = 1024;
/** Pairs between two looks at the clock, where each is tested. */
const testedAtOnce = 32;
const none: readonly Row[] = [];
/** Entry of the hash table, beside its key. */
const entryBytes = 40;

/** Equalities between the two sides; by these the right side is put into a hash table. */
function split(join: PlanOf<"join">, environment: Environment): Conditions {
  const left = columnsOf(join.left);
  const right = columnsOf(join.right);
  const leftIds = columnIdsOf(join.left);
  const rightIds = columnIdsOf(join.right);
  const within = (expr: Expr, ids: ReadonlySet<number>) => {
    const used = [...columnsIn(expr)];
    return used.length > 0 && used.every(({ id }) => ids.has(id));
  };
  const keys: { left: Evaluate[]; right: Evaluate[] } = { left: [], right: [] };
  const rest: Expr[] = [];
  const types: SqlType[] = [];
  for (const part of conjuncts(join.on)) {
    if (part.kind !== "compare" || part.operator !== "=") {
      rest.push(part);
      continue;
    }
    const flipped = within(part.right, leftIds) && within(part.left, rightIds);
    if (!flipped && !(within(part.left, leftIds) && within(part.right, rightIds))) {
      rest.push(part);
      continue;
    }
    types.push(part.left.type);
    keys.left.push(compile(flipped ? part.right : part.left, left, environment));
    keys.right.push(compile(flipped ? part.left : part.right, right, environment));
  }
  return { ...keys, hashKeys: hashKeysOf(types), rest: conjunction(rest) };
}

/** The key of a row, or undefined where a part of it is NULL. */
function keyer(parts: readonly Evaluate[], hashKeys: Conditions["hashKeys"]) {
  // One array for all rows: nothing keeps it.
  const values = new Array<Value>(parts.length).fill(null);
  return (row: Row): string | undefined => {
    for (let at = 0; at < parts.length; at += 1) {
      const value = parts[at]?.(row) ?? null;
      // NULL equals nothing, not even NULL.
      if (value === null) return undefined;
      values[at] = value;
    }
    return hashKeys(values);
  };
}

async function hashTable(
  rows: readonly Row[],
  { right, hashKeys }: Conditions,
  account: Account,
  hold: Hold,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const table = new Map<string, Row[]>();
  const keyOf = keyer(right, hashKeys);
  await each(rows, account, (row) => {
    const key = keyOf(row);
    if (key === undefined) return;
    const bucket = table.get(key);
    hold.add(bucket ? 8 : entryBytes + textBytes(key));
    if (bucket) bucket.push(row);
    else table.set(key, [row]);
  });
  return table;
}

/** What becomes of a left row and the right rows that match it. */
interface Matching {
  readonly test: Evaluate | undefined;
  /** How much a pair counts that is tested. */
  readonly weight: number;
  /** Told of right rows that have matched; for FULL JOIN. */
  readonly matched: Set<Row> | undefined;
}

/** The pairs of one left row, in batches, until all its candidates were tried; tells whether one matched. */
async function* pairsOf(
  row: Row,
  candidates: readonly Row[],
  matching: Matching,
  account: Account,
): AsyncGenerator<Row[], boolean, undefined> {
  // A test may be a dear one, so the clock is looked at more often.
  const atOnce =
    matching.test === undefined
      ? batchLength
      : Math.max(1, Math.floor(testedAtOnce / matching.weight));
  let isMatched = false;
  let pairs: Row[] = [];
  for (let from = 0; from < candidates.length; from += atOnce) {
    const some = candidates.slice(from, from + atOnce);
    if (addPairs(pairs, row, some, matching)) isMatched = true;
    if (account.due(some.length * matching.weight)) await account.pause();
    if (pairs.length < batchLength) continue;
    yield pairs;
    pairs = [];
  }
  if (pairs.length > 0) yield pairs;
  return isMatched;
}

function addPairs(
  joined: Row[],
  row: Row,
  candidates: readonly Row[],
  { test, matched }: Matching,
): boolean {
  let isMatched = false;
  for (const other of candidates) {
    const both = pairOf(row, other);
    if (test !== undefined && test(both) !== true) continue;
    isMatched = true;
    matched?.add(other);
    joined.push(both);
  }
  return isMatched;
}

/** Hash join on the equalities of ON; what else ON says is tested on each pair. */
export async function* joinRows(
  join: PlanOf<"join">,
  left: Batches,
  given: readonly Row[],
  environment: Environment,
  account: Account,
  hold: Hold,
): Batches {
  const conditions = split(join, environment);
  const pairColumns = [...columnsOf(join.left), ...columnsOf(join.right)];
  const test = conditions.rest && compile(conditions.rest, pairColumns, environment);
  const weight = conditions.rest ? weightOf([conditions.rest]) : 1;
  const mostAtOnce = Math.max(1, Math.floor(testedAtOnce / weight));
  // A row that is there twice is two rows, of which one alone may have matched.
  const right = join.type === "full" ? given.map((row): Row => [...row]) : given;
  const table = await hashTable(right, conditions, account, hold);
  const keyOf = keyer(conditions.left, conditions.hashKeys);
  const candidatesOf = (row: Row): readonly Row[] => {
    const key = keyOf(row);
    return key === undefined ? none : (table.get(key) ?? none);
  };
  if (join.type === "semi" || join.type === "anti") {
    yield* keptRows(join, left, candidatesOf, { test, weight, matched: undefined }, account);
    return;
  }
  const matched = join.type === "full" ? new Set<Row>() : undefined;
  const matching: Matching = { test, weight, matched };
  const keepsLeft = join.type !== "inner";
  const nothing: Row = columnsOf(join.right).map(() => null);
  /** Joins rows with few candidates until the batch is full, or the account due; a row with many is left to the caller. */
  const joinSome = (batch: readonly Row[], from: number, joined: Row[]): number => {
    let at = from;
    while (at < batch.length && joined.length < batchLength) {
      const row = batch[at] as Row;
      const candidates = candidatesOf(row);
      if (candidates.length > mostAtOnce) return at;
      account.join(candidates.length, join);
      const isMatched = addPairs(joined, row, candidates, matching);
      if (!isMatched && keepsLeft) joined.push(pairOf(row, nothing));
      at += 1;
      if (account.due(candidates.length * weight + 1)) return at;
    }
    return at;
  };
  const joinBatch = async function* (batch: readonly Row[]): Batches {
    for (let at = 0; at < batch.length; ) {
      const joined: Row[] = [];
      at = joinSome(batch, at, joined);
      if (joined.length > 0) yield joined;
      const row = batch[at];
      const candidates = row ? candidatesOf(row) : [];
      if (row && candidates.length > mostAtOnce) {
        account.join(candidates.length, join);
        const isMatched = yield* pairsOf(row, candidates, matching, account);
        if (!isMatched && keepsLeft) yield [pairOf(row, nothing)];
        at += 1;
      }
      if (account.isDue) await account.pause();
    }
  };
  for await (const batch of left) yield* joinBatch(batch);
  if (!matched) return;
  const before: Row = columnsOf(join.left).map(() => null);
  const rest: Row[] = [];
  await each(right, account, (row) => {
    if (!matched.has(row)) rest.push(pairOf(before, row));
  });
  if (rest.length > 0) yield rest;
}

/** Left rows that have a match, or those that have none. */
async function* keptRows(
  join: PlanOf<"join">,
  left: Batches,
  candidatesOf: (row: Row) => readonly Row[],
  { test, weight }: Matching,
  account: Account,
): Batches {
  const atOnce = Math.max(1, Math.floor(testedAtOnce / weight));
  const wanted = join.type === "semi";
  const isMatched = async (row: Row): Promise<boolean> => {
    const candidates = candidatesOf(row);
    if (test === undefined) return candidates.length > 0;
    for (let from = 0; from < candidates.length; from += atOnce) {
      const some = candidates.slice(from, from + atOnce);
      account.join(some.length, join);
      if (some.some((other) => test(pairOf(row, other)) === true)) return true;
      if (account.due(some.length * weight)) await account.pause();
    }
    return false;
  };
  for await (const batch of left) {
    const kept: Row[] = [];
    if (test === undefined) {
      await each(batch, account, (row) => {
        if (candidatesOf(row).length > 0 === wanted) kept.push(row);
      });
    } else {
      for (const row of batch) {
        if ((await isMatched(row)) === wanted) kept.push(row);
        if (account.due()) await account.pause();
      }
    }
    if (kept.length > 0) yield kept;
  }
}
