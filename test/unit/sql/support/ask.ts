import { type QueryOptions, runQuery } from "../../../../shared/sql";
import { memorySource } from "./memory-source";
import { catalog, now } from "./sample";

/** Runs a query over the sample. */
export const ask = (sql: string, options: Partial<QueryOptions> = {}) =>
  runQuery({
    sql,
    catalog,
    source: memorySource(),
    signal: new AbortController().signal,
    now,
    ...options,
  });
