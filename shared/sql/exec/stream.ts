import type { Account, Hold } from "../account/account";
import { each } from "../account/each";
import { emptyRowBytes, textBytes } from "../account/row-size";
import type { Environment } from "../expression/environment";
import { compile } from "../expression/evaluate";
import { weightOf } from "../expression/weight";
import { columnsOf, type PlanOf } from "../plan/nodes";
import { hashKeysOf } from "../types/compare";
import type { Row, Value } from "../types/sql-type";
import type { Batches, Execution } from "./execution";

/** Computed rows are handed on in batches of so many, or of so many bytes. */
const batchLength = 1024;
const batchBytes = 256 * 1024;
/** An entry of the set of rows that DISTINCT has seen. */
const entryBytes = 40;

export async function* filterRows(
  plan: PlanOf<"filter">,
  input: Batches,
  { account, environment }: Execution,
): Batches {
  const test = compile(plan.predicate, columnsOf(plan.input), environment);
  const weight = weightOf([plan.predicate]);
  for await (const batch of input) {
    const kept: Row[] = [];
    const visit = (row: Row) => {
      if (test(row) === true) kept.push(row);
    };
    await each(batch, account, visit, weight);
    if (kept.length > 0) yield kept;
  }
}

/** Computes one row, and tells the bytes of what is new in it. */
function computer(plan: PlanOf<"project">, environment: Environment) {
  const columns = columnsOf(plan.input);
  const items = plan.items.map(({ expr }) => ({
    evaluate: compile(expr, columns, environment),
    isNew: expr.kind !== "column" && expr.kind !== "constant" && expr.kind !== "parameter",
  }));
  const empty = emptyRowBytes(items.length);
  const weight = weightOf(plan.items.map(({ expr }) => expr));
  const computeRow = (row: Row): { readonly values: Row; readonly bytes: number } => {
    let bytes = empty;
    const values: Value[] = [];
    for (const { evaluate, isNew } of items) {
      const value = evaluate(row);
      if (isNew && typeof value === "string") bytes += textBytes(value);
      values.push(value);
    }
    return { values, bytes };
  };
  return { computeRow, weight };
}

export async function* projectRows(
  plan: PlanOf<"project">,
  input: Batches,
  { account, environment }: Execution,
): Batches {
  const compute = computer(plan, environment);
  const hold = account.open(plan);
  try {
    for await (const batch of input) {
      for (let at = 0; at < batch.length; ) {
        const made: Row[] = [];
        at = computeSome(batch, at, compute, made, hold, account);
        if (account.isDue) await account.pause();
        yield made;
        hold.release();
      }
    }
  } finally {
    hold.release();
  }
}

/** Computes rows until a batch is full or the account is due; gives the position behind the last one. */
function computeSome(
  batch: readonly Row[],
  from: number,
  { computeRow, weight }: ReturnType<typeof computer>,
  made: Row[],
  hold: Hold,
  account: Account,
): number {
  let at = from;
  for (let held = 0; at < batch.length && made.length < batchLength && held < batchBytes; ) {
    const { values, bytes } = computeRow(batch[at] as Row);
    at += 1;
    hold.add(bytes);
    held += bytes;
    made.push(values);
    if (account.due(weight)) break;
  }
  return at;
}

export async function* distinctRows(
  plan: PlanOf<"distinct">,
  input: Batches,
  { account }: Execution,
): Batches {
  const hashKeys = hashKeysOf(columnsOf(plan).map(({ type }) => type));
  const seen = new Set<string>();
  const hold = account.open(plan);
  try {
    for await (const batch of input) {
      const fresh: Row[] = [];
      await each(batch, account, (row) => {
        const key = hashKeys(row);
        if (seen.has(key)) return;
        account.group(plan);
        hold.add(entryBytes + textBytes(key));
        seen.add(key);
        fresh.push(row);
      });
      if (fresh.length > 0) yield fresh;
    }
  } finally {
    hold.release();
  }
}
