import type { ReadSource } from "../read-sources";
import type { Escalation, Evidence, NextStep } from "../types";
import { findPhrase, type Phrase, phraseOf, spokenOf } from "./find-phrase";
import phrases from "./other-matters.json";
import { tokensOf } from "./tokens";

/** What reaches customer service and is no matter of its own: no article answers it, and others do. */
export type OtherMatterKind =
  | "application"
  | "data-protection"
  | "offer"
  | "press"
  | "quotation"
  | "supplier-invoice";

export interface OtherMatter {
  readonly kind: OtherMatterKind;
  /** The words that say so. */
  readonly evidence: Evidence;
}

/** As much of a text as is read: what it is stands in its first lines. */
const longestRead = 8_000;

const phrasesOf: Readonly<Record<Exclude<OtherMatterKind, "data-protection">, readonly string[]>> =
  phrases;
const kinds = Object.keys(phrasesOf) as readonly (keyof typeof phrasesOf)[];
let known: readonly (readonly [OtherMatterKind, readonly Phrase[]])[] | undefined;

/** With these the case stays one of customer service, whatever else is said in it. */
const staysHere: ReadonlySet<Escalation["kind"]> = new Set(["danger", "injury"]);

/**
 * What the words are about where it is no matter of customer service; undefined where it is, or where nobody can tell.
 *
 * @param sources plain, as `read` gives them, the newest first
 */
export function otherMatterOf(
  sources: readonly ReadSource[],
  escalations: readonly Escalation[],
): OtherMatter | undefined {
  known ??= kinds.map((kind) => [kind, phrasesOf[kind].map(phraseOf)] as const);
  const read = sources.map((source) => {
    const text = source.text.slice(0, longestRead);
    return { source, text, spoken: spokenOf(tokensOf(text)) };
  });
  for (const [kind, some] of known) {
    for (const { source, text, spoken } of read) {
      const span = findPhrase(text, spoken, some, false);
      if (span === undefined) continue;
      const quote = source.text.slice(...span);
      const evidence = { ref: source.ref, kind: "source-span", score: 1, quote, span } as const;
      return { kind, evidence };
    }
  }
  if (escalations.some(({ kind }) => staysHere.has(kind))) return undefined;
  const asked = escalations.find(({ kind }) => kind === "data-protection");
  return asked && { kind: "data-protection", evidence: asked.evidence };
}

const names: Readonly<Record<OtherMatterKind, readonly [what: string, whom: string]>> = {
  application: ["a job application", "whoever answers for staff"],
  "data-protection": [
    "a request about personal data",
    "whoever answers for data protection: a legal time limit runs from the day it arrived",
  ],
  offer: ["an offer or a request for sponsoring", "purchasing or marketing, or close it"],
  press: ["an inquiry of the press", "the press office, and say nothing to the matter"],
  quotation: ["a request for a price or a quotation", "sales"],
  "supplier-invoice": ["an invoice of a supplier", "accounts payable"],
};

/** What it is and to whom it goes. */
export function handOnStep({ kind, evidence }: OtherMatter): NextStep {
  const [what, whom] = names[kind];
  return {
    kind: "do-internal",
    title: `Hand it on: it reads like ${what}`,
    detail: `No matter of customer service: it goes to ${whom}. Its words: "${evidence.quote}".`,
    confidence: 0.9,
    evidence: [evidence],
  };
}
