import { DataverseError, type Principal, type Right, type SqlRow, type World } from "../model";

/** Refusal of a row that does not exist, in Dataverse's words. */
export function doesNotExist(table: string, id: string): DataverseError {
  return new DataverseError(404, "0x80040217", `Entity '${table}' With Id = ${id} Does Not Exist`);
}

/** 400 0x80040203 for an argument that is missing or of the wrong kind. */
export function invalidArgument(message: string): DataverseError {
  return new DataverseError(400, "0x80040203", message);
}

/** True when the right's depth, ownership or a share covers the row. The privilege itself is checked before. */
export function covers(
  world: World,
  principal: Principal,
  right: Right,
  table: string,
  id: string,
): boolean {
  const filter = world.security.rowFilter(principal, right, table, "t");
  if (filter === undefined) return true;
  const key = world.catalog.byName(table)?.primaryIdAttribute ?? `${table}id`;
  const found = world.db
    .prepare(`SELECT 1 AS found FROM "${table}" t WHERE t."${key}" = ? AND (${filter.sql})`)
    .get(id, ...filter.parameters);
  return found !== undefined;
}

/** The row, when it exists and the principal may do this to it. Throws 403 0x80040220, 404 0x80040217, 403 0x80048306. */
export function demandRow(
  world: World,
  principal: Principal,
  right: Right,
  table: string,
  id: string,
): SqlRow {
  world.security.demand(principal, right, table);
  const row = world.records.read(table, id);
  if (row === undefined) throw doesNotExist(table, id);
  if (covers(world, principal, right, table, id)) return row;
  throw new DataverseError(
    403,
    "0x80048306",
    "Not enough privilege to access the Microsoft Dynamics 365 object or perform the requested operation.",
  );
}
