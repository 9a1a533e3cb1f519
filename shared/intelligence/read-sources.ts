import { sanitise } from "../text/sanitise";
import type { Evidence, SourceText } from "./types";

/** The customer's words as the predictor reads them, and where they stand. */
export interface ReadSource {
  readonly ref: Evidence["ref"];
  readonly text: string;
}

/** The sources as plain text, the newest first, and whether any of them gives orders to a machine. */
export function read(sources: readonly SourceText[]): {
  readonly sources: readonly ReadSource[];
  readonly suspected: boolean;
} {
  let suspected = false;
  const plain = sources.map(({ id, subject = "", text }) => {
    const safe = sanitise(text);
    const title = sanitise(subject);
    suspected ||= safe.suspicions.length > 0 || title.suspicions.length > 0;
    return { ref: id, text: title.text === "" ? safe.text : `${title.text}\n${safe.text}` };
  });
  return { sources: plain.filter(({ text }) => text !== ""), suspected };
}
