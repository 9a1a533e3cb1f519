import type { Account, Hold } from "../account/account";
import { each } from "../account/each";
import { rowMeasure } from "../account/row-size";
import type { Plan } from "../plan/nodes";
import type { Row } from "../types/sql-type";
import type { Batches } from "./execution";

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
