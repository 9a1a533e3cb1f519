import type { Dataverse, DataverseRequest } from "../../dataverse";
import type { PlannedColumn } from "./column-requests";

/**
 * Says once what is to be made of a table, before the first of the requests that make it.
 *
 * @param about the definition that is written to, and what of it tells this change from others
 * @param table how the table will be shown, where its definition does not say that
 */
export const announceColumns = (
  dataverse: Dataverse,
  about: Pick<DataverseRequest, "path" | "body">,
  table: string | undefined,
  columns: readonly PlannedColumn[],
): Promise<void> =>
  dataverse.announce(
    [{ ...about, method: "POST", expects: "noContent" }],
    [
      ...(table === undefined ? [] : [{ label: "table" as const, values: [table] }]),
      {
        label: "columns" as const,
        values: columns.map((column) => `${column.logicalName} (${column.word})`),
      },
    ],
  );
