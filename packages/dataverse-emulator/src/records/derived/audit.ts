import { randomUUID } from "node:crypto";
import type { EntityDefinition, Principal, SqlRow, SqlValue, World } from "../../model";
import { hasTypeColumn } from "../../store";
import { insertRow } from "../rows/rows";

type Place = Pick<World, "db" | "catalog" | "now">;
type Columns = Readonly<Record<string, SqlValue | undefined>>;

const operations = { create: 1, update: 2, delete: 3 } as const;
const actions = {
  create: 1,
  update: 2,
  delete: 3,
  activate: 4,
  deactivate: 5,
  assign: 13,
} as const;

/** Columns that change with every write and tell nothing of it. */
const SILENT: ReadonlySet<string> = new Set([
  "modifiedby",
  "modifiedon",
  "modifiedonbehalfby",
  "versionnumber",
]);

/**
 * Notes a write in the audit log, when the organization, the table and the column are audited. Part of the caller's
 * transaction.
 *
 * @param before undefined for a new row
 * @param after the columns written, undefined for a deleted row
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/auditing/overview
 */
export function audit(
  place: Place,
  entity: EntityDefinition,
  id: string,
  before: SqlRow | undefined,
  after: Columns | undefined,
  principal: Principal,
): void {
  if (entity.isAudited !== true || !isOn(place)) return;
  const log = place.catalog.byName("audit");
  if (log === undefined) return;
  const changed = changesOf(entity, before, after);
  if (changed.length === 0) return;
  insertRow(place.db, log, {
    auditid: randomUUID(),
    action: actionOf(before, after),
    operation: operations[kindOf(before, after)],
    createdon: `${place.now().toISOString().slice(0, 19)}Z`,
    objectid: id,
    objectid__type: entity.logicalName,
    userid: principal.systemUserId,
    callinguserid: principal.onBehalfOf ?? null,
    transactionid: randomUUID(),
    changedata: JSON.stringify({ changedAttributes: changed }),
  });
}

const isOn = ({ db }: Place): boolean =>
  db.prepare("SELECT 1 AS there FROM organization WHERE isauditenabled = 1").get() !== undefined;

function kindOf(before: SqlRow | undefined, after: Columns | undefined): keyof typeof operations {
  if (before === undefined) return "create";
  return after === undefined ? "delete" : "update";
}

function actionOf(before: SqlRow | undefined, after: Columns | undefined): number {
  const kind = kindOf(before, after);
  if (kind !== "update") return actions[kind];
  const moves = (name: string) => after?.[name] !== undefined && after[name] !== before?.[name];
  if (moves("ownerid")) return actions.assign;
  if (moves("statecode")) return after?.statecode === 0 ? actions.activate : actions.deactivate;
  return actions.update;
}

interface Change {
  readonly logicalName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

function changesOf(
  entity: EntityDefinition,
  before: SqlRow | undefined,
  after: Columns | undefined,
): Change[] {
  return entity.attributes.flatMap((attribute) => {
    const { logicalName: name, type } = attribute;
    if (attribute.isAudited === false || SILENT.has(name) || attribute.attributeOf !== undefined)
      return [];
    const isWritten = after === undefined || name in after;
    if (!isWritten || type === "Image" || type === "File") return [];
    const shown = (row: Columns | undefined): string | null => {
      const value = row?.[name] ?? null;
      if (value === null) return null;
      const target = hasTypeColumn(attribute) ? row?.[`${name}__type`] : attribute.targets?.[0];
      return target === undefined || target === null ? String(value) : `${target},${value}`;
    };
    const change = { logicalName: name, oldValue: shown(before), newValue: shown(after) };
    return change.oldValue === change.newValue ? [] : [change];
  });
}
