import type { Dataverse, Table } from "../../dataverse";
import type { CallTime } from "../outcome/call-time";
import { callWords, failed } from "../outcome/outcome-words";
import { schemaPauses, settle } from "../outcome/settle";
import { label } from "./label";
import { readFresh, writeSchema } from "./schema-writes";

/**
 * Changes display name and description. Dataverse has no PATCH for definitions: the whole one is read, changed and sent back.
 *
 * @returns false when the table has these texts already
 * @throws AppError when they were not changed, or when that is not known
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-entity-definitions-using-web-api
 */
export async function renameTable(
  dataverse: Dataverse,
  time: CallTime,
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
  const settled = await settle<true>(
    time,
    {
      async send(withinMs) {
        await writeSchema(dataverse, time.signal, {
          method: "PUT",
          path,
          headers: { "MSCRM.MergeLabels": "true" },
          body: {
            ...(body as Record<string, unknown>),
            "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
            ...(isNewName ? { DisplayName: label(displayName) } : {}),
            ...(isNewText ? { Description: label(description) } : {}),
          },
          // The page of the message shows no address of the table; other changes answer with one.
          expects: { oneOf: ["noContent", "entityId"] },
          withinMs,
        });
        return true;
      },
      async look() {
        const now = await readFresh(dataverse, table.logicalName);
        const hasName = !isNewName || now?.displayName === displayName;
        return hasName && (!isNewText || now?.description === description) ? true : undefined;
      },
    },
    schemaPauses,
  );
  if (settled.outcome === "done") return true;
  throw failed(settled, {
    done: "the display name or description was changed",
    notDone: "The table could not be renamed.",
    findOut: `To find out, call ${callWords("list_tables", { filter: table.logicalName })}: it shows the display name.`,
    again: "The same call can be made again: what is changed already is left as it is.",
  });
}
