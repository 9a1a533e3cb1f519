import { randomUUID } from "node:crypto";
import type { Caller } from "../context";
import type { Dataverse } from "../dataverse";
import { AppError } from "../errors";
import { type AuditRecord, outcomeOf } from "../policy/audit";
import type { CallRecord, Trace } from "../trace";

/** Where records of acting calls go. */
export interface AuditOptions {
  /** Told of every record, as one line of JSON that a query can take apart. */
  log(line: string): void;
  /** Told of every record, for Application Insights. */
  event(record: AuditRecord): void;
  /** Logical name of the table that keeps a row of each; undefined keeps none. */
  readonly table: string | undefined;
  /** Dataverse as the app itself, with requests and time of its own. */
  asApp(): Dataverse;
}

/** The record of one call of a tool that acts, from before its first change to its end. */
export interface OpenRecord {
  /**
   * Called before the first change is sent.
   *
   * @throws AppError `upstream` when the table cannot take the row: what leaves no record is not done
   */
  begins(): Promise<void>;
  ends(call: CallRecord): Promise<void>;
}

/** Longest lines of rows and columns that the table keeps, in characters. */
const longestList = 4_000;

/** Opens the record of a call. It holds who, by what, which rows and columns, and how it ended; no value of a record. */
export function openRecord(
  options: AuditOptions,
  caller: Caller,
  tool: string,
  trace: Trace,
  now: Date,
): OpenRecord {
  const id = randomUUID();
  const head = {
    id,
    at: now.toISOString(),
    person: caller.objectId,
    tenant: caller.tenantId,
    client: caller.clientId,
    tool,
  };
  let begun: Promise<void> | undefined;
  const record = (answer: string): AuditRecord => ({
    ...head,
    outcome: outcomeOf(trace.acts, answer),
    answer,
    consentId: trace.consentId,
    acts: trace.acts,
  });
  return {
    begins() {
      const { table } = options;
      if (table === undefined) return Promise.resolve();
      begun ??= create(options.asApp(), table, { ...record("ok"), outcome: "not known" });
      return begun;
    },
    async ends(call) {
      const last = record(call.outcome);
      options.log(JSON.stringify({ event: "audit", ...last }));
      options.event(last);
      const { table } = options;
      if (table === undefined || begun === undefined) return;
      try {
        await begun;
        await options.asApp().update(table, id, cells(table, last));
      } catch (error) {
        // The row stays as it was before the change, which says that the outcome is not known.
        const reason = error instanceof AppError ? error.message : "unknown";
        options.log(JSON.stringify({ event: "audit_row_not_closed", id, reason }));
      }
    },
  };
}

async function create(app: Dataverse, table: string, record: AuditRecord): Promise<void> {
  try {
    await app.create(table, cells(table, record), { id: record.id });
  } catch (error) {
    throw new AppError(
      "upstream",
      "Nothing was changed: the record of the change cannot be kept.",
      {
        hint: "An administrator has to look at the table that MCP_AUDIT_TABLE names and at the rights of the endpoint's application user on it.",
        request: { effect: "write", outcome: "notDone", lastTry: "unsent" },
        cause: error,
      },
    );
  }
}

/** Columns of the table, whose names begin like its own: `contoso_mcpact` has `contoso_person`. */
export const auditColumns = [
  "name",
  "person",
  "client",
  "tool",
  "outcome",
  "answer",
  "consent",
  "rows",
  "columns",
] as const;

function cells(table: string, record: AuditRecord): Record<string, unknown> {
  const prefix = table.slice(0, table.indexOf("_") + 1);
  const rows = record.acts.map(({ what, set, rows: ids }) =>
    [what, set, ...ids].filter(Boolean).join(" "),
  );
  const columns = record.acts.flatMap((act) => act.columns);
  const values: Record<(typeof auditColumns)[number], unknown> = {
    name: `${record.tool} ${record.at}`,
    person: record.person,
    client: record.client ?? null,
    tool: record.tool,
    outcome: record.outcome,
    answer: record.answer,
    consent: record.consentId ?? null,
    rows: rows.join("\n").slice(0, longestList),
    columns: [...new Set(columns)].join(", ").slice(0, longestList),
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
