import type { Caller } from "../context";

/** The tokens that callers came with. Beside the caller and not in it, so that no log and no answer can hold one. */
const tokens = new WeakMap<object, string>();

/** Remembers the verified token of a caller, as long as the caller is. */
export function keepAssertion(caller: Caller, token: string): void {
  tokens.set(caller, token);
}

/** The token that this very caller came with; undefined where it was not kept. */
export const assertionOf = (caller: object): string | undefined => tokens.get(caller);
