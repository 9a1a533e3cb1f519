import { emptyRowBytes, textBytes } from "../account/row-size";
import { compile } from "../expression/evaluate";
import type { PlanOf } from "../plan/nodes";
import type { Row } from "../types/sql-type";
import type { Batches, Execution } from "./execution";

const batchLength = 256;

/** The rows that a function makes of its arguments, which are the same for all of them. */
export async function* tableFunctionRows(
  plan: PlanOf<"function">,
  { account, environment }: Execution,
): Batches {
  const values = plan.args.map((arg) => compile(arg, [], environment)([]));
  const hold = account.open(plan);
  try {
    let made: Row[] = [];
    for (const row of plan.bound.rows(values, environment)) {
      let bytes = emptyRowBytes(row.length);
      for (const value of row) if (typeof value === "string") bytes += textBytes(value);
      hold.add(bytes);
      account.join(1, plan);
      made.push(row);
      if (account.due()) await account.pause();
      if (made.length < batchLength) continue;
      yield made;
      hold.release();
      made = [];
    }
    if (made.length > 0) yield made;
  } finally {
    hold.release();
  }
}
