import type { PlanColumn } from "../expression/expression";
import {
  allLinks,
  complexity,
  countLinks,
  existsIn,
  type FetchLink,
  fetchLimits,
  isAllOf,
  isTooLong,
} from "../fetchxml/model";
import type { Scan } from "./nodes";

const isPrimaryIdOfRoot = (column: PlanColumn, scan: Scan): boolean =>
  column.origin?.ref === scan.fetch.ref && column.origin.meta.isPrimaryId;

/** Adds a link below the table with this alias; undefined when an inner link would hang below an outer one. */
function addLink(
  links: readonly FetchLink[],
  parent: string,
  child: FetchLink,
): readonly FetchLink[] | undefined {
  for (const [index, link] of links.entries()) {
    const isBelow = link.ref === parent || allLinks(link.links).some((one) => one.ref === parent);
    if (!isBelow) continue;
    if (link.type === "outer" && child.type === "inner") return undefined;
    const below = link.ref === parent ? [...link.links, child] : addLink(link.links, parent, child);
    return below && links.with(index, { ...link, links: below });
  }
  return undefined;
}

/**
 * Makes `child` a link of `parent`; undefined where the service has no such link.
 *
 * @param mayMultiply whether a row of the parent may meet several of the child: the service pages rows of its first table alone, so that
 * rows would be lost where there are pages
 */
export function linked(
  parent: Scan,
  child: Scan,
  type: FetchLink["type"],
  pair: { readonly to: PlanColumn; readonly from: PlanColumn },
  mayMultiply = false,
): Scan | undefined {
  const { fetch } = child;
  if (!mayMultiply && !isPrimaryIdOfRoot(pair.from, child)) return undefined;
  if (pair.from.origin?.ref !== fetch.ref) return undefined;
  if (!isAllOf(fetch.filter, fetch.ref)) return undefined;
  if (existsIn(fetch.filter).length > 0) return undefined;
  if (type === "outer" && allLinks(fetch.links).some((link) => link.type === "inner"))
    return undefined;
  const link: FetchLink = {
    table: fetch.table,
    ref: fetch.ref,
    type,
    from: pair.from.name,
    to: pair.to.name,
    filter: fetch.filter,
    links: fetch.links,
  };
  const parentRef = pair.to.origin?.ref ?? "";
  const links =
    parentRef === parent.fetch.ref
      ? [...parent.fetch.links, link]
      : addLink(parent.fetch.links, parentRef, link);
  if (!links) return undefined;
  const joined = { ...parent.fetch, links };
  if (
    countLinks(joined) > fetchLimits.links ||
    complexity(joined) > fetchLimits.conditions ||
    isTooLong(joined)
  )
    return undefined;
  return {
    ...parent,
    fetch: joined,
    columns: [...parent.columns, ...child.columns],
    alsoAbove: [...parent.alsoAbove, ...child.alsoAbove],
  };
}
