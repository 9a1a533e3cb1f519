import type { Dataverse, Table } from "../../dataverse";
import { AppError } from "../../errors";

const longest = 200;

/**
 * The primary name of a row, cut to 200 characters. It is text from a record: show it as data, never in an error.
 *
 * @throws AppError `not_found` when the caller cannot see the row
 */
export async function readRecordName(
  dataverse: Dataverse,
  table: Table,
  id: string,
): Promise<string> {
  const row = await dataverse.retrieve(table.logicalName, id, {
    select: [table.primaryId, ...(table.primaryName === undefined ? [] : [table.primaryName])],
  });
  if (row === undefined) {
    throw new AppError(
      "not_found",
      `There is no ${table.logicalName} with the id ${id} that you may see.`,
      { hint: "Find the record with read_query." },
    );
  }
  const name = table.primaryName === undefined ? "" : row[table.primaryName];
  return typeof name === "string" ? name.slice(0, longest) : "";
}
