import { randomUUID } from "node:crypto";
import {
  DataverseError,
  type EntityDefinition,
  type Principal,
  type Right,
  type SqlValue,
  type World,
} from "../model";
import { quote } from "../store";
import { associate } from "./associate";
import { fillNumbers } from "./autonumber";
import { type Payload, readPayload } from "./payload";
import { accessDenied, badPayload, doesNotExist } from "./refusals";
import { insertRow, readRow, updateRow } from "./rows";
import { changeState, checkActivity, checkIncident, firstState } from "./states";
import { completeChange, completeNew } from "./system-columns";

export type Place = Pick<World, "db" | "catalog" | "security" | "now">;
type Body = Readonly<Record<string, unknown>>;

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function entityOf(place: Place, table: string): EntityDefinition {
  const entity = place.catalog.byName(table);
  if (entity === undefined)
    throw new DataverseError(
      400,
      "0x80041102",
      `The entity with a name = '${table}' with namemapping = 'Logical' was not found in the MetadataCache.`,
    );
  return entity;
}

/** Everything is checked before anything is written, and what is written is written together. */
export function create(
  place: Place,
  table: string,
  body: Body,
  principal: Principal,
  options: { id?: string; internal?: boolean } = {},
): string {
  const entity = entityOf(place, table);
  if (!options.internal) place.security.demand(principal, "Create", table);
  if (entity.logicalName === "activitypointer")
    throw new DataverseError(
      400,
      "0x80040800",
      "The 'Create' method does not support entities of type 'activitypointer'.",
    );
  const payload = readPayload(
    place,
    entity,
    body,
    principal,
    options.internal ? "internal" : "create",
  );
  const id = idOf(entity, options.id ?? payload.columns[entity.primaryIdAttribute]);
  const { columns } = payload;
  columns[entity.primaryIdAttribute] = id;
  if (
    !options.internal &&
    columns.statecode !== undefined &&
    columns.statecode !== firstStateOf(entity)
  ) {
    throw new DataverseError(
      400,
      "0x80048408",
      `${columns.statecode} is not a valid state code on a new ${table} with Id ${id}.`,
    );
  }
  completeNew(place.db, entity, columns, principal, place.now());
  firstState(entity, id, columns, options.internal ?? false);
  checkRequired(entity, columns);
  return place.db.transaction(() => {
    if (readRow(place.db, entity, id) !== undefined)
      throw new DataverseError(412, "0x80040237", "Cannot insert duplicate key.");
    checkKeys(place, entity, id, columns);
    fillNumbers(place.db, entity, columns, place.now());
    insertRow(place.db, entity, columns);
    writeRelated(place, entity, id, payload, principal);
    return id;
  });
}

const firstStateOf = (entity: EntityDefinition) =>
  Math.min(...(entity.attribute("statecode")?.options?.map((option) => option.value) ?? [0]));

function idOf(entity: EntityDefinition, given: SqlValue | string | undefined): string {
  if (given === undefined || given === null) return randomUUID();
  if (typeof given === "string" && guid.test(given) && !/^[0-]+$/.test(given))
    return given.toLowerCase();
  throw badPayload(entity, `'${String(given).slice(0, 100)}' is no GUID.`);
}

/** Most requirements are the forms' alone; these are the platform's. */
function checkRequired(
  entity: EntityDefinition,
  columns: Readonly<Record<string, SqlValue>>,
): void {
  if (entity.logicalName === "incident" && !columns.customerid) {
    throw new DataverseError(400, "0x80044410", "You should specify a parent contact or account.");
  }
  if (entity.logicalName === "incidentresolution" && !columns.subject) {
    throw new DataverseError(400, "0x80040203", "Required field 'subject' is missing.");
  }
}

function checkKeys(
  place: Place,
  entity: EntityDefinition,
  id: string,
  columns: Readonly<Record<string, SqlValue>>,
): void {
  for (const { attributes } of entity.keys) {
    const values = attributes.map((name) => columns[name] ?? null);
    if (values.includes(null)) continue;
    const where = attributes.map((name) => `${quote(name)} = ?`).join(" AND ");
    const other = place.db
      .prepare(
        `SELECT 1 AS there FROM ${quote(entity.logicalName)} WHERE ${where} AND ${quote(entity.primaryIdAttribute)} <> ?`,
      )
      .get(...values, id);
    if (other !== undefined) {
      throw new DataverseError(
        412,
        "0x80060892",
        `Entity Key ${attributes.join(",")} violated. A record with the same value for ${attributes.join(", ")} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`,
      );
    }
  }
}

function writeRelated(
  place: Place,
  entity: EntityDefinition,
  id: string,
  payload: Payload,
  principal: Principal,
): void {
  for (const { relationship, body } of payload.children) {
    const child = entityOf(place, relationship.referencingEntity);
    const bind = `${relationship.referencingNavigation}@odata.bind`;
    // A party has no rights of its own: it is part of its activity.
    const options = child.logicalName === "activityparty" ? { internal: true } : {};
    const inherited = child.logicalName === "activityparty" ? ownerBind(place, entity, id) : {};
    create(
      place,
      child.logicalName,
      { ...inherited, ...body, [bind]: `/${entity.entitySetName}(${id})` },
      principal,
      options,
    );
  }
  for (const { navigation, reference } of payload.links) {
    const set = place.catalog.byName(reference.table)?.entitySetName ?? "";
    associate(place, entity.logicalName, id, navigation, set, reference.id, principal);
  }
}

function ownerBind(place: Place, entity: EntityDefinition, id: string): Body {
  const row = readRow(place.db, entity, id);
  const set = row?.ownerid__type === "team" ? "teams" : "systemusers";
  return row?.ownerid ? { "ownerid@odata.bind": `/${set}(${row.ownerid})` } : {};
}

export function update(
  place: Place,
  table: string,
  id: string,
  body: Body,
  principal: Principal,
  options: { internal?: boolean } = {},
): void {
  const entity = entityOf(place, table);
  const internal = options.internal ?? false;
  if (!internal) place.security.demand(principal, "Write", table);
  const before = readRow(place.db, entity, id);
  if (before === undefined) throw doesNotExist(table, id);
  if (!internal) demandRow(place, principal, "Write", entity, id);
  const payload = readPayload(place, entity, body, principal, internal ? "internal" : "update");
  const { columns } = payload;
  delete columns[entity.primaryIdAttribute];
  if (!internal) {
    if (columns.ownerid !== undefined && columns.ownerid !== before.ownerid)
      place.security.demand(principal, "Assign", table);
    if (table === "incident") checkIncident(before, columns);
    checkActivity(entity, before, columns);
    if (table === "incident" && columns.customerid === null)
      throw new DataverseError(
        400,
        "0x80044410",
        "You should specify a parent contact or account.",
      );
  }
  changeState(entity, id, before, columns);
  completeChange(place.db, entity, columns, before, principal, place.now());
  place.db.transaction(() => {
    checkKeys(place, entity, id, { ...before, ...columns });
    updateRow(place.db, entity, id, columns);
    if (table === "incident" && before.statecode === 1 && columns.statecode === 0)
      forgetResolution(place, id);
    writeRelated(place, entity, id, payload, principal);
  });
}

/** A case that is opened again was not resolved. */
function forgetResolution({ db }: Place, caseId: string): void {
  db.prepare("DELETE FROM incidentresolution WHERE incidentid = ?").run(caseId);
}

/** Refuses a row outside the depth of the principal's right. */
export function demandRow(
  place: Place,
  principal: Principal,
  right: Right,
  entity: EntityDefinition,
  id: string,
): void {
  const filter = place.security.rowFilter(principal, right, entity.logicalName, "t");
  if (filter === undefined) return;
  const row = place.db
    .prepare(
      `SELECT 1 AS there FROM ${quote(entity.logicalName)} t WHERE t.${quote(entity.primaryIdAttribute)} = ? AND (${filter.sql})`,
    )
    .get(id, ...filter.parameters);
  if (row === undefined) throw accessDenied();
}
