import { escapeXml } from "../../text/markup";
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
  readonly distinct: boolean;
  /** Set when the query groups: its attributes then are the columns' own definitions. */
  readonly aggregate: readonly FetchAggregate[] | undefined;
}

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
  readonly function: "count" | "countcolumn" | "sum" | "min" | "max" | undefined;
  readonly distinct: boolean;
}

export interface FetchOrder {
  readonly attribute: string;
  readonly descending: boolean;
}

export interface FetchFilter {
  readonly kind: "filter";
  readonly type: "and" | "or";
  readonly parts: readonly (FetchFilter | FetchCondition)[];
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
export const fetchLimits = { links: 15, conditions: 500, top: 5000, valuesInList: 500 } as const;

export function allLinks(links: readonly FetchLink[]): readonly FetchLink[] {
  return links.flatMap((link) => [link, ...allLinks(link.links)]);
}

export function conditionsIn(filter: FetchFilter | undefined): readonly FetchCondition[] {
  return (filter?.parts ?? []).flatMap((part) =>
    part.kind === "condition" ? [part] : conditionsIn(part),
  );
}

export const and = (...parts: readonly (FetchFilter | FetchCondition)[]): FetchFilter => ({
  kind: "filter",
  type: "and",
  parts,
});

const counted = new WeakMap<FetchFilter, number>();

/** Each filter is counted once: of thousands of conditions every one is tried on what the ones before have made. */
function conditionCount(filter: FetchFilter): number {
  const known = counted.get(filter);
  if (known !== undefined) return known;
  const count = filter.parts.reduce(
    (sum, part) => sum + (part.kind === "condition" ? 1 : conditionCount(part)),
    0,
  );
  counted.set(filter, count);
  return count;
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
export const hasRoomFor = (fetch: FetchQuery, part: FetchFilter | FetchCondition): boolean =>
  complexity(fetch) + (part.kind === "condition" ? 1 : conditionCount(part)) <=
    fetchLimits.conditions &&
  bytesOfConditions(fetch) + (fetch.filter === undefined ? aroundValue : 0) + bytesOf(part) <=
    longestConditions;

const known = new WeakMap<FetchFilter | FetchCondition, number>();

export function bytesOf(part: FetchFilter | FetchCondition | undefined): number {
  if (part === undefined) return 0;
  let bytes = known.get(part);
  if (bytes === undefined) {
    bytes =
      part.kind === "filter"
        ? part.parts.reduce((sum, each) => sum + bytesOf(each), aroundValue)
        : part.values.reduce((sum, each) => sum + bytesOfValue(each), aroundCondition);
    known.set(part, bytes);
  }
  return bytes;
}

export const bytesOfValue = (value: string): number => encodedBytes(value) + aroundValue;

export const encodedBytes = (value: string): number =>
  encodeURIComponent(escapeXml(value.toWellFormed())).length;
