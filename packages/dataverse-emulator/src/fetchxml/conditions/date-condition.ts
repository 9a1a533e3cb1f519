import { type Column, isDateOnly, valueSql } from "../column";
import { allOf, type Fragment, raw, sql, value } from "../fragment";
import { invalid, type Position } from "../parse/refuse";
import type { Query } from "../source";
import { dayOf, fiscalPeriod, fiscalYear, type Range, relativeRange } from "./dates";
import { readTime, storedTime, wrongType } from "./literal";

interface DateCondition {
  readonly column: Column;
  readonly operator: string;
  readonly values: readonly string[];
  readonly query: Query;
  readonly at: Position;
}

const DAY = 86_400_000;
const FIRST = Date.UTC(1753, 0, 1);
const LAST = Date.UTC(9999, 11, 31);

/** Relative times beyond the calendar end at its ends. */
const bounded = (time: number, otherwise: number) =>
  Number.isNaN(time) ? otherwise : Math.min(Math.max(time, FIRST), LAST);

function within(column: Column, range: Range, operator: string): Fragment {
  const own = raw(valueSql(column));
  const dateOnly = isDateOnly(column.attribute);
  const parts: Fragment[] = [];
  if (range.from !== undefined) {
    const from = bounded(range.from, operator.startsWith("next") ? LAST : FIRST);
    parts.push(sql`${own} >= ${value(storedTime(from, dateOnly))}`);
  }
  if (range.to !== undefined) {
    const to = bounded(range.to, operator.startsWith("next") ? LAST : FIRST);
    // A column of whole days: a bound within a day includes that day.
    const end = dateOnly ? Math.ceil(to / DAY) * DAY : to;
    parts.push(sql`${own} < ${value(storedTime(end, dateOnly))}`);
  }
  return allOf(parts);
}

function whole({ operator, at }: DateCondition, text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text.trim()) && number >= least && number <= most) return number;
  throw invalid(
    `The condition operator '${operator}' takes a whole number from ${least} to ${most}, not '${text.slice(0, 100)}'.`,
    at,
  );
}

function byDay(condition: DateCondition): Range {
  const { column, operator, values, at } = condition;
  const [text = ""] = values;
  const time = readTime(text);
  if (time === undefined) throw wrongType(column, text, at);
  const day = dayOf(time);
  if (operator === "on") return day;
  return operator === "on-or-before" ? { to: day.to ?? time } : { from: day.from ?? time };
}

function byFiscal(condition: DateCondition): Fragment | Range {
  const { column, operator, values } = condition;
  const [first = "", second = ""] = values;
  if (operator === "in-fiscal-year") return fiscalYear(whole(condition, first, 1753, 9999));
  const period = whole(condition, first, 1, 4);
  if (operator === "in-fiscal-period") {
    const month = `CAST(strftime('%m', ${valueSql(column)}) AS INTEGER)`;
    return sql`(${raw(month)} + 2) / 3 = ${raw(String(period))}`;
  }
  const { from = FIRST, to = LAST } = fiscalPeriod(period, whole(condition, second, 1753, 9999));
  if (operator === "in-fiscal-period-and-year") return { from, to };
  return operator.startsWith("in-or-before") ? { to } : { from };
}

/** Conditions about days, spans relative to now, and fiscal periods. */
export function dateCondition(condition: DateCondition): Fragment {
  const { column, operator, values, query } = condition;
  if (operator === "on" || operator.startsWith("on-or-")) {
    return within(column, byDay(condition), operator);
  }
  if (operator.startsWith("in-")) {
    const result = byFiscal(condition);
    return "sql" in result ? result : within(column, result, operator);
  }
  const [text] = values;
  const count = text === undefined ? undefined : whole(condition, text, 1, 1_000_000_000);
  const range = relativeRange(operator, count, query.now.getTime());
  if (range === undefined) throw new Error(`The operator '${operator}' has no meaning yet.`);
  return within(column, range, operator);
}
