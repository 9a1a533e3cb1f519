import { escapeXml } from "../../text/markup";
import type { ColumnKind } from "../catalog";
/** FetchXML as a tree: what the rules build and one serializer writes. */
export interface FetchQuery {
  readonly table: string;
  /** Alias of the root in the plan; the root has none in FetchXML. */
  readonly ref: string;
  readonly primaryId: string;
  readonly filter: FetchFilter | undefined;
  readonly links: readonly FetchLink[];
  readonly orders: readonly FetchOrder[];
  readonly top: number | undefined;
  /** One page of so many rows, by its number from 1, in place of `top`. */
  readonly page?: { readonly size: number; readonly number: number };
  readonly distinct: boolean;
  /** Set when the query groups: its attributes then are the columns' own definitions. */
  readonly aggregate: readonly FetchAggregate[] | undefined;
  /** With `aggregate`: asked for parts of the rows, one after another, because they are too many for one query. */
  readonly inParts?: boolean;
  /** When a row of the table was made, where it says so: parts of the rows are those of spans of it. */
  readonly createdOn?: string;
}

/** By what of a date the service groups, in UTC. */
export type DateGrouping = "year" | "quarter" | "month" | "day";

export interface FetchLink {
  readonly table: string;
  readonly ref: string;
  readonly type: "inner" | "outer";
  /** Column of the linked table. */
  readonly from: string;
  /** Column of the table above. */
  readonly to: string;
  readonly filter: FetchFilter | undefined;
  readonly links: readonly FetchLink[];
}

export interface FetchAggregate {
  readonly ref: string;
  readonly attribute: string;
  readonly alias: string;
  readonly groupBy: boolean;
  readonly dateGrouping?: DateGrouping | undefined;
  readonly function: "count" | "countcolumn" | "sum" | "min" | "max" | undefined;
  readonly distinct: boolean;
}

export interface FetchOrder {
  /** Alias of a linked table; undefined for the first one. */
  readonly ref?: string | undefined;
  readonly attribute: string;
  /** Of a group or an aggregate, in place of the column. */
  readonly alias?: string;
  readonly descending: boolean;
  /** Of the column, where its stored values are the order. */
  readonly kind?: ColumnKind | undefined;
}

export interface FetchFilter {
  readonly kind: "filter";
  readonly type: "and" | "or";
  readonly parts: readonly FetchPart[];
}

export type FetchPart = FetchFilter | FetchCondition | FetchExists;

/**
 * Whether there are rows of another table that belong to the row.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/filter-rows#filter-on-values-in-related-records
 */
export interface FetchExists {
  readonly kind: "exists";
  readonly type: "any" | "not any";
  readonly table: string;
  /** Alias of the other table in its own filter. */
  readonly ref: string;
  /** Column of the other table. */
  readonly from: string;
  /** Column of the table around. */
  readonly to: string;
  readonly filter: FetchFilter | undefined;
}

export interface FetchCondition {
  readonly kind: "condition";
  /** The table the column is of; written as `entityname` when it is not the table around the filter. */
  readonly ref: string;
  readonly attribute: string;
  readonly operator: string;
  readonly values: readonly string[];
  /** Compare with this column instead of `values`. */
  readonly other?: { readonly ref: string; readonly attribute: string };
}

/** Service limits. https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/overview */
export const fetchLimits = {
  links: 15,
  conditions: 500,
  top: 5000,
  valuesInList: 500,
  /** Rows that page numbers reach without a cookie. */
  paged: 50_000,
} as const;

export function allLinks(links: readonly FetchLink[]): readonly FetchLink[] {
  return links.flatMap((link) => [link, ...allLinks(link.links)]);
}

export function conditionsIn(filter: FetchFilter | undefined): readonly FetchCondition[] {
  return (filter?.parts ?? []).flatMap((part) =>
    part.kind === "condition"
      ? [part]
      : part.kind === "filter"
        ? conditionsIn(part)
        : conditionsIn(part.filter),
  );
}

/** Conditions on rows of the query's tables alone; those within the search for rows of others are not among them. */
const plainConditions = (filter: FetchFilter | undefined): readonly FetchCondition[] =>
  (filter?.parts ?? []).flatMap((part) =>
    part.kind === "condition" ? [part] : part.kind === "filter" ? plainConditions(part) : [],
  );

/** Do all conditions name columns of this table only? `entityname` is understood in the filter of the root alone. */
export const isAllOf = (filter: FetchFilter | undefined, ref: string): boolean =>
  plainConditions(filter).every(
    (condition) =>
      condition.ref === ref && (condition.other === undefined || condition.other.ref === ref),
  );

/** Links to other tables within a filter, those within them as well. */
export const existsIn = (filter: FetchFilter | undefined): readonly FetchExists[] =>
  (filter?.parts ?? []).flatMap((part) =>
    part.kind === "exists"
      ? [part, ...existsIn(part.filter)]
      : part.kind === "filter"
        ? existsIn(part)
        : [],
  );

/** Links of a query, those within filters as well, which the service counts against one limit. */
export const countLinks = (fetch: FetchQuery): number => {
  const links = allLinks(fetch.links);
  return (
    links.length + [fetch, ...links].reduce((sum, { filter }) => sum + existsIn(filter).length, 0)
  );
};

export const and = (...parts: readonly FetchPart[]): FetchFilter => ({
  kind: "filter",
  type: "and",
  parts,
});

const counted = new WeakMap<FetchFilter, number>();

/** Each filter is counted once: of thousands of conditions every one is tried on what the ones before have made. */
function conditionCount(filter: FetchFilter): number {
  const known = counted.get(filter);
  if (known !== undefined) return known;
  const count = filter.parts.reduce((sum, part) => sum + countOf(part), 0);
  counted.set(filter, count);
  return count;
}

function countOf(part: FetchPart): number {
  if (part.kind === "condition") return 1;
  if (part.kind === "filter") return conditionCount(part);
  return 1 + (part.filter === undefined ? 0 : conditionCount(part.filter));
}

/** Conditions and links together, which the service counts against one limit. */
export function complexity(fetch: FetchQuery): number {
  const links = allLinks(fetch.links);
  return [fetch, ...links].reduce(
    (sum, { filter }) => sum + (filter === undefined ? 0 : conditionCount(filter)),
    links.length,
  );
}

/** What a request in a batch may still carry beside conditions: 65,536 bytes of address, columns, links and a cookie among them. */
export const longestConditions = 40_000;
/** Names, operator and brackets of a condition or of a value. */
const aroundCondition = 160;
const aroundValue = 26;

/** More than one request of the service's can carry, by bytes as they are encoded: a letter may take nine. */
export const isTooLong = (fetch: FetchQuery): boolean =>
  bytesOfConditions(fetch) > longestConditions;

export const bytesOfConditions = (fetch: FetchQuery): number =>
  [fetch, ...allLinks(fetch.links)].reduce((sum, { filter }) => sum + bytesOf(filter), 0);

/** Is there room for this beside the conditions of the query's own table? Asked of thousands, so nothing is put together for it. */
export const hasRoomFor = (fetch: FetchQuery, part: FetchPart): boolean =>
  complexity(fetch) + countOf(part) <= fetchLimits.conditions &&
  bytesOfConditions(fetch) + (fetch.filter === undefined ? aroundValue : 0) + bytesOf(part) <=
    longestConditions;

const known = new WeakMap<FetchPart, number>();

export function bytesOf(part: FetchPart | undefined): number {
  if (part === undefined) return 0;
  let bytes = known.get(part);
  if (bytes === undefined) {
    bytes =
      part.kind === "filter"
        ? part.parts.reduce((sum, each) => sum + bytesOf(each), aroundValue)
        : part.kind === "exists"
          ? bytesOf(part.filter) + aroundCondition
          : part.values.reduce((sum, each) => sum + bytesOfValue(each), aroundCondition);
    known.set(part, bytes);
  }
  return bytes;
}

export const bytesOfValue = (value: string): number => encodedBytes(value) + aroundValue;

export const encodedBytes = (value: string): number =>
  encodeURIComponent(escapeXml(value.toWellFormed())).length;
