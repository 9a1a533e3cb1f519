import type { Dataverse, Table } from "../../dataverse";
import { label } from "./label";
import { writeSchema } from "./schema-writes";

/**
 * Changes display name and description. Dataverse has no PATCH for definitions: the whole one is read, changed and sent back.
 *
 * @returns false when the table has these texts already
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-entity-definitions-using-web-api
 */
export async function renameTable(
  dataverse: Dataverse,
  signal: AbortSignal,
  table: Table,
  displayName: string | undefined,
  description: string | undefined,
): Promise<boolean> {
  const isNewName = displayName !== undefined && displayName !== table.displayName;
  const isNewText = description !== undefined && description !== (table.description ?? "");
  if (!isNewName && !isNewText) return false;
  const path = `EntityDefinitions(LogicalName='${table.logicalName}')`;
  const { body } = await dataverse.send({
    method: "GET",
    path,
    headers: { Consistency: "Strong" },
    expects: "definition",
  });
  await writeSchema(dataverse, signal, {
    method: "PUT",
    path,
    headers: { "MSCRM.MergeLabels": "true" },
    expects: "noContent",
    body: {
      ...(body as Record<string, unknown>),
      "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
      ...(isNewName ? { DisplayName: label(displayName) } : {}),
      ...(isNewText ? { Description: label(description) } : {}),
    },
  });
  return true;
}
