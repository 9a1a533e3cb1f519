import { errorOfQuery } from "../errors";
import { compile } from "../expression/evaluate";
import type { Scalar } from "../expression/expression";
import { columnsOf, type PlanOf } from "../plan/nodes";
import { hashKeysOf } from "../types/compare";
import type { Row } from "../types/sql-type";
import { collect } from "./collect";
import type { Batches, Execution, Run } from "./execution";

type Limit = PlanOf<"limit">;

/** The limit with the numbers that are given at run time. Throws SqlError for NULL and for what is too small. */
export function withNumbers(plan: Limit, environment: Execution["environment"]): Limit {
  const { given } = plan;
  if (given === undefined) return plan;
  const number = (expr: Scalar | undefined): number | undefined => {
    if (expr === undefined) return undefined;
    const value = compile(expr, [], environment)([]);
    if (value === null) throw refused("is NULL, and must be a whole number", 1060);
    return Number(value);
  };
  const offset = number(given.offset) ?? plan.offset;
  const count = number(given.count) ?? plan.count;
  const percent = number(given.percent) ?? plan.percent;
  if (offset < 0) throw refused("of OFFSET is below zero", 10742);
  if (count !== undefined && count < 0) throw refused("of TOP or FETCH is below zero", 1060);
  if (percent !== undefined && !(percent >= 0 && percent <= 100))
    throw refused("of TOP … PERCENT is not between 0 and 100", 1031);
  return {
    kind: "limit",
    input: plan.input,
    offset,
    count,
    ...(percent !== undefined && { percent }),
    ...(plan.ties && { ties: plan.ties }),
  };
}

const refused = (what: string, number: number) =>
  errorOfQuery("type", `The number ${what} (SQL Server error ${number}).`, {
    hint: "Look at the expression that gives it: COALESCE(…, 0), ABS(…).",
  });

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
