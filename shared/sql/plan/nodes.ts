import type { FetchQuery } from "../fetchxml/model";
import type { SqlType, Value } from "../types";
import type { Expr, PlanColumn } from "./expression";

export interface ScanColumn {
  readonly column: PlanColumn;
  /** Name of an aggregate or group key in the FetchXML; undefined for a plain column. */
  readonly alias?: string;
}

/** Everything below this node is one FetchXML query. */
export interface Scan {
  readonly kind: "scan";
  readonly fetch: FetchQuery;
  readonly columns: readonly ScanColumn[];
  /** Predicates already in `fetch` that also stay above, because FetchXML takes them only roughly. */
  readonly alsoAbove: readonly Expr[];
  /** Runs instead when the service refuses to aggregate so many rows, or returns too many groups. */
  readonly fallback?: Plan;
}

export type AggregateFunction = "count" | "sum" | "avg" | "min" | "max";

export interface Aggregation {
  readonly column: PlanColumn;
  readonly function: AggregateFunction;
  /** Undefined for COUNT(*). */
  readonly argument: Expr | undefined;
  readonly distinct: boolean;
}

export interface ProjectItem {
  readonly column: PlanColumn;
  readonly expr: Expr;
}

export interface SortKey {
  readonly expr: Expr;
  readonly descending: boolean;
}

/** A relational operator with its inputs. Whatever is not a scan runs here, over the rows of its inputs. */
export type Plan =
  | Scan
  | {
      readonly kind: "rows";
      readonly columns: readonly PlanColumn[];
      readonly rows: readonly (readonly Value[])[];
    }
  | { readonly kind: "filter"; readonly input: Plan; readonly predicate: Expr }
  | { readonly kind: "project"; readonly input: Plan; readonly items: readonly ProjectItem[] }
  | {
      readonly kind: "join";
      readonly type: "inner" | "left";
      readonly left: Plan;
      readonly right: Plan;
      readonly on: Expr;
    }
  | {
      readonly kind: "aggregate";
      readonly input: Plan;
      readonly keys: readonly ProjectItem[];
      readonly aggregations: readonly Aggregation[];
    }
  | { readonly kind: "sort"; readonly input: Plan; readonly keys: readonly SortKey[] }
  | {
      readonly kind: "limit";
      readonly input: Plan;
      readonly offset: number;
      readonly count: number | undefined;
    }
  | { readonly kind: "distinct"; readonly input: Plan };

export type PlanOf<K extends Plan["kind"]> = Extract<Plan, { readonly kind: K }>;

/** The columns a plan yields, in row order. */
export function columnsOf(plan: Plan): readonly PlanColumn[] {
  switch (plan.kind) {
    case "scan":
      return plan.columns.map((one) => one.column);
    case "rows":
      return plan.columns;
    case "project":
      return plan.items.map((item) => item.column);
    case "join":
      return [...columnsOf(plan.left), ...columnsOf(plan.right)];
    case "aggregate":
      return [...plan.keys, ...plan.aggregations].map((one) => one.column);
    default:
      return columnsOf(plan.input);
  }
}

const ids = new WeakMap<Plan, ReadonlySet<number>>();

/** Ids of the columns a plan yields; made once for each plan, because rules ask again and again. */
export function columnIdsOf(plan: Plan): ReadonlySet<number> {
  let known = ids.get(plan);
  if (!known) {
    known = new Set(columnsOf(plan).map(({ id }) => id));
    ids.set(plan, known);
  }
  return known;
}

/** A copy with every input replaced by `change(input)`; the same object when nothing changed. */
export function mapInputs(plan: Plan, change: (input: Plan) => Plan): Plan {
  if (plan.kind === "scan" || plan.kind === "rows") return plan;
  if (plan.kind === "join") {
    const left = change(plan.left);
    const right = change(plan.right);
    return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
  }
  const input = change(plan.input);
  return input === plan.input ? plan : { ...plan, input };
}

/** A column of the result: what the person sees, by which name. */
export interface OutputColumn {
  readonly name: string;
  readonly type: SqlType;
}
