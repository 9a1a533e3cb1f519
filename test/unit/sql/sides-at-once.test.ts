import { describe, expect, test } from "@jest/globals";
import type { SourceRequest } from "../../../shared/sql";
import { ask } from "./support/ask";
import { memorySource } from "./support/memory-source";

/** A source that answers nothing before so many requests stand before it. */
function reluctant(requests: number) {
  const inner = memorySource();
  let asked = 0;
  let open: () => void;
  const isFull = new Promise<void>((done) => {
    open = done;
  });
  return {
    ...inner,
    get asked() {
      return asked;
    },
    async *scan(request: SourceRequest) {
      asked += 1;
      if (asked >= requests) open();
      await isFull;
      yield* inner.scan(request);
    },
  };
}

describe("the sides of a set operation", () => {
  test.each([
    "SELECT title AS t FROM incident UNION ALL SELECT name FROM account ORDER BY t",
    "SELECT COUNT(*) AS n FROM (SELECT title FROM incident UNION SELECT name FROM account) x",
    "SELECT ownerid FROM incident INTERSECT SELECT ownerid FROM account",
    "SELECT customerid FROM incident EXCEPT SELECT accountid FROM account",
  ])("are read at once: %s", async (sql) => {
    const source = reluctant(2);
    const { rows } = await ask(sql, { source });
    expect(rows).toEqual((await ask(sql)).rows);
    expect(source.asked).toBe(2);
  });

  test("are read one after another where the first may have all that is wanted", async () => {
    const source = reluctant(1);
    const { rows } = await ask(
      "SELECT TOP 2 x.title FROM (SELECT title FROM incident UNION ALL SELECT name FROM account) x",
      { source },
    );
    expect(rows).toHaveLength(2);
    expect(source.asked).toBe(1);
  });

  test("are let go of when one of them fails", async () => {
    const inner = memorySource();
    let left = 0;
    const source = {
      ...inner,
      async *scan(request: SourceRequest) {
        if (request.table === "incident") throw new Error("gone");
        try {
          yield* inner.scan(request);
        } finally {
          left += 1;
        }
      },
    };
    const sql =
      "SELECT title AS t FROM incident UNION ALL SELECT name FROM account UNION ALL SELECT fullname FROM systemuser ORDER BY t";
    await expect(ask(sql, { source })).rejects.toThrow("gone");
    expect(left).toBe(2);
  });
});
