import { randomUUID } from "node:crypto";
import type { EntityDefinition, KeyDefinition, WebResponse } from "../../../model";
import { quote } from "../../../store";
import type { MutableCatalog } from "../../catalog";
import { demandPrefix, labelText, objectOf, refuse, textOf } from "../body";
import { noContent, type WriteContext } from "../context";

const MOST_KEYS = 10;
const MOST_COLUMNS = 16;
const KEY_TYPES: ReadonlySet<string> = new Set([
  "DateTime",
  "Decimal",
  "Integer",
  "Lookup",
  "Picklist",
  "String",
]);

function columnsOfBody(entity: EntityDefinition, value: unknown): string[] {
  const names = Array.isArray(value) ? value.map(String) : [];
  if (names.length === 0 || names.length > MOST_COLUMNS) {
    throw refuse("0x80040203", `KeyAttributes must name 1 to ${MOST_COLUMNS} columns.`);
  }
  for (const name of names) {
    const attribute = entity.attribute(name);
    if (attribute === undefined || attribute.attributeOf !== undefined) {
      throw refuse("0x80041103", `The column '${name}' does not exist in '${entity.logicalName}'.`);
    }
    if (!KEY_TYPES.has(attribute.type)) {
      throw refuse(
        "0x80060893",
        `The column '${name}' is of type ${attribute.type}; a key may have ${[...KEY_TYPES].join(", ")} columns.`,
      );
    }
  }
  return names;
}

/** POST EntityDefinitions(…)/Keys: the key is there at once, in force when its index is built. */
export function createKey(context: WriteContext, entity: EntityDefinition): WebResponse {
  const { catalog, world } = context;
  const body = objectOf(context.request.body, "The request body");
  const schemaName = textOf(body, "SchemaName");
  demandPrefix(world.db, schemaName);
  if (entity.keys.some((key) => key.schemaName.toLowerCase() === schemaName.toLowerCase())) {
    throw refuse("0x80044363", `A key with the schema name ${schemaName} already exists.`);
  }
  if (entity.keys.length >= MOST_KEYS) {
    throw refuse(
      "0x80060894",
      `'${entity.logicalName}' has ${MOST_KEYS} keys, the most there may be.`,
    );
  }
  const key: KeyDefinition = {
    schemaName,
    metadataId: randomUUID(),
    attributes: columnsOfBody(entity, body.KeyAttributes),
    displayName: labelText(body.DisplayName) ?? schemaName,
    isCustom: true,
    status: "Pending",
  };
  catalog.change((change) => change.putEntity({ ...entity, keys: [...entity.keys, key] }));
  // Dataverse builds the index in a job of its own; here it is done when the answer is on its way.
  setImmediate(() => buildIndexes(context));
  return noContent(context, `EntityDefinitions(${entity.metadataId})/Keys(${key.metadataId})`);
}

/** Decides every key that is pending: in force, or failed when rows share its values. */
export function buildIndexes({ catalog, world }: Pick<WriteContext, "catalog" | "world">): void {
  const pending = catalog
    .entities()
    .filter((entity) => entity.keys.some((key) => key.status === "Pending"));
  for (const entity of pending) {
    const keys = entity.keys.map((key) => {
      if (key.status !== "Pending") return key;
      const { status: _status, ...active } = key;
      return isUnique(world, entity, key) ? active : { ...key, status: "Failed" as const };
    });
    catalog.change((change) => change.putEntity({ ...entity, keys }));
  }
}

function isUnique(
  world: WriteContext["world"],
  entity: EntityDefinition,
  key: KeyDefinition,
): boolean {
  const columns = key.attributes.map((name) =>
    entity.attribute(name)?.type === "String" ? `fold(${quote(name)})` : quote(name),
  );
  const filled = key.attributes.map((name) => `${quote(name)} IS NOT NULL`).join(" AND ");
  const twice = world.db
    .prepare(
      `SELECT 1 AS twice FROM ${quote(entity.logicalName)} WHERE ${filled} GROUP BY ${columns.join(", ")} HAVING count(*) > 1 LIMIT 1`,
    )
    .get();
  return twice === undefined;
}

/** The key that `Keys(<id>)` or `Keys(LogicalName='…')` names. */
export function findKey(
  entity: EntityDefinition,
  key: { name: string; value: string },
): KeyDefinition | undefined {
  const wanted = key.value.toLowerCase();
  return entity.keys.find((one) =>
    key.name === "MetadataId" ? one.metadataId === wanted : one.schemaName.toLowerCase() === wanted,
  );
}

/** DELETE EntityDefinitions(…)/Keys(…). */
export function deleteKey(
  { catalog }: { catalog: MutableCatalog },
  entity: EntityDefinition,
  key: KeyDefinition,
): WebResponse {
  if (key.isCustom !== true) {
    throw refuse("0x8004f032", `The key '${key.schemaName}' is managed and cannot be deleted.`);
  }
  catalog.change((change) => {
    change.putEntity({ ...entity, keys: entity.keys.filter((one) => one !== key) });
    change.noteRemovedKey(key.metadataId);
  });
  return { status: 204 };
}
