import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { longestAnswer, sizeStructured, sizeText } from "../../../shared/mcp/answer-size";
import { type ColumnPage, columnPage } from "../../../shared/service/schema/column-page";
import { describeColumn } from "../../../shared/service/schema/described-column";
import { tableText } from "../../../shared/service/schema/table-text";
import { fenceAnswer } from "../../../shared/text/records/fence-answer";
import { recordLine, recordText } from "../../../shared/text/records/record-text";
import { column, tableOf } from "../service/tables";

/** What every tool promises is kept by the one place that all answers go through. */

const shown = (marked: string) => fenceAnswer(marked, () => "7f3a91c2");

describe("a text", () => {
  test("of whatever parts is within the limit, with every fence closed and no half character", () => {
    const part = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ maxLength: 300 }).map((text) => recordText(`${text}\u{1F600}`.repeat(9))),
      fc.string({ maxLength: 60 }).map(recordLine),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 60 }),
        fc.integer({ min: 1_000, max: 5_000 }),
        (parts, limit) => {
          const whole = parts.join("\n").toWellFormed();
          const { marked, isCut } = sizeText(whole, "(Cut.)", limit);
          const { text, note = "" } = shown(marked);
          expect(text.length + note.length).toBeLessThanOrEqual(limit);
          expect(text.isWellFormed()).toBe(true);
          expect(text.split("[[data 7f3a91c2:").length).toBe(text.split(":7f3a91c2]]").length);
          if (isCut) expect(text).toMatch(/\(Cut\.\)$/);
          else expect(marked).toBe(whole);
        },
      ),
      { numRuns: 100, seed: 3 },
    );
  });
});

describe("a structured answer", () => {
  test("is within the limit: texts are cut first, then lists; numbers, ids and names stay", () => {
    const item = {
      id: "0a000000-0000-4000-8000-00000000000f",
      n: 1,
      body: "é\u{1F600}".repeat(900),
    };
    const few = sizeStructured({ items: Array(30).fill(item), nextCursor: "c5" });
    expect(JSON.stringify(few).length).toBeLessThanOrEqual(longestAnswer);
    expect(few?.items).toHaveLength(30);
    expect(few?.items[0]).toMatchObject({ id: item.id, n: 1 });
    expect(few?.nextCursor).toBe("c5");
    const many = sizeStructured({ items: Array(3_000).fill(item) });
    expect(JSON.stringify(many).length).toBeLessThanOrEqual(longestAnswer);
    expect(many?.items.length).toBeGreaterThan(50);
    expect(sizeStructured({ a: 1 })).toEqual({ a: 1 });
  });

  test("of whatever values is itself where its JSON fits, and within the limit where it does not", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.string({ maxLength: 40 }).map((part) => `"\\\n${part}\u{1F600}`.repeat(30)),
    );
    const { value: made } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.constantFrom(null, true, undefined, 0),
        fc.double(),
        fc.array(tie("value"), { maxLength: 12 }),
        fc.dictionary(text, tie("value"), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(fc.record({ made }), fc.integer({ min: 2, max: 3_000 }), (value, limit) => {
        const length = JSON.stringify(value).length;
        expect(sizeStructured(value, length)).toBe(value);
        const sized = sizeStructured(value, limit);
        if (length <= limit) expect(sized).toBe(value);
        else if (sized !== undefined)
          expect(JSON.stringify(sized).length).toBeLessThanOrEqual(limit);
        if (length > 0) expect(sizeStructured(value, length - 1)).not.toBe(value);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  test("of many megabytes costs about what writing it down once does: all else waits meanwhile", () => {
    const cell = { title: "A case with some words in it", n: 17, list: ["a", "b"] };
    const value = {
      columns: Array(4_096).fill({ name: "title", type: "nvarchar(200)" }),
      rows: Array(100_000).fill(cell),
    };
    const cpuOf = (work: () => unknown) => {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const ratios = [1, 2, 3].map(() => {
      const writing = cpuOf(() => JSON.stringify(value));
      return cpuOf(() => sizeStructured(value)) / writing;
    });
    // Written down anew for each length that is tried, it was 34.
    expect(Math.min(...ratios)).toBeLessThan(6);
  });

  test("that is made of names alone cannot be cut", () => {
    const wide = Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`name_${n}`, n]));
    expect(sizeStructured(wide)).toBeUndefined();
  });
});

describe("describe_table", () => {
  const columns = [
    ...Array.from({ length: 1_500 }, (_, n) =>
      column(`new_${String(n).padStart(4, "0")}_${"x".repeat(n % 60)}`, "String", {
        maxLength: 100,
        displayName: `Column ${n} ${"é".repeat(n % 90)}`,
        required: n % 200 === 7 ? "application" : "none",
      }),
    ),
    column("new_city", "Picklist", {
      displayName: "City",
      options: Array.from({ length: 5_000 }, (_, value) => ({ value, label: `City ${value}` })),
    }),
  ];
  const wide = { ...tableOf("new_wide", columns), description: "d".repeat(50_000) };
  const described = (page: ColumnPage) => {
    const { text, details } = tableText(wide, page);
    return shown(`${text}\n${details}`).text;
  };

  test("of 1,501 columns has pages: each column once, the required ones first, each within the limit", () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = columnPage(wide, "", cursor);
      const text = described(page);
      const json = JSON.stringify(page.columns.map((each) => describeColumn(each)));
      expect(Math.max(text.length, json.length)).toBeLessThanOrEqual(longestAnswer - 2_000);
      expect(text).toMatch(/^DESCRIBE TABLE new_wide \(\n/);
      expect(text).toContain(`${page.columns.length} of 1501 columns`);
      if (pages === 0)
        expect(page.columns.filter(({ required }) => required === "application")).toHaveLength(8);
      seen.push(...page.columns.map((each) => each.logicalName));
      cursor = page.nextCursor;
      if (cursor !== undefined) expect(text).toContain(`cursor "${cursor}"`);
      pages += 1;
    } while (cursor !== undefined);
    expect([...seen].sort()).toEqual(columns.map((each) => each.logicalName).sort());
    expect(pages).toBeGreaterThan(2);
  });

  test("finds columns by words, and one by its name shows more of its options", () => {
    expect(columnPage(wide, "column 12", undefined).total).toBeGreaterThan(1);
    const few = described(columnPage(wide, "city", undefined));
    expect(few).toMatch(/CHOICE \(Options: City 0 \(0\), .* and \d,?\d+ more\)/);
    expect(few.length).toBeGreaterThan(20_000);
    expect(few.length).toBeLessThanOrEqual(longestAnswer);
    expect(() => columnPage(wide, "no such words", undefined)).toThrow(/No column/);
    expect(() => columnPage(wide, "", "x1")).toThrow(/cursor/);
  });
});
