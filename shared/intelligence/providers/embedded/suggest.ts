import { takeTurns } from "../../../text/take-turns";
import { escalationStep, escalationsOf, handOnStep, otherMatterOf } from "../../escalation";
import type { ReadSource } from "../../read-sources";
import { resolutionOf } from "../../resolution";
import {
  convincing,
  meantBy,
  quoteOf,
  type RankedArticle,
  rankArticles,
  titleOf,
} from "../../retrieval/rank-articles";
import type { Escalation, Evidence, MissingFact, NextStep, SuggestInput } from "../../types";
import type { WordVectors } from "../../words/word-vectors";
import { missingFacts } from "./missing-facts";
import { saysTheSame, tellTheSame, together } from "./steps-alike";

const solved =
  /\b(?:it|that|this|everything|problem|issue)\b[^.\n]{0,30}\b(?:works? (?:now|again|fine)|is (?:now )?(?:solved|fixed|resolved|working))\b|\byou (?:can|may) close\b|\bfunktioniert (?:jetzt|wieder)\b/i;
const notSolved =
  /\b(?:not|never|still|isn'?t|doesn'?t|nicht)\b[^.\n]{0,25}\b(?:works?|working|solved|fixed|resolved|funktioniert)\b/i;
/** What is less likely than this is filler: it would only be read, and not be of use. */
const leastConfidence = 0.1;
/** Of an article: where none answers, the nearest are worth a look sooner than nothing is. */
const leastOfArticle = 0.04;
/** What an article asks for is to the matter when the article may be. */
const leastToAsk = 0.25;
/** Beside an article that answers, another is worth a look when it scores so much of the best. */
const leastBeside = 0.6;

/** Articles that are ranked, and those of them that become steps of their own. */
const [mostRanked, mostShared] = [8, 3];

/** Steps, best first, and what to ask for. Pure: ranks what was gathered and invents nothing. */
export async function suggest(
  input: SuggestInput,
  sources: readonly ReadSource[],
  vectors: WordVectors | undefined,
): Promise<{
  readonly steps: readonly NextStep[];
  readonly answerable: number;
  readonly missing: readonly MissingFact[];
  readonly escalations: readonly Escalation[];
}> {
  const words = sources.map(({ text }) => text).join("\n");
  const escalations = escalationsOf(sources);
  // Before anything that helps: who is in danger is told so first.
  const first = escalationStep(escalations);
  const matter = otherMatterOf(sources, escalations);
  if (matter !== undefined) {
    const handOn = handOnStep(matter);
    const steps = first === undefined ? [handOn] : [first, handOn];
    return { steps, answerable: 0, missing: [], escalations };
  }
  const { ranked, answerable } = await rankArticles(
    words,
    input.articles,
    vectors,
    mostRanked,
    titleOf(input),
    meantBy(input, words),
  );
  const turn = takeTurns();
  await turn();
  const missing = missingFacts(input, words, ranked.slice(0, mostShared), answerable >= leastToAsk);
  const steps = await fromArticles(ranked, answerable, words);
  const asks =
    (answerable < convincing ? 0.9 * worthOfAsking(input, missing, answerable) : 0.4) *
    (1 - answerable);
  await turn();
  const over = endOf(sources);
  const isOver = over.length > 0;
  if (missing.length > 0 && !isOver) {
    steps.push({
      kind: "ask-customer",
      title: `Ask for ${missing.map(({ attribute }) => attribute).join(", ")}`,
      detail: missing.map(({ question }) => question).join(" "),
      confidence: asks,
      evidence: missing.flatMap(({ why }) => why),
    });
  }
  await turn();
  const told = await withCures(steps, fromSimilar(input), ranked);
  const all = [...told, ...over].sort((a, b) => b.confidence - a.confidence);
  return {
    steps: [...(first === undefined ? [] : [first]), ...all].slice(0, input.max ?? 5),
    answerable,
    missing,
    escalations,
  };
}

/** Articles as steps, best first; those that tell the same cure are one step, with both as its evidence. */
async function fromArticles(
  ranked: readonly RankedArticle[],
  answerable: number,
  words: string,
): Promise<NextStep[]> {
  const turn = takeTurns();
  const steps: NextStep[] = [];
  for (const one of ranked) {
    await turn();
    if (steps.length === mostShared) break;
    if (answerable >= convincing && one.share < leastBeside) continue;
    const confidence = answerable * one.share ** 2;
    const evidence = confidence < leastOfArticle ? [] : quoteOf(one, words);
    if (evidence.length === 0) continue;
    const kind = one.article.isInternal ? "do-internal" : "share-solution";
    const detail = evidence.map(({ quote }) => quote).join(" ");
    const step: NextStep = { kind, title: one.article.title, detail, confidence, evidence };
    const at = steps.findIndex((before) => tellTheSame(before, step, ranked));
    const same = steps[at];
    if (same === undefined) steps.push(step);
    else steps[at] = together(same, step);
  }
  return steps;
}

/** What an article says already is one step, with the cases that were solved so as its evidence. */
async function withCures(
  steps: readonly NextStep[],
  cures: readonly NextStep[],
  ranked: readonly RankedArticle[],
): Promise<readonly NextStep[]> {
  const turn = takeTurns();
  const all = [...steps];
  for (const cure of cures) {
    await turn();
    const at = all.findIndex(
      ({ kind, evidence }) => kind !== "ask-customer" && saysTheSame(evidence, cure.detail, ranked),
    );
    const same = all[at];
    if (same !== undefined) all[at] = { ...same, evidence: [...same.evidence, ...cure.evidence] };
    else if (cure.confidence >= leastConfidence) all.push(cure);
  }
  return all;
}

/** Questions are as good as what they come from is sure: an intent, or the article that answers. */
function worthOfAsking(
  { intent }: SuggestInput,
  missing: readonly MissingFact[],
  answerable: number,
): number {
  const worths = missing.map(({ attribute, why }) => {
    if (why.length > 0) return answerable;
    const isOfIntent = intent?.attributes.some(({ name }) => name === attribute);
    return isOfIntent ? (intent?.confidence ?? 1) ** 2 : 1;
  });
  return Math.max(0, ...worths);
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
    title:
      evidence.length > 1
        ? `Do what resolved ${evidence.length} similar cases`
        : "Do what resolved a similar case",
    detail: cure,
    confidence: 0.6 * Math.max(...evidence.map(({ score }) => score)),
    evidence: evidence.slice(0, 5),
  }));
}

/** Words by which a customer says that it is over. Only the newest text speaks of the end. */
function endOf([newest]: readonly ReadSource[]): NextStep[] {
  const over = newest && !notSolved.test(newest.text) ? solved.exec(newest.text) : null;
  if (newest === undefined || over === null) return [];
  return [
    {
      kind: "close",
      title: "Resolve the case",
      detail: "The customer writes that it is solved.",
      confidence: 0.9,
      evidence: [
        {
          ref: newest.ref,
          kind: "source-span",
          score: 1,
          quote: over[0],
          span: [over.index, over.index + over[0].length],
        },
      ],
    },
  ];
}
