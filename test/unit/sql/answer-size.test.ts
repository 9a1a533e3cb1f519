import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type QueryResult, runQuery } from "../../../shared/sql";
import type { Catalog, CatalogColumn, Source, SourceCell } from "../../../shared/sql/catalog";
import { fitRows, type JsonRow } from "../../../shared/sql/shape";
import { escapeHidden } from "../../../shared/text/records/hidden-characters";

/** However wide and long rows are, an answer keeps its size, tells what is missing, and its cursor leaves no gap. */

const jsonOf = (rows: readonly JsonRow[]) => escapeHidden(JSON.stringify(rows));
const isTorn = (row: JsonRow) =>
  Object.entries(row).some(([name, value]) => !`${name}${value}`.isWellFormed());

/** Letters of one and two units, quotes and line breaks that JSON escapes, and characters that are escaped for being hidden. */
const text = fc
  .tuple(
    fc.array(fc.constantFrom("a", "ä", "\u{1F600}", '"', "\n", "\\", "\u202e", "日"), {
      minLength: 1,
      maxLength: 8,
    }),
    fc.integer({ min: 0, max: 300 }),
  )
  .map(([letters, times]) => letters.join("").repeat(times));
const value = fc.oneof(
  { weight: 3, arbitrary: text },
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
);
const table = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }))
  .chain(([columns, rows]) =>
    fc.array(fc.array(value, { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );
const limit = fc.integer({ min: 400, max: 6_000 });

describe("rows in so many characters", () => {
  test("any rows: never more, never half a character, whole rows but for a first one alone", () => {
    fc.assert(
      fc.property(table, limit, (values, characters) => {
        const rows = values.map((row) =>
          Object.fromEntries(row.map((each, index) => [`column_${index}`, each])),
        );
        const { rows: shown, notes } = fitRows(rows, characters);
        expect(jsonOf(shown).length).toBeLessThanOrEqual(characters);
        expect(shown.some(isTorn)).toBe(false);
        expect(shown.length).toBeGreaterThanOrEqual(Math.min(1, rows.length));
        if (notes.length === 0) expect(shown).toEqual(rows.slice(0, shown.length));
        else expect(shown).toHaveLength(1);
      }),
      { numRuns: 150, seed: 5 },
    );
  });

  test("sixty long columns: each is cut to one length, and the note tells how long they were", () => {
    const row = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`new_text${index}`, "é".repeat(1_450 + index)]),
    );
    const { rows, notes } = fitRows([row, row], 40_000);
    expect(jsonOf(rows).length).toBeLessThanOrEqual(40_000);
    // As long as fits, not a fixed length.
    expect(jsonOf(rows).length).toBeGreaterThan(38_000);
    expect(notes).toEqual([
      expect.stringMatching(
        /^Long texts were cut: new_text0 \(1450 characters, \d+ shown\).* and 50 more\. SUBSTRING/,
      ),
    ]);
  });

  test("short values stay whole beside a long one", () => {
    const row = { id: "1", subject: "Hello", body: "x".repeat(100_000), n: 5 };
    const { rows } = fitRows([row], 1_000);
    expect(rows[0]).toMatchObject({ id: "1", subject: "Hello", n: 5 });
    expect(String(rows[0]?.body)).toMatch(/^x{900,}…$/);
  });

  test("1,500 columns: the empty ones are left out first, and named", () => {
    const row = Object.fromEntries(
      Array.from({ length: 1_500 }, (_, index) => [
        `new_a_rather_long_column_name_${index}`,
        index % 3 === 0 ? `value ${index}` : null,
      ]),
    );
    const { rows, notes } = fitRows([row], 40_000);
    expect(jsonOf(rows).length).toBeLessThanOrEqual(40_000);
    expect(Object.values(rows[0] ?? {}).filter((each) => each !== null)).toHaveLength(500);
    expect(notes).toEqual([expect.stringMatching(/^Columns were left out.*and \d+ more/)]);
  });

  test("a name that alone is too long takes its column away", () => {
    const { rows, notes } = fitRows([{ ["n".repeat(5_000)]: 1, b: 2 }], 1_000);
    expect(rows).toEqual([{ b: 2 }]);
    expect(notes[0]).toMatch(/n{60}…/);
    expect(notes[0]?.length).toBeLessThan(300);
  });
});

const columns = ["id", "a", "b", "c"] as const;
const column = (name: string): CatalogColumn => ({
  name,
  displayName: name,
  type: "memo",
  part: "value",
  base: name,
  onServer: true,
  isPrimaryId: name === "id",
});
const catalog: Catalog = {
  tables: async () => [{ name: "note", displayName: "Note", otherNames: [] }],
  table: async () => ({
    name: "note",
    displayName: "Note",
    otherNames: [],
    primaryId: "id",
    columns: columns.map(column),
  }),
};

function sourceOf(rows: readonly Record<string, string | null>[]): Source & { read: number } {
  const source = {
    read: 0,
    async *scan({ cells, pageSize }: { cells: readonly SourceCell[]; pageSize: number }) {
      for (let at = 0; at < rows.length; at += pageSize) {
        const page = rows.slice(at, at + pageSize);
        source.read += page.length;
        yield {
          rows: page.map((row) => cells.map((cell) => row[cell.name] ?? null)),
          more: at + pageSize < rows.length,
        };
      }
    },
    currentUserId: async () => "",
    isAggregateLimit: () => false,
  };
  return source;
}

const sql = "SELECT id, a, b, c FROM note";
const ask = (source: Source, characters: number, cursor?: string): Promise<QueryResult> =>
  runQuery({
    sql,
    catalog,
    source,
    signal: new AbortController().signal,
    now: new Date(0),
    ...(cursor === undefined ? {} : { cursor }),
    limits: { characters },
  });

describe("the cursor of an answer that was cut by its size", () => {
  test("goes on with the next row: none is missing, none comes twice, whatever their widths", async () => {
    const cell = fc.oneof(text, fc.constant(null));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 25 }),
        limit,
        async (cells, characters) => {
          const rows = cells.map(([a, b, c], index) => ({ id: `row ${index}`, a, b, c }));
          const source = sourceOf(rows);
          const got: JsonRow[] = [];
          let cursor: string | undefined;
          do {
            const answer = await ask(source, characters, cursor);
            expect(jsonOf(answer.rows).length).toBeLessThanOrEqual(characters);
            expect(answer.truncated).toBe(answer.nextCursor !== undefined);
            expect(answer.rows.length).toBeGreaterThan(0);
            const isWhole = !answer.notes.some((note) => note.startsWith("Long texts were cut"));
            if (isWhole)
              expect(answer.rows).toEqual(rows.slice(got.length).slice(0, answer.rows.length));
            got.push(...answer.rows);
            cursor = answer.nextCursor;
          } while (cursor !== undefined);
          expect(got.map((row) => row.id)).toEqual(rows.map((row) => row.id));
        },
      ),
      { numRuns: 25, seed: 9 },
    );
  });

  test("says how long a text is that was read in part", async () => {
    const answer = await ask(sourceOf([{ id: "1", a: "x".repeat(300_000) }]), 2_000);
    expect(answer.notes.join()).toContain("a (300000 characters, ");
    expect(answer.truncated).toBe(false);
  });
});
