import { type Navigation, navigationOf } from "../metadata/navigation";
import type { AttributeDefinition, AttributeType, Catalog, EntityDefinition } from "../model";
import { isStored, tracksChanges } from "../store";
import { escaped, property } from "./type-text";

const TYPES: Readonly<Partial<Record<AttributeType, string>>> = {
  BigInt: "Edm.Int64",
  Boolean: "Edm.Boolean",
  Decimal: "Edm.Decimal",
  Double: "Edm.Double",
  File: "Edm.Guid",
  Image: "Edm.Binary",
  Integer: "Edm.Int32",
  ManagedProperty: "BooleanManagedProperty",
  Money: "Edm.Decimal",
  Picklist: "Edm.Int32",
  State: "Edm.Int32",
  Status: "Edm.Int32",
  Uniqueidentifier: "Edm.Guid",
};

const isLookup = ({ type }: AttributeDefinition) =>
  type === "Lookup" || type === "Customer" || type === "Owner";

function edmType(attribute: AttributeDefinition): string {
  if (isLookup(attribute)) return "Edm.Guid";
  if (attribute.type === "DateTime") {
    return attribute.dateTimeBehavior === "DateOnly" ? "Edm.Date" : "Edm.DateTimeOffset";
  }
  return TYPES[attribute.type] ?? "Edm.String";
}

/** `_customerid_value` for a lookup, else the logical name. */
export const propertyName = (attribute: AttributeDefinition): string =>
  isLookup(attribute) ? `_${attribute.logicalName}_value` : attribute.logicalName;

const COMPUTED = '<Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/>';

function columnXml(attribute: AttributeDefinition): string {
  const text = property(propertyName(attribute), edmType(attribute));
  const readOnly = !attribute.validForCreate && !attribute.validForUpdate;
  return readOnly ? text.replace(/\/>$/, `>${COMPUTED}</Property>`) : text;
}

/** What a row of the table has in the Web API: stored columns, managed properties and the names of files. */
function columnsOf(entity: EntityDefinition): AttributeDefinition[] {
  return entity.attributes.filter(
    (attribute) =>
      isStored(attribute) ||
      attribute.type === "ManagedProperty" ||
      isNameOfFile(entity, attribute),
  );
}

/** `new_file_name`, which stands in each row beside the id of the file. */
const isNameOfFile = (entity: EntityDefinition, { attributeOf }: AttributeDefinition): boolean =>
  attributeOf !== undefined && entity.attribute(attributeOf)?.type === "File";

/** The type that rows of a table share with others: activities have one, users and teams another. */
export function baseOf(catalog: Catalog, entity: EntityDefinition): string {
  const { logicalName } = entity;
  if (logicalName === "systemuser" || logicalName === "team") return "principal";
  const pointer = catalog.byName("activitypointer");
  return entity.isActivity && pointer !== undefined && pointer !== entity
    ? "activitypointer"
    : "crmbaseentity";
}

interface Lead {
  navigation: Navigation;
  /** Type at the other end. */
  target: string;
}

/** The catalog with the navigation properties of each table, without those that its base type has. */
export interface CsdlSource {
  catalog: Catalog;
  leads(entity: EntityDefinition): ReadonlyMap<string, Lead>;
}

/** For one document: navigation properties are looked up from both ends, so they are kept. */
export function csdlSource(catalog: Catalog): CsdlSource {
  const known = new Map<EntityDefinition, Map<string, Lead>>();
  function leads(entity: EntityDefinition): Map<string, Lead> {
    let own = known.get(entity);
    if (own !== undefined) return own;
    const base = catalog.byName(baseOf(catalog, entity));
    const inherited = base === undefined ? undefined : leads(base);
    own = new Map();
    for (const [name, navigation] of navigationOf(entity, catalog)) {
      const target = targetOf(navigation);
      const isKnown = target === "principal" || catalog.byName(target) !== undefined;
      if (isKnown && !inherited?.has(name)) own.set(name, { navigation, target });
    }
    known.set(entity, own);
    return own;
  }
  return { catalog, leads };
}

function targetOf(navigation: Navigation): string {
  if (navigation.kind === "many") return navigation.relationship.referencingEntity;
  if (navigation.kind === "manyToMany") return navigation.other;
  return navigation.attribute.type === "Owner" ? "principal" : navigation.target;
}

/** The property on the other side that leads back, when it really does. */
function partnerOf(
  { catalog, leads }: CsdlSource,
  table: string,
  name: string,
  { navigation, target }: Lead,
): string | undefined {
  const wanted = otherEnd(table, navigation);
  if (wanted === undefined || (wanted === name && table === target)) return undefined;
  const other = catalog.byName(target);
  const back = other && leads(other).get(wanted);
  const fits = back?.navigation.relationship === navigation.relationship && back.target === table;
  return fits ? wanted : undefined;
}

function otherEnd(table: string, navigation: Navigation): string | undefined {
  const { relationship } = navigation;
  if (!("intersectEntity" in relationship)) {
    return navigation.kind === "one"
      ? relationship.referencedNavigation
      : relationship.referencingNavigation;
  }
  const { entity1, entity2, entity1Navigation, entity2Navigation } = relationship;
  if (entity1 === entity2) return undefined;
  return entity1 === table ? entity2Navigation : entity1Navigation;
}

function navigationXml(
  source: CsdlSource,
  entity: EntityDefinition,
  name: string,
  lead: Lead,
): string {
  const { navigation, target } = lead;
  const type = navigation.kind === "one" ? `mscrm.${target}` : `Collection(mscrm.${target})`;
  const partner = partnerOf(source, entity.logicalName, name, lead);
  const back = partner === undefined ? "" : ` Partner="${escaped(partner)}"`;
  const head = `<NavigationProperty Name="${escaped(name)}" Type="${type}"${back}`;
  if (navigation.kind !== "one") return `${head}/>`;
  const key = target === "principal" ? "ownerid" : navigation.relationship.referencedAttribute;
  const dependent = propertyName(navigation.attribute);
  return `${head}><ReferentialConstraint Property="${dependent}" ReferencedProperty="${key}"/></NavigationProperty>`;
}

function keysXml(entity: EntityDefinition): string {
  const keys = entity.keys.filter((key) =>
    key.attributes.every((name) => {
      const attribute = entity.attribute(name);
      return attribute !== undefined && isStored(attribute);
    }),
  );
  if (keys.length === 0) return "";
  const records = keys.map(
    (key) =>
      `<Record><PropertyValue Property="Key"><Collection>${key.attributes
        .map((name) => {
          const attribute = entity.attribute(name);
          const path = attribute === undefined ? name : propertyName(attribute);
          return `<Record><PropertyValue Property="Alias" String="${name}"/><PropertyValue Property="Name" PropertyPath="${path}"/></Record>`;
        })
        .join("")}</Collection></PropertyValue></Record>`,
  );
  return `<Annotation Term="OData.Community.Keys.V1.AlternateKeys"><Collection>${records.join("")}</Collection></Annotation>`;
}

/** The entity type of a table. Primary keys carry no `Nullable="false"`, as in Dataverse. */
export function tableType(source: CsdlSource, entity: EntityDefinition): string {
  const { catalog } = source;
  const base = baseOf(catalog, entity);
  const shared = catalog.byName(base);
  const has = (name: string) => {
    const attribute = shared?.attribute(name);
    return attribute !== undefined && isStored(attribute);
  };
  const columns = columnsOf(entity).filter((attribute) => !has(attribute.logicalName));
  const key = has(entity.primaryIdAttribute)
    ? ""
    : `<Key><PropertyRef Name="${entity.primaryIdAttribute}"/></Key>`;
  const navigation = [...source.leads(entity)].map(([name, lead]) =>
    navigationXml(source, entity, name, lead),
  );
  return `<EntityType Name="${entity.logicalName}" BaseType="mscrm.${base}">${key}${columns.map(columnXml).join("")}${navigation.join("")}${keysXml(entity)}</EntityType>`;
}

const TRACKING =
  '<Annotation Term="Org.OData.Capabilities.V1.ChangeTracking"><Record><PropertyValue Property="Supported" Bool="true"/></Record></Annotation>';

/**
 * The set of a table, with the sets that its own navigation properties lead to. Inherited ones stay unbound: their
 * partners lead back to the set of the base type.
 */
export function tableSet(
  { catalog, leads }: CsdlSource,
  entity: EntityDefinition,
  isAnnotated: boolean,
): string {
  const bindings = [...leads(entity)].flatMap(([name, { target }]) => {
    const set = catalog.byName(target)?.entitySetName;
    return set === undefined
      ? []
      : [`<NavigationPropertyBinding Path="${escaped(name)}" Target="${set}"/>`];
  });
  const tracking = isAnnotated && tracksChanges(entity) ? TRACKING : "";
  return `<EntitySet Name="${entity.entitySetName}" EntityType="mscrm.${entity.logicalName}">${bindings.join("")}${tracking}</EntitySet>`;
}
