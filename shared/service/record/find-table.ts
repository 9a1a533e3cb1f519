import type { Metadata, Table } from "../../dataverse";
import { AppError } from "../../errors";
import { quote } from "../../text/quote";
import { recordLine } from "../../text/records/record-text";

/**
 * The table that `name` means: logical, schema, set, display or plural name, in any case.
 *
 * @throws AppError `not_found`, with the nearest names
 */
export async function findTable(metadata: Metadata, name: string): Promise<Table> {
  const { table, candidates } = await metadata.find(name.trim());
  if (table !== undefined) return table;
  const near = candidates.map((each) => `${each.logicalName} (${recordLine(each.displayName)})`);
  throw new AppError("not_found", `There is no table ${quote(name)}.`, {
    hint:
      near.length === 0
        ? "list_tables shows all tables; its filter finds words in their names."
        : `Did you mean ${near.join(", ")}? list_tables shows all tables.`,
  });
}
