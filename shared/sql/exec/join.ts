import { columnsIn, conjunction, conjuncts, type Expr } from "../plan/expression";
import { columnIdsOf, columnsOf, type PlanOf } from "../plan/nodes";
import type { Row, Value } from "../types";
import type { Account, Hold } from "./account";
import { each } from "./each";
import { compile, type Environment, type Evaluate } from "./evaluate";
import { textBytes } from "./row-size";
import type { Batches } from "./run";
import { hashKeys } from "./values";

interface Conditions {
  readonly left: readonly Evaluate[];
  readonly right: readonly Evaluate[];
  /** What of ON is no equality between the two sides; undefined when nothing is left. */
  readonly rest: Expr | undefined;
}

/** Joined rows are handed on in batches of so many: a row that matches thousands never makes one huge batch. */
const batchLength = 1024;
/** Pairs between two looks at the clock, where each is tested. */
const testedAtOnce = 32;
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
  for (const part of conjuncts(join.on)) {
    const isEquality = part.kind === "compare" && part.operator === "=";
    const flipped = isEquality && within(part.right, leftIds) && within(part.left, rightIds);
    if (!isEquality || !(flipped || (within(part.left, leftIds) && within(part.right, rightIds)))) {
      rest.push(part);
      continue;
    }
    keys.left.push(compile(flipped ? part.right : part.left, left, environment));
    keys.right.push(compile(flipped ? part.left : part.right, right, environment));
  }
  return { ...keys, rest: conjunction(rest) };
}

function keyOf(row: Row, parts: readonly Evaluate[]): string | undefined {
  const values = parts.map((part) => part(row));
  // NULL equals nothing, not even NULL.
  return values.includes(null) ? undefined : hashKeys(values);
}

async function hashTable(
  rows: readonly Row[],
  keys: readonly Evaluate[],
  account: Account,
  hold: Hold,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const table = new Map<string, Row[]>();
  await each(rows, account, (row) => {
    const key = keyOf(row, keys);
    if (key === undefined) return;
    const bucket = table.get(key);
    hold.add(bucket ? 8 : entryBytes + textBytes(key));
    if (bucket) bucket.push(row);
    else table.set(key, [row]);
  });
  return table;
}

/** The pairs of one left row, in batches, until all its candidates were tried; tells whether one matched. */
async function* pairsOf(
  row: Row,
  candidates: readonly Row[],
  test: Evaluate | undefined,
  account: Account,
): AsyncGenerator<Row[], boolean, undefined> {
  // A test may be a dear one, so the clock is looked at more often.
  const atOnce = test === undefined ? batchLength : testedAtOnce;
  let isMatched = false;
  let pairs: Row[] = [];
  for (let from = 0; from < candidates.length; from += atOnce) {
    const some = candidates.slice(from, from + atOnce);
    if (addPairs(pairs, row, some, test)) isMatched = true;
    if (account.due(some.length)) await account.pause();
    if (pairs.length < batchLength) continue;
    yield pairs;
    pairs = [];
  }
  if (pairs.length > 0) yield pairs;
  return isMatched;
}

/** Several times as fast as `concat` for rows as short as these are. */
function pairOf(left: Row, right: Row): Row {
  const pair = new Array<Value>(left.length + right.length);
  for (let at = 0; at < left.length; at += 1) pair[at] = left[at] as Value;
  for (let at = 0; at < right.length; at += 1) pair[left.length + at] = right[at] as Value;
  return pair;
}

function addPairs(
  joined: Row[],
  row: Row,
  candidates: readonly Row[],
  test: Evaluate | undefined,
): boolean {
  let isMatched = false;
  for (const other of candidates) {
    const both = pairOf(row, other);
    if (test !== undefined && test(both) !== true) continue;
    isMatched = true;
    joined.push(both);
  }
  return isMatched;
}

/** Hash join on the equalities of ON; what else ON says is tested on each pair. */
export async function* joinRows(
  join: PlanOf<"join">,
  left: Batches,
  right: readonly Row[],
  environment: Environment,
  account: Account,
  hold: Hold,
): Batches {
  const keys = split(join, environment);
  const test = keys.rest && compile(keys.rest, columnsOf(join), environment);
  const table = await hashTable(right, keys.right, account, hold);
  const unmatched: Row = columnsOf(join.right).map(() => null);
  const candidatesOf = (row: Row) => {
    const key = keyOf(row, keys.left);
    return key === undefined ? [] : (table.get(key) ?? []);
  };
  /** Joins rows with few candidates until the batch is full, or the account due; a row with many is left to the caller. */
  const joinSome = (batch: readonly Row[], from: number, joined: Row[]): number => {
    let at = from;
    while (at < batch.length && joined.length < batchLength) {
      const row = batch[at] as Row;
      const candidates = candidatesOf(row);
      if (candidates.length > testedAtOnce) return at;
      account.join(candidates.length, join);
      const isMatched = addPairs(joined, row, candidates, test);
      if (!isMatched && join.type === "left") joined.push(pairOf(row, unmatched));
      at += 1;
      if (account.due(candidates.length + 1)) return at;
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
      if (row && candidates.length > testedAtOnce) {
        account.join(candidates.length, join);
        const isMatched = yield* pairsOf(row, candidates, test, account);
        if (!isMatched && join.type === "left") yield [pairOf(row, unmatched)];
        at += 1;
      }
      if (account.isDue) await account.pause();
    }
  };
  for await (const batch of left) yield* joinBatch(batch);
}
