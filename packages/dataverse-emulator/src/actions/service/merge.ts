import {
  DataverseError,
  type EntityDefinition,
  type Principal,
  type SqlRow,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { hasChildren } from "../../records";
import { hasTypeColumn, quote } from "../../store";
import { demandRow, invalidArgument } from "../access";
import { isObject, type Json, parametersOf, targetOf, typeNameOf } from "../reference";

/** What a merged row becomes. */
const ends: Readonly<Record<string, { statecode: number; statuscode: number }>> = {
  account: { statecode: 1, statuscode: 2 },
  contact: { statecode: 1, statuscode: 2 },
  lead: { statecode: 2, statuscode: 7 },
  incident: { statecode: 2, statuscode: 2000 },
};

const parents: Readonly<Record<string, string>> = {
  account: "parentaccountid",
  contact: "parentcustomerid",
  incident: "parentcaseid",
};

/** Points what hangs on the one row at the other, where the relationship says that merging passes. */
function moveChildren(
  world: World,
  entity: EntityDefinition,
  from: string,
  to: string,
  principal: Principal,
): void {
  for (const relationship of world.catalog.oneToMany(entity.logicalName)) {
    const child = world.catalog.byName(relationship.referencingEntity);
    const attribute = child?.attribute(relationship.referencingAttribute);
    if (child === undefined || attribute === undefined) continue;
    // Merging moves the mails of a case, though their relationship does not say so.
    const isMail = child.logicalName === "email" && entity.logicalName === "incident";
    const isMoved = relationship.cascades?.Merge === "Cascade" || isMail;
    if (child.logicalName === "activitypointer" || !isMoved) continue;
    const ofType = hasTypeColumn(attribute)
      ? ` AND ${quote(`${attribute.logicalName}__type`)} = '${entity.logicalName}'`
      : "";
    const key = quote(child.primaryIdAttribute);
    const rows = world.db
      .prepare(
        `SELECT ${key} AS id FROM ${quote(child.logicalName)} WHERE ${quote(attribute.logicalName)} = ?${ofType}`,
      )
      .all(from);
    const change = {
      [`${relationship.referencingNavigation}@odata.bind`]: `/${entity.entitySetName}(${to})`,
    };
    for (const { id } of rows) {
      if (child.logicalName === entity.logicalName && id === to) continue;
      world.records.update(child.logicalName, String(id), change, principal, { internal: true });
    }
  }
}

function contentOf(value: unknown, entity: EntityDefinition): Json {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw invalidArgument("'UpdateContent' must be a row.");
  const type = typeNameOf(value);
  if (type !== undefined && type !== entity.logicalName) {
    throw invalidArgument(
      `'UpdateContent' must be of type '${entity.logicalName}'; it is '${type}'.`,
    );
  }
  const { "@odata.type": _, [entity.primaryIdAttribute]: __, ...columns } = value;
  return columns;
}

/** Cases of different parents stay apart, and none gets below a child what may stand below a parent alone. */
function demandMergedHierarchy(world: World, master: SqlRow, lesser: SqlRow): void {
  const { parentcaseid: above } = master;
  if (lesser.parentcaseid && above && lesser.parentcaseid !== above)
    throw new DataverseError(
      400,
      "0x8003f450",
      "You can't merge cases that have different parent cases.",
    );
  const lesserId = String(lesser.incidentid);
  if (above && above !== lesserId && hasChildren(world.db, lesserId))
    throw new DataverseError(400, "0x8003f453", "You can't create child cases for child cases.");
}

/**
 * POST Merge {Target, Subordinate, UpdateContent, PerformParentingChecks} → 204. What hung on the subordinate hangs on the
 * target, and the subordinate is deactivated (a case: cancelled, Merged) and points to its master.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/merge-entity-using-web-api
 */
export function merge(request: WebRequest, world: World): WebResponse {
  const parameters = parametersOf(request.body);
  const target = targetOf(world, parameters.Target, "Target");
  const subordinate = targetOf(world, parameters.Subordinate, "Subordinate");
  const { entity } = target;
  const table = entity.logicalName;
  const end = Object.hasOwn(ends, table) ? ends[table] : undefined;
  if (entity !== subordinate.entity) {
    throw new DataverseError(
      400,
      "0x80045303",
      "Merge cannot be performed on entities from different business entity.",
    );
  }
  if (end === undefined) {
    throw new DataverseError(
      400,
      "0x80040800",
      `The 'Merge' method does not support entities of type '${table}'.`,
    );
  }
  if (target.id === subordinate.id) throw invalidArgument("A row cannot be merged with itself.");
  const checks = parameters.PerformParentingChecks;
  if (checks !== undefined && checks !== null && typeof checks !== "boolean") {
    throw invalidArgument("'PerformParentingChecks' must be true or false.");
  }
  const content = contentOf(parameters.UpdateContent, entity);
  const { principal } = request;
  const master = demandRow(world, principal, "Write", table, target.id);
  const lesser = demandRow(world, principal, "Write", table, subordinate.id);
  if (master.statecode !== 0 || lesser.statecode !== 0) {
    throw invalidArgument(`Merge cannot be performed on entity '${table}' that is inactive.`);
  }
  const parent = parents[table];
  const isElsewhere = parent && lesser[parent] && lesser[parent] !== master[parent];
  if (table === "incident") demandMergedHierarchy(world, master, lesser);
  else if (checks && isElsewhere)
    throw invalidArgument("The rows have different parents, and PerformParentingChecks is on.");
  world.db.transaction(() => {
    if (Object.keys(content).length > 0) world.records.update(table, target.id, content, principal);
    moveChildren(world, entity, subordinate.id, target.id, principal);
    const columns = {
      ...end,
      ...(entity.attribute("merged") ? { merged: true } : {}),
      ...(entity.attribute("masterid")
        ? { "masterid@odata.bind": `/${entity.entitySetName}(${target.id})` }
        : {}),
    };
    world.records.update(table, subordinate.id, columns, principal, { internal: true });
  });
  return { status: 204 };
}
