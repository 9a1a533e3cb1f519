import type { PlanColumn } from "../../expression/expression";
import { allLinks, type FetchOrder } from "../../fetchxml/model";
import type { Scan, SortKey } from "../nodes";
import type { Rule } from "../rule";
import { isPlainScan, isSortedByValue, storedName } from "../scan";

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

/** sort(scan) becomes scan, when every key is a column of its tables that the service sorts as SQL does. */
export const foldSortIntoScan: Rule = {
  name: "fold-sort-into-scan",
  apply(plan) {
    if (plan.kind !== "sort" || !isPlainScan(plan.input)) return undefined;
    const scan = plan.input;
    const orders = plan.keys.map((key) => orderOf(key, scan));
    const known = orders.filter((order) => order !== undefined);
    if (known.length < orders.length) return undefined;
    const first = new Map<string, FetchOrder>();
    for (const order of known) {
      const name = `${order.ref ?? ""}.${order.attribute}`;
      if (!first.has(name)) first.set(name, order);
    }
    return { ...scan, fetch: { ...scan.fetch, orders: [...first.values()] } };
  },
};
