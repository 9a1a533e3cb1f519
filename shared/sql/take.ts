import { each } from "./account/each";
import { emptyRowBytes } from "./account/row-size";
import { SqlError } from "./errors";
import type { Execution } from "./exec/execution";
import { run } from "./exec/run";
import { type Plan, streams } from "./plan/nodes";
import { type JsonRow, weightOf } from "./shape";
import type { Row } from "./types/sql-type";

interface Part {
  readonly offset: number;
  readonly count: number;
  readonly characters: number;
  shape(row: Row): JsonRow;
}

interface Taken {
  readonly rows: JsonRow[];
  /** The same as the plan gave them. */
  readonly last: readonly Row[];
  /** The limit that ended a search which needs no more to be right so far. */
  readonly stopped?: SqlError;
  /** One row fills the answer, and the scan said that there are others. */
  readonly hasMore: boolean;
}

/**
 * Up to `count` rows from `offset` on, or as many as are more than fit into `characters`: what cannot be shown is neither read
 * nor kept.
 */
export async function take(
  plan: Plan,
  execution: Execution,
  { offset, count, characters, shape }: Part,
): Promise<Taken> {
  const { account } = execution;
  const rows: JsonRow[] = [];
  const last: Row[] = [];
  const hold = account.open(plan);
  let seen = 0;
  let weight = 0;
  const isFull = () => rows.length > 0 && weight > characters;
  const isEnough = () => rows.length >= count || (rows.length > 1 && isFull());
  try {
    for await (const batch of run(plan, execution, offset + count)) {
      await each(batch, account, (row) => {
        seen += 1;
        if (seen <= offset || isEnough()) return;
        const shaped = shape(row);
        const own = weightOf(shaped);
        hold.add(emptyRowBytes(row.length) + 2 * own);
        weight += own;
        rows.push(shaped);
        last.push(row);
      });
      if (isEnough()) break;
      // That there is another row need not be seen, when the scan says so.
      if (isFull() && keepsRows(plan) && execution.shown?.hasMore)
        return { rows, last, hasMore: true };
    }
  } catch (error) {
    // What a streaming plan has given is right as far as it goes; a sorted or counted result is not.
    const isLimit = error instanceof SqlError && (error.code === "budget" || error.code === "busy");
    const isUseful = rows.length > 0 || account.remaining <= 0;
    if (!isLimit || !streams(plan) || !isUseful) throw error;
    return { rows, last, hasMore: false, ...(rows.length < count && { stopped: error }) };
  }
  return { rows, last, hasMore: false };
}

/** Each row that the scan gives is a row of the result. */
const keepsRows = (plan: Plan): boolean =>
  plan.kind === "project" ? keepsRows(plan.input) : plan.kind === "scan" && !plan.fetch.aggregate;
