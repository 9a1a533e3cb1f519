import { DataverseError, type EntityDefinition, type SqlValue, type World } from "./model";
import { foldedSql, quote } from "./store";

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A row named in a path: by id, or by the columns of an alternate key. */
export type RowKey =
  | { readonly kind: "id"; readonly id: string }
  | {
      readonly kind: "alternate";
      readonly values: Readonly<Record<string, string>>;
      readonly id: string | undefined;
    };

/** Reads what stands between the brackets: a GUID, `accountid=<guid>`, or `name='value',other=1`. */
export function readKey(text: string, entity: EntityDefinition, world: Pick<World, "db">): RowKey {
  const bare = decode(text).trim();
  if (guid.test(bare)) return { kind: "id", id: bare.toLowerCase() };
  const values: Record<string, string> = {};
  const pattern = /\s*(\w+)\s*=\s*(?:'((?:[^']|'')*)'|([^,']+?))\s*(?:,|$)/y;
  while (pattern.lastIndex < bare.length) {
    const match = pattern.exec(bare);
    if (match === null) throw badKey(text);
    values[match[1] ?? ""] = match[2]?.replaceAll("''", "'") ?? match[3] ?? "";
  }
  const names = Object.keys(values);
  if (names.length === 0) throw badKey(text);
  const own = values[entity.primaryIdAttribute];
  if (names.length === 1 && own !== undefined && guid.test(own))
    return { kind: "id", id: own.toLowerCase() };
  const columns = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      // A lookup in a key goes by the name under which it is read.
      /^_(\w+)_value$/.exec(name)?.[1] ?? name,
      value,
    ]),
  );
  const isDefined = entity.keys.some(
    (key) =>
      key.status === undefined &&
      key.attributes.length === names.length &&
      key.attributes.every((name) => name in columns),
  );
  if (!isDefined) {
    throw new DataverseError(
      400,
      "0x80060890",
      `The specified key attributes are not a defined key for the ${entity.logicalName} entity`,
    );
  }
  return { kind: "alternate", values: columns, id: findByKey(entity, columns, world) };
}

/** Characters that the service takes in no path, encoded or not. */
const unsafe = /[/<>*%&:\\?+#]/;

/**
 * Refuses an alternate key in a path whose value holds what no path may hold.
 * @see https://learn.microsoft.com/power-apps/maker/data-platform/define-alternate-keys-portal
 */
export function demandPathSafe(key: RowKey): void {
  if (key.kind === "id") return;
  const found = Object.values(key.values).flatMap((value) => unsafe.exec(value) ?? [])[0];
  if (found === undefined) return;
  throw new DataverseError(
    400,
    "0x80060888",
    `A potentially dangerous Request.Path value was detected from the client (${found}).`,
  );
}

/** 404 0x80060891 */
export const noSuchKey = (entity: EntityDefinition) =>
  new DataverseError(
    404,
    "0x80060891",
    `A record with the specified key values does not exist in ${entity.logicalName} entity`,
  );

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badKey(text);
  }
}

const badKey = (text: string) =>
  new DataverseError(
    400,
    "0x80060888",
    `Bad Request - Error in query syntax: '(${text.slice(0, 100)})' is not a key.`,
  );

function findByKey(
  entity: EntityDefinition,
  values: Readonly<Record<string, string>>,
  world: Pick<World, "db">,
): string | undefined {
  const parameters: SqlValue[] = [];
  const conditions = Object.entries(values).map(([name, value]) => {
    const attribute = entity.attribute(name);
    if (attribute === undefined)
      throw new DataverseError(
        400,
        "0x80060888",
        `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${entity.logicalName}'.`,
      );
    parameters.push(value);
    if (attribute.type === "String") return `${foldedSql(entity, attribute, "t")} = fold(?)`;
    return `t.${quote(name)} = ${attribute.type === "Uniqueidentifier" || attribute.type === "Lookup" ? "lower(?)" : "CAST(? AS NUMERIC)"}`;
  });
  const row = world.db
    .prepare(
      `SELECT t.${quote(entity.primaryIdAttribute)} AS id FROM ${quote(entity.logicalName)} t WHERE ${conditions.join(" AND ")}`,
    )
    .get(...parameters);
  return row === undefined ? undefined : String(row.id);
}

/** The columns of an alternate key as JSON gives them, for a row that is made by its key. */
export function keyBody(
  entity: EntityDefinition,
  values: Readonly<Record<string, string>>,
  { catalog }: Pick<World, "catalog">,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const attribute = entity.attribute(name);
      switch (attribute?.type) {
        case "Integer":
        case "Picklist":
        case "Decimal":
        case "Double":
        case "Money":
          return [name, Number(value)];
        case "Lookup":
        case "Customer": {
          const [end] = attribute.navigation ?? [];
          const set = catalog.byName(end?.target ?? "")?.entitySetName;
          return [`${end?.property ?? name}@odata.bind`, `/${set}(${value})`];
        }
        default:
          return [name, value];
      }
    }),
  );
}
