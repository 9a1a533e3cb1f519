import type { SqlValue } from "../../model";
import { fold } from "../../store";
import { type Column, isDateOnly } from "../column";
import { invalid, type Position } from "../parse/refuse";
import type { Query } from "../source";

const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i;
const DATE =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?(Z|[+-]\d{2}:\d{2})?)?$/i;

const NET_TYPES = {
  boolean: "System.Boolean",
  choice: "System.Int32",
  choices: "System.Int32",
  date: "System.DateTime",
  guid: "System.Guid",
  integer: "System.Int32",
  real: "System.Decimal",
  table: "System.Int32",
  text: "System.String",
} as const;

export function wrongType(column: Column, text: string, at: Position): Error {
  const { entity } = column.source;
  return invalid(
    `Condition for attribute '${entity.logicalName}.${column.written}': expected argument(s) of type '${NET_TYPES[column.kind]}' but received '${text.slice(0, 100)}'.`,
    at,
  );
}

export function readGuid(text: string): string | undefined {
  return GUID.exec(text.trim())?.[1]?.toLowerCase();
}

/** Milliseconds of a date with or without a time; without a zone it is UTC. */
export function readTime(text: string): number | undefined {
  const match = DATE.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "0", zone] =
    match;
  const time = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, "0").slice(0, 3)}${(zone ?? "Z").toUpperCase()}`,
  );
  // Date.parse lets the 31st of February pass.
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number.isNaN(time) || Number(day) > days ? undefined : time;
}

/** Stored form of a time: to the second, or the day alone. */
export function storedTime(time: number, dateOnly: boolean): string {
  const text = new Date(time).toISOString();
  return dateOnly ? text.slice(0, 10) : `${text.slice(0, 19)}Z`;
}

const readers: Readonly<
  Record<
    keyof typeof NET_TYPES,
    (text: string, column: Column, query: Query) => SqlValue | undefined
  >
> = {
  boolean: (text) => {
    if (/^(1|true)$/i.test(text)) return 1;
    return /^(0|false)$/i.test(text) ? 0 : undefined;
  },
  choice: readInteger,
  choices: readInteger,
  integer: readInteger,
  date: (text, column) => {
    const time = readTime(text);
    return time === undefined ? undefined : storedTime(time, isDateOnly(column.attribute));
  },
  guid: readGuid,
  real: (text) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined),
  table: (text, _, query) => {
    const { catalog } = query.world;
    const entity = /^\d+$/.test(text) ? catalog.byTypeCode(Number(text)) : catalog.byName(text);
    return entity?.logicalName;
  },
  text: (text) => fold(text),
};

function readInteger(text: string): number | undefined {
  const value = Number(text);
  return /^[+-]?\d+$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

/** A value as the column's comparison wants it. @throws when it is not of the column's type */
export function readValue(text: string, column: Column, query: Query, at: Position): SqlValue {
  const value = readers[column.kind](column.kind === "text" ? text : text.trim(), column, query);
  if (value === undefined) throw wrongType(column, text, at);
  return value;
}
