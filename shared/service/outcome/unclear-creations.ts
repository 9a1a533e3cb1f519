import { derivedId } from "./derived-id";

/** So long the same arguments count as the same wish, made again. */
const keptMs = 30 * 60_000;
const mostKept = 1_000;

/**
 * Ids of what was to be created by calls whose answer left it open. The same arguments again get the same id, so that they make
 * no second one where the first was made after all. It is kept in the process, for it only saves a caller who does not put the
 * id that the answer named into the next call.
 */
export class UnclearCreations {
  readonly #kept = new Map<string, { readonly id: string; readonly until: number }>();

  /** The id that the same wish was given before. */
  recall(wish: string): string | undefined {
    const kept = this.#kept.get(wish);
    if (kept === undefined || kept.until > performance.now()) return kept?.id;
    this.#kept.delete(wish);
    return undefined;
  }

  keep(wish: string, id: string): void {
    this.#kept.delete(wish);
    this.#kept.set(wish, { id, until: performance.now() + keptMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  forget(wish: string): void {
    this.#kept.delete(wish);
  }

  /** Its caller goes on by the id, so that the same arguments without it mean another one. */
  forgetId(id: string): void {
    for (const [wish, kept] of this.#kept) if (kept.id === id) this.#kept.delete(wish);
  }
}

/** Under what a wish is kept: no content of it is. */
export const wishOf = (environment: string, caller: string, tool: string, args: unknown): string =>
  derivedId("wish", environment, caller, tool, JSON.stringify(args));

/** Those of this process. */
export const unclearCreations = new UnclearCreations();
