import { rmSync } from "node:fs";
import { loadNative } from "./database";
import { inWords, sqliteCode, storageFault } from "./storage-fault";

export interface Lock {
  release(): void;
}

const notADatabase = 26;

/**
 * Keeps every other process away from `file` while it is looked at, thrown away and made anew, when there may be no database
 * to lock. The lock is SQLite's own on an empty file beside it: the system drops it when the process ends, killed or not, on
 * Windows as well, so no stale one can be left behind.
 *
 * @throws StorageError when another process holds it, or the folder may not be written
 */
export async function lockFile(file: string): Promise<Lock> {
  const beside = `${file}.lock`;
  const { module } = await loadNative();
  const take = () => {
    const native = new module.DatabaseSync(beside);
    try {
      native.exec("PRAGMA busy_timeout=1000; PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE");
    } catch (error) {
      native.close();
      throw error;
    }
    return { release: () => native.close() };
  };
  try {
    return take();
  } catch (error) {
    if (sqliteCode(error) === notADatabase) {
      // Something wrote into it. It holds nothing of worth.
      return inWords(beside, () => {
        rmSync(beside);
        return take();
      });
    }
    const isBusy = sqliteCode(error) === 5;
    throw storageFault(error, isBusy ? file : beside) ?? error;
  }
}
