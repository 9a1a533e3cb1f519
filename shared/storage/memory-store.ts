import { randomUUID } from "node:crypto";
import { checkName, type Store, type Stored } from "./store";

/** Most texts that are kept; the oldest go first. */
const mostKept = 20_000;

/** A store of this process alone, where a deployment has set none: what it knows ends with it. */
export function createMemoryStore(): Store {
  const kept = new Map<string, Stored>();
  const put = (name: string, text: string) => {
    kept.set(name, { text, etag: randomUUID() });
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    return true;
  };
  return {
    create: async (name, text) => !kept.has(checkName(name)) && put(name, text),
    read: async (name) => kept.get(checkName(name)),
    replace: async (name, text, etag) =>
      kept.get(checkName(name))?.etag === etag && put(name, text),
    async append(name, text, longest) {
      const next = (kept.get(checkName(name))?.text ?? "") + text;
      return Buffer.byteLength(next) <= longest && put(name, next);
    },
  };
}
