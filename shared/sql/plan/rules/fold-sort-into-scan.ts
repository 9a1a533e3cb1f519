import type { ColumnKind } from "../../catalog";
import type { FetchOrder } from "../../fetchxml/model";
import type { SortKey } from "../nodes";
import type { Rule } from "../rule";
import { isPlainScan, storedName } from "../scan";

/** Types that the service sorts by value. It sorts choices, yes/no and lookups by their label. */
const sortedByValue: ReadonlySet<ColumnKind> = new Set([
  "text",
  "integer",
  "bigint",
  "decimal",
  "money",
  "float",
  "datetime",
  "date",
  "guid",
]);

function orderOf({ expr, descending }: SortKey, root: string): FetchOrder | undefined {
  const origin = expr.kind === "column" ? expr.column.origin : undefined;
  if (expr.kind !== "column" || origin?.ref !== root) return undefined;
  const byValue = origin.part === "value" && sortedByValue.has(origin.meta.type);
  // Sorting by a lookup is sorting by the name of its row: exactly what its name column means.
  if (!byValue && (origin.part !== "name" || origin.meta.isNameless)) return undefined;
  return { attribute: storedName(expr.column), descending };
}

/** sort(scan) becomes scan, when every key is a column of the root that the service sorts as SQL does. */
export const foldSortIntoScan: Rule = {
  name: "fold-sort-into-scan",
  apply(plan) {
    if (plan.kind !== "sort" || !isPlainScan(plan.input)) return undefined;
    const scan = plan.input;
    const orders = plan.keys.map((key) => orderOf(key, scan.fetch.ref));
    const known = orders.filter((order) => order !== undefined);
    if (known.length < orders.length) return undefined;
    const first = new Map<string, FetchOrder>();
    for (const order of known) {
      if (!first.has(order.attribute)) first.set(order.attribute, order);
    }
    return { ...scan, fetch: { ...scan.fetch, orders: [...first.values()] } };
  },
};
