import { randomUUID } from "node:crypto";
import {
  DataverseError,
  type EntityDefinition,
  type Principal,
  type SqlRow,
  type SqlValue,
  type World,
} from "../../model";
import { runPlugIns } from "../../plug-ins";
import { demandReadingOwner, hiddenColumns } from "../../security";
import { foldedSql, quote } from "../../store";
import { audit } from "../derived/audit";
import { fillNumbers } from "../derived/autonumber";
import { followers } from "../derived/cascades";
import { closingWith, demandHierarchy } from "../derived/case-hierarchy";
import { completeComputed, recount } from "../derived/computed";
import { demandNoLoop } from "../derived/parents";
import { completeQueueItem, leaveQueues } from "../derived/queue-items";
import { changeState, checkActivity, checkIncident, firstState } from "../derived/states";
import { completeChange, completeNew, fillOwnership, stamp } from "../derived/system-columns";
import { badPayload, doesNotExist, duplicateRow } from "../rows/refusals";
import { demandRow } from "../rows/row-access";
import { deleteRow, insertRow, readRow, updateRow } from "../rows/rows";
import { demandFilled, demandKept } from "./demanded";
import { completeImages, writeFiles } from "./files";
import { demandLinks } from "./links";
import { readPayload } from "./payload";
import { type Create, dropParties, makeParents, writeRelated } from "./related";
import { inheritShares } from "./share";

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

/** Activities are written as what they are, and their parties with them. */
const writtenWithOthers: ReadonlySet<string> = new Set(["activityparty", "activitypointer"]);

export function demandOwnRows(
  { logicalName }: EntityDefinition,
  message: "Create" | "Delete" | "Update",
  internal: boolean,
): void {
  if (!writtenWithOthers.has(logicalName) || (internal && logicalName === "activityparty")) return;
  throw new DataverseError(
    400,
    "0x80040800",
    `The '${message}' method does not support entities of type '${logicalName}'.`,
  );
}

interface Options {
  readonly id?: string;
  readonly internal?: boolean;
}

/** Everything is written together, or nothing. */
export function create(
  place: Place,
  table: string,
  body: Body,
  principal: Principal,
  options: Options = {},
): string {
  return place.db.transaction(() => insert(place, table, body, principal, options));
}

function insert(
  place: Place,
  table: string,
  body: Body,
  principal: Principal,
  { id: given, internal = false }: Options,
): string {
  const entity = entityOf(place, table);
  if (!internal) place.security.demand(principal, "Create", table);
  demandOwnRows(entity, "Create", internal);
  const payload = readPayload(place, entity, body, principal, internal ? "internal" : "create");
  const { columns } = payload;
  const id = idOf(entity, given ?? columns[entity.primaryIdAttribute]);
  columns[entity.primaryIdAttribute] = id;
  if (!internal) {
    demandColumns(place, principal, entity, columns, "Create");
    demandLinks(place, principal, entity, payload.bound, undefined);
    demandFirstState(entity, id, columns);
  }
  const nested: Create = (other, nestedBody, more) =>
    insert(place, other, nestedBody, principal, more);
  makeParents(payload, nested);
  completeNew(place.db, entity, columns, principal, place.now());
  firstState(entity, id, columns, internal);
  demandFilled(entity, columns);
  if (!internal) checkOwner(place, principal, entity, columns);
  if (readRow(place.db, entity, id) !== undefined) throw duplicateRow();
  checkKeys(place, entity, id, columns);
  if (table === "queueitem") completeQueueItem(place, columns, isoTime(place.now()));
  if (!internal) demandTree(place, entity, id, columns);
  fillNumbers(place.db, entity, columns, place.now());
  complete(place, entity, id, columns, undefined);
  runPlugIns(place, "Create", entity, columns);
  insertRow(place.db, entity, columns);
  audit(place, entity, id, undefined, columns, principal);
  writeFiles(place.db, entity, id, payload.files);
  recount(place.db, table, undefined, columns);
  inheritShares(place, entity, id, columns, undefined);
  writeRelated(place, entity, id, payload, principal, nested);
  return id;
}

const isoTime = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

/** Where the row may stand in the tree of its table. */
function demandTree(
  place: Place,
  entity: EntityDefinition,
  id: string,
  columns: Readonly<Record<string, SqlValue>>,
): void {
  demandNoLoop(place, entity, id, columns);
  if (entity.logicalName === "incident") demandHierarchy(place.db, id, columns);
}

/** Refuses a secured column that no field security profile lets the principal write. */
function demandColumns(
  place: Place,
  principal: Principal,
  entity: EntityDefinition,
  columns: Readonly<Record<string, SqlValue>>,
  right: "Create" | "Update",
): void {
  const hidden = hiddenColumns(place, principal, entity, right);
  if (hidden.size === 0 || !Object.keys(columns).some((name) => hidden.has(name))) return;
  throw right === "Create"
    ? new DataverseError(
        403,
        "0x8004f502",
        "The user does not have create permissions to a secured field. The requested operation could not be completed.",
      )
    : new DataverseError(
        403,
        "0x8004f507",
        "The user doesn't have AttributePrivilegeUpdate and not granted shared access for a secured attribute during update operation",
      );
}

function demandFirstState(
  entity: EntityDefinition,
  id: string,
  { statecode }: Readonly<Record<string, SqlValue>>,
): void {
  if (statecode === undefined || statecode === firstStateOf(entity)) return;
  throw new DataverseError(
    400,
    "0x80048408",
    `${statecode} is not a valid state code on ${entity.logicalName} with Id ${id}.`,
  );
}

const firstStateOf = (entity: EntityDefinition) =>
  Math.min(...(entity.attribute("statecode")?.options?.map((option) => option.value) ?? [0]));

function idOf(entity: EntityDefinition, given: SqlValue | string | undefined): string {
  if (given === undefined || given === null) return randomUUID();
  if (typeof given === "string" && guid.test(given) && !/^[0-]+$/.test(given))
    return given.toLowerCase();
  throw badPayload(entity, `'${String(given).slice(0, 100)}' is no GUID.`);
}

/** A row goes to somebody who works here; giving it to another takes the right to assign. */
function checkOwner(
  place: Place,
  principal: Principal,
  entity: EntityDefinition,
  columns: Readonly<Record<string, SqlValue>>,
): void {
  const owner = columns.ownerid;
  if (typeof owner !== "string" || entity.attribute("ownerid") === undefined) return;
  if (owner === principal.systemUserId) return;
  place.security.demand(principal, "Assign", entity.logicalName);
  const isTeam = columns.ownerid__type === "team";
  demandReadingOwner(place.db, entity, { id: owner, isTeam }, principal);
  if (isTeam) return;
  const user = place.db
    .prepare("SELECT isdisabled FROM systemuser WHERE systemuserid = ?")
    .get(owner);
  if (user?.isdisabled !== 1) return;
  throw new DataverseError(
    400,
    "0x80040225",
    "The specified user is either disabled or is not a member of any business unit.",
  );
}

function checkKeys(
  place: Place,
  entity: EntityDefinition,
  id: string,
  columns: Readonly<Record<string, SqlValue>>,
): void {
  for (const { attributes, schemaName: displayName } of entity.keys.filter(
    (key) => key.status === undefined,
  )) {
    const values = attributes.map((name) => columns[name] ?? null);
    if (values.includes(null)) continue;
    const where = attributes.map((name) => {
      const attribute = entity.attribute(name);
      return attribute?.type === "String"
        ? `${foldedSql(entity, attribute, "t")} = fold(?)`
        : `t.${quote(name)} = ?`;
    });
    const other = place.db
      .prepare(
        `SELECT 1 AS there FROM ${quote(entity.logicalName)} t WHERE ${where.join(" AND ")} AND t.${quote(entity.primaryIdAttribute)} <> ?`,
      )
      .get(...values, id);
    if (other !== undefined) {
      throw new DataverseError(
        412,
        "0x80060892",
        `Entity Key ${displayName} violated. A record with the same value for ${attributes.join(", ")} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`,
      );
    }
  }
}

/** Changes one row by everything its body says, or not at all. */
export function update(
  place: Place,
  table: string,
  id: string,
  body: Body,
  principal: Principal,
  options: { internal?: boolean } = {},
): void {
  place.db.transaction(() => change(place, table, id, body, principal, options.internal ?? false));
}

function change(
  place: Place,
  table: string,
  id: string,
  body: Body,
  principal: Principal,
  internal: boolean,
): void {
  const entity = entityOf(place, table);
  if (!internal) place.security.demand(principal, "Write", table);
  demandOwnRows(entity, "Update", internal);
  const before = readRow(place.db, entity, id);
  if (before === undefined) throw doesNotExist(table, id);
  if (!internal) demandRow(place, principal, "Write", entity, id);
  const mode = internal ? "internal" : "update";
  const payload = readPayload(place, entity, body, principal, mode, before);
  const { columns } = payload;
  delete columns[entity.primaryIdAttribute];
  const written = Object.keys(columns);
  if (!internal) {
    demandColumns(place, principal, entity, columns, "Update");
    demandLinks(place, principal, entity, payload.bound, before);
    checkChange(place, principal, entity, id, before, columns);
  }
  changeState(entity, id, before, columns);
  const children = table === "incident" ? closingWith(place.db, id, before, columns) : [];
  completeChange(place.db, entity, columns, before, principal, place.now());
  checkKeys(place, entity, id, { ...before, ...columns });
  complete(place, entity, id, columns, before);
  runPlugIns(place, "Update", entity, { ...before, ...columns }, written);
  updateRow(place.db, entity, id, columns);
  audit(place, entity, id, before, columns, principal);
  writeFiles(place.db, entity, id, payload.files);
  recount(place.db, table, before, columns);
  inheritShares(place, entity, id, columns, before);
  if (columns.ownerid !== undefined && columns.ownerid !== before.ownerid)
    assignFollowers(place, entity, id, columns, before.ownerid, principal);
  if (table === "incident" && before.statecode === 1 && columns.statecode === 0)
    forgetResolution(place, id);
  if (table === "incident" && before.statecode === 0 && (columns.statecode ?? 0) !== 0)
    leaveQueues(place, id);
  for (const child of children) {
    const { statecode, statuscode } = columns;
    change(place, table, child, { statecode, statuscode }, principal, true);
  }
  if (payload.children.length > 0) dropParties(place, entity, id);
  writeRelated(place, entity, id, payload, principal, (other, nestedBody, more) =>
    insert(place, other, nestedBody, principal, more),
  );
}

/** What belongs to a row goes to its new owner with it. */
function assignFollowers(
  place: Place,
  entity: EntityDefinition,
  id: string,
  { ownerid = null, ownerid__type = null }: Readonly<Record<string, SqlValue>>,
  former: SqlValue | undefined,
  principal: Principal,
): void {
  for (const child of followers(place, entity, id, "Assign", former)) {
    const columns: Record<string, SqlValue> = { ownerid, ownerid__type };
    fillOwnership(place.db, child.entity, columns);
    stamp(child.entity, columns, principal, "modified", place.now());
    updateRow(place.db, child.entity, child.id, columns);
  }
}

/** What the platform works out for itself. */
function complete(
  { db, now }: Place,
  entity: EntityDefinition,
  id: string,
  columns: Record<string, SqlValue>,
  before: SqlRow | undefined,
): void {
  completeImages(entity, id, columns, now());
  completeComputed({ db, entity, id, columns, before, now: now() });
}

/** What a caller may not do to a row that he may write. */
function checkChange(
  place: Place,
  principal: Principal,
  entity: EntityDefinition,
  id: string,
  before: SqlRow,
  columns: Record<string, SqlValue>,
): void {
  if (columns.ownerid !== undefined && columns.ownerid !== before.ownerid) {
    place.security.demand(principal, "Assign", entity.logicalName);
    demandRow(place, principal, "Assign", entity, id);
    checkOwner(place, principal, entity, columns);
  }
  if (entity.logicalName === "incident") checkIncident(place.db, id, before, columns);
  demandTree(place, entity, id, columns);
  checkActivity(entity, before, columns);
  demandKept(entity, columns);
}

/** A case that is opened again was not resolved. */
function forgetResolution(place: Place, caseId: string): void {
  const entity = entityOf(place, "incidentresolution");
  for (const { activityid } of place.db
    .prepare("SELECT activityid FROM incidentresolution WHERE incidentid = ?")
    .all(caseId))
    deleteRow(place.db, entity, String(activityid));
}
