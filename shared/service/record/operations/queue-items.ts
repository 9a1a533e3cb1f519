import type { Dataverse, Row, Table } from "../../../dataverse";
import { AppError } from "../../../errors";
import type { CallTime } from "../../outcome/call-time";
import { failed, queryWords } from "../../outcome/outcome-words";
import { settle } from "../../outcome/settle";
import { findTable } from "../find-table";
import { readRecordPath } from "../lookups/record-path";

export const isQueueItem = (table: Table): boolean => table.logicalName === "queueitem";

const bind = "@odata.bind";

/**
 * Puts a record into a queue by the service's own operation, which moves one that is in another queue; a row written directly
 * would be a second item beside the first.
 *
 * @param body values of the item, with binds of `queueid` and `objectid`
 * @returns the id of the item
 * @throws AppError when it was not put there, or when that is not known
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/addtoqueue
 */
export async function addToQueue(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  body: Row,
): Promise<string> {
  const queue = boundTo(table, "queueid", body);
  const object = boundTo(table, "objectid", body);
  if (queue === undefined || object === undefined)
    throw new AppError("invalid", "A queue item needs queueid and objectid.", {
      hint: 'Give both: {"queueid": {"name": …}, "objectid": {"relatedTable": "incident", "recordId": …}}.',
    });
  const { [queue.key]: _, [object.key]: __, ...properties } = body;
  return putIntoQueue(
    dataverse,
    time,
    { table: object.target, id: object.id },
    queue.id,
    properties,
  );
}

/**
 * AddToQueue, once.
 *
 * @param properties of the item, as the Web API takes them
 * @returns the id of the item
 * @throws AppError when it was not put there, or when that is not known
 */
export async function putIntoQueue(
  dataverse: Dataverse,
  time: CallTime,
  record: { readonly table: string; readonly id: string },
  queueId: string,
  properties: Row = {},
): Promise<string> {
  const { path, body } = await queueRequest(dataverse, record, queueId, properties);
  const settled = await settle<string>(time, {
    async send(withinMs) {
      const answer = await dataverse.action(path, body, itemAnswer, { withinMs });
      return String((answer as { readonly QueueItemId: unknown }).QueueItemId);
    },
    async look(withinMs) {
      const { rows } = await dataverse.query("queueitem", {
        select: ["queueitemid"],
        filter: `_objectid_value eq ${record.id} and _queueid_value eq ${queueId} and statecode eq 0`,
        top: 1,
        withinMs,
      });
      const [row] = rows;
      return row === undefined ? undefined : String(row.queueitemid);
    },
  });
  if (settled.outcome === "done") return settled.value;
  throw failed(settled, {
    done: "the record was put into the queue",
    notDone: "The record was not put into the queue.",
    findOut: `To find out, call ${queryWords(`SELECT queueid FROM queueitem WHERE objectid = '${record.id}' AND statecode = 0`)}: ${queueId} says that it was.`,
    again: "The same call can be made again: a record has one item, which is moved.",
  });
}

/** What `putIntoQueue` sends. */
export async function queueRequest(
  dataverse: Dataverse,
  record: { readonly table: string; readonly id: string },
  queueId: string,
  properties: Row = {},
): Promise<{ readonly path: string; readonly body: Row }> {
  const [target, queueTable] = await Promise.all([
    findTable(dataverse.metadata, record.table),
    findTable(dataverse.metadata, "queue"),
  ]);
  return {
    path: `${queueTable.setName}(${queueId})/Microsoft.Dynamics.CRM.AddToQueue`,
    body: {
      Target: {
        "@odata.type": `Microsoft.Dynamics.CRM.${record.table}`,
        [target.primaryId]: record.id,
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
  };
}

const itemAnswer = { result: { QueueItemId: "guid" } } as const;

function boundTo(table: Table, column: string, body: Row) {
  for (const { property, target } of table.columnByName.get(column)?.navigation ?? []) {
    const path = body[property + bind];
    const id = typeof path === "string" ? readRecordPath(path)?.id : undefined;
    if (id !== undefined) return { key: property + bind, target, id };
  }
  return undefined;
}
