import { readAhead, sanitise, takeTurns } from "../../text";
import type { ArticleHit } from "../knowledge/knowledge-articles";
import { HeldWords } from "../knowledge/rank-hits";
import type { CaseIntent } from "./intent/intent-library";
import type { SimilarCase } from "./similar-cases";

/** An article that holds so much of a resolution tells the same cure. */
const sameCure = 0.5;
/** A person who linked the article knew; words that meet only suggest it. */
const weightOfCure = 0.9;
/** Intents are harvested by a machine, and some are wrong: alone they bring an article up, but convince nobody. */
const weightOfIntent = 0.18;

/**
 * How strongly resolved cases like this one point to each article, 0 to 1, by the article's id: by the articles that people
 * linked to them, by resolutions that tell what an article tells, and by what the intent library answers.
 *
 * @param linked cases by the article that is linked to them
 */
export async function articleVotes(
  caseId: string,
  similar: readonly SimilarCase[],
  linked: ReadonlyMap<string, readonly string[]>,
  articles: readonly ArticleHit[],
  intent?: { readonly found: CaseIntent; readonly roots: readonly string[] },
): Promise<ReadonlyMap<string, number>> {
  const votes = new Map<string, number>();
  const weights = similar.map(({ likeness }) => likeness ** 4);
  const all = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const texts = articles.map((hit) => hit.text);
  await readAhead(texts);
  const held = await HeldWords.of(texts.map((text) => sanitise(text).text));
  const turn = takeTurns();
  for (const [at, one] of similar.entries()) {
    await turn();
    const weight = ((weights[at] ?? 0) * one.certainty) / all;
    for (const [id, share] of pointedAt(one, linked, articles, held))
      votes.set(id, (votes.get(id) ?? 0) + weight * share);
  }
  for (const { ref, rootId } of articles) {
    // The library's own answer to an intent is as good as the intent is sure.
    if (intent?.roots.some((root) => root === ref.id || root === rootId))
      votes.set(ref.id, Math.max(votes.get(ref.id) ?? 0, weightOfIntent * intent.found.confidence));
  }
  // Somebody has linked it to this very case.
  for (const [id, cases] of linked) if (cases.includes(caseId)) votes.set(id, 1);
  return votes;
}

function pointedAt(
  { found }: SimilarCase,
  linked: ReadonlyMap<string, readonly string[]>,
  articles: readonly ArticleHit[],
  inArticles: HeldWords,
): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  if (found.resolution !== undefined) {
    const held = inArticles.sharesOf(found.resolution);
    const best = Math.max(0, ...held);
    for (const [at, share] of held.entries()) {
      const id = articles[at]?.ref.id;
      if (id !== undefined && share >= sameCure && share >= 0.9 * best)
        shares.set(id, weightOfCure);
    }
  }
  for (const [id, cases] of linked) if (cases.includes(found.ref.id)) shares.set(id, 1);
  return shares;
}
