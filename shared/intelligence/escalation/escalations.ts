import type { ReadSource } from "../read-sources";
import type { Escalation } from "../types";
import { findPhrase, type Phrase, phraseOf, spokenOf } from "./find-phrase";
import { phrasesOfKinds } from "./phrases";
import { tokensOf } from "./tokens";

/** As much of a text as is read: what is urgent stands above what was quoted. */
const longestRead = 30_000;
/** Nobody was hurt, nothing burns: these kinds are often named to say that they are not so. */
const deniable: ReadonlySet<string> = new Set(["danger", "injury"]);

const kinds = Object.keys(phrasesOfKinds) as readonly Escalation["kind"][];
let known: readonly (readonly [Escalation["kind"], readonly Phrase[]])[] | undefined;

/**
 * What in the customer's words asks for more than a normal answer, the gravest kind first, each kind once with the words that
 * say it. The newest source that says so is the evidence.
 *
 * @param sources plain, as `read` gives them, the newest first
 */
export function escalationsOf(sources: readonly ReadSource[]): readonly Escalation[] {
  known ??= kinds.map((kind) => [kind, phrasesOfKinds[kind].map(phraseOf)] as const);
  const read = sources.map((source) => {
    const text = source.text.slice(0, longestRead);
    return { source, text, spoken: spokenOf(tokensOf(text)) };
  });
  return known.flatMap(([kind, phrases]): Escalation[] => {
    for (const { source, text, spoken } of read) {
      const span = findPhrase(text, spoken, phrases, deniable.has(kind));
      if (span === undefined) continue;
      const evidence = {
        ref: source.ref,
        kind: "source-span",
        score: 1,
        quote: source.text.slice(...span),
        span,
      } as const;
      return [{ kind, evidence }];
    }
    return [];
  });
}
