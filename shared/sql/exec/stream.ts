import { columnsOf, type PlanOf } from "../plan/nodes";
import type { Row, Value } from "../types";
import type { Account, Hold } from "./account";
import { each } from "./each";
import { compile, type Environment } from "./evaluate";
import { emptyRowBytes, textBytes } from "./row-size";
import type { Batches, Execution } from "./run";
import { hashKeys } from "./values";

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
  for await (const batch of input) {
    const kept: Row[] = [];
    await each(batch, account, (row) => {
      if (test(row) === true) kept.push(row);
    });
    if (kept.length > 0) yield kept;
  }
}

/** Computes one row, and tells the bytes of what is new in it. */
function computer(plan: PlanOf<"project">, environment: Environment) {
  const columns = columnsOf(plan.input);
  const items = plan.items.map(({ expr }) => ({
    evaluate: compile(expr, columns, environment),
    isNew: expr.kind !== "column" && expr.kind !== "constant",
  }));
  const empty = emptyRowBytes(items.length);
  return (row: Row): { readonly values: Row; readonly bytes: number } => {
    let bytes = empty;
    const values: Value[] = [];
    for (const { evaluate, isNew } of items) {
      const value = evaluate(row);
      if (isNew && typeof value === "string") bytes += textBytes(value);
      values.push(value);
    }
    return { values, bytes };
  };
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
  compute: ReturnType<typeof computer>,
  made: Row[],
  hold: Hold,
  account: Account,
): number {
  let at = from;
  for (let held = 0; at < batch.length && made.length < batchLength && held < batchBytes; ) {
    const { values, bytes } = compute(batch[at] as Row);
    at += 1;
    hold.add(bytes);
    held += bytes;
    made.push(values);
    if (account.due()) break;
  }
  return at;
}

export async function* limitRows(plan: PlanOf<"limit">, last: number, input: Batches): Batches {
  let seen = 0;
  for await (const batch of input) {
    const from = Math.max(0, plan.offset - seen);
    const to = Math.min(batch.length, last - seen);
    seen += batch.length;
    if (from < to) yield batch.slice(from, to);
    if (seen >= last) return;
  }
}

export async function* distinctRows(
  plan: PlanOf<"distinct">,
  input: Batches,
  { account }: Execution,
): Batches {
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
