import { DatabaseSync } from "@photostructure/sqlite";
import { data, nameOfRow, now, tables } from "./sample";

type Cell = string | number | null;

/** What the collation makes equal: case, accents and trailing blanks do not count. */
export const folded = (text: string): string =>
  text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").trimEnd();

const stored = (value: unknown): Cell =>
  value === null || value === undefined
    ? null
    : typeof value === "boolean"
      ? Number(value)
      : typeof value === "string"
        ? folded(value)
        : (value as number);

/** The sample in SQLite, with labels and names as columns and texts as the collation sees them. */
export function sampleInSqlite() {
  const database = new DatabaseSync(":memory:");
  for (const { name, columns } of tables) {
    const names = columns.map((one) => one.name);
    database.exec(`CREATE TABLE ${name} (${names.join(", ")})`);
    const insert = database.prepare(
      `INSERT INTO ${name} VALUES (${names.map(() => "?").join(", ")})`,
    );
    for (const row of data[name] ?? []) {
      const cells = columns.map((column): Cell => {
        const value = row[column.base] ?? null;
        if (value === null || column.part === "value") return stored(value);
        if (column.part === "label")
          return stored(column.options?.find((one) => one.value === Number(value))?.label);
        return column.part === "name" ? stored(nameOfRow(String(value))) : null;
      });
      insert.run(...cells);
    }
  }
  return database;
}

/** What SQLite has no words for. */
const untold = /\b(ALL|ANY) \(|APPLY|ROLLUP|CUBE|GROUPING SETS|WITH TIES/;
const dayMs = 86_400_000;

/** The query in SQLite's words, or undefined where it has none. */
export function inSqlite(sql: string): string | undefined {
  const words = sql
    .replace(/(?<![<>])= ANY \(/g, "IN (")
    .replace(/<> ALL \(/g, "NOT IN (")
    .replace(/\bLEN\(/g, "LENGTH(")
    .replace(/MONTH\(([\w.]+)\)/g, "CAST(strftime('%m', $1 / 1000, 'unixepoch') AS INTEGER)")
    .replace(/DATEADD\(day, -40, GETDATE\(\)\)/g, String(now.getTime() - 40 * dayMs))
    .replace(
      /CAST\(([\w.]+) AS DATE\) <> '([\d-]+)'/g,
      (_, column, day) => `(${column} - ${column} % ${dayMs}) <> ${Date.parse(day)}`,
    )
    .replace(/ AS DECIMAL\(12,3\)\)/g, " AS REAL)")
    .replace(/NOT LIKE '\[a-f\]%'/g, "NOT GLOB '[a-f]*'")
    .replace(/'(Active|contoso)'/g, (text) => text.toLowerCase());
  if (untold.test(words)) return undefined;
  // TOP stands at the front, its limit at the end of the same SELECT, which is where its parenthesis closes.
  return limits(words.replace(/ OFFSET (\d+) ROWS$/, " LIMIT -1 OFFSET $1"));
}

function limits(sql: string): string {
  const found = /SELECT TOP (\d+) /.exec(sql);
  if (!found) return sql;
  const start = found.index;
  const rest = sql.slice(start + found[0].length);
  let depth = 0;
  let end = 0;
  for (; end < rest.length; end += 1) {
    if (rest[end] === "(") depth += 1;
    if (rest[end] === ")") depth -= 1;
    if (depth < 0) break;
  }
  return limits(
    `${sql.slice(0, start)}SELECT ${rest.slice(0, end)} LIMIT ${found[1]}${rest.slice(end)}`,
  );
}
