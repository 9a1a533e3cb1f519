import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ruleNames, SqlError } from "../../../shared/sql";
import { ask } from "./support/ask";
import { memorySource } from "./support/memory-source";
import { query } from "./support/random-queries";

const none: ReadonlySet<string> = new Set();
/** Room enough, also in time: on a busy machine a query that takes long would be refused, and another way to run it not. */
const roomy = { rowsReturned: 100_000, characters: 50_000_000, milliseconds: 3_600_000 };

/** Any member of a group may stand for it, so texts count without case, accents and trailing blanks. */
const comparable = (rows: readonly object[]): string[] =>
  rows
    .map((row) =>
      JSON.stringify(
        Object.values(row).map((value) =>
          typeof value === "string"
            ? value.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").trimEnd()
            : value,
        ),
      ),
    )
    .sort();

/** Rows, or the code of the refusal. */
async function outcome(
  sql: string,
  rules: ReadonlySet<string>,
  pageRows: number,
  aggregateRows?: number,
) {
  const source = memorySource({ pageRows, ...(aggregateRows && { aggregateRows }) });
  try {
    const { rows } = await ask(sql, { rules, limits: roomy, source });
    return comparable(rows);
  } catch (error) {
    if (error instanceof SqlError) return error.code;
    throw new Error(`${sql}\n${error instanceof Error ? error.stack : error}`);
  }
}

/** More of them: SQL_RUNS=2000 SQL_SEED=7 npx jest test/unit/sql/whole-language */
const runs = Number(process.env.SQL_RUNS ?? 50);

describe("a query of the whole language gives the same rows", () => {
  test(
    "with all rules as with none, and with any subset of them",
    async () => {
      const counts = { rows: 0, empty: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(query, fc.subarray([...ruleNames]), async (sql, some) => {
          const plain = await outcome(sql, none, 5000);
          const all = new Set(ruleNames);
          for (const rows of [
            await outcome(sql, all, 7),
            await outcome(sql, new Set(some), 7),
            // A service that aggregates so few rows is asked for parts.
            await outcome(sql, all, 5000, 9),
          ])
            expect({ sql, rows }).toEqual({ sql, rows: plain });
          counts[typeof plain === "string" ? "refused" : plain.length > 0 ? "rows" : "empty"] += 1;
        }),
        { numRuns: runs, seed: Number(process.env.SQL_SEED ?? 14) },
      );
      // The queries say something: most have rows, few are refused.
      expect(counts.rows).toBeGreaterThan((counts.empty + counts.refused) * 0.8);
      expect(counts.refused).toBeLessThan(counts.rows / 10);
    },
    Math.max(600_000, runs * 1_000),
  );
});
