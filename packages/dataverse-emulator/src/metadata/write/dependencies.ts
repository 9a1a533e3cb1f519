import type { AttributeDefinition, EntityDefinition, OneToManyDefinition } from "../../model";
import { isCustomRelationship } from "../read/resources";
import { refuse } from "./body";
import { columnsOfChoice } from "./choice-columns";
import type { WriteContext } from "./context";

/**
 * Types of the parts of a solution.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/solutioncomponent
 */
export const COMPONENTS = {
  entity: 1,
  attribute: 2,
  optionSet: 9,
  relationship: 10,
  key: 14,
  view: 26,
  process: 29,
  webResource: 61,
} as const;

/** Tables whose rows are components, by component type. */
const ROWS: Readonly<Record<number, string>> = {
  20: "role",
  26: "savedquery",
  29: "workflow",
  60: "systemform",
  61: "webresource",
  62: "sitemap",
  80: "appmodule",
  91: "pluginassembly",
  92: "sdkmessageprocessingstep",
};

/** A component that cannot be without another. */
export interface Dependent {
  readonly type: number;
  readonly id: string;
  readonly name: string;
}

/**
 * What must go before a component can: lookups of other tables and links for a table, keys and views for a column, columns
 * for a choice, views for a relationship, tables for a picture.
 *
 * @throws DataverseError 404 0x80040217 when there is no such component, 400 for a type that has no components here
 */
export function dependentsOf(context: WriteContext, type: number, id: string): Dependent[] {
  switch (type) {
    case COMPONENTS.entity:
      return ofEntity(context, found(entityOf(context, id), "an entity", id));
    case COMPONENTS.attribute: {
      const { entity, attribute } = found(attributeOf(context, id), "an attribute", id);
      return ofAttribute(context, entity, attribute);
    }
    case COMPONENTS.optionSet: {
      const set = context.catalog.optionSets().find((one) => one.metadataId === id);
      return columnsOfChoice(context.catalog, found(set, "an option set", id).name).map(
        ({ table, attribute }) => ({
          type: COMPONENTS.attribute,
          id: attribute.metadataId,
          name: `${table}.${attribute.logicalName}`,
        }),
      );
    }
    case COMPONENTS.relationship: {
      const row = found(context.catalog.relationship(id), "a relationship", id);
      return "intersectEntity" in row
        ? viewsWith(context, [`name="${row.intersectEntity}"`])
        : ofRelationship(context, row);
    }
    case COMPONENTS.key: {
      const hasKey = ({ keys }: EntityDefinition) => keys.some((key) => key.metadataId === id);
      found(context.catalog.entities().find(hasKey), "a key", id);
      return [];
    }
    default:
      return ofRow(context, type, id);
  }
}

function found<T>(value: T | undefined, what: string, id: string): T {
  if (value !== undefined) return value;
  throw refuse("0x80040217", `Could not find ${what} with id ${id}.`, 404);
}

const entityOf = ({ catalog }: WriteContext, id: string) =>
  catalog.entities().find((one) => one.metadataId === id);

function attributeOf(
  { catalog }: WriteContext,
  id: string,
): { entity: EntityDefinition; attribute: AttributeDefinition } | undefined {
  for (const entity of catalog.entities()) {
    const attribute = entity.attributes.find((one) => one.metadataId === id);
    if (attribute !== undefined) return { entity, attribute };
  }
  return undefined;
}

/** Custom lookups of other tables that point to this one alone, and many-to-many relationships: they must go first. */
function ofEntity(context: WriteContext, entity: EntityDefinition): Dependent[] {
  const { catalog, world } = context;
  const { logicalName } = entity;
  const lookups = catalog.oneToMany(logicalName).filter((row) => {
    const attribute = catalog.byName(row.referencingEntity)?.attribute(row.referencingAttribute);
    return row.referencingEntity !== logicalName && attribute?.targets?.length === 1;
  });
  const relationships = [...lookups, ...catalog.manyToMany(logicalName)]
    .filter((row) => isCustomRelationship(catalog, row))
    .map((row) => ({ type: COMPONENTS.relationship, id: row.metadataId, name: row.schemaName }));
  const processes = world.db
    .prepare("SELECT workflowid AS id, name FROM workflow WHERE primaryentity = ? AND type = 1")
    .all(logicalName)
    .map((row) => ({ type: COMPONENTS.process, id: String(row.id), name: String(row.name) }));
  // The table's own views go with it.
  const views = viewsWith(context, [`<link-entity name="${logicalName}"`], logicalName);
  return [...relationships, ...processes, ...views];
}

function ofAttribute(
  context: WriteContext,
  entity: EntityDefinition,
  attribute: AttributeDefinition,
): Dependent[] {
  const { logicalName } = attribute;
  const keys = entity.keys
    .filter((key) => key.attributes.includes(logicalName))
    .map((key) => ({ type: COMPONENTS.key, id: key.metadataId, name: key.schemaName }));
  return [...keys, ...viewsOn(context, entity.logicalName, logicalName)];
}

/** Views show or follow the lookup that carries a relationship. */
const ofRelationship = (context: WriteContext, row: OneToManyDefinition): Dependent[] =>
  viewsOn(context, row.referencingEntity, row.referencingAttribute);

interface View {
  readonly id: string;
  readonly name: string;
  readonly table: string;
  readonly text: string;
}

const viewsOfAll = ({ world }: WriteContext): View[] =>
  world.db
    .prepare("SELECT savedqueryid, name, returnedtypecode, fetchxml, layoutxml FROM savedquery")
    .all()
    .map((row) => ({
      id: String(row.savedqueryid),
      name: String(row.name),
      table: String(row.returnedtypecode),
      text: `${row.fetchxml ?? ""}${row.layoutxml ?? ""}`,
    }));

const asDependent = ({ id, name }: View): Dependent => ({ type: COMPONENTS.view, id, name });

/** Views of a table that name its column. */
const viewsOn = (context: WriteContext, table: string, column: string): Dependent[] =>
  viewsOfAll(context)
    .filter(
      (view) =>
        view.table === table &&
        new RegExp(`\\b(?:name|attribute|to|from)=["']${column}["']`).test(view.text),
    )
    .map(asDependent);

const viewsWith = (context: WriteContext, words: readonly string[], except = ""): Dependent[] =>
  viewsOfAll(context)
    .filter((view) => view.table !== except && words.some((word) => view.text.includes(word)))
    .map(asDependent);

/** Components that are rows: tables use web resources as pictures, nothing else here hangs on one. */
function ofRow({ world, catalog }: WriteContext, type: number, id: string): Dependent[] {
  const table = ROWS[type];
  if (table === undefined)
    throw refuse("0x80040203", `There are no components of type ${type} here.`);
  const row = found(world.records.read(table, id), `a ${table}`, id);
  if (type !== COMPONENTS.webResource) return [];
  return catalog
    .entities()
    .filter(({ icons = {} }) => Object.values(icons).includes(String(row.name)))
    .map((one) => ({ type: COMPONENTS.entity, id: one.metadataId, name: one.logicalName }));
}

/** Refuses to delete what others need: 0x8004f01f. */
export function demandNoDependents(
  context: WriteContext,
  component: { readonly type: number; readonly word: string; readonly id: string },
): void {
  const { type, word, id } = component;
  const dependents = dependentsOf(context, type, id);
  if (dependents.length === 0) return;
  throw refuse(
    "0x8004f01f",
    `The ${word}(${id}) component cannot be deleted because it is referenced by ${dependents.length} other components: ${dependents.map((row) => row.name).join(", ")}. For a list of referenced components, use the RetrieveDependenciesForDelete API.`,
  );
}
