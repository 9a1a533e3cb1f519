import type { World } from "../../model";
import { hasTypeColumn, isStored } from "../../store";
import { type Column, columnOf, isLookup, nameSql, typeSql, valueSql } from "../column";
import type { Frame } from "../link";
import type { AttributeNode, EntityNode } from "../parse/model";
import { invalid } from "../parse/refuse";
import type { Query, Source } from "../source";

/** A column of the answer. */
export interface Output {
  readonly column: Column;
  /** Name that the query gives it; the root's columns have none as a rule. */
  readonly alias: string | undefined;
  /** CountChildren: an expression instead of the column's value. */
  readonly expression?: string;
}

/** The stored column behind whatever was asked for: `customeridname` brings `customerid`. */
const base = (column: Column): Column =>
  column.part === "value"
    ? column
    : columnOf(column.source, column.attribute.logicalName, { line: 1, column: 1 });

function allColumns(source: Source, node: EntityNode): Output[] {
  return source.entity.attributes
    .filter(
      (one) => isStored(one) && one.validForRead && one.type !== "Image" && one.type !== "File",
    )
    .map((one) => ({ column: columnOf(source, one.logicalName, node.at), alias: undefined }));
}

function readAttribute(attribute: AttributeNode, source: Source, world: World): Output {
  const { name, alias, at } = attribute;
  if (
    attribute.aggregate !== undefined ||
    attribute.groupBy ||
    attribute.dateGrouping !== undefined
  ) {
    throw invalid(
      `The attribute '${name}' is grouped or aggregated, but the fetch has no aggregate="true".`,
      at,
    );
  }
  const column = columnOf(source, name, at);
  if (!attribute.countChildren) return { column: base(column), alias };
  return { column, alias: alias ?? `${name}_children`, expression: childrenSql(source, world, at) };
}

function childrenSql(source: Source, world: World, at: AttributeNode["at"]): string {
  const { logicalName, primaryIdAttribute } = source.entity;
  const parent = world.catalog
    .manyToOne(logicalName)
    .filter((row) => row.referencedEntity === logicalName)
    .find((row) => row.referencingAttribute.includes("parent"));
  if (parent === undefined) {
    throw invalid(
      `CountChildren needs a hierarchical relationship, which '${logicalName}' has not.`,
      at,
    );
  }
  return `(SELECT count(*) FROM "${logicalName}" k WHERE k."${parent.referencingAttribute}" = ${source.alias}."${primaryIdAttribute}")`;
}

function outputsOf(source: Source, node: EntityNode, world: World): Output[] {
  const own = node.attributes.map((one) => readAttribute(one, source, world));
  const all = node.allAttributes ? allColumns(source, node) : [];
  const seen = new Set<string>();
  return [...all, ...own].filter(({ column, alias }) => {
    const key = `${alias ?? ""}.${column.attribute.logicalName}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Columns of the root and of the links. A fetch that names none returns all of the root. */
export function outputs(frame: Frame, options: { distinct: boolean }, query: Query) {
  const { world } = query;
  const { root, rootNode, links } = frame;
  // Secured columns that the caller may not read are left out; of the root the rendering does so.
  const linked = links
    .flatMap(({ source, node }) => outputsOf(source, node, world))
    .filter(({ column }) => query.mayRead(column.source.entity, column.attribute.logicalName));
  let own = outputsOf(root, rootNode, world);
  if (own.length === 0 && linked.length === 0) own = allColumns(root, rootNode);
  const primaryId = root.entity.primaryIdAttribute;
  const hasKey = own.some(
    (one) => one.alias === undefined && one.column.attribute.logicalName === primaryId,
  );
  if (!hasKey && !options.distinct) {
    own.push({ column: columnOf(root, primaryId, rootNode.at), alias: undefined });
  }
  const isPriced = own.some(
    ({ column, alias }) => alias === undefined && column.attribute.type === "Money",
  );
  const currency = root.entity.attribute("transactioncurrencyid");
  const isThere = own.some((one) => one.column.attribute === currency && one.alias === undefined);
  if (isPriced && currency !== undefined && !isThere && !options.distinct)
    own.push({ column: columnOf(root, currency.logicalName, rootNode.at), alias: undefined });
  checkAliases([...own, ...linked]);
  return { root: own, linked };
}

function checkAliases(all: readonly Output[]): void {
  const seen = new Set<string>();
  for (const { alias, column } of all) {
    if (alias === undefined) continue;
    if (seen.has(alias)) {
      throw invalid(`The alias '${alias}' of '${column.written}' is given to two attributes.`);
    }
    seen.add(alias);
  }
}

/** `alias.column` of a linked table. */
export const propertyOf = ({ column, alias }: Output): string =>
  alias ?? `${column.source.name}.${column.attribute.logicalName}`;

/** Expressions of a linked or grouped column: its value, and what its annotations need. */
export function expressionsOf(
  column: Column,
  world: World,
  wantsNames: boolean,
): { value: string; name: string; type: string } {
  const lookup = isLookup(column.attribute);
  return {
    value: valueSql(column),
    name: lookup && wantsNames ? nameSql(column, world.catalog, { folded: false }) : "NULL",
    type: lookup ? typeSql(column) : "NULL",
  };
}

/** Stored columns of the root that its rendering reads, by the name they have in SQL. */
export function rootColumns(own: readonly Output[], frame: Frame, distinct: boolean): string[] {
  const names = new Set<string>();
  for (const { column, expression } of own) {
    if (expression !== undefined) continue;
    const { logicalName } = column.attribute;
    names.add(logicalName);
    if (hasTypeColumn(column.attribute)) names.add(`${logicalName}__type`);
  }
  if (distinct) return [...names];
  names.add("versionnumber");
  const money = own.some(({ column }) => column.attribute.type === "Money");
  // Money is shown in the row's own currency.
  if (money && frame.root.entity.attribute("transactioncurrencyid") !== undefined) {
    names.add("transactioncurrencyid");
  }
  return [...names];
}
