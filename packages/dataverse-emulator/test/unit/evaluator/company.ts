import type { SqlValue } from "../../../src/model";
import { type Cell, fold, guidOrder } from "./values";

/** A small company of random rows, as plain objects and as what is stored. */

export type Row = Readonly<Record<string, Cell>>;
export type TableName = "account" | "contact" | "incident" | "systemuser" | "task" | "team";

export type Kind = "text" | "integer" | "real" | "date" | "day" | "boolean" | "choice" | "guid";

export interface Column {
  readonly name: string;
  readonly kind: Kind;
}

/** A lookup as seen from one of its targets. */
export interface Link {
  readonly from: TableName;
  readonly column: string;
  readonly to: TableName;
  readonly property: string;
  readonly collection: string;
}

export interface Table {
  readonly name: TableName;
  readonly set: string;
  readonly key: string;
  readonly primaryName: string;
  readonly columns: readonly Column[];
  readonly lookups: readonly string[];
}

const column = (kind: Kind, ...names: string[]): Column[] => names.map((name) => ({ name, kind }));

export const tables: Readonly<Record<TableName, Table>> = {
  account: {
    name: "account",
    set: "accounts",
    key: "accountid",
    primaryName: "name",
    columns: [
      ...column("text", "name", "description"),
      ...column("integer", "numberofemployees"),
      ...column("real", "revenue"),
      ...column("date", "createdon"),
      ...column("boolean", "creditonhold"),
      ...column("choice", "preferredcontactmethodcode"),
    ],
    lookups: ["parentaccountid", "primarycontactid", "ownerid"],
  },
  contact: {
    name: "contact",
    set: "contacts",
    key: "contactid",
    primaryName: "fullname",
    columns: [
      ...column("text", "fullname", "firstname"),
      ...column("day", "birthdate"),
      ...column("date", "createdon"),
    ],
    lookups: ["parentcustomerid"],
  },
  incident: {
    name: "incident",
    set: "incidents",
    key: "incidentid",
    primaryName: "title",
    columns: [
      ...column("text", "title", "description"),
      ...column("integer", "numberofchildincidents", "onholdtime"),
      ...column("date", "createdon", "modifiedon"),
      ...column("boolean", "isescalated"),
      ...column("choice", "prioritycode", "statecode"),
    ],
    lookups: ["customerid", "parentcaseid", "primarycontactid", "ownerid"],
  },
  systemuser: {
    name: "systemuser",
    set: "systemusers",
    key: "systemuserid",
    primaryName: "fullname",
    columns: column("text", "fullname"),
    lookups: ["parentsystemuserid"],
  },
  task: {
    name: "task",
    set: "tasks",
    key: "activityid",
    primaryName: "subject",
    columns: [
      ...column("text", "subject"),
      ...column("choice", "statecode"),
      ...column("date", "scheduledend"),
    ],
    lookups: ["regardingobjectid"],
  },
  team: {
    name: "team",
    set: "teams",
    key: "teamid",
    primaryName: "name",
    columns: column("text", "name"),
    lookups: [],
  },
};

const link = (
  from: TableName,
  name: string,
  to: TableName,
  property: string,
  collection: string,
): Link => ({ from, column: name, to, property, collection });

export const links: readonly Link[] = [
  link("account", "parentaccountid", "account", "parentaccountid", "account_parent_account"),
  link("account", "primarycontactid", "contact", "primarycontactid", "account_primary_contact"),
  link(
    "contact",
    "parentcustomerid",
    "account",
    "parentcustomerid_account",
    "contact_customer_accounts",
  ),
  link(
    "contact",
    "parentcustomerid",
    "contact",
    "parentcustomerid_contact",
    "contact_customer_contacts",
  ),
  link("incident", "customerid", "account", "customerid_account", "incident_customer_accounts"),
  link("incident", "customerid", "contact", "customerid_contact", "incident_customer_contacts"),
  link("incident", "parentcaseid", "incident", "parentcaseid", "incident_parent_incident"),
  link("incident", "primarycontactid", "contact", "primarycontactid", "contact_as_primary_contact"),
  link(
    "task",
    "regardingobjectid",
    "incident",
    "regardingobjectid_incident_task",
    "Incident_Tasks",
  ),
  link("task", "regardingobjectid", "account", "regardingobjectid_account_task", "Account_Tasks"),
];

export const labels: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  prioritycode: { 1: "High", 2: "Normal", 3: "Low" },
  preferredcontactmethodcode: { 1: "Any", 2: "Email", 3: "Phone", 4: "Fax", 5: "Mail" },
  "incident.statecode": { 0: "Active", 1: "Resolved", 2: "Cancelled" },
  "task.statecode": { 0: "Open", 1: "Completed", 2: "Canceled" },
  creditonhold: { 0: "No", 1: "Yes" },
  isescalated: { 0: "No", 1: "Yes" },
};

export const labelOf = (table: TableName, name: string, value: Cell): string | null =>
  value === null ? null : ((labels[`${table}.${name}`] ?? labels[name])?.[Number(value)] ?? null);

export const texts = [
  "fan",
  "Fan ",
  "FÁN",
  "no fan",
  "a_b",
  "50%",
  "[x]",
  "o'neil",
  "Ünit 7",
  "",
  null,
];
export const integers = [0, 1, 2, 3, 7, -3, null];
export const reals = [0.5, 10, 99.25, 1000, null];
export const times = [
  "2026-06-17T11:59:59Z",
  "2026-06-17T00:00:00Z",
  "2026-06-16T23:59:59Z",
  "2026-06-10T12:00:00Z",
  "2026-05-31T08:30:00Z",
  "2026-04-01T00:00:00Z",
  "2026-01-01T00:00:00Z",
  "2025-12-31T23:59:59Z",
  "2025-06-17T12:00:00Z",
  "2024-02-29T12:00:00Z",
  "2026-06-18T09:00:00Z",
  "2026-09-30T10:00:00Z",
  null,
];
export const days = ["1990-02-28", "2000-02-29", "1985-12-31", "2001-01-01", null];

/** Mulberry32: the same numbers on every machine. */
function random(seed: number) {
  let state = seed;
  return (n: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

export interface Company {
  /** Rows that the caller may see. */
  readonly seen: Readonly<Record<TableName, readonly Row[]>>;
  /** All there are: names behind lookups are shown to everyone. */
  readonly all: Readonly<Record<TableName, readonly Row[]>>;
  readonly members: readonly { teamid: string; systemuserid: string }[];
}

export const me = "00000003-0000-4000-8000-000000000001";

const sizes: Readonly<Record<TableName, number>> = {
  systemuser: 6,
  team: 3,
  contact: 18,
  account: 24,
  incident: 60,
  task: 50,
};

/** @param hides which rows of the tables with security the caller may not see, one in so many; 0 hides none */
export function makeCompany(seed: number, hides: number): Company {
  const below = random(seed);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const hex = (length: number) =>
    Array.from({ length }, () => "0123456789abcdef"[below(16)]).join("");
  const guid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
  const ids = Object.fromEntries(
    Object.entries(sizes).map(([name, size]) => [name, Array.from({ length: size }, guid)]),
  ) as Record<TableName, string[]>;
  ids.systemuser[0] = me;
  const cellOf = (table: TableName, { name, kind }: Column): Cell => {
    switch (kind) {
      case "text":
        return pick(texts);
      case "integer":
        return pick(integers);
      case "real":
        return pick(reals);
      case "date":
        return pick(times);
      case "day":
        return pick(days);
      case "boolean":
        return pick([true, false, null]);
      default: {
        const known = Object.keys(labels[`${table}.${name}`] ?? labels[name]!).map(Number);
        return pick(name === "statecode" ? known : [...known, null]);
      }
    }
  };
  const lookupOf = (name: string, at: number): [string | null, string | null] => {
    const targets: Record<string, TableName[]> = {
      customerid: ["account", "contact"],
      parentcustomerid: ["account", "contact"],
      regardingobjectid: ["incident", "account"],
      ownerid: ["systemuser", "team"],
      parentaccountid: ["account"],
      parentcaseid: ["incident"],
      parentsystemuserid: ["systemuser"],
      primarycontactid: ["contact"],
    };
    const target = pick(targets[name]!);
    if (below(5) === 0) return [null, null];
    // Trees go upward only, so that none bites its tail.
    const isTree = name.startsWith("parent") && name !== "parentcustomerid";
    if (isTree && at === 0) return [null, null];
    return [isTree ? ids[target][below(at)]! : pick(ids[target]), target];
  };
  const all = Object.fromEntries(
    Object.values(tables).map((table) => [
      table.name,
      ids[table.name].map((own, at) => {
        const row: Record<string, Cell> = { [table.key]: own };
        for (const each of table.columns) row[each.name] = cellOf(table.name, each);
        for (const name of table.lookups)
          [row[name], row[`${name}__type`]] = lookupOf(name, at) as [Cell, Cell];
        return row;
      }),
    ]),
  ) as unknown as Company["all"];
  const members = ids.team.flatMap((teamid) =>
    ids.systemuser.filter(() => below(2) === 0).map((systemuserid) => ({ teamid, systemuserid })),
  );
  const secured = new Set<TableName>(["account", "contact", "incident", "task"]);
  const seen = Object.fromEntries(
    Object.entries(all).map(([name, rows]) => [
      name,
      rows.filter(() => hides === 0 || !secured.has(name as TableName) || below(hides) > 0),
    ]),
  ) as unknown as Company["seen"];
  return { all, seen, members };
}

/** Columns as they are stored; a type column stands only where a lookup has several targets. */
export function storedRows(rows: readonly Row[], typed: ReadonlySet<string>) {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([name]) => !name.endsWith("__type") || typed.has(name))
        .map(([name, value]): [string, SqlValue] => [
          name,
          typeof value === "boolean" ? Number(value) : value,
        ]),
    ),
  );
}

/** The row that a link leads to, if the caller may see it. */
export function follow(
  company: Company,
  row: Row | undefined,
  { column: name, to }: Link,
): Row | undefined {
  if (row === undefined || row[`${name}__type`] !== to) return undefined;
  return company.seen[to].find((each) => each[tables[to].key] === row[name]);
}

/** The rows that a link collects. */
export const collect = (company: Company, row: Row, { from, column: name, to }: Link): Row[] =>
  company.seen[from].filter(
    (each) => each[name] === row[tables[to].key] && each[`${name}__type`] === to,
  );

/** Primary name of what a lookup points to, seen or not. */
export function nameOf(company: Company, row: Row, name: string): string | null {
  const type = row[`${name}__type`];
  if (typeof type !== "string") return null;
  const table = tables[type as TableName];
  const found = company.all[table.name].find((each) => each[table.key] === row[name]);
  return (found?.[table.primaryName] as string | null | undefined) ?? null;
}

/** What a value is sorted and compared by. */
export function sortable(kind: Kind, value: Cell): Cell {
  if (value === null) return null;
  if (kind === "text") return fold(String(value));
  if (kind === "guid") return guidOrder(String(value));
  return typeof value === "boolean" ? Number(value) : value;
}
