import { each } from "../account/each";
import { textBytes } from "../account/row-size";
import type { PlanOf } from "../plan/nodes";
import { hashKeysOf } from "../types/compare";
import type { Row } from "../types/sql-type";
import { begin, oneAfterAnother } from "./begin";
import type { Batches, Execution, Run } from "./execution";

/** An entry of a set of rows. */
const entryBytes = 40;

/**
 * UNION ALL, and INTERSECT and EXCEPT, which give each row once; NULL is equal to NULL there. The inputs ask nothing of each other
 * and are read at once, but where only some rows are wanted, which the first input may have.
 */
export async function* setRows(
  plan: PlanOf<"set">,
  execution: Execution,
  run: Run,
  wanted?: number,
): Batches {
  if (plan.operator === "union all") {
    const inputs = plan.inputs.map((input) => run(input, execution));
    if (wanted === undefined) yield* oneAfterAnother(inputs);
    else for (const input of inputs) yield* input;
    return;
  }
  const { account } = execution;
  const hashKeys = hashKeysOf(plan.columns.map(({ type }) => type));
  const [first, ...others] = plan.inputs;
  if (!first) return;
  const hold = account.open(plan);
  const left = run(first, execution);
  const rights = others.map((other) => run(other, execution));
  try {
    const begun = [left, ...rights].map(begin);
    const [from, ...lookedUp] = begun;
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
    for (const batches of lookedUp) sets.push(await keysOf(batches()));
    const isWanted = plan.operator === "intersect";
    const seen = new Set<string>();
    for await (const batch of from?.() ?? left) {
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
    for (const batches of [left, ...rights]) await batches.return();
  }
}
