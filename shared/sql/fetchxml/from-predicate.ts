import { formatDate, formatDateTime, startOfDay } from "../exec/dates";
import type { Expr, PlanColumn } from "../plan/expression";
import { classOf, type Value } from "../types";
import { and, type FetchCondition, type FetchFilter, fetchLimits } from "./model";

/** A predicate as FetchXML. Not exact: lets more rows through, so the predicate must also run here. */
export interface Pushed {
  readonly filter: FetchFilter | FetchCondition;
  readonly exact: boolean;
}

const operators = { "=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge" } as const;
const mirrored = { "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

type Operator = keyof typeof operators;

/** What a predicate may be about: a stored column, or the name of a lookup where the server knows it. */
function conditionTarget(
  expr: Expr,
): { column: PlanColumn; ref: string; attribute: string } | undefined {
  const origin = expr.kind === "column" ? expr.column.origin : undefined;
  if (expr.kind !== "column" || !origin) return undefined;
  if (origin.part !== "value" && !(origin.part === "name" && origin.meta.onServer))
    return undefined;
  return { column: expr.column, ref: origin.ref, attribute: origin.meta.name };
}

function writtenNumber(value: number, column: PlanColumn): string | undefined {
  const whole = column.type === "integer" || column.type === "choice";
  const text = String(value);
  return (whole && !Number.isInteger(value)) || /[eNI]/.test(text) ? undefined : text;
}

/** How a constant is written in a condition on a column, or undefined when it has no form that means the same. */
function written(value: Value, column: PlanColumn): string | undefined {
  const kind = classOf(column.type);
  if (typeof value === "number") {
    if (kind === "number") return writtenNumber(value, column);
    return kind === "time" ? writtenTime(value, column) : undefined;
  }
  if (typeof value === "boolean") return kind === "boolean" ? String(Number(value)) : undefined;
  if (value === null) return undefined;
  if (kind === "guid") return value;
  // An empty value means something else to the service, and multi-select columns compare differently.
  return kind === "text" && value.trim() !== "" && column.type !== "choices" ? value : undefined;
}

function writtenTime(value: number, column: PlanColumn): string | undefined {
  if (column.type === "date") return value === startOfDay(value) ? formatDate(value) : undefined;
  // Stored to the second: a fraction of a second would be cut off on the way.
  return value % 1000 === 0 ? formatDateTime(value) : undefined;
}

/** Equality is all that GUIDs and yes/no columns have on the server. */
const allows = (column: PlanColumn, operator: Operator): boolean =>
  operator === "=" || operator === "<>" || !["guid", "boolean"].includes(classOf(column.type));

function fromComparison(operator: Operator, left: Expr, right: Expr): Pushed | undefined {
  const target = conditionTarget(left);
  if (!target) return conditionTarget(right) && fromComparisonMirrored(operator, left, right);
  const { column, ref, attribute } = target;
  const condition = (name: string, values: readonly string[] = []): FetchCondition => ({
    kind: "condition",
    ref,
    attribute,
    operator: name,
    values,
  });
  // The service lets NULL pass ne; SQL does not.
  const withNotNull = (one: FetchCondition) => and(one, condition("not-null"));
  if (right.kind === "currentUser") {
    if (operator === "=") return { filter: condition("eq-userid"), exact: true };
    if (operator === "<>") return { filter: withNotNull(condition("ne-userid")), exact: true };
    return undefined;
  }
  if (right.kind === "column") return fromColumns(operator, left, right);
  if (right.kind !== "constant" || !allows(column, operator)) return undefined;
  const time = roundedTime(operator, right.value, column);
  const value = written(time, column);
  if (value === undefined) return undefined;
  const one = condition(operators[operator], [value]);
  return { filter: operator === "<>" ? withNotNull(one) : one, exact: true };
}

/** `createdon >= 10:00:00.5` means the same as `createdon >= 10:00:01`, for values stored to the second. */
function roundedTime(operator: Operator, value: Value, column: PlanColumn): Value {
  if (typeof value !== "number" || classOf(column.type) !== "time") return value;
  const unit = column.type === "date" ? 86_400_000 : 1000;
  if (operator === ">=" || operator === "<") return Math.ceil(value / unit) * unit;
  if (operator === ">" || operator === "<=") return Math.floor(value / unit) * unit;
  return value;
}

const fromComparisonMirrored = (operator: Operator, left: Expr, right: Expr): Pushed | undefined =>
  left.kind === "column" ? undefined : fromComparison(mirrored[operator], right, left);

/** Column against column of one type. https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/filter-rows */
function fromColumns(operator: Operator, left: Expr, right: Expr): Pushed | undefined {
  const a = conditionTarget(left);
  const b = conditionTarget(right);
  if (!a || !b || a.ref !== b.ref || a.column.type !== b.column.type) return undefined;
  if (a.column.origin?.part !== "value" || b.column.origin?.part !== "value") return undefined;
  if (!allows(a.column, operator) || a.column.type === "choices" || a.column.type === "memo")
    return undefined;
  const base = { kind: "condition", ref: a.ref, values: [] } as const;
  const other = { ref: b.ref, attribute: b.attribute };
  const one = { ...base, attribute: a.attribute, operator: operators[operator], other };
  if (operator !== "<>") return { filter: one, exact: true };
  const notNull = (attribute: string) => ({ ...base, attribute, operator: "not-null" });
  return { filter: and(one, notNull(a.attribute), notNull(b.attribute)), exact: true };
}

function fromIn(expr: Extract<Expr, { kind: "in" }>): Pushed | undefined {
  const target = conditionTarget(expr.operand);
  if (!target || expr.list.length > 4 * fetchLimits.valuesInList) return undefined;
  const { column, ref, attribute } = target;
  const values = expr.list.map((item) =>
    item.kind === "constant" ? written(item.value, column) : undefined,
  );
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length || known.length === 0) return undefined;
  const base = { kind: "condition", ref, attribute } as const;
  const lists: FetchCondition[] = [];
  for (let at = 0; at < known.length; at += fetchLimits.valuesInList) {
    const part = known.slice(at, at + fetchLimits.valuesInList);
    lists.push({ ...base, operator: expr.negated ? "not-in" : "in", values: part });
  }
  if (expr.negated) {
    const notNull: FetchCondition = { ...base, operator: "not-null", values: [] };
    return { filter: and(...lists, notNull), exact: true };
  }
  const [first] = lists;
  if (first && lists.length === 1) return { filter: first, exact: true };
  return { filter: { kind: "filter", type: "or", parts: lists }, exact: true };
}

/** FetchXML's LIKE has no ESCAPE: an escaped wildcard is written as a set of one. */
function withoutEscape(pattern: string, escapedBy: string | undefined): string {
  if (escapedBy === undefined) return pattern;
  const characters = [...pattern];
  let result = "";
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? "";
    if (character !== escapedBy) {
      result += character;
      continue;
    }
    at += 1;
    const next = characters[at] ?? "";
    result += ["%", "_", "["].includes(next) ? `[${next}]` : next;
  }
  return result;
}

function fromLike(expr: Extract<Expr, { kind: "like" }>): Pushed | undefined {
  const target = conditionTarget(expr.operand);
  const pattern = expr.pattern.kind === "constant" ? expr.pattern.value : undefined;
  if (!target || typeof pattern !== "string" || pattern.trim() === "") return undefined;
  if (classOf(target.column.type) !== "text" || target.column.type === "choices") return undefined;
  const base = { kind: "condition", ref: target.ref, attribute: target.attribute } as const;
  const values = [withoutEscape(pattern, expr.escapedBy)];
  if (!expr.negated) return { filter: { ...base, operator: "like", values }, exact: true };
  const notNull = { ...base, operator: "not-null", values: [] };
  return { filter: and({ ...base, operator: "not-like", values }, notNull), exact: true };
}

/** A predicate as FetchXML, or undefined when the service cannot do it. All of an OR must go, or none of it. */
export function fromPredicate(expr: Expr): Pushed | undefined {
  switch (expr.kind) {
    case "compare":
      return fromComparison(expr.operator, expr.left, expr.right);
    case "in":
      return fromIn(expr);
    case "like":
      return fromLike(expr);
    case "isNull": {
      const target = conditionTarget(expr.operand);
      if (!target) return undefined;
      const operator = expr.negated ? "not-null" : "null";
      const { ref, attribute } = target;
      return { filter: { kind: "condition", ref, attribute, operator, values: [] }, exact: true };
    }
    case "logic": {
      const parts = expr.operands.map(fromPredicate);
      const pushed = parts.filter((part) => part !== undefined);
      if (pushed.length < parts.length) return undefined;
      return {
        filter: { kind: "filter", type: expr.operator, parts: pushed.map((part) => part.filter) },
        exact: pushed.every((part) => part.exact),
      };
    }
    default:
      return undefined;
  }
}
