import { each } from "../account/each";
import { textBytes } from "../account/row-size";
import type { PlanOf } from "../plan/nodes";
import { hashKeysOf } from "../types/compare";
import type { Row } from "../types/sql-type";
import type { Batches, Execution, Run } from "./execution";

/** An entry of a set of rows. */
const entryBytes = 40;

/** UNION ALL, and INTERSECT and EXCEPT, which give each row once; NULL is equal to NULL there. */
export async function* setRows(plan: PlanOf<"set">, execution: Execution, run: Run): Batches {
  if (plan.operator === "union all") {
    for (const input of plan.inputs) yield* run(input, execution);
    return;
  }
  const { account } = execution;
  const hashKeys = hashKeysOf(plan.columns.map(({ type }) => type));
  const [first, ...others] = plan.inputs;
  if (!first) return;
  const hold = account.open(plan);
  try {
    const keysOf = async (batches: Batches) => {
      const keys = new Set<string>();
      for await (const batch of batches) {
        await each(batch, account, (row) => {
          const key = hashKeys(row);
          if (keys.has(key)) return;
          account.group(plan);
          hold.add(entryBytes + textBytes(key));
          keys.add(key);
        });
      }
      return keys;
    };
    const sets: ReadonlySet<string>[] = [];
    for (const other of others) sets.push(await keysOf(run(other, execution)));
    const isWanted = plan.operator === "intersect";
    const seen = new Set<string>();
    for await (const batch of run(first, execution)) {
      const kept: Row[] = [];
      await each(batch, account, (row) => {
        const key = hashKeys(row);
        if (seen.has(key) || !sets.every((keys) => keys.has(key) === isWanted)) return;
        account.group(plan);
        hold.add(entryBytes + textBytes(key));
        seen.add(key);
        kept.push(row);
      });
      if (kept.length > 0) yield kept;
    }
  } finally {
    hold.release();
  }
}
