/** A fault of the disk, the file or its folder, in words for whoever started the program. */
export class StorageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StorageError";
  }
}

const elsewhere = "or choose another folder: --data DIR";
const anew =
  "It was left as it is: move it away to keep it, or start once with --reset to throw it away and make the sample data anew";

/** By SQLite's primary result code. @see https://www.sqlite.org/rescode.html */
const sqliteWords: Readonly<Record<number, (file: string) => string>> = {
  5: inUse,
  6: inUse,
  8: notWritable,
  10: (file) =>
    `The disk refused to read or write ${file}: it may be full, too small for the file, or gone. Free space, ${elsewhere}.`,
  11: (file) => `The database ${file} is damaged. ${anew}.`,
  13: full,
  14: (file) =>
    `${file} cannot be opened: its folder is read-only, or it is no file that you may read and write. Change that, ${elsewhere}.`,
  26: (file) => `${file} is not a SQLite database, or is damaged. ${anew}.`,
};

const systemWords: Readonly<Record<string, (file: string) => string>> = {
  EACCES: notWritable,
  EPERM: notWritable,
  EROFS: notWritable,
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EEXIST: notAFolder,
  ENOTDIR: notAFolder,
  EISDIR: (file) => `${file} is a folder where a file is needed. Move it away, ${elsewhere}.`,
  ENOENT: (file) =>
    `${file} cannot be made: its disk or folder is not there. Make it, ${elsewhere}.`,
  ENAMETOOLONG: (file) => `${file} is too long for a path here. Choose another folder: --data DIR.`,
};

function inUse(file: string): string {
  return `The database ${file} is in use by another process (npm start or npm run emulator in another window, or a SQLite tool). End that one, ${elsewhere}.`;
}

function notWritable(file: string): string {
  return `${file} may not be written. Change its permissions and those of its folder, ${elsewhere}.`;
}

function full(file: string): string {
  return `There is no space left for ${file}. Free space on its disk, ${elsewhere}.`;
}

function notAFolder(file: string): string {
  return `The path to ${file} leads through a file, not a folder. Move that file away, ${elsewhere}.`;
}

/** SQLite's primary result code, of either of the two libraries; undefined when SQLite did not throw it. */
export function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  return typeof code === "number" ? code & 0xff : undefined;
}

/** What to tell of a fault of storage; undefined when it is another one, which then is a bug of ours. */
export function storageFault(error: unknown, file: string): StorageError | undefined {
  if (error instanceof StorageError) return error;
  const code = sqliteCode(error);
  const system = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  const words = code === undefined ? systemWords[system] : sqliteWords[code];
  return words && new StorageError(words(file), { cause: error });
}

/** Does the work; a fault of storage comes out in words that name the file. */
export async function inWords<Result>(
  file: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw storageFault(error, file) ?? error;
  }
}
