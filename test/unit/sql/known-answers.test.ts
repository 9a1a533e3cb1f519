import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { functionList } from "../../../docs/generate/sql-functions";
import { SqlError } from "../../../shared/sql/errors";
import { ask } from "./support/ask";
import { answer } from "./support/scalar";

const folder = join(__dirname, "../../cases/sql/known-answers");

interface Known {
  readonly source: string;
  readonly expression: string;
  readonly result: string;
  readonly type: string | undefined;
}

/** Lines `expression => result : type`; `# …` names where the answers below it stand. */
function read(file: string): readonly Known[] {
  let source = "";
  return readFileSync(join(folder, file), "utf8")
    .split(/\r?\n/)
    .flatMap((line) => {
      if (line.startsWith("#")) source = line.slice(1).trim();
      const [, expression, result, type] = /^(.+?) => (.+?)(?: :: (\S+))?$/.exec(line) ?? [];
      return line.startsWith("#") || !expression || !result
        ? []
        : [{ source, expression, result, type }];
    });
}

const files = readdirSync(folder).sort();
const all = files.flatMap(read);

test("there are at least five hundred, each below its source", () => {
  expect(all.length).toBeGreaterThanOrEqual(500);
  expect(all.filter(({ source }) => source === "")).toEqual([]);
  const lines = files.flatMap((file) =>
    readFileSync(join(folder, file), "utf8")
      .split(/\r?\n/)
      .filter((line) => line !== "" && !line.startsWith("#")),
  );
  expect(lines).toHaveLength(all.length);
});

test("every function of rows has one", () => {
  const rows = functionList.filter(({ title }) => !/^(Aggregates|Windows|Rows)/.test(title));
  const names = rows.flatMap(({ functions }) => functions.map(({ name }) => name));
  // Worked out over groups, or over who asks; the second draws anew each time.
  const elsewhere = ["GROUPING", "GROUPING_ID", "CURRENT_USER", "NEWID", "RAND"];
  const asked = all.map(({ expression }) => expression.toUpperCase()).join("\n");
  const unasked = names.filter((name) => !new RegExp(`(^|\\W)${name}(?!\\w)`, "m").test(asked));
  expect(unasked.filter((name) => !elsewhere.includes(name))).toEqual([]);
  expect(functionList.flatMap(({ functions }) => functions).length).toBeGreaterThanOrEqual(150);
});

describe.each(files)("%s", (file) => {
  test.each(read(file).map((known) => [known.expression, known] as const))("%s", (_, known) => {
    const given = answer(known.expression);
    expect({ is: given.shown, source: known.source }).toEqual({
      is: known.result,
      source: known.source,
    });
    if (known.type !== undefined) expect(given.type).toBe(known.type);
  });

  test("every answer is the engine's own", async () => {
    const wrong: string[] = [];
    for (const { expression, result } of read(file)) {
      const given = await throughEngine(expression);
      const wanted = result.startsWith("!") ? "!" : asJson(result, answer(expression).type);
      if (given !== wanted.replace(/Z"$/, '"'))
        wrong.push(`${expression} is ${given}, not ${wanted}`);
    }
    expect(wrong).toEqual([]);
  });
});

/** The engine's clock has milliseconds. */
const clock = new Date("2026-11-30T14:05:06.123Z");

/** What `SELECT expression` gives: JSON without the Z of UTC, or `!` for an error. */
async function throughEngine(expression: string): Promise<string> {
  try {
    const { rows } = await ask(`SELECT ${expression} AS answer`, { now: clock });
    return JSON.stringify(rows[0]?.answer).replace(/Z"$/, '"');
  } catch (error) {
    if (error instanceof SqlError) return "!";
    throw error;
  }
}

/** Exact numbers as JSON has them: a number up to fifteen digits, else text; a float is a number. */
function asJson(result: string, type: string | undefined): string {
  if (!/^-?\d+(\.\d+)?$/.test(result)) return result.replace("06.1234567", "06.123");
  const digits = result.replace(/\D/g, "").replace(/^0+/, "");
  const isShort =
    type === "float" ||
    type === "real" ||
    digits.length <= 15 ||
    Number.isSafeInteger(Number(result));
  return isShort ? String(Number(result)) : JSON.stringify(result);
}
