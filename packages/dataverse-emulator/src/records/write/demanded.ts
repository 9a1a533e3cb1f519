import type { EntityDefinition, SqlRow } from "../../model";
import { missingField } from "../rows/refusals";

/**
 * Columns of the service's own tables that the platform keeps no row without, parted by blanks. All other requirements are
 * the forms' alone, or it fills the columns in by itself.
 */
const DEMANDED: Readonly<Record<string, string>> = {
  businessunit: "name",
  incident: "customerid",
  queueitem: "objectid queueid",
  role: "businessunitid name",
  systemuser: "businessunitid",
  team: "administratorid businessunitid name",
};

const known = new WeakMap<EntityDefinition, readonly string[]>();

function demandedColumns(entity: EntityDefinition): readonly string[] {
  let names = known.get(entity);
  if (names === undefined) {
    const own = new Set(DEMANDED[entity.logicalName]?.split(" "));
    names = entity.attributes
      .filter(
        ({ logicalName, type, isPrimaryId }) =>
          isPrimaryId ||
          type === "Owner" ||
          logicalName === "activitytypecode" ||
          own.has(logicalName),
      )
      .map(({ logicalName }) => logicalName);
    known.set(entity, names);
  }
  return names;
}

/** Refuses a new row that lacks what the platform keeps none without. */
export function demandFilled(entity: EntityDefinition, columns: SqlRow): void {
  for (const name of demandedColumns(entity)) {
    if (columns[name] === undefined || columns[name] === null)
      throw missingField(entity.logicalName, name);
  }
  if (entity.logicalName === "incidentresolution" && !columns.subject)
    throw missingField(entity.logicalName, "subject");
}

/** Refuses a change that takes such a value away. */
export function demandKept(entity: EntityDefinition, columns: SqlRow): void {
  for (const name of demandedColumns(entity)) {
    if (columns[name] === null) throw missingField(entity.logicalName, name);
  }
}
