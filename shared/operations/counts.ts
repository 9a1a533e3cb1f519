import { createHash } from "node:crypto";
import { AppError } from "../errors";
import { type CountedClass, countLimits } from "../policy/grades";
import type { Store } from "../storage";

/** How often somebody does what, over all instances. */
export interface Counts {
  /** Counts one act before it is done; false where the hour's number is reached. */
  reserve(person: string, counted: CountedClass): Promise<boolean>;
}

const hourMs = 3_600_000;
/** People and hours that are remembered beside the store; the oldest go first. */
const mostKept = 5_000;
/** While the store is down every instance counts for itself, so each lets pass a part only. */
const instances = 4;

/**
 * One byte an act, added to a text of the person's hour that may not be longer than the limit: atomic over instances, one request.
 * Where there is no store, or it is down, this process counts what it does itself, to a part of the limit.
 *
 * @param limits acts in an hour
 */
export function createCounts(
  store: Store | undefined,
  now: () => number,
  limits: Readonly<Record<CountedClass, number>> = countLimits,
): Counts {
  const own = new Map<string, number>();

  function reserveHere(name: string, limit: number): boolean {
    const count = (own.get(name) ?? 0) + 1;
    if (count > limit) return false;
    own.set(name, count);
    for (const oldest of own.keys()) {
      if (own.size <= mostKept) break;
      own.delete(oldest);
    }
    return true;
  }

  return {
    async reserve(person, counted) {
      const hour = Math.floor(now() / hourMs);
      const who = createHash("sha256").update(person.toLowerCase()).digest("hex").slice(0, 32);
      const name = `counts/${who}/${counted}/${hour}`;
      const limit = limits[counted];
      if (store === undefined) return reserveHere(name, limit);
      try {
        return await store.append(name, ".", limit);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return reserveHere(name, Math.max(1, Math.floor(limit / instances)));
      }
    },
  };
}
