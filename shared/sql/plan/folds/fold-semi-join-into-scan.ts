import { columnExpr, conjuncts, type Expr } from "../../expression/expression";
import {
  and,
  complexity,
  countLinks,
  type FetchExists,
  type FetchFilter,
  type FetchLink,
  type FetchPart,
  fetchLimits,
  isAllOf,
  isTooLong,
} from "../../fetchxml/model";
import { asPair } from "../joined-columns";
import { columnsOf, type Plan, type Scan } from "../nodes";
import type { Rule } from "../rule";
import { isPlainScan } from "../scan";
import { replacementsOf, substitute } from "../substitute";

/** Where rows are only looked for, an inner link is one more search, and an outer one says nothing. */
function withLinks(
  filter: FetchFilter | undefined,
  links: readonly FetchLink[],
): FetchFilter | undefined {
  const further = links.flatMap((link): FetchExists[] =>
    link.type === "outer"
      ? []
      : [
          {
            kind: "exists",
            type: "any",
            table: link.table,
            ref: link.ref,
            from: link.from,
            to: link.to,
            filter: withLinks(link.filter, link.links),
          },
        ],
  );
  return further.length > 0 ? and(...(filter?.parts ?? []), ...further) : filter;
}

/** Rows of another table that are looked for by one equality; undefined where the service cannot look for them. */
function searchOf(on: Expr, left: Scan, right: Plan, type: FetchExists["type"]) {
  const pair = isPlainScan(right) ? asPair(on, left, right) : undefined;
  // What the service judges only roughly is judged here.
  if (!isPlainScan(right) || !pair || right.alsoAbove.length > 0) return undefined;
  const { fetch } = right;
  const isOwn = pair.right.origin?.ref === fetch.ref && pair.left.origin?.ref === left.fetch.ref;
  if (!isOwn || !isAllOf(fetch.filter, fetch.ref)) return undefined;
  const search: FetchExists = {
    kind: "exists",
    type,
    table: fetch.table,
    ref: fetch.ref,
    from: pair.right.name,
    to: pair.left.name,
    filter: withLinks(fetch.filter, fetch.links),
  };
  return search;
}

/** The same of `x IN (SELECT … UNION ALL SELECT …)`: one search for each part. */
function searchesOf(
  on: Expr,
  left: Scan,
  right: Plan,
  type: FetchExists["type"],
): readonly FetchExists[] | undefined {
  if (right.kind !== "set" || right.operator !== "union all") {
    const search = searchOf(on, left, right, type);
    return search && [search];
  }
  const searches: FetchExists[] = [];
  for (const input of right.inputs) {
    const given = columnsOf(input);
    const items = right.columns.flatMap((column, at) => {
      const from = given[at];
      return from ? [{ column, expr: columnExpr(from) }] : [];
    });
    const outer = substitute(on, replacementsOf(items));
    const found =
      input.kind === "project"
        ? searchOf(substitute(outer, replacementsOf(input.items)), left, input.input, type)
        : searchOf(outer, left, input, type);
    if (!found) return undefined;
    searches.push(found);
  }
  return searches;
}

/**
 * A semi-join of two scans by one equality becomes a condition: rows of the other table are looked for by the service, and none
 * is read. An anti-join as well: a row without a key has no match and stays, there as here. Rows of several tables, put together
 * by UNION ALL, are looked for in each of them.
 */
export const foldSemiJoinIntoScan: Rule = {
  name: "fold-semi-join-into-scan",
  apply(plan) {
    if (plan.kind !== "join" || (plan.type !== "semi" && plan.type !== "anti")) return undefined;
    const { left, right } = plan;
    if (!isPlainScan(left)) return undefined;
    const [part, ...more] = conjuncts(plan.on);
    const isSemi = plan.type === "semi";
    const searches =
      part && more.length === 0
        ? searchesOf(part, left, right, isSemi ? "any" : "not any")
        : undefined;
    if (!searches) return undefined;
    const one: readonly FetchPart[] =
      isSemi && searches.length > 1 ? [{ kind: "filter", type: "or", parts: searches }] : searches;
    const filter = and(...(left.fetch.filter?.parts ?? []), ...one);
    const folded = { ...left.fetch, filter };
    if (
      countLinks(folded) > fetchLimits.links ||
      complexity(folded) > fetchLimits.conditions ||
      isTooLong(folded)
    )
      return undefined;
    return { ...left, fetch: folded };
  },
};
