#!/usr/bin/env node
import { type Emulator, startEmulator, startOfDay } from ".";
import { PortError, readSettings, type Settings, tryPort, UsageError, usage } from "./command-line";
import { prepareDataFile } from "./data-file";
import { loadCatalog, type MutableCatalog } from "./metadata";
import { importMetadata, MetadataFileError } from "./metadata/import";
import type { Database } from "./model";
import { PlugInError } from "./plug-ins";
import { seed } from "./sample";
import { createTables, StorageError } from "./store";
import { answerUsage } from "./usage";

/** `dataverse-emulator`: the embedded Dataverse by itself, on loopback, with its data kept in a file. */

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

const tell = (message: object) => process.send?.(message);

/** Fills a new database; gives what it does not tell, for the file of faults. */
function fill(db: Database, settings: Settings): string {
  const catalog = loadCatalog(db);
  if (settings.metadata !== undefined) takeTables(db, catalog, settings.metadata);
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
  return `{"cases":${textOfFaults(result.faults)},"articles":${JSON.stringify(Object.fromEntries(result.articles))}}`;
}

/** JSON of a million entries, without an object of a million members. */
function textOfFaults(faults: ReadonlyMap<string, string>): string {
  const entries: string[] = [];
  for (const [id, fault] of faults) entries.push(`"${id}":"${fault}"`);
  return `{${entries.join(",")}}`;
}

function showProgress(what: string, done: number): void {
  say(`Making sample data: ${String(Math.round(done * 100)).padStart(3)} %  ${what}`);
}

function say(text: string): void {
  if (process.send) tell({ kind: "progress", text });
  else process.stderr.write(`${text}\n`);
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env.DATAVERSE_PORT);
  if (settings === undefined) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  await tryPort(settings.port, "DATAVERSE_PORT");
  const data = await prepareDataFile(settings, (db) => fill(db, settings), say);
  const emulator = await startEmulator({
    port: settings.port,
    data: data.path,
    cases: settings.cases,
    seed: settings.seed,
    language: settings.language,
    ...(settings.tables ? { tables: settings.tables } : {}),
    faults: settings.faults,
    ...(settings.metadata === undefined ? {} : { metadata: settings.metadata }),
    plugIns: settings.plugIns,
    ...(settings.asOf ? { asOf: settings.asOf } : {}),
    ...(data.path === ":memory:" ? { onProgress: showProgress } : {}),
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
      (error: unknown) => fail(error),
    );
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  process.once("disconnect", stop);
}

/** One sentence for what whoever started the program can mend; the whole story for a bug. */
function fail(error: unknown): void {
  const isExpected =
    error instanceof UsageError ||
    error instanceof MetadataFileError ||
    error instanceof PortError ||
    error instanceof PlugInError ||
    error instanceof StorageError;
  const message = isExpected
    ? error.message
    : `The embedded Dataverse could not start: ${error instanceof Error ? error.stack : String(error)}`;
  process.exitCode = 1;
  const end = () => process.exit(1);
  if (process.send && process.connected) process.send({ kind: "failed", message }, end);
  else process.stderr.write(`${message}\n`, end);
}

main().catch(fail);
