import { randomUUID } from "node:crypto";
import { DataverseError, type Principal, type World } from "../model";
import { nextVersion, quote } from "../store";
import { accessDenied } from "./refusals";
import { updateRow } from "./rows";

type Place = Pick<World, "db" | "catalog" | "security" | "now">;

interface End {
  /** Sets the link, or takes it away. */
  write(isLinked: boolean): void;
}

/** Links two rows through a collection-valued navigation property; a link that is there already stays. */
export function associate(
  place: Place,
  table: string,
  id: string,
  navigation: string,
  set: string,
  targetId: string,
  principal: Principal,
): void {
  endOf(place, table, id, navigation, set, targetId, principal).write(true);
}

export function disassociate(
  place: Place,
  table: string,
  id: string,
  navigation: string,
  set: string,
  targetId: string,
  principal: Principal,
): void {
  endOf(place, table, id, navigation, set, targetId, principal).write(false);
}

function endOf(
  place: Place,
  table: string,
  id: string,
  navigation: string,
  set: string,
  targetId: string,
  principal: Principal,
): End {
  const end = place.catalog.navigation(table, navigation);
  if (end === undefined || end.kind === "one")
    throw new DataverseError(400, "0x80060888", `'${navigation}' is no collection of '${table}'.`);
  demandAppend(place, table, principal, "AppendTo");
  demandAppend(place, place.catalog.bySet(set)?.logicalName ?? "", principal, "Append");
  if (end.kind === "many") {
    const { referencingEntity, referencingAttribute } = end.relationship;
    return {
      write: (isLinked) =>
        setLookup(
          place,
          referencingEntity,
          targetId,
          referencingAttribute,
          isLinked ? { table, id } : undefined,
        ),
    };
  }
  const { relationship } = end;
  const isFirst = relationship.entity1 === table;
  const [own, other] = isFirst
    ? [relationship.entity1Attribute, relationship.entity2Attribute]
    : [relationship.entity2Attribute, relationship.entity1Attribute];
  return {
    write: (isLinked) =>
      setIntersect(place, relationship.intersectEntity, { [own]: id, [other]: targetId }, isLinked),
  };
}

function demandAppend(
  { security, catalog }: Place,
  table: string,
  principal: Principal,
  right: "Append" | "AppendTo",
): void {
  if (catalog.byName(table) === undefined) throw accessDenied();
  security.demand(principal, right, table);
}

function setLookup(
  place: Place,
  table: string,
  id: string,
  column: string,
  to: { table: string; id: string } | undefined,
): void {
  const entity = place.catalog.byName(table);
  const attribute = entity?.attribute(column);
  if (entity === undefined || attribute === undefined) throw accessDenied();
  const type =
    (attribute.targets?.length ?? 0) > 1 || attribute.type === "Owner"
      ? { [`${column}__type`]: to?.table ?? null }
      : {};
  updateRow(place.db, entity, id, { [column]: to?.id ?? null, ...type });
}

function setIntersect(
  { db, catalog }: Place,
  table: string,
  pair: Readonly<Record<string, string>>,
  isLinked: boolean,
): void {
  const names = Object.keys(pair);
  const where = names.map((name) => `${quote(name)} = ?`).join(" AND ");
  const there = db
    .prepare(`SELECT 1 AS there FROM ${quote(table)} WHERE ${where}`)
    .get(...Object.values(pair));
  if (!isLinked) {
    db.prepare(`DELETE FROM ${quote(table)} WHERE ${where}`).run(...Object.values(pair));
    return;
  }
  if (there !== undefined) return;
  const key = catalog.byName(table)?.primaryIdAttribute ?? `${table}id`;
  const columns = { [key]: randomUUID(), ...pair, versionnumber: nextVersion(db) };
  const list = Object.keys(columns).map(quote).join(", ");
  db.prepare(
    `INSERT INTO ${quote(table)} (${list}) VALUES (${Object.keys(columns)
      .map(() => "?")
      .join(", ")})`,
  ).run(...Object.values(columns));
}
