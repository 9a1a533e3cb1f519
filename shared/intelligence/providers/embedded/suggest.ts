import { redact } from "../../../text/redact";
import { sanitise } from "../../../text/sanitise";
import { bestPassage } from "../../retrieval/passages";
import { keywords, Ranker } from "../../retrieval/ranker";
import type {
  Evidence,
  KnowledgeHit,
  MissingFact,
  NextStep,
  ResolvedCase,
  SuggestInput,
} from "../../types";
import type { WordVectors } from "../../words/word-vectors";
import { missingFacts } from "./missing-facts";
import type { ReadSource } from "./predict-fields";

const solved =
  /\b(?:it|that|this|everything|problem|issue)\b[^.\n]{0,30}\b(?:works? (?:now|again|fine)|is (?:now )?(?:solved|fixed|resolved|working))\b|\byou (?:can|may) close\b|\bfunktioniert (?:jetzt|wieder)\b/i;
const notSolved =
  /\b(?:not|never|still|isn'?t|doesn'?t|nicht)\b[^.\n]{0,25}\b(?:works?|working|solved|fixed|resolved|funktioniert)\b/i;
const alarming =
  /\b(?:lawyer|legal action|lawsuit|injur(?:y|ed)|fire|smoke|electric shock|safety hazard|data breach|speak to (?:a|your) manager|third time|cancel (?:our|my|the) contract|anwalt)\b/i;

/** An article that says so much of the question is worth sharing. */
export const convincing = 0.5;

/** What is less likely than this is filler: it would only be read, and not be of use. */
const leastConfidence = 0.1;
/** Beside an article that answers, another is worth a look when it scores so much of the best. */
const leastBeside = 0.6;

/** An article, and how much of the best one's score it has. */
export interface RankedArticle {
  readonly article: KnowledgeHit;
  /** Plain. */
  readonly text: string;
  /** 0 to 1, relative to the best. */
  readonly share: number;
}

/** A title says what is wrong in fewer words than a mail, so it counts more. */
const weightOfTitle = 0.7;
/** "Pump" says nothing that a ranking could go by. */
const leastTitle = 3;
const leastHeld = 0.5;
/** Votes of resolved cases against likeness of words; measured on cases told in other words than their article. */
const weightOfVotes = 1.2;

/**
 * The articles for the customer's words, best first, and how sure it is that the best one answers. An article's `score`
 * counts as the vote of resolved cases for it.
 *
 * @param title the case in a line, if it has one
 */
export async function rankArticles(
  question: string,
  articles: readonly KnowledgeHit[],
  vectors: WordVectors | undefined,
  count: number,
  title = "",
): Promise<{ readonly ranked: readonly RankedArticle[]; readonly answerable: number }> {
  const plain = new Map(
    articles.map((article) => [article.ref.id, { article, text: sanitise(article.text).text }]),
  );
  const ranker = await Ranker.inTurns(
    [...plain].map(([id, { article, text }]) => ({
      id,
      title: article.title,
      text: article.keywords === undefined ? text : `${text}\n${article.keywords}`,
    })),
    vectors,
  );
  const byAll = ranker.rank(question, articles.length);
  const byTitle = keywords(title).length < leastTitle ? byAll : ranker.rank(title, articles.length);
  const [all, short] = [relative(byAll.hits), relative(byTitle.hits)];
  const scored = [...plain].map(([id, found]) => ({
    ...found,
    vote: found.article.score ?? 0,
    score:
      (1 - weightOfTitle) * (all.get(id) ?? 0) +
      weightOfTitle * (short.get(id) ?? 0) +
      weightOfVotes * (found.article.score ?? 0),
  }));
  scored.sort((a, b) => b.score - a.score);
  const [best] = scored;
  const isTitled = best?.article.ref.id === byTitle.hits[0]?.id;
  // A title of three words meets many an article in one of them.
  const byWords = !isTitled
    ? 0
    : heldBy(title, best) >= leastHeld
      ? byTitle.answerable
      : Math.min(byTitle.answerable, byAll.answerable);
  return {
    ranked: scored.slice(0, count).map(({ article, text, score }) => ({
      article,
      text,
      share: score / (best?.score || 1),
    })),
    // Either may convince; a fifth of all votes is as much as one case in the very same words.
    answerable: 1 - (1 - byWords) * (1 - Math.min(0.95, 2.5 * (best?.vote ?? 0))),
  };
}

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

/** Steps, best first, and what to ask for. Pure: ranks what was gathered and invents nothing. */
export async function suggest(
  input: SuggestInput,
  sources: readonly ReadSource[],
  vectors: WordVectors | undefined,
): Promise<{
  readonly steps: readonly NextStep[];
  readonly answerable: number;
  readonly missing: readonly MissingFact[];
}> {
  const words = sources.map(({ text }) => text).join("\n");
  const { ranked, answerable } = await rankArticles(
    words,
    input.articles,
    vectors,
    3,
    titleOf(input),
  );
  const missing = missingFacts(input, words, ranked, answerable >= leastConfidence);
  const steps: NextStep[] = [];
  for (const one of ranked) {
    if (answerable >= convincing && one.share < leastBeside) continue;
    const confidence = answerable * one.share ** 2;
    if (confidence < leastConfidence) continue;
    const evidence = quoteOf(one, words);
    if (evidence.length === 0) continue;
    steps.push({
      kind: one.article.isInternal ? "do-internal" : "share-solution",
      title: one.article.title,
      detail: evidence.map(({ quote }) => quote).join(" "),
      confidence,
      evidence,
    });
  }
  const asks =
    missing.length > 0 && answerable < convincing ? 0.9 * (1 - answerable) : 0.4 * (1 - answerable);
  const over = signals(sources);
  const isOver = over.some(({ kind }) => kind === "close");
  if (missing.length > 0 && !isOver) {
    steps.push({
      kind: "ask-customer",
      title: `Ask for ${missing.map(({ attribute }) => attribute).join(", ")}`,
      detail: missing.map(({ question }) => question).join(" "),
      confidence: asks,
      evidence: missing.flatMap(({ why }) => why),
    });
  }
  steps.push(
    ...fromSimilar(input).filter(({ confidence }) => confidence >= leastConfidence),
    ...over,
  );
  steps.sort((a, b) => b.confidence - a.confidence);
  return { steps: steps.slice(0, input.max ?? 5), answerable, missing };
}

/** What helped in similar cases, each cure once. Of other customers only the resolution is shown, without what tells who they are. */
function fromSimilar(input: SuggestInput): NextStep[] {
  const byCure = new Map<string, Evidence[]>();
  for (const one of input.similar) {
    const cure = resolutionOf(one, input.customerId).slice(0, 600);
    if (cure.trim() === "") continue;
    const score = Math.min(1, one.score ?? 0.3);
    const evidence = byCure.get(cure) ?? [];
    evidence.push({ ref: one.ref, kind: "resolved-case", score, quote: cure });
    byCure.set(cure, evidence);
  }
  return [...byCure].slice(0, 2).map(([cure, evidence]) => ({
    kind: "do-internal",
    title: "Do what resolved a similar case",
    detail: cure,
    confidence: 0.6 * Math.max(...evidence.map(({ score }) => score)),
    evidence: evidence.slice(0, 5),
  }));
}

/** The resolution of a case as it may be read beside another customer's case. */
export function resolutionOf(one: ResolvedCase, customerId: string | undefined): string {
  const plain = sanitise(one.resolution ?? "").text;
  const isOwn = customerId !== undefined && one.customerId === customerId;
  return isOwn ? plain : redact(plain);
}

/** Words by which a customer says that it is over, or that it must go higher. The newest text only speaks of the end. */
function signals(sources: readonly ReadSource[]): NextStep[] {
  const steps: NextStep[] = [];
  const spanOf = (source: ReadSource, match: RegExpExecArray): Evidence => ({
    ref: source.ref,
    kind: "source-span",
    score: 1,
    quote: match[0],
    span: [match.index, match.index + match[0].length],
  });
  const [newest] = sources;
  const over = newest && !notSolved.test(newest.text) ? solved.exec(newest.text) : null;
  if (newest && over) {
    steps.push({
      kind: "close",
      title: "Resolve the case",
      detail: "The customer writes that it is solved.",
      confidence: 0.9,
      evidence: [spanOf(newest, over)],
    });
  }
  for (const source of sources) {
    const match = alarming.exec(source.text);
    if (match === null) continue;
    steps.push({
      kind: "escalate",
      title: "Escalate",
      detail: `The customer's words ask for more than a normal answer: "${match[0]}".`,
      confidence: 0.8,
      evidence: [spanOf(source, match)],
    });
    break;
  }
  return steps;
}
