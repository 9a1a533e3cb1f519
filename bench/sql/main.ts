import { parseArgs } from "node:util";
import { personas } from "dataverse-emulator";
import { queryCatalog, querySource } from "../../shared/service/query/query-source";
import { runQuery, SqlError } from "../../shared/sql";
import { createTrace } from "../../shared/trace";
import { environmentOf, isHere } from "./environment";
import { asCsv, asTable } from "./table";

/**
 * `npm run sql -- "SELECT …"`: one query against an embedded Dataverse that runs (`npm start` or `npm run emulator`), for people.
 */
const usage = `Usage: npm run sql -- "<select>" [options]
Runs one SELECT against the embedded Dataverse that npm start or npm run emulator has started.

Options
  --explain         the plan, and the rows that each step gave
  --format FORMAT   table, json, csv (table)
  --cursor CURSOR   nextCursor of the answer before
  --person NAME     who asks: ${personas.map(({ key }) => key).join(", ")} (administrator)
  --help            this

Variables
  DATAVERSE_URL     where the embedded Dataverse is (http://localhost:7072)`;

class UsageError extends Error {}

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      explain: { type: "boolean", default: false },
      format: { type: "string", default: "table" },
      cursor: { type: "string" },
      person: { type: "string", default: "administrator" },
      help: { type: "boolean", default: false },
    },
  });
  const person = personas.find(({ key }) => key === values.person);
  if (!person) throw new UsageError(`There is no person ${values.person}.`);
  if (!["table", "json", "csv"].includes(values.format))
    throw new UsageError(`--format takes table, json or csv, not ${values.format}.`);
  return { ...values, person, sql: positionals.join(" ") };
}

async function main(): Promise<void> {
  const { sql, person, explain, format, cursor, help } = readOptions();
  if (help || sql.trim() === "") {
    console.log(usage);
    process.exitCode = help ? 0 : 2;
    return;
  }
  const trace = createTrace();
  const { signal } = new AbortController();
  const url = process.env.DATAVERSE_URL ?? "http://localhost:7072";
  if (!isHere(url))
    throw new UsageError("DATAVERSE_URL must be an embedded Dataverse on this computer.");
  const dataverse = environmentOf(url, person).as({ objectId: person.objectId }, signal, trace);
  const result = await runQuery({
    sql,
    catalog: queryCatalog(dataverse.metadata),
    source: querySource(dataverse),
    signal,
    now: new Date(),
    person: person.objectId,
    cursor,
    explain,
    countAll: true,
  });
  const { columns, rows, explanation, notes, total, truncated, reason, nextCursor } = result;
  const isPlanAlone = explanation !== undefined && !explain;
  if (!isPlanAlone)
    console.log(
      format === "json"
        ? JSON.stringify(rows, null, 2)
        : format === "csv"
          ? asCsv(columns, rows)
          : asTable(columns, rows),
    );
  const lines = [
    ...(explanation ? [explanation.plan] : []),
    ...(isPlanAlone
      ? []
      : [`${rows.length} rows${total ? ` of ${total}` : ""}, ${trace.requests} requests`]),
    ...(truncated
      ? [`Not all rows: ${reason}.${nextCursor ? ` --cursor ${nextCursor}` : ""}`]
      : []),
    ...notes.map((note) => `Note: ${note}`),
  ];
  // So that rows can be piped into another program.
  console[isPlanAlone ? "log" : "error"](lines.join("\n"));
}

main().catch((error: unknown) => {
  const words =
    error instanceof SqlError
      ? [error.message, error.hint].filter(Boolean).join("\n")
      : error instanceof Error
        ? error.message
        : String(error);
  console.error(words);
  process.exitCode = 1;
});
