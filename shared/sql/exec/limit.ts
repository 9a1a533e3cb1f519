import { compile } from "../expression/evaluate";
import { columnsOf, type PlanOf } from "../plan/nodes";
import { hashKeysOf } from "../types/compare";
import type { Row } from "../types/sql-type";
import { collect } from "./collect";
import type { Batches, Execution, Run } from "./execution";

type Limit = PlanOf<"limit">;

/** Rows from `offset` up to `last`, and with WITH TIES those behind that are equal to the last one. */
export async function* limitRows(
  plan: Limit,
  last: number,
  input: Batches,
  { environment }: Execution,
): Batches {
  const keyOf = plan.ties && tieKey(plan, environment);
  let seen = 0;
  let tie: string | undefined;
  for await (const batch of input) {
    const from = Math.max(0, plan.offset - seen);
    const to = Math.max(0, Math.min(batch.length, last - seen));
    if (from < to) yield batch.slice(from, to);
    if (keyOf && to > 0 && seen + to === last) tie = keyOf(batch[to - 1] as Row);
    seen += batch.length;
    if (seen < last) continue;
    if (!keyOf) return;
    const behind = batch.slice(to);
    const end = behind.findIndex((row) => keyOf(row) !== tie);
    const ties = end < 0 ? behind : behind.slice(0, end);
    if (ties.length > 0) yield ties;
    if (end >= 0) return;
  }
}

/** TOP n PERCENT: how many rows that are is known when all are there. */
export async function* percentRows(
  plan: Limit,
  percent: number,
  execution: Execution,
  run: Run,
): Batches {
  const { account } = execution;
  const hold = account.open(plan);
  try {
    const rows = await collect(run(plan.input, execution), plan.input, account, hold);
    const last = Math.ceil((rows.length * percent) / 100);
    if (last === 0) return;
    async function* all(): Batches {
      yield rows;
    }
    yield* limitRows(plan, last, all(), execution);
  } finally {
    hold.release();
  }
}

function tieKey(plan: Limit, environment: Execution["environment"]) {
  const columns = columnsOf(plan.input);
  const keys = (plan.ties ?? []).map(({ expr }) => compile(expr, columns, environment));
  const hashKeys = hashKeysOf((plan.ties ?? []).map(({ expr }) => expr.type));
  return (row: Row) => hashKeys(keys.map((key) => key(row)));
}
