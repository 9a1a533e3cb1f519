import {
  type Column,
  type Company,
  days,
  integers,
  labelOf,
  me,
  nameOf,
  type Row,
  reals,
  sortable,
  type TableName,
  tables,
  texts,
  times,
} from "./company";
import type { Tape } from "./tape";
import { type Cell, compares, comparisons, fold, like } from "./values";

/** A condition of FetchXML as its text and as what it means for one row. */
export interface Condition {
  readonly xml: string;
  holds(row: Row): boolean;
}

export const now = Date.UTC(2026, 5, 17, 12);

export const escapeXml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

const values = (list: readonly unknown[]) =>
  list.map((one) => `<value>${escapeXml(String(one))}</value>`).join("");

const pools: Readonly<Record<string, readonly Cell[]>> = {
  text: texts,
  integer: integers,
  real: reals,
  date: [...times, "2026-06-17", "2026-06-17T02:00:00+02:00"],
  day: days,
  boolean: [true, false],
  choice: [0, 1, 2, 3],
};

const instant = (text: string): string =>
  `${new Date(text.length === 10 ? `${text}T00:00:00Z` : text).toISOString().slice(0, 19)}Z`;

const wantedOf = (column: Column, value: Cell): Cell =>
  column.kind === "date" ? instant(String(value)) : sortable(column.kind, value);

type Write = (attribute: string, operator: string, rest?: string, body?: string) => string;

/** @param entityName alias of the link whose column it is, for a condition that comes after the joins */
const writer =
  (entityName: string | undefined): Write =>
  (attribute, operator, rest = "", body = "") =>
    `<condition ${entityName === undefined ? "" : `entityname="${entityName}" `}attribute="${attribute}" operator="${operator}" ${rest}>${body}</condition>`;

const value = (one: unknown) => `value="${escapeXml(String(one))}"`;

function comparison(tape: Tape, write: Write, column: Column): Condition {
  const wanted = tape.pick(pools[column.kind]!.filter((one) => one !== null));
  const operator =
    column.kind === "boolean" ? tape.pick(["eq", "ne"] as const) : tape.pick(comparisons);
  const written = operator === "ne" && tape.once(2) ? "neq" : operator;
  return {
    xml: write(column.name, written, value(wanted)),
    holds: (row) =>
      compares(sortable(column.kind, row[column.name] ?? null), operator, wantedOf(column, wanted)),
  };
}

const patterns = [
  "fan",
  "fan%",
  "%fan",
  "%fan_",
  "f_n%",
  "%[%]",
  "[^n]%",
  "a[_]b",
  "[[]x%",
  "%",
  "_%",
  "%[fn]%",
  "% %",
  "%o'%",
];

function text(tape: Tape, write: Write, column: Column): Condition {
  const operator = tape.pick(["like", "begins-with", "ends-with"]);
  const isNot = tape.once(2);
  const name = { like: "not-like", "begins-with": "not-begin-with", "ends-with": "not-end-with" }[
    operator
  ]!;
  const wanted =
    operator === "like" ? tape.pick(patterns) : tape.pick(["fan", "f_n", "[an]", "5", " ", "an "]);
  const pattern =
    operator === "begins-with" ? `${wanted}%` : operator === "ends-with" ? `%${wanted}` : wanted;
  return {
    xml: write(column.name, isNot ? name : operator, value(wanted)),
    holds(row) {
      const own = row[column.name] ?? null;
      return own === null ? isNot : like(String(own), pattern) !== isNot;
    },
  };
}

function list(tape: Tape, write: Write, column: Column): Condition {
  const pool = pools[column.kind]!.filter((one) => one !== null);
  const wanted = [tape.pick(pool), tape.pick(pool)];
  const isNot = tape.once(2);
  return {
    xml: write(column.name, isNot ? "not-in" : "in", "", values(wanted)),
    holds(row) {
      const own = sortable(column.kind, row[column.name] ?? null);
      const isIn = own !== null && wanted.some((one) => wantedOf(column, one) === own);
      return isIn !== isNot;
    },
  };
}

function between(tape: Tape, write: Write, column: Column): Condition {
  const pool = pools[column.kind]!.filter((one) => one !== null);
  const [from, to] = [tape.pick(pool), tape.pick(pool)];
  const isNot = tape.once(2);
  return {
    xml: write(column.name, isNot ? "not-between" : "between", "", values([from, to])),
    holds(row) {
      const own = sortable(column.kind, row[column.name] ?? null);
      if (own === null) return false;
      const isIn =
        compares(own, "ge", wantedOf(column, from)) && compares(own, "le", wantedOf(column, to));
      return isIn !== isNot;
    },
  };
}

const startOfDay = (time: number, shift = 0) => {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + shift);
};
const monthStart = (shift: number) => Date.UTC(2026, 5 + shift, 1);
const quarterStart = (shift: number) => Date.UTC(2026, 3 + 3 * shift, 1);
const yearStart = (shift: number) => Date.UTC(2026 + shift, 0, 1);
/** The 17th of June 2026 is a Wednesday, and weeks begin on Sunday. */
const weekStart = (shift: number) => startOfDay(now, -3 + 7 * shift);
const HOUR = 3_600_000;
const never = Number.NEGATIVE_INFINITY;

/** From (inclusive) to (exclusive) of each relative operator; `n` is its number. */
const spans: Readonly<Record<string, (n: number) => [number, number]>> = {
  yesterday: () => [startOfDay(now, -1), startOfDay(now)],
  today: () => [startOfDay(now), startOfDay(now, 1)],
  tomorrow: () => [startOfDay(now, 1), startOfDay(now, 2)],
  "last-seven-days": () => [startOfDay(now, -7), now + 1],
  "next-seven-days": () => [now, startOfDay(now, 8)],
  "last-week": () => [weekStart(-1), weekStart(0)],
  "this-week": () => [weekStart(0), weekStart(1)],
  "next-week": () => [weekStart(1), weekStart(2)],
  "last-month": () => [monthStart(-1), monthStart(0)],
  "this-month": () => [monthStart(0), monthStart(1)],
  "next-month": () => [monthStart(1), monthStart(2)],
  "last-year": () => [yearStart(-1), yearStart(0)],
  "this-year": () => [yearStart(0), yearStart(1)],
  "next-year": () => [yearStart(1), yearStart(2)],
  "last-fiscal-year": () => [yearStart(-1), yearStart(0)],
  "this-fiscal-year": () => [yearStart(0), yearStart(1)],
  "next-fiscal-year": () => [yearStart(1), yearStart(2)],
  "last-fiscal-period": () => [quarterStart(-1), quarterStart(0)],
  "this-fiscal-period": () => [quarterStart(0), quarterStart(1)],
  "next-fiscal-period": () => [quarterStart(1), quarterStart(2)],
  "last-x-hours": (n) => [now - n * HOUR, now + 1],
  "next-x-hours": (n) => [now, now + n * HOUR + 1],
  "last-x-days": (n) => [startOfDay(now, -n), now + 1],
  "next-x-days": (n) => [now, startOfDay(now, n + 1)],
  "last-x-weeks": (n) => [startOfDay(now, -7 * n), now + 1],
  "next-x-weeks": (n) => [now, startOfDay(now, 7 * n + 1)],
  "last-x-months": (n) => [Date.UTC(2026, 5 - n, 17), now + 1],
  "next-x-months": (n) => [now, Date.UTC(2026, 5 + n, 18)],
  "last-x-years": (n) => [Date.UTC(2026 - n, 5, 17), now + 1],
  "next-x-years": (n) => [now, Date.UTC(2026 + n, 5, 18)],
  "last-x-fiscal-years": (n) => [yearStart(-n), yearStart(0)],
  "next-x-fiscal-years": (n) => [yearStart(1), yearStart(n + 1)],
  "last-x-fiscal-periods": (n) => [quarterStart(-n), quarterStart(0)],
  "next-x-fiscal-periods": (n) => [quarterStart(1), quarterStart(n + 1)],
  "olderthan-x-minutes": (n) => [never, now - n * 60_000],
  "olderthan-x-hours": (n) => [never, now - n * HOUR],
  "olderthan-x-days": (n) => [never, startOfDay(now, -n)],
  "olderthan-x-weeks": (n) => [never, startOfDay(now, -7 * n)],
  "olderthan-x-months": (n) => [never, Date.UTC(2026, 5 - n, 17)],
  "olderthan-x-years": (n) => [never, Date.UTC(2026 - n, 5, 17)],
};

function relative(tape: Tape, write: Write, column: Column): Condition {
  const operator = tape.pick(Object.keys(spans));
  const n = 1 + tape.below(8);
  const [from, to] = spans[operator]!(n);
  return {
    xml: write(column.name, operator, operator.includes("-x-") ? value(n) : ""),
    holds(row) {
      const own = row[column.name];
      if (typeof own !== "string") return false;
      const time = Date.parse(own);
      return time >= from && time < to;
    },
  };
}

function calendar(tape: Tape, write: Write, column: Column): Condition {
  const operator = tape.pick([
    "on",
    "on-or-before",
    "on-or-after",
    "in-fiscal-year",
    "in-fiscal-period",
    "in-fiscal-period-and-year",
    "in-or-before-fiscal-period-and-year",
    "in-or-after-fiscal-period-and-year",
  ]);
  const day = tape.pick(["2026-06-16", "2026-06-17", "2026-01-01", "2025-12-31"]);
  const [period, year] = [1 + tape.below(4), 2024 + tape.below(3)];
  const start = Date.UTC(year, 3 * (period - 1), 1);
  const end = Date.UTC(year, 3 * period, 1);
  const [from, to] = [Date.parse(`${day}T00:00:00Z`), Date.parse(`${day}T00:00:00Z`) + 24 * HOUR];
  const cases: Record<string, [string, string, (time: number) => boolean]> = {
    on: [value(day), "", (time) => time >= from && time < to],
    "on-or-before": [value(day), "", (time) => time < to],
    "on-or-after": [value(day), "", (time) => time >= from],
    "in-fiscal-year": [value(year), "", (time) => new Date(time).getUTCFullYear() === year],
    "in-fiscal-period": [
      value(period),
      "",
      (time) => Math.floor(new Date(time).getUTCMonth() / 3) + 1 === period,
    ],
    "in-fiscal-period-and-year": [
      "",
      values([period, year]),
      (time) => time >= start && time < end,
    ],
    "in-or-before-fiscal-period-and-year": ["", values([period, year]), (time) => time < end],
    "in-or-after-fiscal-period-and-year": ["", values([period, year]), (time) => time >= start],
  };
  const [rest, body, passes] = cases[operator]!;
  return {
    xml: write(column.name, operator, rest, body),
    holds: (row) => {
      const own = row[column.name];
      return typeof own === "string" && passes(Date.parse(own));
    },
  };
}

/** Rows above one in a tree, itself left out. */
function above(rows: readonly Row[], key: string, parent: string, id: Cell): Set<Cell> {
  const found = new Set<Cell>();
  for (let at = id; ; ) {
    const next = rows.find((row) => row[key] === at)?.[parent] ?? null;
    if (next === null || found.has(next)) return found;
    found.add(next);
    at = next;
  }
}

function caller(tape: Tape, write: Write, company: Company): Condition {
  const below = new Set(
    company.all.systemuser
      .filter(
        (user) =>
          user.systemuserid === me ||
          above(
            company.all.systemuser,
            "systemuserid",
            "parentsystemuserid",
            user.systemuserid!,
          ).has(me),
      )
      .map((user) => user.systemuserid!),
  );
  const teamsOf = (users: ReadonlySet<Cell>) =>
    new Set<Cell>(
      company.members.filter((one) => users.has(one.systemuserid)).map((one) => one.teamid),
    );
  const own = new Set<Cell>([me]);
  const operators: Record<string, (owner: Cell) => boolean> = {
    "eq-userid": (owner) => owner === me,
    "ne-userid": (owner) => owner !== me,
    "eq-userteams": (owner) => teamsOf(own).has(owner),
    "eq-useroruserteams": (owner) => owner === me || teamsOf(own).has(owner),
    "eq-useroruserhierarchy": (owner) => below.has(String(owner)),
    "eq-useroruserhierarchyandteams": (owner) =>
      below.has(String(owner)) || teamsOf(below).has(owner),
  };
  const operator = tape.pick(Object.keys(operators));
  return {
    xml: write("ownerid", operator),
    holds: (row) => operators[operator]!(row.ownerid ?? null),
  };
}

function hierarchy(tape: Tape, write: Write, table: TableName, company: Company): Condition {
  const { key } = tables[table];
  const parent = table === "account" ? "parentaccountid" : "parentcaseid";
  const root = tape.pick(company.all[table])[key]!;
  const up = above(company.all[table], key, parent, root);
  const isUnder = (row: Row) => above(company.all[table], key, parent, row[key]!).has(root);
  const operators: Record<string, (row: Row) => boolean> = {
    under: isUnder,
    "eq-or-under": (row) => row[key] === root || isUnder(row),
    "not-under": (row) => !isUnder(row),
    above: (row) => up.has(row[key]!),
    "eq-or-above": (row) => row[key] === root || up.has(row[key]!),
  };
  const operator = tape.pick(Object.keys(operators));
  return { xml: write(key, operator, value(root)), holds: operators[operator]! };
}

function shadow(tape: Tape, write: Write, table: TableName, company: Company): Condition {
  const lookups = tables[table].lookups.filter((name) => name !== "regardingobjectid");
  const choices = tables[table].columns.filter(
    ({ kind }) => kind === "choice" || kind === "boolean",
  );
  if (lookups.length > 0 && tape.once(2)) {
    const name = tape.pick(lookups);
    const wanted = tape.pick(["fan", "a_b", "Ünit 7", "no FAN"]);
    const operator = tape.pick(["eq", "ne"] as const);
    return {
      xml: write(`${name}name`, operator, value(wanted)),
      holds: (row) => {
        const own = nameOf(company, row, name);
        return compares(own === null ? null : fold(own), operator, fold(wanted));
      },
    };
  }
  if (choices.length === 0) return comparison(tape, write, tables[table].columns[0]!);
  const { name } = tape.pick(choices);
  const wanted = tape.pick(["high", "Resolved", "yes", "email", "Open"]);
  const operator = tape.pick(["eq", "ne"] as const);
  return {
    xml: write(`${name}name`, operator, value(wanted)),
    holds: (row) => {
      const own = labelOf(
        table,
        name,
        row[name] === undefined ? null : Number(row[name] ?? Number.NaN),
      );
      return compares(own === null ? null : fold(own), operator, fold(wanted));
    },
  };
}

function columns(tape: Tape, write: Write): Condition {
  const [one, other] = tape.pick([
    ["numberofchildincidents", "onholdtime"],
    ["createdon", "modifiedon"],
    ["title", "description"],
  ] as const);
  const operator = tape.pick(comparisons);
  const cell = (row: Row, name: string) =>
    sortable(name === "title" || name === "description" ? "text" : "integer", row[name] ?? null);
  return {
    xml: write(one, operator, `valueof="${other}"`),
    holds: (row) => compares(cell(row, one), operator, cell(row, other)),
  };
}

/** One random condition on a table's columns. */
export function condition(
  tape: Tape,
  table: TableName,
  company: Company,
  entityName?: string,
): Condition {
  const write = writer(entityName);
  const column = tape.pick(tables[table].columns);
  const isDate = column.kind === "date";
  switch (tape.below(10)) {
    case 0: {
      const isNull = tape.once(2);
      return {
        xml: write(column.name, isNull ? "null" : "not-null"),
        holds: (row) => ((row[column.name] ?? null) === null) === isNull,
      };
    }
    case 1:
      return column.kind === "text" ? text(tape, write, column) : comparison(tape, write, column);
    case 2:
      return column.kind === "boolean"
        ? comparison(tape, write, column)
        : list(tape, write, column);
    case 3:
      return column.kind === "integer" || column.kind === "real" || isDate
        ? between(tape, write, column)
        : comparison(tape, write, column);
    case 4:
      return isDate ? relative(tape, write, column) : comparison(tape, write, column);
    case 5:
      return isDate ? calendar(tape, write, column) : comparison(tape, write, column);
    case 6:
      return tables[table].lookups.includes("ownerid")
        ? caller(tape, write, company)
        : comparison(tape, write, column);
    case 7:
      return (table === "account" || table === "incident") && entityName === undefined
        ? hierarchy(tape, write, table, company)
        : comparison(tape, write, column);
    case 8:
      return shadow(tape, write, table, company);
    default:
      return table === "incident" ? columns(tape, write) : comparison(tape, write, column);
  }
}
