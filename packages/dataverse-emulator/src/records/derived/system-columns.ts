import type { Database, EntityDefinition, Principal, SqlRow, SqlValue } from "../../model";
import { hasTypeColumn, isStored } from "../../store";
import { fillBaseAmounts } from "../render/currency";

type Columns = Record<string, SqlValue>;

const isoTime = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

/** Only what the table has: intersect tables and the like lack most of it. */
function put(
  entity: EntityDefinition,
  columns: Columns,
  name: string,
  value: SqlValue,
  type?: string,
): void {
  const attribute = entity.attribute(name);
  if (attribute === undefined || !isStored(attribute)) return;
  columns[name] = value;
  if (type !== undefined && hasTypeColumn(attribute))
    columns[`${name}__type`] = value === null ? null : type;
}

/** Who did it and when. Under impersonation the person did it, on whose behalf the application acted. */
export function stamp(
  entity: EntityDefinition,
  columns: Columns,
  principal: Principal,
  kind: "created" | "modified",
  now: Date,
): void {
  put(entity, columns, `${kind}by`, principal.systemUserId, "systemuser");
  put(entity, columns, `${kind}on`, isoTime(now));
  put(entity, columns, `${kind}onbehalfby`, principal.onBehalfOf ?? null, "systemuser");
}

/** Keeps owning user, team and business unit in step with the owner. */
export function fillOwnership(db: Database, entity: EntityDefinition, columns: Columns): void {
  const owner = columns.ownerid;
  if (owner === undefined || owner === null) return;
  const isTeam = columns.ownerid__type === "team";
  put(entity, columns, "owninguser", isTeam ? null : owner, "systemuser");
  put(entity, columns, "owningteam", isTeam ? owner : null, "team");
  const table = isTeam ? "team" : "systemuser";
  const unit = db.prepare(`SELECT businessunitid FROM "${table}" WHERE ${table}id = ?`).get(owner);
  put(entity, columns, "owningbusinessunit", unit?.businessunitid ?? null, "businessunit");
}

const computedNames: Readonly<Record<string, readonly string[]>> = {
  contact: ["firstname", "middlename", "lastname"],
  systemuser: ["firstname", "middlename", "lastname"],
  lead: ["firstname", "middlename", "lastname"],
};

function fillFullName(
  entity: EntityDefinition,
  columns: Columns,
  before: SqlRow | undefined,
): void {
  const parts = computedNames[entity.logicalName];
  if (parts === undefined || !parts.some((part) => part in columns)) return;
  const words = parts
    .map((part) => (part in columns ? columns[part] : before?.[part]))
    .filter((word) => typeof word === "string" && word !== "");
  put(entity, columns, "fullname", words.join(" "));
}

/**
 * A new article is version 1.0, the latest one, and the primary one of its translations, unless it says otherwise.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/knowledgearticle
 */
function fillFirstVersion(entity: EntityDefinition, columns: Columns): void {
  const first = { islatestversion: 1, isprimary: 1, majorversionnumber: 1, minorversionnumber: 0 };
  for (const [name, value] of Object.entries(first))
    if (columns[name] === undefined) put(entity, columns, name, value);
}

export function completeNew(
  db: Database,
  entity: EntityDefinition,
  columns: Columns,
  principal: Principal,
  now: Date,
): void {
  if (entity.logicalName === "knowledgearticle") fillFirstVersion(entity, columns);
  for (const attribute of entity.attributes) {
    const isDefaulted =
      attribute.defaultValue !== undefined &&
      (attribute.type === "Boolean" || attribute.type === "Picklist");
    if (isDefaulted && columns[attribute.logicalName] === undefined)
      columns[attribute.logicalName] = attribute.defaultValue ?? null;
  }
  stamp(entity, columns, principal, "created", now);
  stamp(entity, columns, principal, "modified", now);
  if (columns.overriddencreatedon) {
    columns.createdon = columns.overriddencreatedon;
    columns.overriddencreatedon = isoTime(now);
  }
  if (columns.ownerid === undefined || columns.ownerid === null)
    put(entity, columns, "ownerid", principal.systemUserId, "systemuser");
  fillOwnership(db, entity, columns);
  if (entity.isCustom && columns.timezoneruleversionnumber === undefined)
    put(entity, columns, "timezoneruleversionnumber", 0);
  if (entity.isActivity) put(entity, columns, "activitytypecode", entity.logicalName);
  fillFullName(entity, columns, undefined);
  fillBaseAmounts(db, entity, columns, undefined, principal.systemUserId);
}

export function completeChange(
  db: Database,
  entity: EntityDefinition,
  columns: Columns,
  before: SqlRow,
  principal: Principal,
  now: Date,
): void {
  stamp(entity, columns, principal, "modified", now);
  fillOwnership(db, entity, columns);
  fillFullName(entity, columns, before);
  fillBaseAmounts(db, entity, columns, before, principal.systemUserId);
}
