import { performance } from "node:perf_hooks";
import {
  type Article,
  createCaseIntelligence,
  createEmbeddedProvider,
  type KnowledgeHit,
  loadWordVectors,
  Ranker,
} from "../../shared/intelligence";
import { neverAutomatic } from "../../shared/policy/automatic";
import type { Question } from "./files";
import { areaUnderCurve, ndcg, percent, percentile, type Row, round, wordF1 } from "./scores";

/** How well the right article is found, and how well it is told whether there is one. */
export async function measureRetrieval(
  set: string,
  articles: readonly Article[],
  questions: readonly Question[],
): Promise<readonly Row[]> {
  const vectors = await loadWordVectors();
  return [
    measureRanker(set, "embedded", new Ranker(articles, vectors), articles, questions),
    measureRanker(set, "without vectors", new Ranker(articles), articles, questions),
  ];
}

function measureRanker(
  set: string,
  provider: string,
  ranker: Ranker,
  articles: readonly Article[],
  questions: readonly Question[],
): Row {
  const times: number[] = [];
  const asked = questions
    .filter(({ gold, isImpossible }) => gold.length > 0 || isImpossible)
    .map((one) => {
      const started = performance.now();
      const ranking = ranker.rank(one.question);
      times.push(performance.now() - started);
      return { ...one, ids: ranking.hits.map(({ id }) => id), answerable: ranking.answerable };
    });
  const answered = asked.filter(({ gold }) => gold.length > 0);
  const mean = (worth: (one: (typeof asked)[number]) => number) =>
    round(answered.reduce((sum, one) => sum + worth(one), 0) / (answered.length || 1), 3);
  const hit = (depth: number) =>
    mean(({ gold, ids }) => (ids.slice(0, depth).some((id) => gold.includes(id)) ? 1 : 0));
  const isRight = ({ gold, ids }: (typeof asked)[number]) => gold.includes(ids[0] ?? "");
  const surest = [...asked]
    .sort((a, b) => b.answerable - a.answerable)
    .slice(0, Math.ceil(asked.length / 2));
  return {
    kind: "retrieval",
    set,
    provider,
    values: {
      articles: articles.length,
      questions: answered.length,
      ndcg10: mean(({ gold, ids }) => ndcg(gold, ids)),
      recall5: mean(
        ({ gold, ids }) => ids.slice(0, 5).filter((id) => gold.includes(id)).length / gold.length,
      ),
      hit1: hit(1),
      hit3: hit(3),
      /** Whether the first article answers, told by `answerable`. */
      auroc: round(
        areaUnderCurve(
          asked.filter(isRight).map(({ answerable }) => answerable),
          asked.filter((one) => !isRight(one)).map(({ answerable }) => answerable),
        ),
        3,
      ),
      rightAtHalf: percent(surest.filter(isRight).length, surest.length),
      p50Ms: round(percentile(times, 0.5), 2),
      p95Ms: round(percentile(times, 0.95), 2),
    },
  };
}

/** What the drafts of the embedded provider are worth: whether each quoted sentence stands in its source, and the words it shares with an expert's answer. */
export async function measureDrafts(
  set: string,
  articles: readonly Article[],
  questions: readonly Question[],
): Promise<Row> {
  // Through the gate, which says what has no source.
  const provider = createCaseIntelligence({
    embedded: createEmbeddedProvider(),
    order: ["embedded"],
    budgetMs: 60_000,
    gate: { neverAuto: neverAutomatic },
  });
  const ranker = new Ranker(articles, await loadWordVectors());
  const byId = new Map(articles.map((article) => [article.id, article]));
  let quotes = 0;
  let standing = 0;
  let ungrounded = 0;
  let shared = 0;
  const f1: number[] = [];
  const times: number[] = [];
  const signal = new AbortController().signal;
  for (const [at, { question, answer }] of questions.entries()) {
    const found = ranker.rank(question, 10).hits.flatMap(({ id }) => byId.get(id) ?? []);
    const input = {
      case: { table: "incident", id: `question-${at}` },
      sources: [
        {
          id: { table: "incident", id: `question-${at}` },
          kind: "case" as const,
          text: question,
          trusted: false as const,
        },
      ],
      articles: found.map(hitOf),
      similar: [],
    };
    const started = performance.now();
    const suggested = await provider.suggestNextSteps(input, signal);
    const { text, citations, responseType, ...draft } = await provider.draftReply(
      { ...input, missing: suggested.missing, purpose: "auto" },
      signal,
    );
    times.push(performance.now() - started);
    ungrounded += draft.ungrounded.length;
    const evidence = citations.flatMap((one) => one.evidence);
    quotes += evidence.length;
    standing += evidence.filter(({ ref, quote, span }) => {
      const source = byId.get(ref.id)?.text ?? "";
      return quote !== undefined && span !== undefined && flat(source).includes(flat(quote));
    }).length;
    if (responseType !== "Resolved") continue;
    shared++;
    const said = [...new Set(evidence.map(({ quote = "" }) => quote))].join(" ");
    if (answer !== "") f1.push(wordF1(said, answer));
    if (text.trim() === "") throw new Error(`The draft for question ${at} of ${set} is empty.`);
  }
  return {
    kind: "drafts",
    set,
    provider: "embedded",
    values: {
      questions: questions.length,
      shared: percent(shared, questions.length),
      citations: quotes,
      standing: percent(standing, quotes),
      ungrounded,
      wordF1: round(f1.reduce((sum, one) => sum + one, 0) / (f1.length || 1), 3),
      p50Ms: round(percentile(times, 0.5)),
      p95Ms: round(percentile(times, 0.95)),
      tokens: 0,
    },
  };
}

const flat = (text: string) => text.replace(/\s+/g, " ").trim();

const hitOf = ({ id, title, text }: Article): KnowledgeHit => ({
  ref: { table: "knowledgearticle", id },
  title,
  text,
  isInternal: false,
});
