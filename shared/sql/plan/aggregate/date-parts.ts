import {
  childrenOf,
  columnsIn,
  type Expr,
  type ExprOf,
  type PlanColumn,
  type Scalar,
} from "../../expression/expression";
import type { DateGrouping } from "../../fetchxml/model";
import { partOf } from "../../functions/date/calendar";
import { int, type SqlType } from "../../types/sql-type";
import { dayMs, dayOf, ticksOfDay } from "../../types/time/moment";
import { type DatePart, datePartOf } from "../../types/time/parts";

/** How much of a date an expression looks at. */
export type DateLevel = "year" | "month" | "day";

const order: readonly DateLevel[] = ["year", "month", "day"];
const finer = (a: DateLevel | undefined, b: DateLevel): DateLevel =>
  a === undefined || order.indexOf(b) > order.indexOf(a) ? b : a;

const levels: Readonly<Partial<Record<DatePart, DateLevel>>> = {
  year: "year",
  quarter: "month",
  month: "month",
  dayofyear: "day",
  day: "day",
  week: "day",
  iso_week: "day",
  weekday: "day",
};

/** Parts that the service counts as SQL does. Its weeks are another matter: they come from days here. */
const groupings: Readonly<Partial<Record<DatePart, DateGrouping>>> = {
  year: "year",
  quarter: "quarter",
  month: "month",
  day: "day",
};

const partOfCall = ({ name, keyword }: ExprOf<"call">): DatePart | undefined =>
  name === "YEAR" || name === "MONTH" || name === "DAY"
    ? datePartOf(name)
    : keyword === undefined
      ? undefined
      : datePartOf(keyword);

/** The column behind casts to finer types of time, which change no day. */
function timeColumn(expr: Expr): PlanColumn | undefined {
  if (expr.kind === "cast" && !expr.isTry) {
    const { kind } = expr.type;
    return kind === "datetime2" || kind === "datetime" || kind === "datetimeoffset"
      ? timeColumn(expr.operand)
      : undefined;
  }
  const kind = expr.kind === "column" ? expr.column.origin?.meta.type : undefined;
  return expr.kind === "column" &&
    expr.column.origin?.part === "value" &&
    (kind === "datetime" || kind === "date")
    ? expr.column
    : undefined;
}

/** YEAR(column), DATEPART(quarter, column): what `dategrouping` says. */
export function dateGroupingOf(
  expr: Scalar,
): { readonly column: PlanColumn; readonly part: DateGrouping } | undefined {
  if (expr.kind !== "call") return undefined;
  if (!["YEAR", "MONTH", "DAY", "DATEPART"].includes(expr.name)) return undefined;
  const part = partOfCall(expr);
  const grouping = part && groupings[part];
  const column = timeColumn(expr.args.at(-1) ?? expr);
  return grouping && column ? { column, part: grouping } : undefined;
}

/** Styles of CONVERT that write the day in the first ten characters, as year-month-day. */
const isoStyles: ReadonlySet<number> = new Set([20, 21, 23, 120, 121, 126, 127]);
/** Styles of CONVERT that write no time. */
const dayStyles: ReadonlySet<number> = new Set([
  1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 23, 101, 102, 103, 104, 105, 106, 107, 110, 111, 112,
]);

function levelOfCast({ type, style }: ExprOf<"cast">): DateLevel | undefined {
  if (type.kind === "date") return "day";
  if (type.kind !== "varchar" && type.kind !== "nvarchar" && type.kind !== "char") return undefined;
  if (style === undefined) return undefined;
  if (dayStyles.has(style)) return "day";
  if (!isoStyles.has(style) || type.length > 10) return undefined;
  return type.length <= 4 ? "year" : type.length <= 7 ? "month" : "day";
}

/** What a pattern of FORMAT shows, when it shows no time; single letters stand for whole patterns. */
function levelOfFormat(pattern: Scalar | undefined): DateLevel | undefined {
  const text = pattern?.kind === "constant" ? pattern.value : undefined;
  if (typeof text !== "string" || !/^[yMd\-/. ]{2,}$/.test(text)) return undefined;
  if (text.includes("d")) return "day";
  return text.includes("M") ? "month" : "year";
}

function levelOfCall(call: ExprOf<"call">): DateLevel | undefined {
  switch (call.name) {
    case "YEAR":
    case "MONTH":
    case "DAY":
    case "DATEPART":
    case "DATENAME":
    case "DATETRUNC":
    case "DATEDIFF":
    case "DATEDIFF_BIG": {
      const part = partOfCall(call);
      return part && levels[part];
    }
    case "EOMONTH":
      return "month";
    case "FORMAT":
      return levelOfFormat(call.args[1]);
    default:
      return undefined;
  }
}

/** `createdon >= midnight` and `createdon < midnight` are decided by the day. */
function levelOfComparison(expr: ExprOf<"compare">): DateLevel | undefined {
  const [operator, limit] = timeColumn(expr.left)
    ? [expr.operator, expr.right]
    : [mirrored[expr.operator], expr.left];
  const isBorder = operator === ">=" || operator === "<";
  return isBorder && limit.kind === "constant" && isMidnight(limit) ? "day" : undefined;
}

const mirrored = { "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;

function isMidnight({ value, type }: ExprOf<"constant">): boolean {
  if (type.kind === "datetime2") return (value as bigint) % BigInt(ticksOfDay) === 0n;
  return typeof value === "number" && type.kind !== "time" && value % dayMs === 0;
}

/** What an expression looks at of a date that it is given. */
function levelOfUse(expr: Expr): DateLevel | undefined {
  switch (expr.kind) {
    case "call":
      return levelOfCall(expr);
    case "cast":
      return levelOfCast(expr);
    case "compare":
      return levelOfComparison(expr);
    case "isNull":
      return "year";
    default:
      return undefined;
  }
}

/**
 * How much of the column an expression looks at: everywhere only at its day, month or year. Undefined when it may see the time.
 */
export function dateLevelOf(expr: Expr, column: PlanColumn): DateLevel | undefined {
  const isIn = (part: Expr) => [...columnsIn(part)].some(({ id }) => id === column.id);
  if (expr.kind === "column") return undefined;
  const direct = childrenOf(expr).filter((child) => timeColumn(child)?.id === column.id);
  let level: DateLevel | undefined;
  if (direct.length > 0) {
    const own = levelOfUse(expr);
    if (!own) return undefined;
    level = own;
  }
  for (const child of childrenOf(expr)) {
    if (direct.includes(child) || !isIn(child)) continue;
    const below = dateLevelOf(child, column);
    if (!below) return undefined;
    level = finer(level, below);
  }
  return level;
}

export const partsOfLevel = (level: DateLevel): readonly ("year" | "month" | "day")[] =>
  order.slice(0, order.indexOf(level) + 1);

/** A part of a date, over single rows. */
export const partOfDate = (part: "year" | "month" | "day", date: Scalar): Scalar => ({
  kind: "call",
  type: int,
  name: part.toUpperCase(),
  args: [date],
  bound: {
    type: int,
    nullable: true,
    takes: [date.type],
    run: ([value = null]) => (value === null ? null : partOf(part, Number(value), 0)),
  },
});

/** The first day of the year, month or day that the parts name. */
export const dateOfParts = (parts: readonly Scalar[], type: SqlType): Scalar => ({
  kind: "call",
  type,
  name: "DATEFROMPARTS",
  args: parts,
  bound: {
    type,
    nullable: true,
    takes: parts.map((part) => part.type),
    run: ([year = null, month = 1, day = 1]) =>
      year === null ? null : (dayOf(Number(year), Number(month), Number(day)) ?? null),
  },
});
