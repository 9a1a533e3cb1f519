import type { ColumnKind } from "../catalog";
import type { PlanColumn } from "../expression/expression";
import { toFetchXml } from "../fetchxml/serialize";
import type { Plan, Scan } from "./nodes";

/** A scan that only filters and joins so far: more can still be folded into it. */
export function isPlainScan(plan: Plan): plan is Scan {
  if (plan.kind !== "scan" || plan.fallback) return false;
  const { aggregate, distinct, top, page, orders } = plan.fetch;
  return !aggregate && !distinct && top === undefined && !page && orders.length === 0;
}

/** A join of several rows with several, which is right in one page alone: else it is worked out here. */
export const isOnePage = (scan: Scan): boolean =>
  scan.fallback !== undefined && !scan.fetch.aggregate;

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

export const isSortedByValue = ({ origin }: PlanColumn): boolean =>
  origin?.part === "value" && sortedByValue.has(origin.meta.type);

/** The stored column behind a plan column: its own name, or that of the lookup or choice it explains. */
export const storedName = (column: PlanColumn): string => column.origin?.meta.base ?? column.name;

/** Stored columns that a scan reads from the table of an alias. */
export function attributesOf(scan: Scan, ref: string): readonly string[] {
  const own = scan.columns.filter((one) => one.column.origin?.ref === ref && !one.alias);
  return [...new Set(own.map((one) => storedName(one.column)))];
}

export const fetchXmlOf = (scan: Scan): string =>
  toFetchXml(scan.fetch, (ref) => attributesOf(scan, ref));
