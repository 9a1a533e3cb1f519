import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readSettings, type Settings, UsageError } from "./command-line";
import { type Emulator, startEmulator, startOfDay } from "./index";
import { loadCatalog, type MutableCatalog } from "./metadata";
import { importMetadata, MetadataFileError } from "./metadata/import";
import type { Database } from "./model";
import { sampleVersion, seed } from "./sample";
import { createTables, openDatabase } from "./store";
import { answerUsage } from "./usage";
import { PortTakenError } from "./web/server";

/** `npm run emulator`: the embedded Dataverse by itself, on loopback, with its data kept in a file. */

/** Most lines about what an import skipped. */
const MOST_SKIPPED = 50;

/** Takes the tables of the file, and says what was taken and what was not. */
function takeTables(db: Database, catalog: MutableCatalog, text: string): void {
  const report = importMetadata(db, catalog, text);
  const lines = [
    `Definitions: ${report.tables} tables, ${report.columns} columns, ${report.relationships} relationships taken; ${report.skipped.length} things skipped.`,
    ...report.skipped.slice(0, MOST_SKIPPED).map((line) => `  skipped ${line}`),
    ...(report.skipped.length > MOST_SKIPPED ? ["  …"] : []),
  ];
  for (const line of lines) process.stderr.write(`${line}\n`);
}

/** A database made from a file of definitions is another one than that without. */
function metadataMark(text: string | undefined): string {
  if (text === undefined) return "";
  return `-m${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}

const tell = (message: object) => process.send?.(message);

/**
 * Path of the database. The file of faults is written last and stands for "complete": a half-made database is never taken for
 * whole. (Renaming the database itself would fail on Windows, where SQLite's handles outlive `close` on Node 20.)
 */
async function prepareData(settings: Settings): Promise<string> {
  if (settings.folder === ":memory:") return ":memory:";
  const tables = settings.tables ? `-${settings.tables.join("-")}` : "";
  const day = settings.asOf ? `-${settings.asOf.toISOString().slice(0, 10)}` : "";
  const name = `dataverse-v${sampleVersion}-seed${settings.seed}-${settings.cases}cases-${settings.language}${tables}${day}${metadataMark(settings.metadata)}`;
  const file = resolve(join(settings.folder, `${name}.sqlite`));
  mkdirSync(dirname(file), { recursive: true });
  if (settings.reset) removeDatabase(file);
  const complete = `${file}.faults.json`;
  if (existsSync(file) && existsSync(complete)) return file;
  removeDatabase(file);
  const db = await openDatabase(file);
  // Half-made files are thrown away, so nothing has to be undone or kept safe yet: half of the time of a large set.
  db.exec(
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -131072; PRAGMA mmap_size = 8589934592; PRAGMA temp_store = FILE",
  );
  const catalog = loadCatalog(db);
  if (settings.metadata !== undefined) {
    try {
      takeTables(db, catalog, settings.metadata);
    } catch (error) {
      db.close();
      removeDatabase(file);
      throw error;
    }
  }
  createTables(db, catalog, { indexes: false });
  const result = seed(
    { db, catalog },
    {
      cases: settings.cases,
      seed: settings.seed,
      language: settings.language,
      ...(settings.tables ? { tables: settings.tables } : {}),
      asOf: settings.asOf ?? startOfDay(new Date()),
      onProgress: showProgress,
    },
  );
  db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  writeFileSync(
    `${complete}.new`,
    `{"cases":${textOfFaults(result.faults)},"articles":${JSON.stringify(Object.fromEntries(result.articles))}}`,
  );
  renameSync(`${complete}.new`, complete);
  return file;
}

/** JSON of a million entries, without an object of a million members. */
function textOfFaults(faults: ReadonlyMap<string, string>): string {
  const entries: string[] = [];
  for (const [id, fault] of faults) entries.push(`"${id}":"${fault}"`);
  return `{${entries.join(",")}}`;
}

function removeDatabase(file: string): void {
  for (const suffix of [".faults.json", "", "-wal", "-shm"])
    rmSync(`${file}${suffix}`, { force: true });
}

function showProgress(what: string, done: number): void {
  const text = `Making sample data: ${String(Math.round(done * 100)).padStart(3)} %  ${what}`;
  if (process.send) tell({ kind: "progress", text });
  else process.stderr.write(`${text}\n`);
}

async function main(): Promise<void> {
  const settings = readSettings(process.env.DATAVERSE_PORT);
  const data = await prepareData(settings);
  const emulator = await startEmulator({
    port: settings.port,
    data,
    cases: settings.cases,
    seed: settings.seed,
    language: settings.language,
    ...(settings.tables ? { tables: settings.tables } : {}),
    faults: settings.faults,
    ...(settings.metadata === undefined ? {} : { metadata: settings.metadata }),
    ...(settings.asOf ? { asOf: settings.asOf } : {}),
    ...(data === ":memory:" ? { onProgress: showProgress } : {}),
  });
  endWith(emulator);
  answerUsage();
  tell({ kind: "ready", url: emulator.url });
  console.log(`Dataverse: ${emulator.url}`);
}

/** Ends on a signal, and when the process that started this one is gone. */
function endWith(emulator: Emulator): void {
  const stop = () => {
    emulator.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  process.once("disconnect", stop);
}

main().catch((error: unknown) => {
  const isExpected =
    error instanceof UsageError ||
    error instanceof MetadataFileError ||
    error instanceof PortTakenError;
  const message = isExpected
    ? error.message
    : `The embedded Dataverse could not start: ${error instanceof Error ? error.stack : String(error)}`;
  if (process.send) tell({ kind: "failed", message });
  else process.stderr.write(`${message}\n`);
  process.exit(1);
});
