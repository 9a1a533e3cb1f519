import type { Expr, PlanColumn, Scalar } from "../expression/expression";
import type { FetchQuery } from "../fetchxml/model";
import type { BoundAggregate } from "../functions/aggregate/aggregate";
import type { BoundTableFunction } from "../functions/table/table-function";
import type { BoundWindow } from "../functions/window/window";
import type { SqlType, Value } from "../types/sql-type";

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
  /** Runs instead when the service refuses to aggregate so many rows, returns too many groups, or needs pages for a join. */
  readonly fallback?: Plan;
}

export interface Aggregation {
  readonly column: PlanColumn;
  /** T-SQL name in upper case. */
  readonly name: string;
  readonly bound: BoundAggregate;
  /** Each of the type that `bound` takes; none for COUNT(*). */
  readonly args: readonly Scalar[];
  readonly distinct: boolean;
  /** WITHIN GROUP (ORDER BY …): the values are added in this order. */
  readonly order: readonly SortKey[];
}

export interface ProjectItem {
  readonly column: PlanColumn;
  readonly expr: Scalar;
}

export interface SortKey {
  readonly expr: Scalar;
  readonly descending: boolean;
}

/** A value of the row around a subquery, by the column that stands for it inside (an expression of kind `parameter`). */
export interface Parameter {
  readonly column: PlanColumn;
  /** Over the columns of the row around. */
  readonly expr: Scalar;
}

/**
 * inner, left, full: rows of both sides, `on` over both. semi: rows of the left side that have a match. anti: those that
 * have none. Both yield the columns of the left side alone.
 */
export type JoinType = "inner" | "left" | "full" | "semi" | "anti";

/**
 * cross, outer: each row with every row that the subquery yields for it; outer keeps a row without any. scalar: one more
 * column, the only value of the subquery or NULL; more rows than one are an error. exists: one more column of type
 * bit, whether there are rows. quantified: `operand operator ANY/ALL (subquery)`, true, false or unknown; IN is
 * `= ANY`, NOT IN is `<> ALL`.
 */
export type ApplyMode =
  | { readonly type: "cross" }
  | { readonly type: "outer" }
  | { readonly type: "scalar"; readonly column: PlanColumn }
  | { readonly type: "exists"; readonly column: PlanColumn }
  | {
      readonly type: "quantified";
      readonly column: PlanColumn;
      /** The comparison: a predicate over the columns of the row around and the one column of the subquery. */
      readonly test: Expr;
      readonly quantifier: "any" | "all";
    };

/** Where a frame begins or ends, counted from the row: negative before it, 0 the row itself. */
export type FrameBorder = number | "unbounded";

export interface Frame {
  /** A range counts peers, and has no other borders than 0 and unbounded. */
  readonly unit: "rows" | "range";
  readonly from: FrameBorder;
  readonly to: FrameBorder;
}

export interface WindowFunction {
  readonly column: PlanColumn;
  /** T-SQL name in upper case: ROW_NUMBER, LAG, SUM … */
  readonly name: string;
  readonly bound:
    | { readonly kind: "window"; readonly window: BoundWindow }
    | { readonly kind: "aggregate"; readonly aggregate: BoundAggregate };
  readonly args: readonly Scalar[];
  /** WITHIN GROUP (ORDER BY …) of a percentile, which is one of the whole partition. */
  readonly within: readonly SortKey[];
  /** Undefined: the whole partition without ORDER BY, else RANGE from its beginning to the row and its peers. */
  readonly frame: Frame | undefined;
  readonly ignoreNulls: boolean;
}

/** Expressions without columns, of type bigint, `percent` of type float. */
export interface GivenNumbers {
  readonly offset?: Scalar;
  readonly count?: Scalar;
  readonly percent?: Scalar;
}

const givenOf = ({ offset, count, percent }: GivenNumbers = {}): readonly Scalar[] =>
  [offset, count, percent].filter((one) => one !== undefined);

export type SetOperator = "union all" | "intersect" | "except";

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
      readonly type: JoinType;
      readonly left: Plan;
      readonly right: Plan;
      readonly on: Expr;
    }
  /** Runs `inner` for each row of `input`, with the row's values in place of the parameters. */
  | {
      readonly kind: "apply";
      readonly input: Plan;
      readonly inner: Plan;
      readonly parameters: readonly Parameter[];
      readonly mode: ApplyMode;
      /**
       * Only rows for which this is true need the subquery, as the branch of a CASE in which it stands; for all others the column that
       * is added is NULL. Never there for cross and outer.
       */
      readonly when?: Expr;
    }
  | {
      readonly kind: "aggregate";
      readonly input: Plan;
      readonly keys: readonly ProjectItem[];
      readonly aggregations: readonly Aggregation[];
      /** GROUPING SETS: for each set the positions of its keys; one set of all keys when left out. */
      readonly sets?: readonly (readonly number[])[];
      /** With `sets`: a column for each key, 1 where a row is of a set without it. GROUPING(key). */
      readonly grouping?: readonly PlanColumn[];
    }
  /** Functions over one window; another window is another node. Rows come out ordered by partition and order. */
  | {
      readonly kind: "window";
      readonly input: Plan;
      readonly partition: readonly Scalar[];
      readonly order: readonly SortKey[];
      readonly functions: readonly WindowFunction[];
    }
  /** Column by column: those of the result stand for the columns of the inputs at the same places. */
  | {
      readonly kind: "set";
      readonly operator: SetOperator;
      readonly inputs: readonly Plan[];
      readonly columns: readonly PlanColumn[];
    }
  | { readonly kind: "sort"; readonly input: Plan; readonly keys: readonly SortKey[] }
  | {
      readonly kind: "limit";
      readonly input: Plan;
      readonly offset: number;
      readonly count: number | undefined;
      /** TOP n PERCENT: rounded up, of all rows of the input. `count` is undefined then. */
      readonly percent?: number;
      /** Numbers that are known only when the query runs, in place of those above: parameters of what is around. */
      readonly given?: GivenNumbers;
      /** WITH TIES: also the rows behind that are equal to the last by these keys, by which the input is sorted. */
      readonly ties?: readonly SortKey[];
    }
  | { readonly kind: "distinct"; readonly input: Plan }
  /** Rows that are read once and kept, however often the query around runs it. */
  | { readonly kind: "spool"; readonly input: Plan }
  /** A recursive common table expression: the anchor's rows, then `step` over the rows of the last round until there are none. */
  | {
      readonly kind: "recursive";
      readonly anchor: Plan;
      readonly step: Plan;
      readonly columns: readonly PlanColumn[];
      /** Rounds: MAXRECURSION. */
      readonly most: number;
    }
  /** Inside `step` of a recursive expression: the rows of the last round. `of` is the `columns` of the expression. */
  | {
      readonly kind: "last round";
      readonly columns: readonly PlanColumn[];
      readonly of: readonly PlanColumn[];
    }
  /** OPENJSON, STRING_SPLIT, GENERATE_SERIES: rows from values. Arguments name no columns; parameters may stand in them. */
  | {
      readonly kind: "function";
      readonly name: string;
      readonly bound: BoundTableFunction;
      readonly args: readonly Scalar[];
      readonly columns: readonly PlanColumn[];
    };

export type PlanOf<K extends Plan["kind"]> = Extract<Plan, { readonly kind: K }>;

/** The columns a plan yields, in row order. */
export function columnsOf(plan: Plan): readonly PlanColumn[] {
  let known = columns.get(plan);
  if (!known) {
    known = madeColumns(plan);
    columns.set(plan, known);
  }
  return known;
}

const columns = new WeakMap<Plan, readonly PlanColumn[]>();

function madeColumns(plan: Plan): readonly PlanColumn[] {
  switch (plan.kind) {
    case "scan":
      return plan.columns.map((one) => one.column);
    case "rows":
    case "set":
    case "recursive":
    case "last round":
    case "function":
      return plan.columns;
    case "project":
      return plan.items.map((item) => item.column);
    case "join":
      return plan.type === "semi" || plan.type === "anti"
        ? columnsOf(plan.left)
        : [...columnsOf(plan.left), ...columnsOf(plan.right)];
    case "apply":
      return plan.mode.type === "cross" || plan.mode.type === "outer"
        ? [...columnsOf(plan.input), ...columnsOf(plan.inner)]
        : [...columnsOf(plan.input), plan.mode.column];
    case "aggregate":
      return [
        ...[...plan.keys, ...plan.aggregations].map((one) => one.column),
        ...(plan.grouping ?? []),
      ];
    case "window":
      return [...columnsOf(plan.input), ...plan.functions.map((one) => one.column)];
    case "filter":
    case "sort":
    case "limit":
    case "distinct":
    case "spool":
      return columnsOf(plan.input);
  }
}

const ids = new WeakMap<Plan, ReadonlySet<number>>();

/** Ids of the columns a plan yields. */
export function columnIdsOf(plan: Plan): ReadonlySet<number> {
  let known = ids.get(plan);
  if (!known) {
    known = new Set(columnsOf(plan).map(({ id }) => id));
    ids.set(plan, known);
  }
  return known;
}

/** The inputs of a plan, in the order in which they are written. The fallback of a scan is not one. */
export function inputsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case "scan":
    case "rows":
    case "last round":
    case "function":
      return [];
    case "join":
      return [plan.left, plan.right];
    case "apply":
      return [plan.input, plan.inner];
    case "set":
      return plan.inputs;
    case "recursive":
      return [plan.anchor, plan.step];
    case "filter":
    case "project":
    case "aggregate":
    case "window":
    case "sort":
    case "limit":
    case "distinct":
    case "spool":
      return [plan.input];
  }
}

/** A copy with every input replaced by `change(input)`; the same object when nothing changed. */
export function mapInputs(plan: Plan, change: (input: Plan) => Plan): Plan {
  switch (plan.kind) {
    case "scan":
    case "rows":
    case "last round":
    case "function":
      return plan;
    case "join": {
      const left = change(plan.left);
      const right = change(plan.right);
      return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
    }
    case "apply": {
      const input = change(plan.input);
      const inner = change(plan.inner);
      return input === plan.input && inner === plan.inner ? plan : { ...plan, input, inner };
    }
    case "set": {
      const inputs = plan.inputs.map(change);
      return inputs.every((one, at) => one === plan.inputs[at]) ? plan : { ...plan, inputs };
    }
    case "recursive": {
      const anchor = change(plan.anchor);
      const step = change(plan.step);
      return anchor === plan.anchor && step === plan.step ? plan : { ...plan, anchor, step };
    }
    case "filter":
    case "project":
    case "aggregate":
    case "window":
    case "sort":
    case "limit":
    case "distinct":
    case "spool": {
      const input = change(plan.input);
      return input === plan.input ? plan : { ...plan, input };
    }
  }
}

/** The expressions that a plan itself evaluates, those of its inputs not among them. */
export function expressionsOf(plan: Plan): readonly Expr[] {
  switch (plan.kind) {
    case "scan":
    case "rows":
    case "set":
    case "distinct":
    case "spool":
    case "recursive":
    case "last round":
      return [];
    case "filter":
      return [plan.predicate];
    case "project":
      return plan.items.map(({ expr }) => expr);
    case "join":
      return [plan.on];
    case "apply":
      return [
        ...plan.parameters.map(({ expr }) => expr),
        ...(plan.mode.type === "quantified" ? [plan.mode.test] : []),
        ...(plan.when ? [plan.when] : []),
      ];
    case "aggregate":
      return [
        ...plan.keys.map(({ expr }) => expr),
        ...plan.aggregations.flatMap(({ args, order }) => [
          ...args,
          ...order.map(({ expr }) => expr),
        ]),
      ];
    case "window":
      return [
        ...plan.partition,
        ...plan.order.map(({ expr }) => expr),
        ...plan.functions.flatMap(({ args, within }) => [
          ...args,
          ...within.map(({ expr }) => expr),
        ]),
      ];
    case "sort":
      return plan.keys.map(({ expr }) => expr);
    case "limit":
      return [...(plan.ties ?? []).map(({ expr }) => expr), ...givenOf(plan.given)];
    case "function":
      return plan.args;
  }
}

/** Whether the rows come as the first scan gives them, so that what has come is right however the rest ends. */
export function streams(plan: Plan): boolean {
  switch (plan.kind) {
    case "scan":
      return !plan.fetch.aggregate && !plan.fallback;
    case "rows":
    case "function":
      return true;
    case "filter":
    case "project":
    case "distinct":
    case "apply":
      return streams(plan.input);
    case "limit":
      return (plan.percent ?? plan.given?.percent) === undefined && streams(plan.input);
    case "set":
      return plan.operator === "union all" && plan.inputs.every(streams);
    case "sort":
    case "aggregate":
    case "join":
    case "window":
    case "spool":
    case "recursive":
    case "last round":
      return false;
  }
}

/** A column of the result: what the person sees, by which name. */
export interface OutputColumn {
  readonly name: string;
  readonly type: SqlType;
}
