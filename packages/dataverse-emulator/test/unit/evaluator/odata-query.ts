import {
  type Column,
  type Company,
  collect,
  follow,
  links,
  nameOf,
  type Row,
  sortable,
  type TableName,
  tables,
} from "./company";
import { type Condition, filter } from "./odata-filter";
import type { Tape } from "./tape";
import { type Cell, fold, order } from "./values";

export type Json = Record<string, unknown>;

interface Order {
  readonly text: string;
  readonly descending: boolean;
  key(row: Row): Cell;
}

function orderOf(tape: Tape, table: TableName, company: Company): Order {
  const { columns, lookups, key } = tables[table];
  const descending = tape.once(2);
  const word = descending ? " desc" : tape.once(2) ? " asc" : "";
  const kind = tape.below(6);
  const toOne = links.filter(({ from }) => from === table);
  if (kind === 1) {
    return {
      text: key + word,
      descending,
      key: (row) => sortable("guid", row[key] ?? null),
    };
  }
  if (kind === 2 && lookups.length > 0) {
    const name = tape.pick(lookups);
    return {
      text: `_${name}_value${word}`,
      descending,
      key: (row) => sortable("text", nameOf(company, row, name)),
    };
  }
  if (kind === 3 && toOne.length > 0) {
    const link = tape.pick(toOne);
    const column = tape.pick(tables[link.to].columns);
    return {
      text: `${link.property}/${column.name}${word}`,
      descending,
      key: (row) => sortable(column.kind, follow(company, row, link)?.[column.name] ?? null),
    };
  }
  const column = tape.pick(columns);
  return {
    text: column.name + word,
    descending,
    key: (row) => sortable(column.kind, row[column.name] ?? null),
  };
}

function sorted(rows: readonly Row[], orders: readonly Order[], key: string): Row[] {
  return [...rows].sort((one, other) => {
    for (const each of orders) {
      const sign = order(each.key(one), each.key(other));
      if (sign !== 0) return each.descending ? -sign : sign;
    }
    return order(one[key] ?? null, other[key] ?? null);
  });
}

/** Options of one level: of the request, or of an expanded collection. */
interface Level {
  readonly texts: string[];
  /** The rows that are left, in their order. */
  apply(rows: readonly Row[]): Row[];
}

function level(
  tape: Tape,
  table: TableName,
  company: Company,
  may: { sort: boolean; depth: number },
): Level {
  const texts: string[] = [];
  const { key } = tables[table];
  let condition: Condition | undefined;
  if (!tape.once(4)) {
    condition = filter(tape, table, "", may.depth, company);
    texts.push(`$filter=${condition.text}`);
  }
  const orders = may.sort
    ? [0, 1].slice(0, tape.below(3)).map(() => orderOf(tape, table, company))
    : [];
  if (orders.length > 0) texts.push(`$orderby=${orders.map(({ text }) => text).join(",")}`);
  const top = may.sort && tape.once(3) ? 1 + tape.below(20) : undefined;
  if (top !== undefined) texts.push(`$top=${top}`);
  return {
    texts,
    apply: (rows) =>
      sorted(
        rows.filter((row) => condition?.holds(row, false) ?? true),
        orders,
        key,
      ).slice(0, top),
  };
}

const property = (table: TableName, name: string) =>
  tables[table].lookups.includes(name) ? `_${name}_value` : name;

/** Columns to select, and a row as JSON has it. */
function selection(tape: Tape, table: TableName) {
  const { columns, lookups, key } = tables[table];
  const names = [...tape.some(columns.map(({ name }) => name)), ...tape.some(lookups), key];
  return {
    text: `$select=${names.map((name) => property(table, name)).join(",")}`,
    /** An amount of the root brings its currency, which no row here has. */
    brings: names.includes("revenue") ? { _transactioncurrencyid_value: null } : {},
    shown: (row: Row): Json =>
      Object.fromEntries(names.map((name) => [property(table, name), row[name] ?? null])),
  };
}

interface Expanded {
  readonly text: string;
  readonly isSorted: boolean;
  add(target: Json, row: Row): void;
}

function expandOf(
  tape: Tape,
  table: TableName,
  company: Company,
  depth: number,
  isNested: boolean,
): Expanded | undefined {
  const around = links.filter((link) => link.from === table || link.to === table);
  if (around.length === 0) return undefined;
  const link = tape.pick(around);
  const isToMany = link.to === table && (link.from !== table || tape.once(2));
  const far = isToMany ? link.from : link.to;
  const select = selection(tape, far);
  const options = isToMany
    ? level(tape, far, company, { sort: !isNested, depth: 1 })
    : { texts: [], apply: (rows: readonly Row[]) => [...rows] };
  const inner = depth > 0 ? expandOf(tape, far, company, depth - 1, isNested) : undefined;
  const texts = [
    select.text,
    ...options.texts,
    ...(inner === undefined ? [] : [`$expand=${inner.text}`]),
  ];
  const name = isToMany ? link.collection : link.property;
  const shown = (row: Row): Json => {
    const json = select.shown(row);
    inner?.add(json, row);
    // The lookup that makes a row one of the collection comes along with it.
    if (isToMany && !isNested) json[`_${link.column}_value`] = row[link.column];
    return json;
  };
  return {
    text: `${name}(${texts.join(";")})`,
    isSorted: options.texts.some((text) => !text.startsWith("$filter")),
    add(target, row) {
      if (isToMany) target[name] = options.apply(collect(company, row, link)).map(shown);
      else {
        const found = follow(company, row, link);
        target[name] = found === undefined ? null : shown(found);
      }
    },
  };
}

export interface Query {
  readonly target: string;
  readonly expected: readonly Json[];
  /** Rows there are without $top. */
  readonly count: number | undefined;
}

const encode = (texts: readonly string[]) =>
  texts
    .map((text) => {
      const at = text.indexOf("=");
      return `${text.slice(0, at)}=${encodeURIComponent(text.slice(at + 1))}`;
    })
    .join("&");

/** A random query for rows with what it must give. */
export function rowQuery(tape: Tape, company: Company): Query {
  const table = tape.pick(["incident", "account", "contact", "task"] as const);
  const select = selection(tape, table);
  const options = level(tape, table, company, { sort: true, depth: 3 });
  const depth = tape.below(3);
  const expands = tape.once(3)
    ? [0, 1].flatMap(() => expandOf(tape, table, company, depth, depth > 0) ?? [])
    : [];
  const unique = expands.filter(
    (one, at) =>
      expands.findIndex((other) => other.text.split("(")[0] === one.text.split("(")[0]) === at,
  );
  // Where nothing is nested after all, collections are shown as those of one level are.
  const isNested = unique.some(({ text }) => text.includes("$expand="));
  const shown = depth > 0 && !isNested ? [] : unique;
  const rows = options.apply(company.seen[table]);
  const expected = rows.map((row) => {
    const json: Json = { ...select.shown(row), ...select.brings };
    for (const each of shown) each.add(json, row);
    return json;
  });
  const texts = [select.text, ...options.texts];
  if (shown.length > 0) texts.push(`$expand=${shown.map(({ text }) => text).join(",")}`);
  return { target: `${tables[table].set}?${encode(texts)}`, expected, count: undefined };
}

const total = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0);

interface Term {
  readonly text: string;
  readonly name: string;
  of(rows: readonly Row[]): Cell;
}

function termOf(tape: Tape, table: TableName, at: number): Term {
  const name = `m${at}`;
  const numbers = tables[table].columns.filter(({ kind }) => kind === "integer" || kind === "real");
  const dates = tables[table].columns.filter(({ kind }) => kind === "date");
  const cells = (rows: readonly Row[], column: Column) =>
    rows.flatMap((row) => {
      const cell = row[column.name] ?? null;
      return cell === null ? [] : [cell];
    });
  const kind = tape.below(5);
  if (kind === 1) {
    const column = tape.pick(tables[table].columns);
    return {
      text: `${column.name} with countdistinct as ${name}`,
      name,
      of: (rows) => new Set(cells(rows, column).map((cell) => sortable(column.kind, cell))).size,
    };
  }
  if (kind === 2 || (kind > 2 && numbers.length === 0)) {
    const column = tape.pick(dates);
    const method = tape.pick(["min", "max"]);
    return {
      text: `${column.name} with ${method} as ${name}`,
      name,
      of: (rows) =>
        cells(rows, column)
          .map(String)
          .sort()
          .at(method === "min" ? 0 : -1) ?? null,
    };
  }
  if (kind > 2) {
    const column = tape.pick(numbers);
    const method = tape.pick(["sum", "average", "min", "max"]);
    return {
      text: `${column.name} with ${method} as ${name}`,
      name,
      of(rows) {
        const values = cells(rows, column).map(Number);
        if (method === "sum") return total(values);
        if (values.length === 0) return null;
        if (method === "average") {
          const mean = total(values) / values.length;
          return column.kind === "integer" ? Math.trunc(mean) : mean;
        }
        return method === "min" ? Math.min(...values) : Math.max(...values);
      },
    };
  }
  return { text: `$count as ${name}`, name, of: (rows) => rows.length };
}

/** A random `$apply` with the rows it must give, in no order. */
export function applyQuery(tape: Tape, company: Company): Query {
  const table = tape.pick(["incident", "account", "task"] as const);
  const condition = tape.once(2) ? filter(tape, table, "", 2, company) : undefined;
  const rows = company.seen[table].filter((row) => condition?.holds(row, false) ?? true);
  const groupable = tables[table].columns.filter(({ kind }) => kind !== "date" && kind !== "day");
  const groups = tape.some(groupable).slice(0, 2);
  const toOne = links.filter(({ from }) => from === table);
  const link = tape.once(3) && toOne.length > 0 ? tape.pick(toOne) : undefined;
  const far = link && tape.pick(tables[link.to].columns.filter(({ kind }) => kind === "text"));
  const keys: { text: string; name: string; of(row: Row): Cell; kind: Column["kind"] }[] =
    groups.map((column) => ({
      text: column.name,
      name: column.name,
      kind: column.kind,
      of: (row) => row[column.name] ?? null,
    }));
  if (link !== undefined && far !== undefined) {
    keys.push({
      text: `${link.property}/${far.name}`,
      name: `${link.to}_${far.name}`,
      kind: "text",
      of: (row) => follow(company, row, link)?.[far.name] ?? null,
    });
  }
  const terms = [0, 1, 2].slice(0, tape.below(4)).map((at) => termOf(tape, table, at));
  if (keys.length + terms.length === 0)
    terms.push({ text: "$count as n", name: "n", of: (all) => all.length });
  const byKey = new Map<string, Row[]>();
  if (keys.length === 0) byKey.set("", rows);
  else
    for (const row of rows) {
      const id = JSON.stringify(keys.map((key) => sortable(key.kind, key.of(row))));
      byKey.set(id, [...(byKey.get(id) ?? []), row]);
    }
  const expected = [...byKey.values()].map((group) => {
    const json: Json = {};
    for (const key of keys) {
      const value = group[0] === undefined ? null : key.of(group[0]);
      // Which of the texts that are the same stands for the group is left open.
      if (value !== null) json[key.name] = key.kind === "text" ? fold(String(value)) : value;
    }
    for (const term of terms) {
      const value = term.of(group);
      if (value !== null) json[term.name] = value;
    }
    return json;
  });
  const aggregate = `aggregate(${terms.map(({ text }) => text).join(",")})`;
  const groupby = `groupby((${keys.map(({ text }) => text).join(",")})${terms.length === 0 ? "" : `,${aggregate}`})`;
  const apply = `${condition === undefined ? "" : `filter(${condition.text})/`}${keys.length === 0 ? aggregate : groupby}`;
  return {
    target: `${tables[table].set}?${encode([`$apply=${apply}`])}`,
    expected,
    count: undefined,
  };
}
