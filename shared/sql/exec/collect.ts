import type { Plan } from "../plan/nodes";
import type { Row } from "../types";
import type { Account, Hold } from "./account";
import { each } from "./each";
import { rowMeasure } from "./row-size";
import type { Batches } from "./run";

/**
 * Every row of `batches`, each charged to `hold` as it comes. `plan` is what yields them. `keepTexts` when rows that
 * leave the operator go on pointing to the texts.
 */
export async function collect(
  batches: Batches,
  plan: Plan,
  account: Account,
  hold: Hold,
  keepTexts = false,
): Promise<Row[]> {
  const rows: Row[] = [];
  const measure = rowMeasure(plan);
  for await (const batch of batches) {
    await each(batch, account, (row) => {
      const size = measure(row);
      hold.add(keepTexts ? size.row : size.row + size.texts);
      if (keepTexts) hold.keep(size.texts);
      rows.push(row);
    });
  }
  return rows;
}
