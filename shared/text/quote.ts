import { escapeHidden } from "./records/hidden-characters";

const longest = 60;

/** A value that the model sent, as it may stand in a message: JSON on one line, nothing hidden, cut. */
export function quote(value: unknown): string {
  // What is long is cut before it is looked at, and again when its escapes made it longer.
  const json = (JSON.stringify(value) ?? String(value)).slice(0, longest + 1).toWellFormed();
  const text = escapeHidden(json);
  return text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}…`;
}

/** `a`, `a or b`, `a, b or c`. */
export function either(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
