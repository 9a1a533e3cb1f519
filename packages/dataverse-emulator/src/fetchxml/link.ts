import { quote } from "../store";
import { type Column, columnOf, comparableSql, type Kind } from "./column";
import { conditionSql } from "./conditions/condition";
import { allOf, anyOf, type Fragment, join, raw, sql } from "./fragment";
import type { EntityNode, FilterNode, LinkNode } from "./parse/model";
import { invalid } from "./parse/refuse";
import { type Query, type Source, tableSql } from "./source";

/** What a table's links add to FROM, and to the conditions on the table itself (ON or WHERE). */
export interface Links {
  readonly joins: Fragment;
  readonly conditions: readonly Fragment[];
  /** The tables whose columns the query may return, with their nodes. */
  readonly sources: readonly { readonly source: Source; readonly node: LinkNode }[];
  readonly hasInner: boolean;
}

const NONE: Links = { joins: raw(""), conditions: [], sources: [], hasInner: false };

/** Joins of all links of a table, deep. */
export function linksSql(node: EntityNode, parent: Source, query: Query): Links {
  return node.links.reduce<Links>((before, link) => {
    const one = linkSql(link, parent, query);
    return {
      joins: sql`${before.joins}${one.joins}`,
      conditions: [...before.conditions, ...one.conditions],
      sources: [...before.sources, ...one.sources],
      hasInner: before.hasInner || one.hasInner,
    };
  }, NONE);
}

function linkSql(link: LinkNode, parent: Source, query: Query): Links {
  const { linkType } = link;
  const isJoin =
    linkType === "inner" || linkType === "outer" || linkType === "matchfirstrowusingcrossapply";
  const source = open(link, parent, query, isJoin);
  if (!isJoin) return { ...NONE, conditions: [existsSql(link, source, query)] };
  const below = linksSql(link, source, query);
  const sources = [{ source, node: link }, ...below.sources];
  if (linkType === "matchfirstrowusingcrossapply") {
    const on = allOf([firstRowSql(link, source, query), ...below.conditions]);
    const joins = sql` JOIN ${tableSql(source)} ON ${on}${below.joins}`;
    return { joins, conditions: [], sources, hasInner: true };
  }
  const on = allOf([...rowConditions(link, source, query), ...below.conditions]);
  if (linkType === "inner") {
    const joins = sql` JOIN ${tableSql(source)} ON ${on}${below.joins}`;
    return { joins, conditions: [], sources, hasInner: true };
  }
  // An inner join below an outer one narrows the outer side, not the whole query.
  const joins = below.hasInner
    ? sql` LEFT JOIN (${tableSql(source)}${below.joins}) ON ${on}`
    : sql` LEFT JOIN ${tableSql(source)} ON ${on}${below.joins}`;
  return { joins, conditions: [], sources, hasInner: false };
}

function open(link: LinkNode, parent: Source, query: Query, visible: boolean): Source {
  const entity = query.table(link.name, link.at);
  if (!visible && (link.attributes.length > 0 || link.allAttributes || link.orders.length > 0)) {
    throw invalid(
      `A link-entity with link-type '${link.linkType}' returns no columns and sorts nothing.`,
      link.at,
    );
  }
  return query.open(entity, { parent, name: link.alias, visible, at: link.at });
}

/** What a linked row must fulfil: the join itself, the link's filters, and the caller's right to read it. */
function rowConditions(link: LinkNode, source: Source, query: Query): Fragment[] {
  return [
    joinSql(link, source, query),
    ...link.filters.map((filter) => filterSql(filter, source, query)),
    ...query.rowFilter(source),
  ];
}

function existsSql(link: LinkNode, source: Source, query: Query, filtered = true): Fragment {
  const plain = filtered ? link : { ...link, filters: [] };
  const below = linksSql(plain, source, query);
  const where = allOf([...rowConditions(plain, source, query), ...below.conditions]);
  return sql`EXISTS (SELECT 1 FROM ${tableSql(source)}${below.joins} WHERE ${where})`;
}

/** The linked row with the lowest id among those that match. */
function firstRowSql(link: LinkNode, source: Source, query: Query): Fragment {
  const key = quote(source.entity.primaryIdAttribute);
  const twin = query.twin(source);
  const where = allOf(rowConditions({ ...link, links: [] }, twin, query));
  return sql`${source.alias}.${key} = (SELECT ${twin.alias}.${key} FROM ${tableSql(twin)} WHERE ${where} ORDER BY ${twin.alias}.${key} LIMIT 1)`;
}

const JOINABLE: ReadonlySet<Kind> = new Set([
  "choice",
  "date",
  "guid",
  "integer",
  "real",
  "text",
  "table",
  "boolean",
]);
/** Whole numbers and choices are one type to SQL Server. */
const joinClass = (kind: Kind) => (kind === "choice" ? "integer" : kind);

function joinSql(link: LinkNode, source: Source, query: Query): Fragment {
  const parent = source.parent ?? source;
  const { from, to } = joinColumns(link, source, parent, query);
  const fits =
    JOINABLE.has(from.kind) &&
    joinClass(from.kind) === joinClass(to.kind) &&
    from.part === "value" &&
    to.part === "value";
  if (!fits) {
    throw invalid(
      `The columns '${source.entity.logicalName}.${from.written}' and '${parent.entity.logicalName}.${to.written}' cannot be linked: their types ${from.attribute.type} and ${to.attribute.type} differ or cannot be compared.`,
      link.at,
    );
  }
  const { catalog } = query.world;
  return raw(`${comparableSql(from, catalog)} = ${comparableSql(to, catalog)}`);
}

function joinColumns(
  link: LinkNode,
  source: Source,
  parent: Source,
  query: Query,
): { from: Column; to: Column } {
  const { from, to } = link;
  if (from !== undefined && to !== undefined) {
    return { from: columnOf(source, from, link.at), to: columnOf(parent, to, link.at) };
  }
  // Without from and to, only an intersect table of the parent is known by itself.
  const relationship = query.world.catalog
    .manyToMany(parent.entity.logicalName)
    .find((row) => row.intersectEntity === source.entity.logicalName);
  if (relationship === undefined || from !== undefined || to !== undefined) {
    throw invalid(
      `No system many-to-many relationship exists between ${parent.entity.logicalName} and ${source.entity.logicalName}. If attempting to link through a custom many-to-many relationship ensure that you provide the from and to attributes.`,
      link.at,
    );
  }
  const own =
    relationship.entity1 === parent.entity.logicalName
      ? relationship.entity1Attribute
      : relationship.entity2Attribute;
  return {
    from: columnOf(source, own, link.at),
    to: columnOf(parent, parent.entity.primaryIdAttribute, link.at),
  };
}

/**
 * A link inside a filter. `all` means that related rows exist and none of them matches the filter; `not all` is `any`.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/filter-rows#filter-on-values-in-related-records
 */
function filterLinkSql(link: LinkNode, parent: Source, query: Query): Fragment {
  const exists = (filtered: boolean) => {
    // `all` reads the table twice, and an alias may be opened only once.
    const named = filtered ? link : withoutAliases(link);
    return existsSql(named, open(named, parent, query, false), query, filtered);
  };
  switch (link.linkType) {
    case "not any":
      return sql`NOT ${exists(true)}`;
    case "all":
      return sql`(${exists(false)} AND NOT ${exists(true)})`;
    default:
      return exists(true);
  }
}

const withoutAliases = (link: LinkNode): LinkNode => ({
  ...link,
  alias: undefined,
  links: link.links.map(withoutAliases),
});

/** An empty filter keeps every row. */
export function filterSql(filter: FilterNode, source: Source, query: Query): Fragment {
  const parts = filter.parts.map((part) => {
    if (part.kind === "filter") return filterSql(part, source, query);
    if (part.kind === "condition") return conditionSql(part, source, query);
    return filterLinkSql(part, source, query);
  });
  return filter.type === "or" ? anyOf(parts) : allOf(parts);
}

/** FROM and WHERE of a whole query. */
export interface Frame {
  readonly root: Source;
  readonly rootNode: EntityNode;
  readonly from: Fragment;
  readonly where: readonly Fragment[];
  readonly links: Links["sources"];
}

export function frameOf(node: EntityNode, query: Query): Frame {
  const entity = query.table(node.name, node.at);
  const root = query.open(entity, { parent: undefined, visible: true, at: node.at });
  // Links first: the root's conditions may name them.
  const links = linksSql(node, root, query);
  const where = [
    ...node.filters.map((filter) => filterSql(filter, root, query)),
    ...query.rowFilter(root),
    ...(query.within === undefined ? [] : [query.within(root.alias)]),
    ...links.conditions,
  ];
  return {
    root,
    rootNode: node,
    from: sql`${tableSql(root)}${links.joins}`,
    where,
    links: links.sources,
  };
}

export const whereSql = (conditions: readonly Fragment[]): Fragment =>
  conditions.length === 0 ? raw("") : sql` WHERE ${join(conditions, " AND ")}`;
