import type { EntityDefinition } from "../../model";
import { quote } from "../../store";
import { type Column, isLookup, valueSql } from "../column";
import { type Fragment, raw, sql, value } from "../fragment";
import { invalid, type Position } from "../parse/refuse";
import type { Query } from "../source";
import { readGuid, wrongType } from "./literal";

/** The lookup of a table to itself that makes its tree: `parentaccountid`, `parentsystemuserid`. */
function parentColumn(entity: EntityDefinition, query: Query): string | undefined {
  const own = query.world.catalog
    .manyToOne(entity.logicalName)
    .filter((row) => row.referencedEntity === entity.logicalName)
    .map((row) => row.referencingAttribute);
  return (
    own.find((name) => name.startsWith("parent")) ?? own.find((name) => name.includes("parent"))
  );
}

function treeOf(
  column: Column,
  query: Query,
): { entity: EntityDefinition; parent: string } | undefined {
  const { attribute, source } = column;
  const table = isLookup(attribute) ? attribute.targets?.[0] : source.entity.logicalName;
  const entity = query.world.catalog.byName(table ?? "");
  const parent = entity && parentColumn(entity, query);
  return entity && parent ? { entity, parent } : undefined;
}

/** Rows above or below one row in a table's hierarchy. */
export function hierarchyCondition(
  operator: string,
  column: Column,
  text: string,
  query: Query,
  at: Position,
): Fragment {
  const id = readGuid(text);
  if (id === undefined || column.kind !== "guid") throw wrongType(column, text, at);
  const tree = treeOf(column, query);
  if (tree === undefined) {
    throw invalid(
      `The operator '${operator}' needs a hierarchical relationship, which '${column.source.entity.logicalName}.${column.written}' has not.`,
      at,
    );
  }
  const [table, key, parent] = [
    tree.entity.logicalName,
    tree.entity.primaryIdAttribute,
    tree.parent,
  ].map(quote);
  const own = raw(valueSql(column));
  const below = sql`SELECT id FROM (WITH RECURSIVE h(id) AS (SELECT r.${key ?? ""} FROM ${table ?? ""} r WHERE r.${parent ?? ""} = ${value(id)} UNION SELECT r.${key ?? ""} FROM ${table ?? ""} r JOIN h ON r.${parent ?? ""} = h.id) SELECT id FROM h)`;
  const above = sql`SELECT id FROM (WITH RECURSIVE h(id) AS (SELECT r.${parent ?? ""} FROM ${table ?? ""} r WHERE r.${key ?? ""} = ${value(id)} UNION SELECT r.${parent ?? ""} FROM ${table ?? ""} r JOIN h ON r.${key ?? ""} = h.id) SELECT id FROM h WHERE id IS NOT NULL)`;
  switch (operator) {
    case "under":
      return sql`${own} IN (${below})`;
    case "eq-or-under":
      return sql`(${own} = ${value(id)} OR ${own} IN (${below}))`;
    case "not-under":
      return sql`(${own} IN (${below})) IS NOT 1`;
    case "above":
      return sql`${own} IN (${above})`;
    default:
      return sql`(${own} = ${value(id)} OR ${own} IN (${above}))`;
  }
}
