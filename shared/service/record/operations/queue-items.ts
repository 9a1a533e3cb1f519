import type { Dataverse, Row, Table } from "../../../dataverse";
import { AppError } from "../../../errors";
import { readRecordPath } from "../lookups/record-path";

export const isQueueItem = (table: Table): boolean => table.logicalName === "queueitem";

const bind = "@odata.bind";

/**
 * Puts a record into a queue by the service's own operation, which moves one that is in another queue; a row written directly
 * would be a second item beside the first.
 *
 * @param body values of the item, with binds of `queueid` and `objectid`
 * @returns the id of the item
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/addtoqueue
 */
export async function addToQueue(dataverse: Dataverse, table: Table, body: Row): Promise<string> {
  const queue = boundTo(table, "queueid", body);
  const object = boundTo(table, "objectid", body);
  const target = object && (await dataverse.metadata.table(object.target));
  const queueTable = await dataverse.metadata.table("queue");
  if (queue === undefined || object === undefined || target === undefined || !queueTable)
    throw new AppError("invalid", "A queue item needs queueid and objectid.", {
      hint: 'Give both: {"queueid": {"name": …}, "objectid": {"relatedTable": "incident", "recordId": …}}.',
    });
  const { [queue.key]: _, [object.key]: __, ...properties } = body;
  const answer = await dataverse.action(
    `${queueTable.setName}(${queue.id})/Microsoft.Dynamics.CRM.AddToQueue`,
    {
      Target: {
        "@odata.type": `Microsoft.Dynamics.CRM.${object.target}`,
        [target.primaryId]: object.id,
      },
      ...(Object.keys(properties).length === 0
        ? {}
        : {
            QueueItemProperties: {
              "@odata.type": "Microsoft.Dynamics.CRM.queueitem",
              ...properties,
            },
          }),
    },
    { result: { QueueItemId: "guid" } },
  );
  return String((answer as { readonly QueueItemId: unknown }).QueueItemId);
}

function boundTo(table: Table, column: string, body: Row) {
  for (const { property, target } of table.columnByName.get(column)?.navigation ?? []) {
    const path = body[property + bind];
    const id = typeof path === "string" ? readRecordPath(path)?.id : undefined;
    if (id !== undefined) return { key: property + bind, target, id };
  }
  return undefined;
}
