import type { SqlValue } from "../model";
import { fold, quote } from "../store";
import type { Filter, Operand } from "./filter";
import { invalid, literalFor } from "./literal";
import { type Column, resolveColumn, type Scope, type Sql } from "./scope";

type Call = Extract<Filter, { kind: "function" }>;

const dayMs = 86_400_000;
const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/**
 * `Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7)` and its kind.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/queryfunctions
 */
export function queryFunction(call: Call, scope: Scope): Sql {
  const builder = builders[call.name];
  if (builder === undefined)
    throw invalid(`The query function 'Microsoft.Dynamics.CRM.${call.name}' is not known.`);
  const property = call.parameters.get("PropertyName");
  if (
    property === undefined ||
    Array.isArray(property) ||
    (property as Operand).kind !== "literal"
  ) {
    throw invalid(
      `The function ${call.name} needs the parameter PropertyName, a property's name in quotes.`,
    );
  }
  const column = resolveColumn(
    scope,
    (property as Extract<Operand, { kind: "literal" }>).value.split("/"),
  );
  return builder({ call, scope, column });
}

interface Work {
  readonly call: Call;
  readonly scope: Scope;
  readonly column: Column;
}

type Builder = (work: Work) => Sql;

function one({ call, column }: Work): SqlValue {
  const value = call.parameters.get("PropertyValue");
  if (value === undefined || Array.isArray(value))
    throw invalid(`The function ${call.name} needs the parameter PropertyValue.`);
  return literalFor(column, value as Operand);
}

function whole({ call }: Work): number {
  const value = call.parameters.get("PropertyValue") as Operand | undefined;
  const number =
    value?.kind === "literal" && value.type === "number" ? Number(value.value) : Number.NaN;
  if (Number.isInteger(number) && number > 0) return number;
  throw invalid(`The function ${call.name} needs a PropertyValue that is a whole number above 0.`);
}

/** The values of a list; the service takes them as texts, whatever the column. */
function many({ call, column }: Work): SqlValue[] {
  const list = call.parameters.get("PropertyValues");
  if (!Array.isArray(list))
    throw invalid(
      `The function ${call.name} needs the parameter PropertyValues, a list in square brackets.`,
    );
  return (list as Operand[]).map((operand) => {
    if (operand.kind !== "literal" || operand.type !== "text") return literalFor(column, operand);
    const isNumeric = [
      "Integer",
      "BigInt",
      "Picklist",
      "State",
      "Status",
      "Decimal",
      "Double",
      "Money",
    ].includes(column.attribute.type);
    if (isNumeric) return Number(operand.value);
    if (column.attribute.type === "Boolean")
      return operand.value === "true" || operand.value === "1" ? 1 : 0;
    return literalFor(column, operand);
  });
}

const list = (values: readonly SqlValue[]) => values.map(() => "?").join(", ");

/** From the first moment up to, but not including, the second. */
const span = (column: Column, from: number, to: number): Sql => ({
  sql: `(${column.sql} >= ? AND ${column.sql} < ?)`,
  parameters: [iso(from), iso(to)],
});

const startOfDay = (at: number) => at - (at % dayMs);

function startOf(unit: "day" | "week" | "month" | "year", at: number, shift = 0): number {
  const date = new Date(at);
  if (unit === "day") return startOfDay(at) + shift * dayMs;
  if (unit === "week") return startOfDay(at) - date.getUTCDay() * dayMs + shift * 7 * dayMs;
  if (unit === "month") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + shift, 1);
  return Date.UTC(date.getUTCFullYear() + shift, 0, 1);
}

const period =
  (unit: "day" | "week" | "month" | "year", shift: number): Builder =>
  ({ scope, column }) => {
    const now = scope.world.now().getTime();
    return span(column, startOf(unit, now, shift), startOf(unit, now, shift + 1));
  };

/** The last n whole units up to now; the service counts days from midnight. */
const last =
  (unit: "hour" | "day" | "week" | "month" | "year"): Builder =>
  (work) => {
    const now = work.scope.world.now().getTime();
    const n = whole(work);
    const from =
      unit === "hour"
        ? now - n * 3_600_000
        : unit === "day" || unit === "week"
          ? startOfDay(now) - n * (unit === "week" ? 7 : 1) * dayMs
          : shiftMonths(startOfDay(now), -n * (unit === "year" ? 12 : 1));
    return span(work.column, from, now + 1_000);
  };

const next =
  (unit: "hour" | "day" | "week" | "month" | "year"): Builder =>
  (work) => {
    const now = work.scope.world.now().getTime();
    const n = whole(work);
    const end = startOfDay(now) + dayMs;
    const to =
      unit === "hour"
        ? now + n * 3_600_000
        : unit === "day" || unit === "week"
          ? end + n * (unit === "week" ? 7 : 1) * dayMs
          : shiftMonths(end, n * (unit === "year" ? 12 : 1));
    return span(work.column, now, to);
  };

function shiftMonths(at: number, months: number): number {
  const date = new Date(at);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getTime();
}

const user =
  (isEqual: boolean): Builder =>
  ({ scope, column }) => ({
    sql: isEqual ? `${column.sql} = ?` : `(${column.sql} <> ? OR ${column.sql} IS NULL)`,
    parameters: [scope.principal.systemUserId],
  });

const like =
  (isLike: boolean, wrap: (text: string) => string): Builder =>
  (work) => ({
    sql: isLike
      ? `${work.column.folded} LIKE ?`
      : `(${work.column.folded} NOT LIKE ? OR ${work.column.sql} IS NULL)`,
    parameters: [wrap(fold(String(one(work))))],
  });

const onDay =
  (from: number | undefined, to: number | undefined): Builder =>
  ({ call, column }) => {
    const value = call.parameters.get("PropertyValue") as Operand | undefined;
    const day = startOfDay(Date.parse(value?.kind === "literal" ? value.value : ""));
    if (Number.isNaN(day))
      throw invalid(`The function ${call.name} needs a PropertyValue that is a date.`);
    if (from === undefined)
      return { sql: `${column.sql} < ?`, parameters: [iso(day + (to ?? 0) * dayMs)] };
    if (to === undefined)
      return { sql: `${column.sql} >= ?`, parameters: [iso(day + from * dayMs)] };
    return span(column, day + from * dayMs, day + to * dayMs);
  };

const containValues =
  (isIn: boolean): Builder =>
  (work) => {
    const values = many(work).map((value) => `%,${String(value).replaceAll(",", "")},%`);
    const any = values.map(() => `${work.column.sql} LIKE ?`).join(" OR ");
    return {
      sql: isIn ? `(${any})` : `(NOT (${any}) OR ${work.column.sql} IS NULL)`,
      parameters: values,
    };
  };

const teams: Builder = ({ scope, column }) => ({
  sql: `${column.sql} IN (SELECT ${quote("teamid")} FROM ${quote("teammembership")} WHERE ${quote("systemuserid")} = ?)`,
  parameters: [scope.principal.systemUserId],
});

const builders: Readonly<Record<string, Builder>> = {
  Today: period("day", 0),
  Yesterday: period("day", -1),
  Tomorrow: period("day", 1),
  ThisWeek: period("week", 0),
  LastWeek: period("week", -1),
  NextWeek: period("week", 1),
  ThisMonth: period("month", 0),
  LastMonth: period("month", -1),
  NextMonth: period("month", 1),
  ThisYear: period("year", 0),
  LastYear: period("year", -1),
  NextYear: period("year", 1),
  LastXHours: last("hour"),
  LastXDays: last("day"),
  LastXWeeks: last("week"),
  LastXMonths: last("month"),
  LastXYears: last("year"),
  NextXHours: next("hour"),
  NextXDays: next("day"),
  NextXWeeks: next("week"),
  NextXMonths: next("month"),
  NextXYears: next("year"),
  On: onDay(0, 1),
  OnOrAfter: onDay(0, undefined),
  OnOrBefore: onDay(undefined, 1),
  EqualUserId: user(true),
  NotEqualUserId: user(false),
  EqualUserTeams: teams,
  In: (work) => ({ sql: `${work.column.folded} IN (${list(many(work))})`, parameters: many(work) }),
  NotIn: (work) => ({
    sql: `(${work.column.folded} NOT IN (${list(many(work))}) OR ${work.column.sql} IS NULL)`,
    parameters: many(work),
  }),
  Between: (work) => ({ sql: `${work.column.folded} BETWEEN ? AND ?`, parameters: pair(work) }),
  NotBetween: (work) => ({
    sql: `${work.column.folded} NOT BETWEEN ? AND ?`,
    parameters: pair(work),
  }),
  Like: like(true, (text) => text),
  NotLike: like(false, (text) => text),
  BeginsWith: like(true, (text) => `${text}%`),
  EndsWith: like(true, (text) => `%${text}`),
  ContainValues: containValues(true),
  DoesNotContainValues: containValues(false),
};

function pair(work: Work): SqlValue[] {
  const values = many(work);
  if (values.length !== 2)
    throw invalid(`The function ${work.call.name} needs two PropertyValues.`);
  return values;
}
