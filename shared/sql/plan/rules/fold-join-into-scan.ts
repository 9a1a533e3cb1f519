import type { ColumnKind } from "../../catalog";
import { conjunction, conjuncts, type Expr, type PlanColumn } from "../../expression/expression";
import {
  allLinks,
  complexity,
  conditionsIn,
  type FetchLink,
  fetchLimits,
  isTooLong,
} from "../../fetchxml/model";
import type { Plan, PlanOf, Scan } from "../nodes";
import type { Rule } from "../rule";
import { isPlainScan } from "../scan";

interface Pair {
  readonly left: PlanColumn;
  readonly right: PlanColumn;
}

/** `left.column = right.column` over stored columns of one kind, whichever way round it is written. */
function asPair(expr: Expr, left: Scan, right: Scan): Pair | undefined {
  if (expr.kind !== "compare" || expr.operator !== "=") return undefined;
  if (expr.left.kind !== "column" || expr.right.kind !== "column") return undefined;
  const has = (scan: Scan, column: PlanColumn) =>
    scan.columns.some((one) => one.column.id === column.id);
  const [a, b] = [expr.left.column, expr.right.column];
  const pair =
    has(left, a) && has(right, b)
      ? { left: a, right: b }
      : has(left, b) && has(right, a)
        ? { left: b, right: a }
        : undefined;
  if (pair?.left.origin?.part !== "value" || pair.right.origin?.part !== "value") return undefined;
  const kind = kindOf(pair.left);
  return kind === kindOf(pair.right) && kind !== "datetime" && kind !== "date" ? pair : undefined;
}

/** Ids and lookups are joined with each other; all else only with its own kind. */
const kindOf = ({ origin }: PlanColumn): ColumnKind | undefined =>
  origin?.meta.type === "lookup" ? "guid" : origin?.meta.type;

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

/** Makes `child` a link of `parent`: only where each parent row meets at most one child row, or paging would lose rows. */
function linked(
  parent: Scan,
  child: Scan,
  type: FetchLink["type"],
  pair: { readonly to: PlanColumn; readonly from: PlanColumn },
): Scan | undefined {
  const { fetch } = child;
  if (!isPrimaryIdOfRoot(pair.from, child)) return undefined;
  // `entityname` is only understood in the filter of the root.
  if (conditionsIn(fetch.filter).some((condition) => condition.ref !== fetch.ref)) return undefined;
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
    allLinks(links).length > fetchLimits.links ||
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

function foldPair(join: PlanOf<"join">, left: Scan, right: Scan, pair: Pair): Scan | undefined {
  if (join.type === "left")
    return linked(left, right, "outer", { to: pair.left, from: pair.right });
  return (
    linked(left, right, "inner", { to: pair.left, from: pair.right }) ??
    linked(right, left, "inner", { to: pair.right, from: pair.left })
  );
}

/** join(scan, scan) becomes one scan with a link, when the join follows a lookup to the row it refers to. */
export const foldJoinIntoScan: Rule = {
  name: "fold-join-into-scan",
  apply(plan): Plan | undefined {
    if (plan.kind !== "join" || !isPlainScan(plan.left) || !isPlainScan(plan.right))
      return undefined;
    if (plan.type !== "inner" && plan.type !== "left") return undefined;
    const { left, right } = plan;
    const parts = conjuncts(plan.on);
    if (plan.type === "left" && parts.length > 1) return undefined;
    for (const part of parts) {
      const pair = asPair(part, left, right);
      const scan = pair && foldPair(plan, left, right, pair);
      if (!scan) continue;
      const predicate = conjunction(parts.filter((one) => one !== part));
      return predicate ? { kind: "filter", input: scan, predicate } : scan;
    }
    return undefined;
  },
};
