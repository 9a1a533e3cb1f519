import type { CatalogColumn, CatalogOption, ColumnKind } from "../catalog";
import type { Expr, ExprOf, PlanColumn, Scalar } from "../expression/expression";
import { collate } from "../types/collation/collation";
import { withoutTrailing } from "../types/digits";
import { toInvariant } from "../types/print";
import { isTime, type Present, type SqlType } from "../types/sql-type";
import { and, type FetchCondition, type FetchFilter, fetchLimits } from "./model";

/** A predicate as FetchXML. Not exact: lets more rows through, so the predicate must also run here. */
export interface Pushed {
  readonly filter: FetchFilter | FetchCondition;
  readonly exact: boolean;
}

const operators = { "=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge" } as const;
const mirrored = { "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

type Operator = keyof typeof operators;

interface Target {
  readonly column: PlanColumn;
  readonly kind: ColumnKind;
  readonly ref: string;
  readonly attribute: string;
}

/**
 * What a predicate may be about: a stored column, or the name of a lookup where the server knows it. A time that is converted
 * to a finer type is still the same time.
 */
function conditionTarget(expr: Expr): Target | undefined {
  if (expr.kind === "cast" && !expr.isTry && isFiner(expr.operand.type, expr.type))
    return conditionTarget(expr.operand);
  const origin = expr.kind === "column" ? expr.column.origin : undefined;
  if (expr.kind !== "column" || !origin) return undefined;
  if (origin.part !== "value" && !(origin.part === "name" && origin.meta.onServer))
    return undefined;
  const kind = origin.part === "value" ? origin.meta.type : "text";
  return { column: expr.column, kind, ref: origin.ref, attribute: origin.meta.name };
}

/** From the types of stored times, which are whole days or seconds. */
const isFiner = (from: SqlType, to: SqlType): boolean =>
  (from.kind === "date" && isTime(to) && to.kind !== "time" && to.kind !== "date") ||
  (from.kind === "datetime" && (to.kind === "datetime2" || to.kind === "datetimeoffset"));

/** 100 ns between the years 1 and 1970. */
const from1To1970 = 621_355_968_000_000_000n;

/** A moment in 100 ns since 1970, whatever type of time it is of. */
function ticksOf(value: Present, { kind }: SqlType): bigint | undefined {
  if (kind === "datetime2") return (value as bigint) - from1To1970;
  if (kind === "datetimeoffset") return ((value as bigint) >> 11n) - from1To1970;
  return typeof value === "number" && kind !== "time"
    ? BigInt(Math.round(value * 10_000))
    : undefined;
}

const day = 864_000_000_000n;
const second = 10_000_000n;

/** `createdon >= 10:00:00.5` means the same as `createdon >= 10:00:01`, for values stored to the second. */
function writtenTime(
  value: Present,
  type: SqlType,
  kind: ColumnKind,
  operator: Operator,
): string | undefined {
  const ticks = ticksOf(value, type);
  if (ticks === undefined) return undefined;
  const unit = kind === "date" ? day : second;
  const rest = ((ticks % unit) + unit) % unit;
  if (rest !== 0n && (operator === "=" || operator === "<>")) return undefined;
  const up = rest !== 0n && (operator === ">=" || operator === "<");
  const rounded = ticks - rest + (up ? unit : 0n);
  const text = new Date(Number(rounded / 10_000n)).toISOString();
  return kind === "date" ? text.slice(0, 10) : text.replace(".000Z", "Z");
}

/** Digits as the service reads them, or undefined where a fraction is compared with whole numbers. */
function writtenNumber(value: Present, type: SqlType, kind: ColumnKind): string | undefined {
  const isWhole = kind === "integer" || kind === "choice" || kind === "bigint";
  const digits = toInvariant(value, type);
  const text = digits.includes(".") ? withoutTrailing(withoutTrailing(digits, "0"), ".") : digits;
  return !/^-?\d+(\.\d+)?$/.test(text) || (isWhole && text.includes(".")) ? undefined : text;
}

/** How a constant is written in a condition on a column, or undefined when it has no form that means the same. */
function written(item: Scalar, { kind }: Target, operator: Operator): string | undefined {
  if (item.kind !== "constant" || item.value === null) return undefined;
  const { value, type } = item;
  switch (kind) {
    case "integer":
    case "bigint":
    case "choice":
    case "decimal":
    case "money":
    case "float":
      return typeof value === "number" || typeof value === "bigint"
        ? writtenNumber(value, type, kind)
        : undefined;
    case "boolean":
      return typeof value === "boolean" ? String(Number(value)) : undefined;
    case "datetime":
    case "date":
      return writtenTime(value, type, kind, operator);
    case "guid":
    case "lookup":
      return typeof value === "string" ? value : undefined;
    case "text":
    case "memo":
      // An empty value means something else to the service.
      return typeof value === "string" && value.trim() !== "" ? value : undefined;
    case "choices":
      return undefined;
  }
}

/** Equality is all that GUIDs and yes/no columns have on the server. */
const allows = (kind: ColumnKind, operator: Operator): boolean =>
  operator === "=" || operator === "<>" || !["guid", "lookup", "boolean"].includes(kind);

function fromComparison(operator: Operator, left: Scalar, right: Scalar): Pushed | undefined {
  const target = conditionTarget(left);
  if (!target) return conditionTarget(right) && fromComparisonMirrored(operator, left, right);
  const { kind, ref, attribute } = target;
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
  if (conditionTarget(right)) return fromColumns(operator, left, right);
  if (!allows(kind, operator)) return undefined;
  const value = written(right, target, operator);
  if (value === undefined) return undefined;
  const one = condition(operators[operator], [value]);
  return { filter: operator === "<>" ? withNotNull(one) : one, exact: true };
}

const fromComparisonMirrored = (
  operator: Operator,
  left: Scalar,
  right: Scalar,
): Pushed | undefined =>
  conditionTarget(left) ? undefined : fromComparison(mirrored[operator], right, left);

/** Column against column of one type. https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/filter-rows */
function fromColumns(operator: Operator, left: Scalar, right: Scalar): Pushed | undefined {
  const a = conditionTarget(left);
  const b = conditionTarget(right);
  if (!a || !b || a.kind !== b.kind) return undefined;
  if (a.column.origin?.part !== "value" || b.column.origin?.part !== "value") return undefined;
  if (!allows(a.kind, operator) || a.kind === "choices" || a.kind === "memo") return undefined;
  const base = { kind: "condition", values: [] } as const;
  const [own, other] = [a, b].map(({ ref, attribute }) => ({ ref, attribute }));
  if (!own || !other) return undefined;
  const one = { ...base, ...own, operator: operators[operator], other };
  if (operator !== "<>") return { filter: one, exact: true };
  const notNull = (of: typeof own) => ({ ...base, ...of, operator: "not-null" });
  return { filter: and(one, notNull(own), notNull(other)), exact: true };
}

/**
 * `customeridtype = 'account'`: the service compares the numbers of tables, in virtual columns that it filters by equality alone.
 * A lookup has a type where it has a value.
 */
function fromTypeTest(expr: Expr): Pushed | undefined {
  if (expr.kind !== "compare" && expr.kind !== "in" && expr.kind !== "isNull") return undefined;
  const operand = expr.kind === "compare" ? expr.left : expr.operand;
  const origin = operand.kind === "column" ? operand.column.origin : undefined;
  if (origin?.part !== "type") return undefined;
  const { ref, meta } = origin;
  const base = { kind: "condition", ref, values: [] } as const;
  const present = (isThere: boolean): FetchCondition => ({
    ...base,
    attribute: meta.base,
    operator: isThere ? "not-null" : "null",
  });
  if (expr.kind === "isNull") return { filter: present(expr.negated), exact: true };
  if (expr.kind === "compare" && expr.operator !== "=" && expr.operator !== "<>") return undefined;
  const items = expr.kind === "compare" ? [expr.right] : expr.list;
  const codes = items.map((item) => codeOf(item, meta));
  const known = codes.filter((code) => code !== undefined);
  if (!meta.onServer || known.length < codes.length || known.length === 0) return undefined;
  if (known.length > fetchLimits.valuesInList) return undefined;
  const isNegated = expr.kind === "compare" ? expr.operator === "<>" : expr.negated;
  const [several, one] = isNegated ? (["not-in", "ne"] as const) : (["in", "eq"] as const);
  const operator = known.length > 1 ? several : one;
  const test: FetchCondition = { ...base, attribute: meta.name, operator, values: known };
  return { filter: isNegated ? and(test, present(true)) : test, exact: true };
}

function codeOf(item: Scalar, { targetCodes }: CatalogColumn): string | undefined {
  if (item.kind !== "constant" || typeof item.value !== "string") return undefined;
  const name = collate(item.value);
  const code = targetCodes?.find(([table]) => collate(table) === name)?.[1];
  return code === undefined ? undefined : String(code);
}

function fromIn(expr: ExprOf<"in">): Pushed | undefined {
  const target = conditionTarget(expr.operand);
  if (!target) return undefined;
  const { ref, attribute } = target;
  const values = expr.list.map((item) => written(item, target, "="));
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
export function withoutEscape(pattern: string, escapedBy: string | undefined): string {
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

function fromLike(expr: ExprOf<"like">): Pushed | undefined {
  const target = conditionTarget(expr.operand);
  const pattern = expr.pattern.kind === "constant" ? expr.pattern.value : undefined;
  if (!target || typeof pattern !== "string" || pattern.trim() === "") return undefined;
  if (target.kind !== "text" && target.kind !== "memo") return undefined;
  const base = { kind: "condition", ref: target.ref, attribute: target.attribute } as const;
  const values = [withoutEscape(pattern, expr.escapedBy)];
  if (!expr.negated) return { filter: { ...base, operator: "like", values }, exact: true };
  const notNull = { ...base, operator: "not-null", values: [] };
  return { filter: and({ ...base, operator: "not-like", values }, notNull), exact: true };
}

/**
 * What a choices column holds. Whether it holds nothing else the service is not asked: what `eq` means for several values is
 * not written down.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/multi-select-picklist
 */
function fromOptions(expr: ExprOf<"options">): Pushed | undefined {
  const target = conditionTarget(expr.operand);
  if (target?.kind !== "choices") return undefined;
  const { ref, attribute } = target;
  const { sets, test, negated } = expr;
  if (sets.flat().length > fetchLimits.valuesInList || sets.some((set) => set.length === 0))
    return undefined;
  const base = { kind: "condition", ref, attribute } as const;
  const contain = (operator: string, set: readonly CatalogOption[]): FetchCondition => ({
    ...base,
    operator,
    values: set.map(({ value }) => String(value)),
  });
  const notNull: FetchCondition = { ...base, operator: "not-null", values: [] };
  const single = sets.every((set) => set.length === 1);
  if (test === "contain" && single) {
    const any = sets.flat();
    if (!negated) return { filter: contain("contain-values", any), exact: true };
    return { filter: and(contain("not-contain-values", any), notNull), exact: true };
  }
  if (negated) return { filter: notNull, exact: false };
  const parts = sets.map((set) => and(...set.map((one) => contain("contain-values", [one]))));
  const [only] = parts;
  if (only && parts.length === 1) return { filter: only, exact: test === "contain" };
  return { filter: { kind: "filter", type: "or", parts }, exact: test === "contain" };
}

/** A predicate as FetchXML, or undefined when the service cannot do it. All of an OR must go, or none of it. */
export function fromPredicate(expr: Expr): Pushed | undefined {
  const typeTest = fromTypeTest(expr);
  if (typeTest) return typeTest;
  switch (expr.kind) {
    case "compare":
      return fromComparison(expr.operator, expr.left, expr.right);
    case "in":
      return fromIn(expr);
    case "like":
      return fromLike(expr);
    case "options":
      return fromOptions(expr);
    case "service": {
      const target = conditionTarget(expr.operand);
      if (!target) return undefined;
      const { ref, attribute } = target;
      const { operator, values } = expr;
      const condition: FetchCondition = { kind: "condition", ref, attribute, operator, values };
      // The service lets NULL pass where it negates; a condition of SQL does not.
      if (!/^(ne|not)-/.test(operator)) return { filter: condition, exact: true };
      return {
        filter: and(condition, { ...condition, operator: "not-null", values: [] }),
        exact: true,
      };
    }
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
