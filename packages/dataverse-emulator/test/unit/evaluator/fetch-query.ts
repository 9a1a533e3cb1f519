import {
  type Column,
  type Company,
  labelOf,
  links,
  nameOf,
  type Row,
  sortable,
  type TableName,
  tables,
} from "./company";
import { type Condition, condition } from "./fetch-filter";
import type { Tape } from "./tape";
import { type Cell, fold, order } from "./values";

export type Json = Record<string, unknown>;

/** One row of the joined tables, by alias; `""` is the root. An outer join that found nothing leaves its alias out. */
type Joined = Readonly<Record<string, Row>>;

interface Test {
  readonly xml: string;
  holds(row: Row, all: Joined): boolean;
}

interface Edge {
  readonly far: TableName;
  readonly from: string;
  readonly to: string;
}

/** The links of a table in either direction. */
function edgesOf(table: TableName): Edge[] {
  return links.flatMap((link) => [
    ...(link.from === table ? [{ far: link.to, from: tables[link.to].key, to: link.column }] : []),
    ...(link.to === table ? [{ far: link.from, from: link.column, to: tables[table].key }] : []),
  ]);
}

const related = (company: Company, { far, from, to }: Edge, row: Row): Row[] => {
  const wanted = row[to] ?? null;
  return wanted === null ? [] : company.seen[far].filter((each) => each[from] === wanted);
};

function plainTest(one: Condition, alias?: string): Test {
  return alias === undefined
    ? { xml: one.xml, holds: (row) => one.holds(row) }
    : { xml: one.xml, holds: (_, all) => one.holds(all[alias] ?? {}) };
}

/** A link inside a filter, which tests the related rows. */
function linkTest(tape: Tape, table: TableName, company: Company): Test {
  const edge = tape.pick(edgesOf(table));
  const type = tape.pick(["any", "not any", "all", "not all"]);
  const inner = filterOf(tape, edge.far, company, 0, []);
  return {
    xml: `<link-entity name="${edge.far}" from="${edge.from}" to="${edge.to}" link-type="${type}">${inner.xml}</link-entity>`,
    holds(row) {
      const rows = related(company, edge, row);
      const some = rows.some((each) => inner.holds(each, {}));
      if (type === "not any") return !some;
      // All: there are related rows, and none of them fits.
      return type === "all" ? rows.length > 0 && !some : some;
    },
  };
}

/** @param joined aliases whose columns conditions may be of, after the joins */
function filterOf(
  tape: Tape,
  table: TableName,
  company: Company,
  depth: number,
  joined: readonly (readonly [string, TableName])[],
): Test {
  const type = tape.pick(["and", "or"]);
  const parts = [0, 1, 2].slice(0, 1 + tape.below(3)).map((): Test => {
    const kind = tape.below(6);
    if (kind === 1 && depth > 0) return filterOf(tape, table, company, depth - 1, joined);
    if (kind === 2 && depth > 0) return linkTest(tape, table, company);
    if (kind === 3 && joined.length > 0) {
      const [alias, far] = tape.pick(joined);
      return plainTest(condition(tape, far, company, alias), alias);
    }
    return plainTest(condition(tape, table, company));
  });
  return {
    xml: `<filter type="${type}">${parts.map(({ xml }) => xml).join("")}</filter>`,
    holds: (row, all) =>
      type === "or"
        ? parts.some((part) => part.holds(row, all))
        : parts.every((part) => part.holds(row, all)),
  };
}

interface Join {
  readonly xml: string;
  /** Aliases that the answer has columns of. */
  readonly visible: readonly (readonly [string, TableName])[];
  /** What each joined row becomes. */
  join(row: Row, all: Joined): Joined[];
}

function joinOf(
  tape: Tape,
  table: TableName,
  company: Company,
  depth: number,
  next: { alias: number },
): Join {
  const edge = tape.pick(edgesOf(table));
  const type = tape.pick(["inner", "outer", "exists", "in", "matchfirstrowusingcrossapply"]);
  const alias = `l${next.alias++}`;
  const filter = tape.once(2) ? filterOf(tape, edge.far, company, 1, []) : undefined;
  const isFirst = type === "matchfirstrowusingcrossapply";
  const below =
    depth > 0 && !isFirst && tape.once(2) ? [joinOf(tape, edge.far, company, depth - 1, next)] : [];
  const isVisible = type === "inner" || type === "outer" || isFirst;
  const { key } = tables[edge.far];
  const matches = (row: Row, all: Joined): Joined[] => {
    const rows = related(company, edge, row).filter((each) => filter?.holds(each, all) ?? true);
    if (isFirst) {
      const [first] = rows.sort((one, other) => order(one[key]!, other[key]!));
      return first === undefined ? [] : [{ ...all, [alias]: first }];
    }
    return rows.flatMap((each) =>
      below.reduce<Joined[]>(
        (found, one) => found.flatMap((so) => one.join(each, so)),
        [{ ...all, [alias]: each }],
      ),
    );
  };
  return {
    xml: `<link-entity name="${edge.far}" from="${edge.from}" to="${edge.to}" alias="${alias}" link-type="${type}">${isVisible ? `<attribute name="${key}"/>` : ""}${filter?.xml ?? ""}${below.map((one) => (isVisible ? one.xml : one.xml.replaceAll(/<attribute [^>]*\/>/g, ""))).join("")}</link-entity>`,
    visible: isVisible ? [[alias, edge.far], ...below.flatMap((one) => one.visible)] : [],
    join(row, all) {
      const found = matches(row, all);
      if (type === "exists" || type === "in") return found.length > 0 ? [all] : [];
      return type === "outer" && found.length === 0 ? [all] : found;
    },
  };
}

export interface Query {
  readonly xml: string;
  readonly expected: readonly Json[];
}

/** Joins with filters: rows of ids, in no order. */
export function joinQuery(tape: Tape, company: Company): Query {
  const table = tape.pick(["incident", "account", "contact", "task"] as const);
  const next = { alias: 1 };
  const joins = [0, 1].slice(0, tape.below(3)).map(() => joinOf(tape, table, company, 2, next));
  const visible = joins.flatMap((join) => join.visible);
  const filter = tape.once(4) ? undefined : filterOf(tape, table, company, 2, visible);
  const { key } = tables[table];
  const expected = company.seen[table].flatMap((row) =>
    joins
      .reduce<Joined[]>((found, join) => found.flatMap((all) => join.join(row, all)), [{}])
      .filter((all) => filter?.holds(row, all) ?? true)
      .map((all): Json => {
        const json: Json = { [key]: row[key] };
        for (const [alias, far] of visible) {
          const id = all[alias]?.[tables[far].key];
          if (id !== undefined) json[`${alias}.${tables[far].key}`] = id;
        }
        return json;
      }),
  );
  return {
    xml: `<fetch><entity name="${table}"><attribute name="${key}"/>${filter?.xml ?? ""}${joins.map(({ xml }) => xml).join("")}</entity></fetch>`,
    expected,
  };
}

/** A sorted query to be read page by page: ids in their order. */
export function pagedQuery(tape: Tape, company: Company) {
  const table = tape.pick(["incident", "account", "task"] as const);
  const isRaw = tape.once(3);
  const { key, columns, lookups } = tables[table];
  const filter = tape.once(2) ? filterOf(tape, table, company, 1, []) : undefined;
  const orders = [0, 1].slice(0, tape.below(3)).map(() => {
    const descending = tape.once(2);
    const name = tape.pick([...columns.map((column) => column.name), ...lookups, key]);
    const column = columns.find((one) => one.name === name);
    const value = (row: Row): Cell => {
      if (name === key) return sortable("guid", row[key]!);
      if (column === undefined) return sortable("text", nameOf(company, row, name));
      const own = row[name] ?? null;
      const isLabelled = column.kind === "boolean" || (column.kind === "choice" && !isRaw);
      if (!isLabelled) return sortable(column.kind, own);
      const label = own === null ? null : labelOf(table, name, Number(own));
      return label === null ? null : fold(label);
    };
    return { name, descending, value };
  });
  const ids = company.seen[table]
    .filter((row) => filter?.holds(row, {}) ?? true)
    .sort((one, other) => {
      for (const { value, descending } of orders) {
        const sign = order(value(one), value(other));
        if (sign !== 0) return descending ? -sign : sign;
      }
      return order(one[key]!, other[key]!);
    })
    .map((row) => row[key]);
  const body = `<entity name="${table}"><attribute name="${key}"/>${orders.map(({ name, descending }) => `<order attribute="${name}"${descending ? ' descending="true"' : ""}/>`).join("")}${filter?.xml ?? ""}</entity>`;
  return { table, key, body, ids, size: 1 + tape.below(9), raw: isRaw ? 'useraworderby="1"' : "" };
}

const total = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0);

const parts: Readonly<Record<string, (date: Date) => number>> = {
  day: (date) => date.getUTCDate(),
  // Weeks begin on Sunday; the first holds the first of January.
  week: (date) => {
    const first = Date.UTC(date.getUTCFullYear(), 0, 1);
    const days = Math.floor((date.getTime() - first) / 86_400_000);
    return Math.floor((days + new Date(first).getUTCDay()) / 7) + 1;
  },
  month: (date) => date.getUTCMonth() + 1,
  quarter: (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  year: (date) => date.getUTCFullYear(),
  "fiscal-period": (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  "fiscal-year": (date) => date.getUTCFullYear(),
};

interface Group {
  readonly xml: string;
  readonly alias: string;
  /** By what rows are the same, and what is shown. */
  key(row: Row): Cell;
  readonly isText: boolean;
}

function groupOf(tape: Tape, table: TableName, at: number): Group {
  const column = tape.pick(tables[table].columns.filter(({ kind }) => kind !== "day"));
  const alias = `g${at}`;
  if (column.kind !== "date") {
    return {
      xml: `<attribute name="${column.name}" alias="${alias}" groupby="true"/>`,
      alias,
      isText: column.kind === "text",
      key: (row) => {
        const own = row[column.name] ?? null;
        return column.kind === "text" && own !== null ? fold(String(own)) : own;
      },
    };
  }
  const part = tape.pick(Object.keys(parts));
  return {
    xml: `<attribute name="${column.name}" alias="${alias}" groupby="true" dategrouping="${part}"${tape.once(3) ? ' usertimezone="false"' : ""}/>`,
    alias,
    isText: false,
    key: (row) => {
      const own = row[column.name] ?? null;
      return own === null ? null : parts[part]!(new Date(String(own)));
    },
  };
}

function measureOf(tape: Tape, table: TableName, at: number) {
  const alias = `m${at}`;
  const column: Column = tape.pick(tables[table].columns);
  const isNumber = column.kind === "integer" || column.kind === "real";
  const kind = isNumber
    ? tape.pick(["count", "countcolumn", "sum", "avg", "min", "max"])
    : column.kind === "date"
      ? tape.pick(["count", "countcolumn", "min", "max"])
      : tape.pick(["count", "countcolumn"]);
  const isDistinct = kind === "countcolumn" && tape.once(2);
  return {
    xml: `<attribute name="${column.name}" alias="${alias}" aggregate="${kind}"${isDistinct ? ' distinct="true"' : ""}/>`,
    alias,
    of(rows: readonly Row[]): Cell {
      const cells = rows.flatMap((row) => {
        const own = row[column.name] ?? null;
        return own === null ? [] : [own];
      });
      if (kind === "count") return rows.length;
      if (isDistinct) return new Set(cells.map((cell) => sortable(column.kind, cell))).size;
      if (kind === "countcolumn") return cells.length;
      if (kind === "sum") return total(cells.map(Number));
      if (cells.length === 0) return null;
      if (kind === "avg") {
        const mean = total(cells.map(Number)) / cells.length;
        return column.kind === "integer" ? Math.trunc(mean) : mean;
      }
      const sortedCells = [...cells].sort((one, other) => order(one, other));
      return sortedCells.at(kind === "min" ? 0 : -1)!;
    },
  };
}

/** Groups and aggregates, in no order; texts that stand for a group are folded. */
export function aggregateQuery(tape: Tape, company: Company): Query {
  const table = tape.pick(["incident", "account", "task"] as const);
  const filter = tape.once(2) ? filterOf(tape, table, company, 1, []) : undefined;
  const groups = [0, 1].slice(0, tape.below(3)).map((at) => groupOf(tape, table, at));
  const measures = [0, 1, 2].slice(0, 1 + tape.below(3)).map((at) => measureOf(tape, table, at));
  const rows = company.seen[table].filter((row) => filter?.holds(row, {}) ?? true);
  const found = new Map<string, Row[]>();
  if (groups.length === 0) found.set("", rows);
  else
    for (const row of rows) {
      const id = JSON.stringify(groups.map((group) => group.key(row)));
      found.set(id, [...(found.get(id) ?? []), row]);
    }
  const expected = [...found.values()].map((members) => {
    const json: Json = {};
    for (const group of groups) {
      const value = members[0] === undefined ? null : group.key(members[0]);
      if (value !== null) json[group.alias] = value;
    }
    for (const measure of measures) {
      const value = measure.of(members);
      if (value !== null) json[measure.alias] = value;
    }
    return json;
  });
  return {
    xml: `<fetch aggregate="true"><entity name="${table}">${groups.map(({ xml }) => xml).join("")}${measures.map(({ xml }) => xml).join("")}${filter?.xml ?? ""}</entity></fetch>`,
    expected,
  };
}
