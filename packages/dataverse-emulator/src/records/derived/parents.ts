import {
  DataverseError,
  type EntityDefinition,
  type SqlRow,
  type SqlValue,
  type World,
} from "../../model";
import { hasTypeColumn, quote } from "../../store";

/** `parentaccountid`, `parentcaseid`: columns by which the rows of a table stand below each other. */
const parentColumns = new WeakMap<EntityDefinition, readonly string[]>();

function parentsOf(entity: EntityDefinition): readonly string[] {
  let names = parentColumns.get(entity);
  if (names === undefined) {
    names = entity.attributes
      .filter(
        ({ logicalName, attributeOf, targets }) =>
          logicalName.startsWith("parent") &&
          attributeOf === undefined &&
          targets?.includes(entity.logicalName) === true,
      )
      .map(({ logicalName }) => logicalName);
    parentColumns.set(entity, names);
  }
  return names;
}

/** Refuses a parent that is the row itself, or stands below it. */
export function demandNoLoop(
  { db }: Pick<World, "db">,
  entity: EntityDefinition,
  id: string,
  columns: Readonly<Record<string, SqlValue>>,
): void {
  const table = entity.logicalName;
  for (const name of parentsOf(entity)) {
    const attribute = entity.attribute(name);
    const isOther =
      attribute !== undefined && hasTypeColumn(attribute) && columns[`${name}__type`] !== table;
    if (isOther) continue;
    const statement = db.prepare(
      `SELECT ${quote(name)} AS parent FROM ${quote(table)} WHERE ${quote(entity.primaryIdAttribute)} = ?`,
    );
    const seen = new Set<string>();
    let parent: SqlRow[string] | undefined = columns[name];
    while (typeof parent === "string" && !seen.has(parent)) {
      if (parent === id)
        throw new DataverseError(
          400,
          "0x80040387",
          "Creating this parental association would create a loop in this entity hierarchy.",
        );
      seen.add(parent);
      parent = statement.get(parent)?.parent;
    }
  }
}
