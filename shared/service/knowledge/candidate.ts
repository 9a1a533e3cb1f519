import { sanitise } from "../../text";
import type { FoundRow } from "./dataverse-search";

/** A piece of knowledge that may answer a question. Everything but numbers is text from records: data. */
export interface Passage {
  readonly source: string;
  readonly table: string;
  readonly id: string;
  readonly number: string | undefined;
  readonly title: string;
  readonly text: string;
  /** 0 to 1, on one scale: the share of the question's telling words that the best holds, and less for those behind it. */
  readonly score: number;
  readonly link: string;
  readonly isInternal: boolean;
  /** The text looks as if it gave orders to a machine. */
  readonly isSuspicious: boolean;
}

/** What may answer, before it is ranked. */
export type Candidate = Omit<Passage, "score"> & {
  readonly weight?: number;
  readonly foundBy?: string;
  readonly isTitled?: boolean;
};

/** Rows that a search found, by table. */
export type FoundRows = ReadonlyMap<string, readonly FoundRow[]>;

/** Title and text as a reader sees them: nothing hidden, nothing encoded. What looks like an order is kept, and said. */
export function plain(title: string, ...texts: readonly string[]) {
  const parts = texts.map((text) => sanitise(text));
  const heading = sanitise(title);
  return {
    title: heading.text,
    text: parts
      .map((part) => part.text)
      .join("\n")
      .replace(/\n{2,}/g, "\n"),
    isSuspicious: [heading, ...parts].some((part) => part.suspicions.length > 0),
  };
}
