import { describe, expect, test } from "@jest/globals";
import { PageSize } from "../../../shared/sql/account/page-size";

/** Pages are small enough to be parsed between two looks at the sockets, and large enough for a call's 200 requests. */

const requestsOfCall = 200;
const rowsOfQuery = 50_000;
const columns = (count: number, length = 100) => Array.from({ length: count }, () => length);
const rowsOf = (count: number, text: string) => Array.from({ length: count }, () => [text, 1]);

/** Pages for so many rows, when each row holds `text`. */
function pagesFor(size: PageSize, rows: number, text: string): number {
  let pages = 0;
  for (let read = 0; read < rows; pages += 1) {
    const page = Math.min(size.rows, rows - read);
    size.learn(rowsOf(page, text));
    read += page;
  }
  return pages;
}

describe("the size of a page", () => {
  test.each([
    [1, 5_000],
    [12, 5_000],
    [100, 600],
    [200, 400],
    [1_500, 400],
  ])("of %d short columns is %d rows", (count, rows) => {
    expect(new PageSize(columns(count), 5_000).rows).toBe(rows);
  });

  test.each([2, 60, 190, 1_500])(
    "leaves a call of 50,000 rows of %d columns within its requests",
    (count) => {
      const size = new PageSize(columns(count), 5_000);
      expect(pagesFor(size, rowsOfQuery, "x".repeat(40))).toBeLessThanOrEqual(requestsOfCall - 50);
    },
  );

  test("that begins small, because few rows are wanted, grows when these are not found", () => {
    const size = new PageSize(columns(3), 5_000, 500);
    expect(size.rows).toBe(500);
    expect(pagesFor(size, rowsOfQuery, "short")).toBeLessThanOrEqual(12);
    const empty = new PageSize(columns(3), 5_000, 500);
    empty.learn([]);
    expect(empty.rows).toBe(500);
  });

  test("shrinks where texts are longer than their columns made believe, and grows again behind them", () => {
    const size = new PageSize(columns(60, 4_000), 5_000);
    expect(size.isHeavy).toBe(false);
    expect(size.rows).toBe(1_000);
    size.learn(rowsOf(size.rows, "x".repeat(200_000)));
    expect(size.rows).toBeLessThanOrEqual(20);
    size.learn(rowsOf(size.rows, "x"));
    expect(size.rows).toBeGreaterThan(100);
  });

  test("of bodies of 20 kB grows before 50,000 of them take more requests than a call may make", () => {
    const size = new PageSize([1_048_576, 100], 5_000);
    expect(size.isHeavy).toBe(true);
    expect(pagesFor(size, rowsOfQuery, "x".repeat(20_000))).toBeLessThanOrEqual(
      requestsOfCall - 20,
    );
  });

  test("of files is one row, and says how many characters may come", () => {
    const size = new PageSize([1_073_741_823], 5_000);
    expect(size.rows).toBe(1);
    expect(size.characters).toBe(1_073_741_823);
    size.learn([["x".repeat(1_000_000)]]);
    expect(size.rows).toBe(4);
    expect(size.characters).toBeLessThan(9_000_000);
  });

  test("is never more than may still be read", () => {
    expect(new PageSize(columns(3), 7).rows).toBe(7);
    expect(new PageSize([], 0).rows).toBe(1);
  });
});
