import type { RankedArticle } from "../../retrieval/rank-articles";
import { keywords } from "../../retrieval/ranker";
import type { Evidence, NextStep } from "../../types";

/** So many of a cure's words stand in an article that tells the same. */
const sameCure = 0.7;

/** So many of the words of the shorter of two titles stand in the other where they are about one thing. */
const sameTitle = 0.5;

/**
 * Two articles tell the same cure, be it to customers or to colleagues: in the same words, or, where their titles are about one
 * thing, the one has what is quoted of the other.
 */
export function tellTheSame(
  one: NextStep,
  other: NextStep,
  ranked: readonly RankedArticle[],
): boolean {
  const [some, others] = [new Set(keywords(one.detail)), new Set(keywords(other.detail))];
  const isQuotedAlike = shareOf(some, others) >= sameCure && shareOf(others, some) >= sameCure;
  if (isQuotedAlike) return true;
  const [title, otherTitle] = [new Set(keywords(one.title)), new Set(keywords(other.title))];
  return (
    Math.max(shareOf(title, otherTitle), shareOf(otherTitle, title)) >= sameTitle &&
    (saysTheSame(one.evidence, other.detail, ranked) ||
      saysTheSame(other.evidence, one.detail, ranked))
  );
}

/** One step for both, which is shared with the customer if either is. */
export function together(first: NextStep, second: NextStep): NextStep {
  const isShared = first.kind === second.kind || first.kind === "share-solution";
  const [told, beside] = isShared ? [first, second] : [second, first];
  return {
    ...told,
    confidence: Math.max(first.confidence, second.confidence),
    evidence: [...told.evidence, ...beside.evidence],
  };
}

/** Share of some words that others have. */
function shareOf(words: ReadonlySet<string>, others: ReadonlySet<string>): number {
  return words.size === 0 ? 0 : [...words].filter((word) => others.has(word)).length / words.size;
}

/** An article among the evidence tells this cure. */
export function saysTheSame(
  evidence: readonly Evidence[],
  cure: string,
  ranked: readonly RankedArticle[],
): boolean {
  const asked = new Set(keywords(cure));
  return evidence.some(({ ref }) => {
    const article = ranked.find((one) => one.article.ref.id === ref.id);
    return article !== undefined && shareOf(asked, new Set(keywords(article.text))) >= sameCure;
  });
}
