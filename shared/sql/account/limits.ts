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

/** Some limits of a query, in place of the usual. */
export type GivenLimits = { readonly [Name in keyof Limits]?: Limits[Name] | undefined };

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

/** What was asked for, and the usual where nothing was: a limit that is given as undefined is not given. */
export const limitsOf = (given: GivenLimits = {}): Limits => ({
  ...defaultLimits,
  ...Object.fromEntries(Object.entries(given).filter(([, limit]) => limit !== undefined)),
});
