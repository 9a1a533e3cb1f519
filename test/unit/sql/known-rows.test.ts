import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { SqlError } from "../../../shared/sql";
import { ask } from "./support/ask";

const folder = join(__dirname, "../../cases/sql/known-rows");

interface Known {
  readonly source: string;
  readonly sql: string;
  /** Rows as JSON, or `!` and the number of SQL Server's error. */
  readonly result: string;
}

/** Lines `query => rows`, or `query => !error`; `# …` names where the rules stand that the answers below follow. */
function read(file: string): readonly Known[] {
  let source = "";
  return readFileSync(join(folder, file), "utf8")
    .split(/\r?\n/)
    .flatMap((line) => {
      if (line.startsWith("#")) source = line.slice(1).trim();
      const [, sql, result] = /^(.+) => (.+)$/.exec(line) ?? [];
      return line.startsWith("#") || !sql || !result ? [] : [{ source, sql, result }];
    });
}

const files = readdirSync(folder).sort();
const all = files.flatMap(read);

/** Errors that have a name here and no number, which the words say. */
const codes: Readonly<Record<string, string>> = {
  "147": "group_by",
  "207": "group_by",
  "8120": "group_by",
  "130": "group_by",
  "209": "ambiguous_column",
  "1011": "ambiguous_column",
  "108": "syntax",
  "145": "syntax",
  "4193": "syntax",
  "4194": "syntax",
  "10709": "unsupported",
  "10756": "syntax",
  "10759": "syntax",
};

async function answer(sql: string): Promise<string> {
  try {
    const { columns, rows } = await ask(sql);
    // By the columns: an object gives those first that are called by numbers.
    const values = rows.map((row) => JSON.stringify(columns.map((name) => row[name])));
    // Without ORDER BY rows have no order.
    return `[${(isOrdered(sql) ? values : values.sort()).join(",")}]`;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return `!${/error (\d+)\)/.exec(error.message)?.[1] ?? error.code}`;
  }
}

const isOrdered = (sql: string): boolean => / ORDER BY [^()]*(\([^()]*\)[^()]*)*$/.test(sql);

const wanted = ({ sql, result }: Known): string => {
  if (result.startsWith("!")) return `!${codes[result.slice(1)] ?? result.slice(1)}`;
  const rows = (JSON.parse(result) as unknown[]).map((row) => JSON.stringify(row));
  return `[${(isOrdered(sql) ? rows : rows.sort()).join(",")}]`;
};

test("there are at least three hundred, each below its source", () => {
  expect(all.length).toBeGreaterThanOrEqual(300);
  expect(all.filter(({ source }) => !source.startsWith("https://learn.microsoft.com/"))).toEqual(
    [],
  );
  const lines = files.flatMap((file) =>
    readFileSync(join(folder, file), "utf8")
      .split(/\r?\n/)
      .filter((line) => line !== "" && !line.startsWith("#")),
  );
  expect(lines).toHaveLength(all.length);
});

describe("queries give the rows that SQL Server's rules ask for", () => {
  test.each(files)("%s", async (file) => {
    const wrong: string[] = [];
    for (const known of read(file)) {
      const given = await answer(known.sql);
      const right = wanted(known);
      if (given !== right)
        wrong.push(`${known.sql}\n  gives ${given}, not ${right} (${known.source})`);
    }
    expect(wrong).toEqual([]);
  });
});
