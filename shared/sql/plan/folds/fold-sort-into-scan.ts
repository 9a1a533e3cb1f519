import type { PlanColumn } from "../../expression/expression";
import { allLinks, type FetchOrder } from "../../fetchxml/model";
import type { Plan, PlanOf, Scan, SortKey } from "../nodes";
import type { Rule } from "../rule";
import { isOnePage, isPlainScan, isSortedByValue, storedName } from "../scan";
import { replacementsOf, substitute } from "../substitute";

/** The label of one option, not the text of several. */
const isOneLabel = ({ origin }: PlanColumn): boolean => {
  const kind = origin?.base?.origin?.meta.type;
  return kind === "choice" || kind === "boolean";
};

function orderOf({ expr, descending }: SortKey, { fetch }: Scan): FetchOrder | undefined {
  const origin = expr.kind === "column" ? expr.column.origin : undefined;
  if (expr.kind !== "column" || !origin) return undefined;
  const isOfRoot = origin.ref === fetch.ref;
  if (!isOfRoot && !allLinks(fetch.links).some(({ ref }) => ref === origin.ref)) return undefined;
  // Sorting by a lookup or a choice is sorting by what is shown for it: exactly what its name column means.
  const isShown =
    (origin.part === "name" && !origin.meta.isNameless) ||
    (origin.part === "label" && isOneLabel(expr.column));
  if (!isSortedByValue(expr.column) && !isShown) return undefined;
  const kind = isShown || !isOfRoot ? undefined : origin.meta.type;
  const ref = isOfRoot ? undefined : origin.ref;
  return { ref, attribute: storedName(expr.column), descending, kind };
}

function sortedScan(keys: readonly SortKey[], scan: Scan): Scan | undefined {
  const orders = keys.map((key) => orderOf(key, scan));
  const known = orders.filter((order) => order !== undefined);
  if (known.length < orders.length) return undefined;
  const first = new Map<string, FetchOrder>();
  for (const order of known) {
    const name = `${order.ref ?? ""}.${order.attribute}`;
    if (!first.has(name)) first.set(name, order);
  }
  return { ...scan, fetch: { ...scan.fetch, orders: [...first.values()] } };
}

/** Groups in the order of what was counted, summed or grouped by. Groups are not sorted downwards by what they are of. */
function sortedGroups(keys: readonly SortKey[], scan: Scan): Scan | undefined {
  const orders = keys.map(({ expr, descending }): FetchOrder | undefined => {
    const found =
      expr.kind === "column" && scan.columns.find(({ column }) => column.id === expr.column.id);
    const one = found && scan.fetch.aggregate?.find(({ alias }) => alias === found.alias);
    if (!found || !one) return undefined;
    const isByValue = one.groupBy
      ? !descending && (one.dateGrouping !== undefined || isSortedByValue(found.column))
      : true;
    return isByValue ? { attribute: one.attribute, alias: one.alias, descending } : undefined;
  });
  const known = orders.filter((order) => order !== undefined);
  return known.length < orders.length
    ? undefined
    : { ...scan, fetch: { ...scan.fetch, orders: known } };
}

/** sort(scan) becomes scan, when every key is a column of its tables that the service sorts as SQL does. */
export const foldSortIntoScan: Rule = {
  name: "fold-sort-into-scan",
  apply(plan) {
    if (plan.kind !== "sort") return undefined;
    const { input, keys } = plan;
    if (input.kind === "project") return belowNames(keys, input);
    if (input.kind !== "scan" || input.fetch.orders.length > 0) return undefined;
    const { fallback, fetch } = input;
    if (isPlainScan(input)) return sortedScan(keys, input);
    if (!fallback || fetch.inParts || fetch.top !== undefined) return undefined;
    const sorted = isOnePage(input) ? sortedScan(keys, input) : sortedGroups(keys, input);
    return sorted && { ...sorted, fallback: { ...plan, input: fallback } };
  },
};

/** What is computed of groups is computed of sorted ones. */
function belowNames(keys: readonly SortKey[], input: PlanOf<"project">): Plan | undefined {
  const scan = input.input;
  if (scan.kind !== "scan" || !scan.fetch.aggregate || scan.fetch.orders.length > 0)
    return undefined;
  const by = replacementsOf(input.items);
  const inner = keys.map((key) => ({ ...key, expr: substitute(key.expr, by) }));
  const isFolded = sortedGroups(inner, scan) !== undefined && !scan.fetch.inParts;
  return isFolded ? { ...input, input: { kind: "sort", input: scan, keys: inner } } : undefined;
}
