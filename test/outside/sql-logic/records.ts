/**
 * The text form of SQL logic tests: records with an empty line between them, statements that make tables and queries with the
 * rows that they give.
 *
 * @see https://www.sqlite.org/sqllogictest/doc/trunk/about.wiki
 */
export type Sorting = "nosort" | "rowsort" | "valuesort";

export interface Statement {
  readonly kind: "statement";
  readonly line: number;
  readonly sql: string;
  readonly fails: boolean;
}

export interface Query {
  readonly kind: "query";
  readonly line: number;
  readonly sql: string;
  /** A letter for each column: I whole number, R three places behind the point, T (or any other) text. Undefined: an error is right. */
  readonly types: string | undefined;
  readonly sorting: Sorting;
  /** Value by value, row after row. */
  readonly values: readonly string[];
  /** Instead of values: how many there are, and the MD5 of all, each with a line's end behind it. */
  readonly digest: { readonly count: number; readonly md5: string } | undefined;
}

export type LogicRecord = Statement | Query;

/** The names under which a file speaks to us: T-SQL is spoken by these. */
const ourNames = /^(mssql|sqlserver|tsql)$/i;

interface Block {
  readonly line: number;
  readonly lines: readonly string[];
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let line = 1;
  text.split(/\r?\n/).forEach((one, index) => {
    if (one.trim() !== "") {
      if (lines.length === 0) line = index + 1;
      lines.push(one);
      return;
    }
    if (lines.length > 0) blocks.push({ line, lines });
    lines = [];
  });
  if (lines.length > 0) blocks.push({ line, lines });
  return blocks;
}

const words = (line: string): string[] => line.trim().split(line.includes("\t") ? "\t" : /\s+/);

/**
 * Does the file write one row a line, with its columns between tabs or blanks, and not one value a line? It does if one value a
 * line makes no whole rows somewhere, or if every line has as many words as its query has columns.
 */
function isByRow(queries: readonly Told[]): boolean {
  const wide = queries.filter(({ types = "", told }) => types.length > 1 && told.length > 0);
  return (
    wide.some(({ types = "", told }) => told.length % types.length !== 0) ||
    wide.every(({ types = "", told }) => told.every((line) => words(line).length === types.length))
  );
}

interface Told extends Omit<Query, "values"> {
  readonly told: readonly string[];
}

function valuesOf({ told, line, types = "" }: Told, byRow: boolean): string[] {
  if (!byRow || types.length <= 1) return told.map((one) => one.trim());
  const rows = told.map(words);
  const odd = rows.find((row) => row.length !== types.length);
  if (odd) throw new Error(`Line ${line}: ${odd.join(" ")} is no row of ${types.length} columns.`);
  return rows.flat().map((one) => one.trim());
}

function queryOf(head: string, rest: readonly string[], line: number): Told {
  const [, types = "", ...options] = head.trim().split(/\s+/);
  const at = rest.findIndex((one) => one.trim() === "----");
  const sql = rest.slice(0, at === -1 ? undefined : at).join("\n");
  const told = at === -1 ? [] : rest.slice(at + 1);
  const sorting = options.find((one): one is Sorting => /^(rowsort|valuesort)$/.test(one));
  const common = { kind: "query", line, sql, sorting: sorting ?? "nosort" } as const;
  if (types === "error") return { ...common, types: undefined, told: [], digest: undefined };
  const hashed = /^(\d+) values hashing to ([0-9a-f]{32})$/.exec(told[0]?.trim() ?? "");
  if (hashed)
    return { ...common, types, told: [], digest: { count: Number(hashed[1]), md5: hashed[2]! } };
  return { ...common, types, told, digest: undefined };
}

/** The records that are meant for T-SQL, in their order, up to `halt`. */
export function recordsOf(text: string): LogicRecord[] {
  const records: (Statement | Told)[] = [];
  for (const { line, lines } of blocksOf(text)) {
    const told = lines.filter((one) => !one.startsWith("#"));
    const start = told.findIndex((one) => !/^(onlyif|skipif)\s/.test(one));
    if (start === -1) continue;
    const isOurs = told.slice(0, start).every((one) => {
      const [word, name = ""] = one.split(/\s+/);
      return (word === "onlyif") === ourNames.test(name);
    });
    if (!isOurs) continue;
    const [head = "", ...rest] = told.slice(start);
    const [word, second] = head.trim().split(/\s+/);
    if (word === "halt") break;
    if (word === "statement")
      records.push({ kind: "statement", line, sql: rest.join("\n"), fails: second === "error" });
    if (word === "query") records.push(queryOf(head, rest, line));
  }
  const byRow = isByRow(records.filter((one) => one.kind === "query"));
  return records.map((one) =>
    one.kind === "query" ? { ...one, values: valuesOf(one, byRow) } : one,
  );
}
