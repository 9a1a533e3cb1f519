import { columnsOf, type Scan } from "../plan/nodes";
import { isMax, type Row } from "../types/sql-type";

import type { Account } from "./account";
import { emptyRowBytes, rowMeasure } from "./row-size";

/** A page is there as bytes, as text, as parsed objects with annotations, and as rows, one after the other. */
const timesARow = 4;
/** A guess at a cell before the first page has come. */
const cellBytes = 48;
const memoBytes = 600;
/** Rows of a page that are measured to know the size of the next. */
const sample = 64;

/** The charge for the page that is on its way or in hand. */
export interface InFlight {
  /** Before a page is asked for. */
  expect(): Promise<void>;
  /** The page has become rows. */
  arrived(rows: readonly Row[]): Promise<void>;
  release(): void;
}

/**
 * Pages are charged before they are asked for, so that fifty queries at once do not have fifty pages in memory. A page
 * may be larger than what the query has left: it is charged as far as that goes, and is read all the same.
 */
export function createInFlight(scan: Scan, pageSize: () => number, account: Account): InFlight {
  const hold = account.open(scan);
  const columns = columnsOf(scan);
  let rowBytes =
    emptyRowBytes(columns.length) +
    columns.reduce((sum, { type }) => sum + (isMax(type) ? memoBytes : cellBytes), 0);
  return {
    async expect() {
      hold.release();
      hold.expect(pageSize() * rowBytes * timesARow);
      await account.pause();
    },
    async arrived(rows) {
      hold.release();
      if (rows.length > 0) {
        const measure = rowMeasure(scan);
        const step = Math.max(1, Math.floor(rows.length / sample));
        let measured = 0;
        let bytes = 0;
        for (let at = 0; at < rows.length; at += step) {
          const size = measure([...(rows[at] as Row)]);
          bytes += size.row + size.texts;
          measured += 1;
        }
        rowBytes = Math.ceil(bytes / measured);
        hold.expect(rows.length * rowBytes);
      }
      // What follows works on the rows: in its turn.
      await account.resume();
    },
    release: () => hold.release(),
  };
}
