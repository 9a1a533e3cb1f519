import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkName, type Store, StoreDown } from "./store";

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
const etagOf = (text: string) => createHash("sha256").update(text).digest("base64url");

/**
 * The store of a laptop: a folder. Creation is the file system's own, so it holds across processes; versions and lengths are kept
 * by one process.
 */
export function createFileStore(folder: string): Store {
  const turns = new Map<string, Promise<unknown>>();

  const inTurn = <T>(name: string, work: (path: string) => Promise<T>): Promise<T> => {
    const path = join(folder, ...checkName(name).split("/"));
    const before = turns.get(name) ?? Promise.resolve();
    const mine = before
      .catch(() => undefined)
      .then(() => work(path))
      .catch((error: unknown) => {
        throw error instanceof StoreDown ? error : new StoreDown(error);
      });
    const settled = mine.catch(() => undefined);
    turns.set(name, settled);
    settled.finally(() => turns.get(name) === settled && turns.delete(name));
    return mine;
  };

  async function create(path: string, text: string): Promise<boolean> {
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(path, text, { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      throw error;
    }
  }

  async function read(path: string): Promise<string | undefined> {
    try {
      return await readFile(path, "utf8");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  return {
    create: (name, text) => inTurn(name, (path) => create(path, text)),
    read: (name) =>
      inTurn(name, async (path) => {
        const text = await read(path);
        return text === undefined ? undefined : { text, etag: etagOf(text) };
      }),
    replace: (name, text, etag) =>
      inTurn(name, async (path) => {
        const now = await read(path);
        if (now === undefined || etagOf(now) !== etag) return false;
        await writeFile(path, text, { mode: 0o600 });
        return true;
      }),
    append: (name, text, longest) =>
      inTurn(name, async (path) => {
        await mkdir(dirname(path), { recursive: true });
        const size = await stat(path).then(
          (found) => found.size,
          (error: unknown) => {
            if (codeOf(error) === "ENOENT") return 0;
            throw error;
          },
        );
        if (size + Buffer.byteLength(text) > longest) return false;
        await appendFile(path, text, { mode: 0o600 });
        return true;
      }),
  };
}
