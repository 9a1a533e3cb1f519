import { tellLanguage } from "../language-detection";
import type { Sentence } from "../retrieval/passages";
import {
  convincing,
  meantBy,
  type RankedArticle,
  rankArticles,
  titleOf,
} from "../retrieval/rank-articles";
import type { DraftInput, KnowledgeHit } from "../types";
import type { WordVectors } from "../words/word-vectors";
import type { Line } from "./compose";
import { type Cure, cureOf } from "./cure";
import { draftLanguage, type Language } from "./frames";

/** What a reply tells of the article that helps. */
export interface Solution {
  readonly article: KnowledgeHit | undefined;
  /** What of it is said: nothing where it is in another language, or was said before. */
  readonly cure: Cure;
  /** What it tells, whether it is said or not. */
  readonly found: readonly Sentence[];
  /** The other language that it is written in. */
  readonly elsewhere: string | undefined;
  /** All of it was written to the customer before. */
  readonly hasFailed: boolean;
  /** Its sentences as lines with their evidence. */
  lines(sentences: readonly Sentence[]): readonly Line[];
}

const noCure: Cure = { steps: [], told: [], asked: [] };

export const none: Solution = {
  article: undefined,
  cure: noCure,
  found: [],
  elsewhere: undefined,
  hasFailed: false,
  lines: () => [],
};

export async function solutionOf(
  input: DraftInput,
  words: string,
  language: Language,
  vectors: WordVectors | undefined,
): Promise<Solution> {
  const best = await bestArticle(input, words, vectors);
  if (best === undefined) return none;
  const whole = cureOf(best.text, words);
  const found = [...whole.steps, ...whole.told];
  if (found.length === 0) return none;
  const { article } = best;
  const written =
    draftLanguage(article.language) ?? tellLanguage(best.text, article.title).tag ?? "en";
  const elsewhere = written === language ? undefined : written;
  const fresh = withoutSaid(whole, input.sent ?? []);
  const hasFailed = elsewhere === undefined && fresh.steps.length + fresh.told.length === 0;
  return {
    article,
    found,
    elsewhere,
    hasFailed,
    cure: elsewhere === undefined && !hasFailed ? fresh : noCure,
    lines: (sentences) =>
      sentences.map(({ text, span }) => ({
        text,
        evidence: [{ ref: article.ref, kind: "knowledge", score: best.share, quote: text, span }],
      })),
  };
}

/** The article to share, when there is one that convinces or that a person chose. */
async function bestArticle(
  input: DraftInput,
  words: string,
  vectors: WordVectors | undefined,
): Promise<RankedArticle | undefined> {
  if (input.purpose === "request-information") return undefined;
  const shareable = input.articles.filter(({ isInternal }) => !isInternal);
  const wanted = input.suggestion?.evidence.find(({ kind }) => kind === "knowledge")?.ref.id;
  const chosen = shareable.filter(({ ref }) => ref.id === wanted);
  const { ranked, answerable } = await rankArticles(
    words,
    chosen.length > 0 ? chosen : shareable,
    vectors,
    1,
    titleOf(input),
    meantBy(input, words),
  );
  // A representative who chose the article, or asked for the solution, has judged it already.
  const isConvincing =
    answerable >= convincing || chosen.length > 0 || input.purpose === "share-solution";
  return isConvincing ? ranked[0] : undefined;
}

const pressed = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** What the customer was told already did not help. */
function withoutSaid(cure: Cure, sent: readonly string[]): Cure {
  const before = sent.map(pressed);
  const isNew = ({ text }: Sentence) => !before.some((one) => one.includes(pressed(text)));
  return {
    steps: cure.steps.filter(isNew),
    told: cure.told.filter(isNew),
    asked: cure.asked.filter(isNew),
  };
}
