import type { AttributeDefinition, EntityDefinition, Principal, World } from "../model";
import { quote } from "../store";
import { badPayload, doesNotExist } from "./refusals";

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export interface Reference {
  readonly table: string;
  readonly id: string;
}

type Place = Pick<World, "db" | "catalog" | "security">;

/** The row that a bind names: `/accounts(<guid>)`, `accounts(<guid>)`, an absolute address, or an alternate key. */
export function readReference(
  place: Place,
  entity: EntityDefinition,
  property: string,
  value: unknown,
): Reference {
  const text = typeof value === "string" ? value : "";
  const path = text.replace(/^[a-z]+:\/\/[^/]+/i, "").replace(/^\/api\/data\/v9\.\d+/, "");
  const match = /^\/?(\w+)\((.*)\)$/s.exec(decode(path));
  const target = match === null ? undefined : place.catalog.bySet(match[1] ?? "");
  if (match === null || target === undefined) {
    throw badPayload(
      entity,
      `Resource not found for the segment '${text.slice(0, 100)}' of '${property}@odata.bind'.`,
    );
  }
  const key = match[2] ?? "";
  if (guid.test(key)) return { table: target.logicalName, id: key.toLowerCase() };
  return { table: target.logicalName, id: findByKey(place, entity, target, property, key) };
}

/** What is no valid escape stands for itself; it then names nothing. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function findByKey(
  { db }: Place,
  entity: EntityDefinition,
  target: EntityDefinition,
  property: string,
  key: string,
): string {
  const pairs = key.split(",").map((part) => /^\s*(\w+)\s*=\s*'?(.*?)'?\s*$/.exec(part));
  const isKey = pairs.every(
    (pair) => pair !== null && target.attribute(pair[1] ?? "") !== undefined,
  );
  if (!isKey)
    throw badPayload(
      entity,
      `'${key.slice(0, 100)}' of '${property}@odata.bind' is not a key of '${target.logicalName}'.`,
    );
  const conditions = pairs.map((pair) => `${quote(pair?.[1] ?? "")} = ?`).join(" AND ");
  const row = db
    .prepare(
      `SELECT ${quote(target.primaryIdAttribute)} AS id FROM ${quote(target.logicalName)} WHERE ${conditions}`,
    )
    .get(...pairs.map((pair) => pair?.[2]?.replaceAll("''", "'") ?? ""));
  if (row === undefined) throw doesNotExist(target.logicalName, key);
  return String(row.id);
}

/** Refuses a row that is not there, or that the principal may not see: both look the same from outside. */
export function demandVisible(place: Place, principal: Principal, { table, id }: Reference): void {
  const target = place.catalog.byName(table);
  const key = target?.primaryIdAttribute ?? `${table}id`;
  const filter = place.security.rowFilter(principal, "Read", table, "t");
  const row = place.db
    .prepare(
      `SELECT 1 AS there FROM ${quote(table)} t WHERE t.${quote(key)} = ?${filter ? ` AND (${filter.sql})` : ""}`,
    )
    .get(id, ...(filter?.parameters ?? []));
  if (row === undefined) throw doesNotExist(table, id);
}

/** Tables that a lookup may point to; an owner is a user or a team. */
export function targetsOf(attribute: AttributeDefinition): readonly string[] {
  if (attribute.type === "Owner") return ["systemuser", "team"];
  return attribute.targets ?? [];
}
