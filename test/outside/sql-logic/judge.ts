import { ruleNames, runQuery, SqlError } from "../../../shared/sql";
import { differenceOf } from "./answers";
import { type Query, recordsOf } from "./records";
import { OtherType, Tables } from "./tables";

/**
 * `equal`: the rows are those of the test, or both are an error. `different`: they are not. `refused`: ours does not answer, for
 * a reason that is told. `skipped`: no T-SQL, or a table that T-SQL could not have.
 */
export type Verdict = "equal" | "different" | "refused" | "skipped";

export interface Judged {
  readonly query: Query;
  readonly verdict: Verdict;
  readonly why: string;
}

/** The source gives whole tables: nothing sinks into a scan. */
const rules = new Set(ruleNames.filter((name) => !/into-scan$|in-one-page$/.test(name)));
const roomy = { rowsReturned: 1_000_000, characters: 200_000_000, rowsFetched: 1_000_000 };

async function judge(query: Query, tables: Tables): Promise<Judged> {
  try {
    const { columns, rows, truncated } = await runQuery({
      sql: query.sql,
      catalog: tables.catalog,
      source: tables.source,
      signal: new AbortController().signal,
      now: new Date("2026-06-15T12:00:00Z"),
      limits: roomy,
      rules,
    });
    if (truncated) return { query, verdict: "refused", why: "more rows than an answer holds" };
    if (query.types === undefined) return { query, verdict: "different", why: "no error" };
    const cells = rows.map((row) => columns.map((name) => row[name] ?? null));
    const why = differenceOf(query, cells);
    return { query, verdict: why === undefined ? "equal" : "different", why: why ?? "" };
  } catch (error) {
    if (error instanceof OtherType) return { query, verdict: "skipped", why: error.message };
    if (!(error instanceof SqlError)) throw error;
    if (query.types === undefined) return { query, verdict: "equal", why: error.message };
    const verdict = error.code === "syntax" ? "skipped" : "refused";
    return { query, verdict, why: `${error.code}: ${error.message}` };
  }
}

/** Judges each query of a file, one after the other. */
export async function* judgeFile(text: string): AsyncIterable<Judged> {
  const tables = new Tables();
  try {
    for (const record of recordsOf(text)) {
      if (record.kind === "query") yield await judge(record, tables);
      else if (!record.fails) {
        try {
          tables.run(record.sql);
        } catch (e) {
          if (process.env.SL_LAX === undefined) throw e;
        }
      }
    }
  } finally {
    tables.close();
  }
}
