import type { AttributeDefinition, Catalog, EntityDefinition, OneToManyDefinition } from "../model";

export type Navigation = NonNullable<ReturnType<Catalog["navigation"]>>;

type Ends = Pick<Catalog, "byName" | "manyToOne" | "oneToMany" | "manyToMany">;

function relationshipOf(
  rows: readonly OneToManyDefinition[],
  column: string,
  target: string,
): OneToManyDefinition | undefined {
  const own = rows.filter((row) => row.referencingAttribute === column);
  return own.find((row) => row.referencedEntity === target) ?? own[0];
}

function putToOne(
  result: Map<string, Navigation>,
  attribute: AttributeDefinition,
  rows: readonly OneToManyDefinition[],
): void {
  for (const { target, property } of attribute.navigation ?? []) {
    const relationship = relationshipOf(rows, attribute.logicalName, target);
    // `ownerid` stands for users and teams alike: the first target is named, the attribute lists both.
    if (relationship === undefined || result.has(property)) continue;
    result.set(property, { kind: "one", relationship, attribute, target });
  }
}

function putToMany(result: Map<string, Navigation>, table: string, ends: Ends): void {
  for (const relationship of ends.oneToMany(table)) {
    if (!result.has(relationship.referencedNavigation)) {
      result.set(relationship.referencedNavigation, { kind: "many", relationship });
    }
  }
  for (const relationship of ends.manyToMany(table)) {
    const first = relationship.entity1 === table;
    const property = first ? relationship.entity1Navigation : relationship.entity2Navigation;
    const other = first ? relationship.entity2 : relationship.entity1;
    result.set(property, { kind: "manyToMany", relationship, other });
  }
}

/** Every activity also has the properties of its base type: an email takes `regardingobjectid_incident` too. */
function putInherited(
  result: Map<string, Navigation>,
  entity: EntityDefinition,
  base: EntityDefinition,
  ends: Ends,
): void {
  const own = ends.manyToOne(entity.logicalName);
  for (const inherited of base.attributes) {
    const attribute = entity.attribute(inherited.logicalName);
    for (const { target, property } of inherited.navigation ?? []) {
      if (attribute?.targets?.includes(target) !== true || result.has(property)) continue;
      const relationship = relationshipOf(own, attribute.logicalName, target);
      if (relationship !== undefined) {
        result.set(property, { kind: "one", relationship, attribute, target });
      }
    }
  }
  for (const relationship of ends.oneToMany(base.logicalName)) {
    if (!result.has(relationship.referencedNavigation)) {
      result.set(relationship.referencedNavigation, { kind: "many", relationship });
    }
  }
}

/** All navigation properties of a table by exact name. */
export function navigationOf(entity: EntityDefinition, ends: Ends): Map<string, Navigation> {
  const result = new Map<string, Navigation>();
  const rows = ends.manyToOne(entity.logicalName);
  for (const attribute of entity.attributes) putToOne(result, attribute, rows);
  putToMany(result, entity.logicalName, ends);
  const base = ends.byName("activitypointer");
  if (entity.isActivity && base !== undefined && entity !== base) {
    putInherited(result, entity, base, ends);
  }
  return result;
}
