import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
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

describe.each(files)("%s", (file) => {
  test.each(read(file).map((known) => [known.expression, known] as const))("%s", (_, known) => {
    const given = answer(known.expression);
    expect({ is: given.shown, source: known.source }).toEqual({
      is: known.result,
      source: known.source,
    });
    if (known.type !== undefined) expect(given.type).toBe(known.type);
  });
});
