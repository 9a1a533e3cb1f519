import type { AttributeDefinition, EntityDefinition, Principal, World } from "../../model";
import { hasTypeColumn } from "../../store";
import { demandVisible, type Reference } from "../rows/references";
import { deleteRow, readRow } from "../rows/rows";
import { associate } from "./associate";
import { demandTypes } from "./parties";
import type { Body, Payload } from "./payload";

type Place = Pick<World, "db" | "catalog" | "security" | "now">;
/** Makes one row with its own nested ones; given in, for making rows and nesting them need each other. */
export type Create = (table: string, body: Body, options: { internal: boolean }) => string;

/** Makes the rows nested under to-one properties and points to them. */
export function makeParents(payload: Payload, create: Create): void {
  for (const { attribute, target, body } of payload.parents) {
    point(payload, attribute, { table: target, id: create(target, body, { internal: false }) });
  }
}

function point({ columns }: Payload, attribute: AttributeDefinition, to: Reference): void {
  columns[attribute.logicalName] = to.id;
  if (hasTypeColumn(attribute)) columns[`${attribute.logicalName}__type`] = to.table;
}

/** Makes and links the rows of to-many properties. */
export function writeRelated(
  place: Place,
  entity: EntityDefinition,
  id: string,
  payload: Payload,
  principal: Principal,
  create: Create,
): void {
  for (const { navigation, bodies } of payload.children)
    makeChildren(place, entity, id, navigation, bodies, principal, create);
  for (const { navigation, reference } of payload.links) {
    demandVisible(place, principal, reference);
    associate(place, entity.logicalName, id, navigation, reference, principal);
  }
}

function makeChildren(
  place: Place,
  entity: EntityDefinition,
  id: string,
  navigation: string,
  bodies: readonly Body[],
  principal: Principal,
  create: Create,
): void {
  const end = place.catalog.navigation(entity.logicalName, navigation);
  if (end?.kind === "manyToMany") {
    for (const body of bodies) {
      const made = { table: end.other, id: create(end.other, body, { internal: false }) };
      associate(place, entity.logicalName, id, navigation, made, principal);
    }
    return;
  }
  if (end?.kind !== "many") return;
  const { referencingEntity, referencingNavigation } = end.relationship;
  // A party has no rights of its own: it is part of its activity.
  const internal = referencingEntity === "activityparty";
  const inherited = internal ? ownerBind(place, entity, id) : {};
  if (internal) demandTypes(entity, bodies);
  for (const body of bodies) {
    const parent = { [`${referencingNavigation}@odata.bind`]: `/${entity.entitySetName}(${id})` };
    create(referencingEntity, { ...inherited, ...body, ...parent }, { internal });
  }
}

function ownerBind(place: Place, entity: EntityDefinition, id: string): Body {
  const row = readRow(place.db, entity, id);
  const set = row?.ownerid__type === "team" ? "teams" : "systemusers";
  return row?.ownerid ? { "ownerid@odata.bind": `/${set}(${row.ownerid})` } : {};
}

/** Parties that come with a change take the place of all that were there. */
export function dropParties(place: Place, entity: EntityDefinition, id: string): void {
  const party = place.catalog.byName("activityparty");
  if (party === undefined || !entity.isActivity) return;
  const rows = place.db
    .prepare("SELECT activitypartyid AS id FROM activityparty WHERE activityid = ?")
    .all(id);
  for (const row of rows) deleteRow(place.db, party, String(row.id));
}
