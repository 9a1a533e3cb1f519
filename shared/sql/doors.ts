import type { GivenLimits } from "./account/limits";
import type { Catalog, Source } from "./catalog";
import { type Explanation, explainQuery } from "./explanation";
import { type QueryResult, runQuery } from "./query";

export interface QueryDoor {
  readonly catalog: Catalog;
  readonly source: Source;
  /** What the query may use, where that is not the usual. */
  readonly budget?: GivenLimits;
  readonly signal?: AbortSignal;
  readonly now?: Date;
  /** `nextCursor` of an earlier answer to the same query. */
  readonly cursor?: string;
  readonly rules?: ReadonlySet<string>;
  readonly explain?: boolean;
  readonly countAll?: boolean;
}

/** What the service would be asked for a query, and what is left to work out here. Reads no rows. */
export const explain = (
  sql: string,
  catalog: Catalog,
  { now = new Date() }: { readonly now?: Date } = {},
): Promise<Explanation> => explainQuery({ sql, catalog, now });

/** Runs one SELECT. Throws SqlError for what is wrong with it; errors of the source pass through. */
export function query(
  sql: string,
  { budget, signal = new AbortController().signal, now = new Date(), ...rest }: QueryDoor,
): Promise<QueryResult> {
  return runQuery({ sql, signal, now, ...rest, ...(budget && { limits: budget }) });
}
