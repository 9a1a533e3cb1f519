import { sanitise } from "../../text/sanitise";
import { takeTurns } from "../../text/take-turns";
import { holdsWhole } from "../../text/whole-words";
import type { Evidence, KnowledgeHit, SuggestInput } from "../types";
import type { WordVectors } from "../words/word-vectors";
import { meaningsOf } from "./meaning";
import { bestPassage } from "./passages";
import { keywords, Ranker } from "./ranker";

/** An article that says so much of the question is worth sharing. */
export const convincing = 0.5;

/** An article, and how much of the best one's score it has. */
export interface RankedArticle {
  readonly article: KnowledgeHit;
  /** Plain. */
  readonly text: string;
  /** 0 to 1, relative to the best. */
  readonly share: number;
}

/** A title says what is wrong in fewer words than a mail, or nothing ("station says no"): both are read. */
const weightOfTitle = 0.3;
/** "Pump" says nothing that a ranking could go by. */
const leastTitle = 3;
const leastHeld = 0.5;
/** Votes of resolved cases against likeness of words; measured on cases told in other words than their article. */
const weightOfVotes = 1.2;

/** Articles that the sentence encoder compares: its time is a second's for hundreds. */
const mostMeant = 20;
const weightOfMeaning = 1.5;
/** Where no title is nearer than this to what is asked, the nearest says as little as it is near. */
const leastTop = 0.35;
/** Votes of cases for what the customer does not speak of may be for their words alone. */
const notSpokenOf = 0.25;

/**
 * The articles for the customer's words, best first, and how sure it is that the best one answers. An article's `score`
 * counts as the vote of resolved cases for it.
 *
 * @param title the case in a line, if it has one
 * @param meant what is compared by its meaning, of which the first lines are read: the trouble itself, not what was written about it since
 */
export async function rankArticles(
  question: string,
  articles: readonly KnowledgeHit[],
  vectors: WordVectors | undefined,
  count: number,
  title = "",
  meant = question,
): Promise<{ readonly ranked: readonly RankedArticle[]; readonly answerable: number }> {
  const turn = takeTurns();
  const plain = new Map<string, { readonly article: KnowledgeHit; readonly text: string }>();
  for (const article of articles) {
    await turn();
    plain.set(article.ref.id, { article, text: sanitise(article.text).text });
  }
  const ranker = await Ranker.inTurns(
    [...plain].map(([id, { article, text }]) => ({
      id,
      title: article.title,
      text: article.keywords === undefined ? text : `${text}\n${article.keywords}`,
    })),
    vectors,
  );
  await turn();
  const byAll = ranker.rank(question, articles.length);
  await turn();
  const byTitle = keywords(title).length < leastTitle ? byAll : ranker.rank(title, articles.length);
  const [all, short] = [relative(byAll.hits), relative(byTitle.hits)];
  const scored = [...plain].map(([id, found]) => {
    const vote = isNamed(found.article, question) ? 1 : (found.article.score ?? 0);
    const likeness =
      (1 - weightOfTitle) * (all.get(id) ?? 0) + weightOfTitle * (short.get(id) ?? 0);
    return { ...found, vote, score: likeness + weightOfVotes * vote };
  });
  scored.sort((a, b) => b.score - a.score);
  const meanings =
    vectors === undefined
      ? undefined
      : await meaningsOf(
          meant,
          title,
          scored
            .slice(0, mostMeant)
            .map(({ article }) => ({ id: article.ref.id, title: article.title })),
        );
  if (meanings !== undefined) {
    const top = Math.max(leastTop, ...meanings.near.values());
    for (const one of scored)
      one.score +=
        (weightOfMeaning * Math.max(0, meanings.near.get(one.article.ref.id) ?? 0)) / top;
    scored.sort((a, b) => b.score - a.score);
  }
  const [best] = scored;
  const isTitled = best?.article.ref.id === byTitle.hits[0]?.id;
  // A title of three words meets many an article in one of them.
  const byWords = !isTitled
    ? 0
    : heldBy(title, best) >= leastHeld
      ? byTitle.answerable
      : Math.min(byTitle.answerable, byAll.answerable);
  const sure =
    meanings === undefined || best === undefined
      ? byWords
      : (byWords + 2 * meanings.sureOf(best.article.ref.id)) / 3;
  const near = meanings?.near.get(best?.article.ref.id ?? "") ?? 1;
  const vote = (best?.vote ?? 0) * (near < notSpokenOf && (best?.vote ?? 0) < 1 ? 0.5 : 1);
  return {
    ranked: scored.slice(0, count).map(({ article, text, score }) => ({
      article,
      text,
      share: score / (best?.score || 1),
    })),
    // Either may convince; a fifth of all votes is as much as one case in the very same words.
    answerable: 1 - (1 - sure) * (1 - Math.min(0.95, 2.5 * vote)),
  };
}

/** The customer names the article's number. */
const isNamed = ({ ref }: KnowledgeHit, question: string): boolean =>
  ref.number !== undefined && holdsWhole(question.toLowerCase(), ref.number.toLowerCase());

/** Share of the words of a title that an article has. */
function heldBy(
  title: string,
  found: { readonly article: KnowledgeHit; readonly text: string } | undefined,
): number {
  const words = new Set(keywords(title));
  if (found === undefined || words.size === 0) return 0;
  const there = new Set(keywords(`${found.article.title} ${found.text}`));
  return [...words].filter((word) => there.has(word)).length / words.size;
}

const relative = (hits: readonly { readonly id: string; readonly score: number }[]) => {
  const best = hits[0]?.score || 1;
  return new Map(hits.map(({ id, score }) => [id, score / best]));
};

/** What the case is called: the subject of the case itself, else of the newest text. */
export const titleOf = ({ sources }: Pick<SuggestInput, "sources">): string =>
  sanitise((sources.find(({ kind }) => kind === "case") ?? sources[0])?.subject ?? "").text;

/** The trouble in the customer's first words: what stands in the case itself, where it has any text. */
export const meantBy = ({ sources }: Pick<SuggestInput, "sources">, words: string): string => {
  const told = sources.find(({ kind, text }) => kind === "case" && text.trim() !== "");
  return told === undefined ? words : sanitise(told.text).text;
};

/** Evidence for an article: its best passage, word for word, with where it stands in the plain text. */
export function quoteOf({ article, text, share }: RankedArticle, question: string): Evidence[] {
  return bestPassage(text, question).map((sentence) => ({
    ref: article.ref,
    kind: "knowledge",
    score: share,
    quote: sentence.text,
    span: sentence.span,
  }));
}
