import { errorOfQuery } from "../errors";
import type { PlanOf } from "../plan/nodes";
import type { Row } from "../types/sql-type";
import { collect } from "./collect";
import type { Batches, Execution, Run } from "./execution";

/** The rows of the anchor, then of each round, as T-SQL makes them: each round sees the rows of the one before alone. */
export async function* recursiveRows(
  plan: PlanOf<"recursive">,
  execution: Execution,
  run: Run,
): Batches {
  const { account } = execution;
  const hold = account.open(plan);
  try {
    let rows = await collect(run(plan.anchor, execution), plan.anchor, account, hold);
    for (let round = 1; rows.length > 0; round += 1) {
      yield rows;
      const rounds = new Map(execution.rounds).set(plan.columns, rows);
      const next = account.open(plan);
      const made = await collect(
        run(plan.step, { ...execution, rounds }),
        plan.step,
        account,
        next,
      );
      if (made.length > 0 && round > plan.most) throw exhausted(plan.most);
      account.join(made.length, plan);
      if (account.due(made.length + 1)) await account.pause();
      hold.release();
      for (const row of made) hold.add(sizeOf(row));
      next.release();
      rows = made;
    }
  } finally {
    hold.release();
  }
}

/** The rows of the last round are held as long as the next is made from them. */
const sizeOf = (row: Row): number => 64 + 24 * row.length;

export function lastRound(plan: PlanOf<"last round">, execution: Execution): readonly Row[] {
  const rows = execution.rounds?.get(plan.of);
  if (!rows) throw new Error("A recursive expression was read outside its own rounds");
  return rows;
}

const exhausted = (most: number) =>
  errorOfQuery(
    "budget",
    `The maximum recursion ${most} has been exhausted before statement completion (SQL Server's error 530).`,
    {
      hint: "Either end the recursion by a condition in its second SELECT, or write OPTION (MAXRECURSION n) for more rounds, up to 32767.",
    },
  );
