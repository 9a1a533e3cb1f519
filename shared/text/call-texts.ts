import { AsyncLocalStorage } from "node:async_hooks";
import type { SanitisedText } from "./types";

/** Characters that one call remembers; what comes after is cleaned each time. */
const mostRemembered = 12_000_000;

/** The texts that one tool call has cleaned, so that each is cleaned once and not once for each of its readers. */
export class CallTexts {
  readonly #known = new Map<string, SanitisedText>();
  #characters = 0;
  #cut = 0;

  /** Texts that were longer than what is read of one. */
  get cut(): number {
    return this.#cut;
  }

  clean(source: string, clean: (source: string) => SanitisedText): SanitisedText {
    const known = this.#known.get(source);
    if (known !== undefined) return known;
    const text = clean(source);
    if (text.removed.includes("beyond-limit")) this.#cut += 1;
    this.#characters += source.length + text.text.length;
    if (this.#characters <= mostRemembered) this.#known.set(source, text);
    return text;
  }
}

/** The texts of the call that runs now; undefined outside of a call. Nothing of a call outlives it. */
export const currentTexts = new AsyncLocalStorage<CallTexts>();
