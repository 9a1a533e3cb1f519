import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { SqlError } from "../../../shared/sql/errors";
import { parse } from "../../../shared/sql/parser/parse";
import { factsFile } from "./folder";

function codeOf(sql: string): string | undefined {
  try {
    parse(sql);
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error.code;
    throw error;
  }
}

describe("the outside corpus of T-SQL", () => {
  const corpus = JSON.parse(readFileSync(factsFile("tsql-parser-corpus.json"), "utf8")) as Record<
    "accept" | "reject" | "invalid",
    { sql: string }[]
  >;
  const codesOf = (entries: { sql: string }[]) =>
    entries.map(({ sql }) => [sql, codeOf(sql)] as const);

  test("what must be read is read, or refused by the name of the feature", () => {
    expect(corpus.accept.length).toBeGreaterThan(100);
    const misread = codesOf(corpus.accept).filter(
      ([sql, code]) => code !== undefined && code !== "unsupported" && !sql.startsWith("DECLARE"),
    );
    expect(misread).toEqual([]);
  });

  test("what must be refused is refused as such", () => {
    expect(corpus.reject.length).toBeGreaterThan(20);
    expect(
      codesOf(corpus.reject).filter(([, code]) => code !== "not_select" && code !== "unsupported"),
    ).toEqual([]);
    expect(codesOf(corpus.invalid).filter(([, code]) => code !== "syntax")).toEqual([]);
  });
});
