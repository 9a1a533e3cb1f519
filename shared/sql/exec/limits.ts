/** What one query may use. */
export interface Limits {
  /** Rows in one answer; more come with `nextCursor`. */
  readonly rowsReturned: number;
  /** Rows read from the service for one query, over all its scans. */
  readonly rowsFetched: number;
  /** Pages asked of the service for one query, over all its scans. */
  readonly requests: number;
  /** Pairs of rows that joins put together, matched or not. */
  readonly rowsJoined: number;
  /** Groups, and different values below DISTINCT. */
  readonly groups: number;
  /** Bytes of rows, keys and groups held at one time; undefined: its share of what the process may hold. */
  readonly bytes: number | undefined;
  /** Characters of the answer's rows as JSON. */
  readonly characters: number;
  readonly milliseconds: number;
  /** Longest wait for memory that other queries hold, in milliseconds. */
  readonly waitMilliseconds: number;
}

export const defaultLimits: Limits = {
  rowsReturned: 1000,
  rowsFetched: 50_000,
  requests: 1000,
  rowsJoined: 30_000_000,
  groups: 1_000_000,
  bytes: undefined,
  // An answer holds 40,000 in all; the rest is for notes and the cursor.
  characters: 36_000,
  milliseconds: 40_000,
  waitMilliseconds: 10_000,
};
