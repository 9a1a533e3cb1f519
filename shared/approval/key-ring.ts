import { randomBytes } from "node:crypto";
import type { Store } from "../storage";

export interface KeyRing {
  /** The key of this week, made by whichever instance needs it first. */
  current(): Promise<{ readonly id: string; readonly secret: Buffer }>;
  /** The secret of this week's key or the last one's; undefined for any other. */
  find(id: string): Promise<Buffer | undefined>;
}

const keyBytes = 32;
/** A key is read anew after this time, so that one that was taken away counts no longer. */
const keptMs = 3_600_000;
const weekMs = 7 * 86_400_000;

/** `2026-W49`: weeks of ISO 8601, in UTC. */
export function weekOf(at: number): string {
  const day = new Date(at);
  day.setUTCHours(0, 0, 0, 0);
  // The Thursday of a week tells its year.
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const first = Date.UTC(day.getUTCFullYear(), 0, 1);
  const week = Math.ceil(((day.getTime() - first) / 86_400_000 + 1) / 7);
  return `${day.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

/**
 * Keys that nobody sets and nobody sees: random, one a week, in the store that the app's identity alone may read. The last week's
 * is accepted yet, so that what was asked on Sunday night can be answered.
 *
 * @throws StoreDown where they cannot be read
 */
export function createKeyRing(store: Store, now: () => number): KeyRing {
  const known = new Map<string, { readonly secret: Buffer | undefined; readonly until: number }>();

  async function read(id: string): Promise<Buffer | undefined> {
    const stored = await store.read(`keys/${id}`);
    const secret = stored && Buffer.from(stored.text, "base64url");
    return secret?.length === keyBytes ? secret : undefined;
  }

  async function recall(id: string, isMade: boolean): Promise<Buffer | undefined> {
    const kept = known.get(id);
    if (kept !== undefined && kept.until > now() && (kept.secret ?? !isMade)) return kept.secret;
    let secret = await read(id);
    if (secret === undefined && isMade) {
      await store.create(`keys/${id}`, randomBytes(keyBytes).toString("base64url"));
      // Whoever was faster made the key that counts.
      secret = await read(id);
    }
    // That there is none is not kept: another instance may make it at any moment.
    if (secret === undefined) known.delete(id);
    else known.set(id, { secret, until: now() + keptMs });
    return secret;
  }

  return {
    async current() {
      const id = weekOf(now());
      const secret = await recall(id, true);
      if (secret === undefined) throw new TypeError("The key of this week is not one.");
      return { id, secret };
    },
    async find(id) {
      const accepted = [weekOf(now()), weekOf(now() - weekMs)];
      return accepted.includes(id) ? recall(id, false) : undefined;
    },
  };
}
