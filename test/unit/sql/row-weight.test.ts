import { describe, expect, test } from "@jest/globals";
import { cpuMs, pace } from "../../../packages/dataverse-emulator/test/support/pace";
import { createProcessAccount } from "../../../shared/sql";
import { Account } from "../../../shared/sql/account/account";
import { defaultLimits } from "../../../shared/sql/account/limits";
import type { Batches, Execution } from "../../../shared/sql/exec/execution";
import { filterRows, projectRows } from "../../../shared/sql/exec/stream";
import { constantEnvironment } from "../../../shared/sql/expression/environment";
import {
  columnExpr,
  constant,
  type Expr,
  type PlanColumn,
  type Scalar,
} from "../../../shared/sql/expression/expression";
import { weightOf } from "../../../shared/sql/expression/weight";
import type { Plan } from "../../../shared/sql/plan/nodes";
import { int } from "../../../shared/sql/types/sql-type";
import { ask } from "./support/ask";

/** Rows on which much is computed are looked after more often than cheap ones, however cheap the rows before them were. */

const column: PlanColumn = { id: 1, name: "n", type: int };
const input: Plan = { kind: "rows", columns: [column], rows: [] };
const number = (value: number): Scalar => constant(value, int);
const equals = (value: number): Expr => ({
  kind: "compare",
  type: "predicate",
  operator: "=",
  left: columnExpr(column),
  right: number(value),
});
const terms = 800;
const rows = 3000;

/** A value that counts how often it is asked for: once for each row. */
function counting(): { readonly expr: Scalar; readonly count: () => number } {
  let asked = 0;
  const run = () => {
    asked += 1;
    return 1;
  };
  const bound = { type: int, nullable: false, takes: [], run };
  return {
    expr: { kind: "call", type: int, name: "ASKED", args: [], bound, isVolatile: true },
    count: () => asked,
  };
}

/** How many rows are worked on between two looks at the clock, at most; the clock stands still, as for rows that take no time. */
async function mostRowsUnseen(
  run: (counted: Scalar, batches: Batches, execution: Execution) => Batches,
): Promise<number> {
  const { expr, count } = counting();
  let last = 0;
  let most = 0;
  const account = new Account({
    limits: defaultLimits,
    process: createProcessAccount(),
    signal: new AbortController().signal,
    clock: () => {
      most = Math.max(most, count() - last);
      last = count();
      return 0;
    },
  });
  async function* batches(): Batches {
    yield Array.from({ length: rows }, (_, n) => [n + terms]);
  }
  const execution = { account, environment: constantEnvironment() } as unknown as Execution;
  for await (const _ of run(expr, batches(), execution));
  expect(count()).toBe(rows);
  return most;
}

const anyOf = (...operands: readonly Expr[]): Expr => ({
  kind: "logic",
  type: "predicate",
  operator: "or",
  operands,
});

describe("between two looks at the clock lie few rows where each is dear, and many where it is cheap", () => {
  const dear = Array.from({ length: terms }, (_, n) => equals(n));

  test("of a filter", async () => {
    const filter = (parts: readonly Expr[]) =>
      mostRowsUnseen((counted, batches, execution) => {
        const first: Expr = { ...equals(0), left: counted } as Expr;
        const predicate = anyOf(first, ...parts);
        return filterRows({ kind: "filter", input, predicate }, batches, execution);
      });
    expect(await filter(dear)).toBeLessThan(16);
    expect(await filter([equals(1)])).toBeGreaterThan(500);
  });

  test("of a SELECT list", async () => {
    const project = (items: number) =>
      mostRowsUnseen((counted, batches, execution) => {
        const made = Array.from({ length: items }, (_, n) => ({
          column: { id: n + 2, name: `c${n}`, type: int },
          expr: n === 0 ? counted : columnExpr(column),
        }));
        return projectRows({ kind: "project", input, items: made }, batches, execution);
      });
    expect(await project(terms)).toBeLessThan(32);
    expect(await project(1)).toBeGreaterThan(500);
  });

  test("a list of constants is one look into a set", () => {
    const list = Array.from({ length: 5000 }, (_, n) => number(n));
    const membership: Expr = {
      kind: "in",
      type: "predicate",
      operand: columnExpr(column),
      list,
      negated: true,
    };
    expect(weightOf([membership])).toBe(1);
    expect(weightOf(dear)).toBeGreaterThan(100);
  });
});

test("thousands of alternatives for one value are looked up in a set", async () => {
  const alternatives = Array.from({ length: 1500 }, (_, n) => `LEN(title) = ${n + 100}`);
  const sql = `SELECT COUNT(*) AS n FROM incident WHERE ${alternatives.join(" OR ")} OR LEN(title) = 8`;
  const before = cpuMs();
  expect((await ask(sql)).rows).toEqual(
    (await ask("SELECT COUNT(*) AS n FROM incident WHERE LEN(title) = 8")).rows,
  );
  expect(cpuMs() - before).toBeLessThan(5_000 * pace());
});
