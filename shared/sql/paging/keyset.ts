import type { ColumnKind } from "../catalog";
import { columnType } from "../expression/column-type";
import { columnExpr, type PlanColumn } from "../expression/expression";
import { and, type FetchCondition, type FetchFilter, type FetchQuery } from "../fetchxml/model";
import { columnsOf, inputsOf, type Plan, type PlanOf, type Scan } from "../plan/nodes";
import { meetsOneOf } from "../plan/subqueries/keys";
import { toInvariant } from "../types/print";
import type { Row, Value } from "../types/sql-type";
import { damaged, type KeyValue } from "./cursor";

/** A column of the order in which the service gives the rows; the last one is the id. */
interface Key {
  readonly column: PlanColumn;
  readonly kind: ColumnKind;
  readonly descending: boolean;
}

/**
 * A plan whose rows can be asked for from any row on. Its rows carry the values of their order behind those of the result, so
 * that the last one of an answer says where the next begins: whatever comes or goes meanwhile, no row is given twice and none that
 * stays is left out.
 */
export interface Keyset {
  readonly plan: Plan;
  readonly keys: readonly Key[];
}

/** Values that are equal to what was read of them when they are written into a condition. */
const exact: ReadonlySet<ColumnKind> = new Set([
  "text",
  "integer",
  "bigint",
  "decimal",
  "money",
  "datetime",
  "date",
  "guid",
]);

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Longer texts make a cursor that nobody copies without a slip. */
const longestKey = 1_000;

/**
 * Undefined when the rows are not in an order that a condition of the service can go on in, and when TOP asks for no more than
 * one answer holds: then no columns are read for what comes behind.
 *
 * @param most rows of one answer
 */
export function keysetOf(plan: Plan, most: number): Keyset | undefined {
  const scan = scanOf(plan);
  const { top, page } = scan?.fetch ?? {};
  if ((top ?? page?.size ?? Number.POSITIVE_INFINITY) <= most) return undefined;
  const keys = scan && keysOf(scan, highestId(plan));
  return keys && { plan: carrying(plan, keys), keys };
}

/** The one scan whose rows the plan gives in their order, each at most once. */
function scanOf(plan: Plan): Scan | undefined {
  switch (plan.kind) {
    case "scan": {
      const { aggregate, distinct } = plan.fetch;
      return aggregate || distinct || plan.fallback ? undefined : plan;
    }
    case "project":
    case "filter":
      return scanOf(plan.input);
    case "apply":
      // One row more, or none, for what a subquery yields.
      return plan.mode.type === "cross" || plan.mode.type === "outer"
        ? undefined
        : scanOf(plan.input);
    case "join":
      return keepsLeft(plan) ? scanOf(plan.left) : undefined;
    case "limit":
      return plan.percent === undefined && !plan.given && !plan.ties
        ? scanOf(plan.input)
        : undefined;
    default:
      return undefined;
  }
}

/** Rows come out in the order of the left side, each once at most. */
const keepsLeft = (join: PlanOf<"join">): boolean =>
  join.type === "semi" ||
  join.type === "anti" ||
  (join.type !== "full" && meetsOneOf(join, join.right));

function keysOf({ fetch, columns }: Scan, lastId: number): readonly Key[] | undefined {
  const id = { attribute: fetch.primaryId, descending: false, kind: "guid" as const };
  const { orders } = fetch;
  const isById = orders.some(({ ref, attribute }) => !ref && attribute === fetch.primaryId);
  const all = isById ? orders : [...orders, id];
  const keys: Key[] = [];
  for (const [at, { attribute, descending, kind }] of all.entries()) {
    if (kind === undefined || !exact.has(kind)) return undefined;
    const known = columns.find(
      ({ column, alias }) =>
        !alias &&
        column.origin?.part === "value" &&
        column.origin.ref === fetch.ref &&
        column.name === attribute,
    );
    const column = known?.column ?? keyColumn(lastId + 1 + at, attribute, kind, fetch);
    keys.push({ column, kind, descending });
  }
  return keys;
}

function keyColumn(
  id: number,
  name: string,
  kind: ColumnKind,
  { ref, primaryId }: FetchQuery,
): PlanColumn {
  const meta = {
    name,
    displayName: name,
    type: kind,
    part: "value",
    base: name,
    onServer: true,
    isPrimaryId: name === primaryId,
  } as const;
  return { id, name, type: columnType(meta), origin: { ref, part: "value", meta } };
}

function highestId(plan: Plan): number {
  const inputs = inputsOf(plan).map(highestId);
  return Math.max(0, ...inputs, ...columnsOf(plan).map(({ id }) => id));
}

/** The plan with the keys behind its own columns. */
function carrying(plan: Plan, keys: readonly Key[]): Plan {
  const own = columnsOf(plan);
  const carried = withKeys(plan, keys);
  return {
    kind: "project",
    input: carried,
    items: [...own, ...keys.map(({ column }) => column)].map((column) => ({
      column,
      expr: columnExpr(column),
    })),
  };
}

function withKeys(plan: Plan, keys: readonly Key[]): Plan {
  switch (plan.kind) {
    case "scan": {
      const known = new Set(plan.columns.map(({ column }) => column.id));
      const added = keys.filter(({ column }) => !known.has(column.id));
      return {
        ...plan,
        columns: [...plan.columns, ...added.map(({ column }) => ({ column }))],
      };
    }
    case "project": {
      const known = new Set(plan.items.map(({ column }) => column.id));
      const added = keys.filter(({ column }) => !known.has(column.id));
      return {
        ...plan,
        input: withKeys(plan.input, keys),
        items: [
          ...plan.items,
          ...added.map(({ column }) => ({ column, expr: columnExpr(column) })),
        ],
      };
    }
    case "filter":
    case "limit":
    case "apply":
      return { ...plan, input: withKeys(plan.input, keys) };
    case "join":
      return { ...plan, left: withKeys(plan.left, keys) };
    default:
      return plan;
  }
}

/** The keys of a row in the form of a cursor; undefined where one of them has no condition that finds it again. */
export function keyOf({ plan, keys }: Keyset, row: Row): readonly KeyValue[] | undefined {
  const from = columnsOf(plan).length - keys.length;
  const values = keys.map(({ column, kind }, at) => {
    const value = row[from + at] ?? null;
    return value === null ? null : written(value, column, kind);
  });
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? undefined : known;
}

function written(value: Value, column: PlanColumn, kind: ColumnKind): KeyValue | undefined {
  if (value === null) return null;
  if (kind === "datetime" || kind === "date") return Number(value);
  if (kind === "guid") return guid.test(String(value)) ? String(value) : undefined;
  const text = kind === "text" ? String(value) : toInvariant(value, column.type);
  // The service takes an empty text for none.
  return text.trim() === "" || text.length > longestKey ? undefined : text;
}

/** How a value of a cursor stands in a condition. @throws SqlError `cursor` where it is of another kind than the column. */
function inCondition(value: KeyValue, kind: ColumnKind): string {
  if (kind === "datetime" || kind === "date") {
    if (typeof value !== "number" || Math.abs(value) > 8.64e15) throw damaged();
    const time = new Date(value).toISOString();
    return kind === "date" ? time.slice(0, 10) : time.replace(".000Z", "Z");
  }
  if (typeof value !== "string" || value.trim() === "") throw damaged();
  if (kind === "guid" ? !guid.test(value) : kind !== "text" && !/^-?\d+(\.\d+)?$/.test(value))
    throw damaged();
  return value;
}

/**
 * The plan for the rows behind a row.
 *
 * @param given rows that were given before: they count for TOP, and whatever OFFSET leaves out is left out
 * @throws SqlError `cursor` when the values do not fit the query
 */
export function behind({ plan, keys }: Keyset, after: readonly KeyValue[], given: number): Plan {
  if (after.length !== keys.length) throw damaged();
  return narrowed(plan, behindFilter(keys, after), given);
}

function narrowed(plan: Plan, filter: FetchFilter, given: number): Plan {
  switch (plan.kind) {
    case "scan": {
      const { page, ...fetch } = plan.fetch;
      const most = fetch.top ?? page?.size;
      const top = most === undefined ? undefined : most - given;
      const whole = fetch.filter?.parts.length ? and(fetch.filter, filter) : filter;
      // A limit of 0 is none to the service.
      if (top !== undefined && top <= 0) return { kind: "limit", input: plan, offset: 0, count: 0 };
      return { ...plan, fetch: { ...fetch, top, filter: whole } };
    }
    case "limit": {
      const count = plan.count === undefined ? undefined : Math.max(0, plan.count - given);
      return { ...plan, offset: 0, count, input: narrowed(plan.input, filter, given) };
    }
    case "project":
    case "filter":
    case "apply":
      return { ...plan, input: narrowed(plan.input, filter, given) };
    case "join":
      return { ...plan, left: narrowed(plan.left, filter, given) };
    default:
      return plan;
  }
}

/** Rows behind these values: greater in the first key, or equal there and greater in the next, and so on. NULL is the lowest. */
function behindFilter(keys: readonly Key[], after: readonly KeyValue[]): FetchFilter {
  const ways: FetchFilter[] = [];
  const equal: FetchCondition[] = [];
  for (const [at, key] of keys.entries()) {
    const value = after[at] ?? null;
    const further = furtherThan(key, value);
    if (further) ways.push(and(...equal, further));
    equal.push(condition(key, value === null ? "null" : "eq", value));
  }
  return { kind: "filter", type: "or", parts: ways };
}

function furtherThan(key: Key, value: KeyValue): FetchFilter | FetchCondition | undefined {
  if (value === null) return key.descending ? undefined : condition(key, "not-null", null);
  if (!key.descending) return condition(key, "gt", value);
  const parts = [condition(key, "lt", value), condition(key, "null", null)];
  return { kind: "filter", type: "or", parts };
}

function condition({ column, kind }: Key, operator: string, value: KeyValue): FetchCondition {
  return {
    kind: "condition",
    ref: column.origin?.ref ?? "",
    attribute: column.name,
    operator,
    values: value === null ? [] : [inCondition(value, kind)],
  };
}
