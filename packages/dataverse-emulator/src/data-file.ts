import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Settings } from "./command-line";
import type { Database } from "./model";
import { sampleVersion } from "./sample";
import { inWords, lockFile, openDatabase, StorageError } from "./store";

export interface DataFile {
  /** Path of the SQLite file, or `:memory:`. */
  readonly path: string;
  /** Lets other processes at it. */
  release(): void;
}

/** Makes a new database, and gives the text of the file of faults beside it. */
export type Make = (db: Database) => string;

/** SQLite's `application_id` of a database that was made to its end ("CSDV"). */
const completeId = 0x43534456;
/** A larger file is not read through at every start; what is damaged in it is found when it is read. */
const checkedWhole = 64 * 1_048_576;

const nameOf = (settings: Settings): string => {
  const tables = settings.tables ? `-${settings.tables.join("-")}` : "";
  const day = settings.asOf ? `-${settings.asOf.toISOString().slice(0, 10)}` : "";
  return `dataverse-v${sampleVersion}-seed${settings.seed}-${settings.cases}cases-${settings.language}${tables}${day}${metadataMark(settings.metadata)}`;
};

/** A database made from a file of definitions is another one than that without. */
function metadataMark(text: string | undefined): string {
  if (text === undefined) return "";
  return `-m${createHash("sha256").update(text).digest("hex").slice(0, 8)}`;
}

const faultsOf = (file: string) => `${file}.faults.json`;
/** Stands beside a database from before its first byte until it is complete. */
const makingOf = (file: string) => `${file}.making`;

/**
 * The database of these settings, made when there is none, and kept from other processes.
 *
 * A database is thrown away in two cases only: `--reset` asks for it, or it is one of ours that was not made to its end, which
 * two things must say (the file `….making` beside it, and the missing mark inside). Whatever else is wrong is refused in
 * words, and the file left as it is. (Making it under another name and renaming it would fail on Windows, where SQLite's
 * handles outlive `close` on Node 20.)
 *
 * @param say told what a person should know, a line at a time
 * @throws StorageError
 */
export async function prepareDataFile(
  settings: Settings,
  make: Make,
  say: (line: string) => void,
): Promise<DataFile> {
  if (settings.folder === ":memory:") return { path: ":memory:", release: () => {} };
  const file = resolve(join(settings.folder, `${nameOf(settings)}.sqlite`));
  await inWords(dirname(file), () => mkdirSync(dirname(file), { recursive: true }));
  const lock = await lockFile(file);
  try {
    if (settings.reset) await inWords(file, () => removeDatabase(file));
    const state = await inWords(file, () => judge(file));
    if (state === "half-made") {
      say(`${basename(file)} was not made to its end; it is made anew.`);
      await inWords(file, () => removeDatabase(file));
    }
    if (state === "complete") tellOfKept(file, say);
    else await inWords(file, () => makeDatabase(file, make, say));
    return { path: file, release: () => lock.release() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function judge(file: string): Promise<"missing" | "half-made" | "complete"> {
  const wasBeingMade = existsSync(makingOf(file));
  if (!existsSync(file)) return "missing";
  const { size } = statSync(file);
  const isDatabase = size > 0 && hasHeader(file);
  if (wasBeingMade && !isDatabase) return "half-made";
  if (size === 0) throw new StorageError(emptyWords(file));
  if (!isDatabase) throw Object.assign(new Error("no header of SQLite"), { errcode: 26 });
  const db = await openDatabase(file);
  try {
    return wasBeingMade && idOf(db) !== completeId ? "half-made" : judgeOpened(db, file);
  } finally {
    db.close();
  }
}

const emptyWords = (file: string) =>
  `The database ${file} is empty: what was in it is lost, or another program made the file. Delete it, or start once with --reset, and the sample data is made anew.`;

const pragmaOf = (db: Database, name: string) => db.prepare(`PRAGMA ${name}`).get()?.[name];
const idOf = (db: Database) => Number(pragmaOf(db, "application_id"));

function judgeOpened(db: Database, file: string): "complete" {
  if (idOf(db) !== completeId) {
    // Earlier versions left no mark; the counter of versions was the last thing that they made.
    const parts = db
      .prepare("SELECT name FROM sqlite_master WHERE name IN ('systemuser', '__version')")
      .all();
    if (parts.length < 2 || idOf(db) !== 0) throw new StorageError(foreignWords(file));
    db.exec(`PRAGMA application_id = ${completeId}`);
  }
  // What a killed process left in the journal belongs to the file.
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const { size } = statSync(file);
  const isWhole =
    size <= checkedWhole
      ? db.prepare("PRAGMA quick_check(1)").get()?.quick_check === "ok"
      : size >= Number(pragmaOf(db, "page_count")) * Number(pragmaOf(db, "page_size"));
  if (!isWhole) throw Object.assign(new Error("quick_check"), { errcode: 11 });
  return "complete";
}

const foreignWords = (file: string) =>
  `${file} is a SQLite database, but not one of the embedded Dataverse. It was left as it is: move it away, or choose another folder: --data DIR.`;

function hasHeader(file: string): boolean {
  const head = Buffer.alloc(16);
  const handle = openSync(file, "r");
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  return head.toString("latin1") === "SQLite format 3\0";
}

async function makeDatabase(file: string, make: Make, say: (line: string) => void): Promise<void> {
  tellOfOthers(file, say);
  writeFileSync(makingOf(file), "");
  // A journal without its database would be taken for one of the new database.
  removeDatabase(file, { keep: makingOf(file) });
  const db = await openDatabase(file);
  try {
    // Half-made files are thrown away, so nothing has to be undone or kept safe yet: half of the time of a large set.
    db.exec(
      "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -131072; PRAGMA mmap_size = 8589934592; PRAGMA temp_store = FILE",
    );
    const faults = make(db);
    writeFileSync(`${faultsOf(file)}.new`, faults);
    renameSync(`${faultsOf(file)}.new`, faultsOf(file));
    db.exec(
      `PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL; PRAGMA application_id = ${completeId}; PRAGMA wal_checkpoint(TRUNCATE)`,
    );
  } catch (error) {
    db.close();
    removeDatabase(file);
    throw error;
  }
  db.close();
  rmSync(makingOf(file), { force: true });
}

/** The file of faults goes first: a database without it is whole. The mark of one being made goes last. */
function removeDatabase(file: string, { keep }: { keep?: string } = {}): void {
  for (const each of [faultsOf(file), `${faultsOf(file)}.new`, file, `${file}-wal`, `${file}-shm`])
    rmSync(each, { force: true });
  if (keep === undefined) rmSync(makingOf(file), { force: true });
}

function tellOfKept(file: string, say: (line: string) => void): void {
  rmSync(makingOf(file), { force: true });
  if (!existsSync(faultsOf(file)))
    say(
      `${basename(faultsOf(file))} is missing. The database is kept and does not need it; only what it told of the sample (the fault behind each case) is gone.`,
    );
}

/** Data of another version of the sample has a name of its own, and would otherwise seem lost. */
function tellOfOthers(file: string, say: (line: string) => void): void {
  const own = `dataverse-v${sampleVersion}-`;
  const others = readdirSync(dirname(file)).filter(
    (name) => /^dataverse-v\d+-.*\.sqlite$/.test(name) && !name.startsWith(own),
  );
  if (others.length > 0)
    say(
      `Data of another version of this program is kept beside it and not read: ${others.slice(0, 3).join(", ")}${others.length > 3 ? ", …" : ""}.`,
    );
}
