import {
  type Catalog,
  type Database,
  DataverseError,
  type EntityDefinition,
  type SqlRow,
  type SqlValue,
} from "../../model";
import { readRow, updateRow } from "../rows/rows";

interface Place {
  readonly db: Database;
  readonly catalog: Catalog;
}
type Columns = Record<string, SqlValue>;

const refuse = (code: string, message: string) => new DataverseError(400, code, message);

/** Only what is still worked on waits in a queue; mails that came in do, though they are completed. */
export function demandActiveObject(entity: EntityDefinition, row: SqlRow | undefined): void {
  const isClosed = typeof row?.statecode === "number" && row.statecode !== 0;
  const mayWait = entity.isActivity || entity.logicalName === "knowledgearticle";
  if (isClosed && !mayWait)
    throw refuse("0x8004051e", "Deactivated object cannot be added to queue.");
}

/** A row waits in one queue at a time. The new item is called as its row is, and knows its kind. */
export function completeQueueItem({ db, catalog }: Place, columns: Columns, now: string): void {
  const { objectid: objectId, objectid__type: table } = columns;
  const entity = catalog.byName(String(table ?? ""));
  if (typeof objectId !== "string" || entity === undefined) return;
  const known = db
    .prepare("SELECT 1 AS there FROM queueitem WHERE objectid = ? AND statecode = 0")
    .get(objectId);
  if (known !== undefined)
    throw refuse(
      "0x80040526",
      "An active queue item already exists for the given object. Cannot create more than one active queue item for this object.",
    );
  const row = readRow(db, entity, objectId);
  demandActiveObject(entity, row);
  demandOpenQueue(db, columns.queueid);
  const name = entity.primaryNameAttribute;
  columns.title ??= (name === undefined ? undefined : row?.[name]) ?? null;
  columns.enteredon ??= now;
  const kinds = catalog.byName("queueitem")?.attribute("objecttypecode")?.options ?? [];
  if (kinds.some(({ value }) => value === entity.objectTypeCode))
    columns.objecttypecode = entity.objectTypeCode;
}

function demandOpenQueue(db: Database, queueId: SqlValue | undefined): void {
  const queue =
    typeof queueId === "string"
      ? db.prepare("SELECT statecode FROM queue WHERE queueid = ?").get(queueId)
      : undefined;
  if (queue?.statecode === 1)
    throw refuse(
      "0x80040521",
      "You cannot add items to an inactive queue. Select another queue and try again.",
    );
}

/** A case that is closed waits no longer. */
export function leaveQueues({ db, catalog }: Place, objectId: string): void {
  const entity = catalog.byName("queueitem");
  if (entity === undefined) return;
  const items = db
    .prepare("SELECT queueitemid FROM queueitem WHERE objectid = ? AND statecode = 0")
    .all(objectId);
  for (const { queueitemid } of items)
    updateRow(db, entity, String(queueitemid), { statecode: 1, statuscode: 2 });
}
