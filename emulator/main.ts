import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Emulator, startEmulator, startOfDay } from "./index";
import { loadCatalog, type MutableCatalog } from "./metadata";
import { importMetadata, MetadataFileError } from "./metadata/import";
import type { Database } from "./model";
import { growingTables, sampleVersion, seed } from "./sample";
import { type Language, localeOf } from "./sample/people";
import { createTables, openDatabase } from "./store";
import { answerUsage } from "./usage";
import { PortTakenError } from "./web/server";

/** `npm run emulator`: the embedded Dataverse by itself, on loopback, with its data kept in a file. */

const usage = `Usage: npm run emulator -- [options]
  --port N      port, 0 picks a free one (DATAVERSE_PORT, else 7072)
  --data DIR    folder for the database (.emulator), or :memory:
  --cases N     cases of the sample data, 0 to 1,000,000 (5,000)
  --tables LIST only these of the tables that grow with the cases, comma-separated (all)
  --language L  what most customers write in: en, de, fr, es, pl, ja (en)
  --seed N      number that the sample data is drawn from (1)
  --as-of DATE  the present of the sample data, YYYY-MM-DD (today)
  --metadata F  file with a real environment's $metadata, whose tables are added to the shipped ones
  --reset       throw the data away and make it anew
  --faults      open the doors for tests below /_emulator/: faults, reset, snapshots, trace, switches`;

/** Most lines about what an import skipped. */
const MOST_SKIPPED = 50;

class UsageError extends Error {}

interface Settings {
  readonly port: number;
  readonly folder: string;
  readonly cases: number;
  readonly seed: number;
  readonly tables: readonly string[] | undefined;
  readonly language: Language;
  /** Only when the day was named: data of an earlier day is good enough otherwise. */
  readonly asOf: Date | undefined;
  /** Text of the file of definitions. */
  readonly metadata: string | undefined;
  readonly reset: boolean;
  readonly faults: boolean;
}

function readSettings(): Settings {
  const options = {
    port: { type: "string" },
    data: { type: "string" },
    cases: { type: "string" },
    seed: { type: "string" },
    tables: { type: "string" },
    language: { type: "string" },
    "as-of": { type: "string" },
    metadata: { type: "string" },
    reset: { type: "boolean" },
    faults: { type: "boolean" },
    help: { type: "boolean" },
  } as const;
  let values: { [name: string]: string | boolean | undefined };
  try {
    values = parseArgs({ options }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : "Bad arguments."}\n${usage}`);
  }
  if (values.help) throw new UsageError(usage);
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  return {
    port: whole("--port", text("port") ?? process.env.DATAVERSE_PORT ?? "7072", 65_535),
    folder: text("data") ?? ".emulator",
    cases: whole("--cases", text("cases") ?? "5000", 1_000_000),
    seed: whole("--seed", text("seed") ?? "1", 2_147_483_647),
    tables: readTables(text("tables")),
    language: readLanguage(text("language") ?? "en"),
    asOf: readDay(text("as-of")),
    metadata: readMetadata(text("metadata")),
    reset: values.reset === true,
    faults: values.faults === true,
  };
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new UsageError(`${name} must be a whole number from 0 to ${most}.`);
}

/** People, rights, products and articles are always made; `systemuser` may be named all the same. */
function readTables(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => name !== "systemuser" && !growingTables.includes(name));
  if (unknown === undefined) return names.filter((name) => name !== "systemuser").sort();
  throw new UsageError(`--tables knows no "${unknown}". It takes: ${growingTables.join(", ")}.`);
}

function readLanguage(text: string): Language {
  if (Object.hasOwn(localeOf, text)) return text as Language;
  throw new UsageError(`--language must be one of: ${Object.keys(localeOf).join(", ")}.`);
}

function readDay(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const day = new Date(`${text}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime())) return day;
  throw new UsageError("--as-of must be a day: YYYY-MM-DD.");
}

function readMetadata(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `--metadata: the file ${file} could not be read (${error instanceof Error ? error.message : ""}).`,
    );
  }
}

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
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  writeFileSync(
    `${complete}.new`,
    JSON.stringify({
      cases: Object.fromEntries(result.faults),
      articles: Object.fromEntries(result.articles),
    }),
  );
  renameSync(`${complete}.new`, complete);
  return file;
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
  const settings = readSettings();
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
