import { describe, expect, test } from "@jest/globals";
import { AppError } from "../../../../shared/errors";
import { byUse, matching, pageOf } from "../../../../shared/service/schema/table-list";
import { tableOf } from "../tables";

const many = Array.from({ length: 2000 }, (_, index) => ({
  ...tableOf(`new_table${String(index).padStart(4, "0")}`, []),
  displayName: `Table ${index} ${"with a long name ".repeat(index % 7)}`,
  isCustom: index % 2 === 0,
}));
const all = byUse([...many, tableOf("contact", []), tableOf("incident", [])]);

describe("the list of tables", () => {
  test("begins with the tables of customer service", () => {
    expect(all.slice(0, 3).map((table) => table.logicalName)).toEqual([
      "incident",
      "contact",
      "new_table0000",
    ]);
  });

  test("fits into 40 kB on every page and loses no table on the way", () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = pageOf(all, 500, cursor);
      const json = page.tables.map((t) => ({ a: t.logicalName, b: t.displayName, c: t.setName }));
      expect(Buffer.byteLength(JSON.stringify(json)) * 2).toBeLessThan(40_000);
      seen.push(...page.tables.map((table) => table.logicalName));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(all.map((table) => table.logicalName));
  });

  test("finds tables by several words in any of their names", () => {
    expect(matching(all, "TABLE 1999").map((table) => table.logicalName)).toEqual([
      "new_table1999",
    ]);
    expect(matching(all, "nothing like it")).toEqual([]);
  });

  test.each(["x", "t-1", "t99999", "t1; DROP", "1"])("refuses the cursor %s", (cursor) => {
    expect(() => pageOf(all, 10, cursor)).toThrow(AppError);
  });
});
