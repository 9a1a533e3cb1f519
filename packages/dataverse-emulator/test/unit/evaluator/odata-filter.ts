import {
  type Column,
  type Company,
  collect,
  days,
  follow,
  integers,
  type Link,
  links,
  me,
  type Row,
  reals,
  sortable,
  type TableName,
  tables,
  texts,
  times,
} from "./company";
import type { Tape } from "./tape";
import { type Cell, compares, comparisons, fold, like, opposite } from "./values";

/** A condition of OData as its text and as what it means. */
export interface Condition {
  readonly text: string;
  /** `not` goes down to the single conditions, so each knows what it is when it is negated. */
  holds(row: Row | undefined, isNegated: boolean): boolean;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

const pools: Readonly<Record<string, readonly Cell[]>> = {
  text: texts,
  integer: [...integers, 2.5],
  real: reals,
  date: [...times, "2026-06-17", "2026-06-17T13:59:59.5Z", "2026-06-17T02:00:00+02:00"],
  day: days,
  boolean: [true, false],
  choice: [0, 1, 2, 3, 5],
};

/** A date as the instant it means, comparable with what is stored. */
function instant(text: string): string {
  const time = new Date(text.length === 10 ? `${text}T00:00:00Z` : text).toISOString();
  return time.endsWith(".000Z") ? `${time.slice(0, 19)}Z` : time;
}

function wantedOf(column: Column, value: Cell): Cell {
  if (column.kind === "date") return instant(String(value));
  return sortable(column.kind, value);
}

const literal = (column: Column, value: Cell) =>
  column.kind === "text" ? quoted(String(value)) : String(value);

const read = (row: Row | undefined, column: Column): Cell =>
  row === undefined ? null : (row[column.name] ?? null);

function comparison(tape: Tape, column: Column, path: string): Condition {
  const value = tape.pick(pools[column.kind]!.filter((one) => one !== null));
  const operator =
    column.kind === "boolean" ? tape.pick(["eq", "ne"] as const) : tape.pick(comparisons);
  const written = literal(column, value);
  // A fraction of a second must not be lost in a text comparison.
  const wanted = wantedOf(column, value);
  const own = (row: Row | undefined) => {
    const cell = sortable(column.kind, read(row, column));
    if (column.kind !== "date" || cell === null || String(wanted).endsWith("Z") === false)
      return cell;
    return String(wanted).length === 24 ? String(cell).replace("Z", ".000Z") : cell;
  };
  const isSwapped = tape.once(6);
  const swapped = { eq: "eq", ne: "ne", gt: "lt", ge: "le", lt: "gt", le: "ge" } as const;
  return {
    text: isSwapped ? `${written} ${swapped[operator]} ${path}` : `${path} ${operator} ${written}`,
    holds: (row, isNegated) =>
      compares(own(row), isNegated ? opposite[operator] : operator, wanted),
  };
}

function nullTest(tape: Tape, column: Column, path: string): Condition {
  const isNull = tape.once(2);
  return {
    text: `${path} ${isNull ? "eq" : "ne"} null`,
    holds: (row, isNegated) => (read(row, column) === null) === (isNull !== isNegated),
  };
}

function listTest(tape: Tape, column: Column, path: string, name: string): Condition {
  // A function's list holds values of the column's own type only.
  const pool = pools[column.kind]!.filter((one) => one !== null && one !== 2.5);
  const values = [tape.pick(pool), tape.pick(pool), tape.pick(pool)].slice(0, 1 + tape.below(3));
  const wanted = values.map((value) => sortable(column.kind, value));
  const isFunction = tape.once(3);
  const isNot = isFunction && tape.once(2);
  const list = values.map((value) =>
    isFunction ? JSON.stringify(String(value)) : literal(column, value),
  );
  return {
    text: isFunction
      ? `Microsoft.Dynamics.CRM.${isNot ? "NotIn" : "In"}(PropertyName='${name}',PropertyValues=[${list.join(",")}])`
      : `${path} in (${list.join(",")})`,
    holds(row, isNegated) {
      const own = sortable(column.kind, read(row, column));
      return (own !== null && wanted.includes(own)) === (isNot === isNegated);
    },
  };
}

const patterns = [
  "fan",
  "a",
  " ",
  "f_n",
  "5%",
  "[%]",
  "[[]x",
  "[nf]",
  "[^f]an",
  "o'",
  "7",
  "ü",
  "an ",
];

function match(tape: Tape, column: Column, path: string): Condition {
  const name = tape.pick(["contains", "startswith", "endswith"]);
  const text = tape.pick(patterns);
  const pattern = `${name === "startswith" ? "" : "%"}${text}${name === "endswith" ? "" : "%"}`;
  return {
    text: `${name}(${path},${quoted(text)})`,
    holds(row, isNegated) {
      const own = read(row, column);
      return (own !== null && like(String(own), pattern)) !== isNegated;
    },
  };
}

function between(tape: Tape, column: Column, name: string): Condition {
  const [from, to] = [tape.pick([-3, 0, 1, 2]), tape.pick([0, 1, 3, 7])];
  const isNot = tape.once(2);
  return {
    text: `Microsoft.Dynamics.CRM.${isNot ? "NotBetween" : "Between"}(PropertyName='${name}',PropertyValues=["${from}","${to}"])`,
    holds(row, isNegated) {
      const own = read(row, column);
      if (own === null) return false;
      const isIn = Number(own) >= from && Number(own) <= to;
      return isIn !== (isNot !== isNegated);
    },
  };
}

function lookupTest(tape: Tape, table: TableName, prefix: string, company: Company): Condition {
  const name = tape.pick(tables[table].lookups);
  const path = `${prefix}_${name}_value`;
  const values = company.all[table].map((row) => row[name]!).filter((one) => one !== null);
  const wanted = values.length === 0 ? me : String(tape.pick(values));
  const isEqual = tape.once(2);
  if (name === "ownerid" && tape.once(2)) {
    return {
      text: `Microsoft.Dynamics.CRM.${isEqual ? "EqualUserId" : "NotEqualUserId"}(PropertyName='${path}')`,
      holds: (row, isNegated) => (row?.[name] === me) === (isEqual !== isNegated),
    };
  }
  return {
    text: `${path} ${isEqual ? "eq" : "ne"} ${tape.once(4) ? quoted(wanted) : wanted.toUpperCase()}`,
    holds: (row, isNegated) => (row?.[name] === wanted) === (isEqual !== isNegated),
  };
}

function columnTest(tape: Tape, prefix: string): Condition {
  const [one, other] = tape.pick([
    ["numberofchildincidents", "onholdtime"],
    ["createdon", "modifiedon"],
    ["prioritycode", "statecode"],
    ["title", "description"],
  ] as const);
  const operator = tape.pick(comparisons);
  const cell = (row: Row | undefined, name: string) => {
    const value = row?.[name] ?? null;
    return typeof value === "string" && name !== "createdon" && name !== "modifiedon"
      ? fold(value)
      : value;
  };
  return {
    text: `${prefix}${one} ${operator} ${prefix}${other}`,
    holds: (row, isNegated) =>
      compares(cell(row, one), isNegated ? opposite[operator] : operator, cell(row, other)),
  };
}

function overLink(
  tape: Tape,
  table: TableName,
  prefix: string,
  company: Company,
): Condition | undefined {
  const toOne = links.filter(({ from }) => from === table);
  if (toOne.length === 0) return undefined;
  const path = [tape.pick(toOne)];
  const further = links.filter(({ from }) => from === path[0]!.to);
  if (further.length > 0 && tape.once(3)) path.push(tape.pick(further));
  const inner = simple(
    tape,
    path.at(-1)!.to,
    `${prefix}${path.map(({ property }) => property).join("/")}/`,
    company,
    false,
  );
  return {
    text: inner.text,
    holds(row, isNegated) {
      const end = path.reduce<Row | undefined>((at, link) => follow(company, at, link), row);
      return inner.holds(end, isNegated);
    },
  };
}

function lambda(
  tape: Tape,
  table: TableName,
  prefix: string,
  depth: number,
  company: Company,
): Condition | undefined {
  const toMany: Link[] = links.filter(({ to }) => to === table);
  if (toMany.length === 0) return undefined;
  const link = tape.pick(toMany);
  const variable = `v${depth}`;
  const quantifier = tape.pick(["any", "all"]);
  if (quantifier === "any" && tape.once(4)) {
    return {
      text: `${prefix}${link.collection}/any()`,
      holds: (row, isNegated) =>
        (row !== undefined && collect(company, row, link).length > 0) !== isNegated,
    };
  }
  const body = filter(tape, link.from, `${variable}/`, depth - 1, company);
  return {
    text: `${prefix}${link.collection}/${quantifier}(${variable}:${body.text})`,
    holds(row, isNegated) {
      const rows = row === undefined ? [] : collect(company, row, link);
      const holds =
        quantifier === "any"
          ? rows.some((each) => body.holds(each, false))
          : rows.every((each) => body.holds(each, false));
      return holds !== isNegated;
    },
  };
}

function simple(
  tape: Tape,
  table: TableName,
  prefix: string,
  company: Company,
  isRoot: boolean,
): Condition {
  const column = tape.pick(tables[table].columns);
  const path = `${prefix}${column.name}`;
  switch (tape.below(8)) {
    case 0:
    case 1:
      return comparison(tape, column, path);
    case 2:
      return nullTest(tape, column, path);
    case 3:
      if (column.kind === "date" || column.kind === "day" || column.kind === "boolean") break;
      return listTest(tape, column, path, path);
    case 4:
      return column.kind === "text" ? match(tape, column, path) : comparison(tape, column, path);
    case 5:
      return column.kind === "integer" ? between(tape, column, path) : nullTest(tape, column, path);
    case 6:
      if (tables[table].lookups.length === 0 || !isRoot) break;
      return lookupTest(tape, table, prefix, company);
    default:
      if (table === "incident") return columnTest(tape, prefix);
  }
  return comparison(tape, column, path);
}

/** A random filter on a table. `prefix` is the lambda's variable and a slash. */
export function filter(
  tape: Tape,
  table: TableName,
  prefix: string,
  depth: number,
  company: Company,
): Condition {
  const kind = depth > 0 ? tape.below(8) : 0;
  if (kind === 1) {
    const inner = filter(tape, table, prefix, depth - 1, company);
    return {
      text: `not (${inner.text})`,
      holds: (row, isNegated) => inner.holds(row, !isNegated),
    };
  }
  if (kind === 2 || kind === 3) {
    const parts = [0, 1, 2]
      .slice(0, 2 + tape.below(2))
      .map(() => filter(tape, table, prefix, depth - 1, company));
    const word = kind === 2 ? "and" : "or";
    return {
      text: `(${parts.map((part) => part.text).join(` ${word} `)})`,
      holds: (row, isNegated) =>
        (word === "and") === isNegated
          ? parts.some((part) => part.holds(row, isNegated))
          : parts.every((part) => part.holds(row, isNegated)),
    };
  }
  const special =
    kind === 4 || kind === 5
      ? lambda(tape, table, prefix, depth, company)
      : kind === 6
        ? overLink(tape, table, prefix, company)
        : undefined;
  return special ?? simple(tape, table, prefix, company, true);
}
