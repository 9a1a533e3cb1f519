import { performance } from "node:perf_hooks";
import {
  type Classifier,
  modelVote,
  Ranker,
  type Ranking,
  type TrainOptions,
  train,
  type WordVectors,
} from "../../shared/intelligence";
import { seededRandom, shuffle } from "../../shared/intelligence/learn/random";
import type { Labelled, Question } from "./files";

export type Row = Readonly<Record<string, string | number>>;

const round = (value: number, places = 1) => Number(value.toFixed(places));
const percent = (part: number, all: number) => round(all === 0 ? 0 : (100 * part) / all);

/** A seeded order of the rows. */
export function mixed<T>(rows: readonly T[], seed: number): readonly T[] {
  const order = rows.map((_, at) => at);
  shuffle(order, seededRandom(seed));
  return order.map((at) => rows[at] as T);
}

/** The first `count` rows of each label in a seeded order, and all the others. */
export function fewOfEach(
  rows: readonly Labelled[],
  count: number,
  seed: number,
): readonly [Labelled[], Labelled[]] {
  const taken = new Map<string, number>();
  const few: Labelled[] = [];
  const rest: Labelled[] = [];
  for (const row of mixed(rows, seed)) {
    const before = taken.get(row.label) ?? 0;
    taken.set(row.label, before + 1);
    (before < count ? few : rest).push(row);
  }
  return [few, rest];
}

/** One row of the table: the embedded provider on a set, with baselines beside it. */
export async function measureFields(
  set: string,
  training: readonly Labelled[],
  test: readonly Labelled[],
  options: TrainOptions = {},
): Promise<Row> {
  const started = performance.now();
  const model = await learn(training, options);
  const fitMs = performance.now() - started;
  const said = test.map(({ text, label }) => {
    const at = performance.now();
    const prediction = model.predict(text);
    return { label, prediction, ms: performance.now() - at };
  });
  const right = said.filter(({ label, prediction }) => prediction?.label === label);
  const auto = said.filter(({ prediction }) => prediction?.autoApply);
  const times = said.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    set,
    provider: "embedded",
    training: training.length,
    test: test.length,
    accuracy: percent(right.length, said.length),
    macroF1: round(
      100 * macroF1(said.map(({ label, prediction }) => [label, prediction?.label ?? ""])),
    ),
    top3: percent(
      said.filter(({ label, prediction }) =>
        prediction?.alternatives.some((one) => one.label === label),
      ).length,
      said.length,
    ),
    ece: round(
      calibrationError(
        said.map(({ label, prediction }) => [
          prediction?.confidence ?? 0,
          prediction?.label === label,
        ]),
      ),
      3,
    ),
    coverage: percent(auto.length, said.length),
    precision: percent(
      auto.filter(({ label, prediction }) => prediction?.label === label).length,
      auto.length,
    ),
    majority: percent(
      test.filter(({ label }) => label === commonest(training)).length,
      test.length,
    ),
    kNN: percent(
      said.filter(({ label, prediction }) => commonest(prediction?.evidence ?? []) === label)
        .length,
      said.length,
    ),
    fitMs: Math.round(fitMs),
    p50Ms: round(times[Math.floor(times.length / 2)] ?? 0, 2),
    p95Ms: round(times[Math.floor(times.length * 0.95)] ?? 0, 2),
    tokens: 0,
  };
}

/** Accuracy after the labels were dealt out anew: it must fall to chance, or the measure leaks. */
export async function measureShuffled(
  training: readonly Labelled[],
  test: readonly Labelled[],
): Promise<number> {
  const labels = mixed(
    training.map(({ label }) => label),
    99,
  );
  const model = await learn(
    training.map((row, at) => ({ ...row, label: labels[at] ?? "" })),
    {},
  );
  return percent(
    test.filter(({ text, label }) => model.predict(text)?.label === label).length,
    test.length,
  );
}

const learn = (rows: readonly Labelled[], options: TrainOptions): Promise<Classifier> =>
  train(
    rows.map(({ text }) => text),
    rows.map(({ label }) => label),
    options,
  );

/** Ten-fold: the embedded model alone, and with the vote of each language model whose answers are recorded. */
export async function measureFolds(
  set: string,
  rows: readonly Labelled[],
): Promise<readonly Row[]> {
  const order = mixed(rows, 4);
  const columns = Object.keys(rows[0]?.recorded ?? {});
  const right = new Map<string, number>();
  const count = (name: string, isRight: boolean) =>
    right.set(name, (right.get(name) ?? 0) + (isRight ? 1 : 0));
  for (let fold = 0; fold < 10; fold++) {
    const model = await learn(
      order.filter((_, at) => at % 10 !== fold),
      {},
    );
    for (const row of order.filter((_, at) => at % 10 === fold)) {
      const probabilities = model.probabilities(row.text);
      const best = (recorded?: string) => {
        const votes = model.labels.map(
          (label, at) =>
            (1 - modelVote) * (probabilities[at] ?? 0) + (label === recorded ? modelVote : 0),
        );
        return model.labels[votes.indexOf(Math.max(...votes))];
      };
      count("embedded", best() === row.label);
      for (const column of columns) {
        count(`replay:${column} alone`, row.recorded[column] === row.label);
        count(`embedded + replay:${column}`, best(row.recorded[column]) === row.label);
      }
    }
  }
  return [...right].map(([provider, sum]) => ({
    set,
    provider,
    test: rows.length,
    accuracy: percent(sum, rows.length),
  }));
}

/** In-scope accuracy and out-of-scope recall at the model's own threshold. */
export async function measureScope(
  training: readonly Labelled[],
  inside: readonly Labelled[],
  outside: readonly string[],
): Promise<Row> {
  const model = await learn(training, {});
  const kept = inside.filter(({ text, label }) => {
    const said = model.predict(text);
    return said?.label === label && !said.outOfScope;
  });
  const caught = outside.filter((text) => model.predict(text)?.outOfScope);
  return {
    set: "clinc150 with out-of-scope",
    provider: "embedded",
    test: inside.length,
    accuracy: percent(kept.length, inside.length),
    outOfScopeRecall: percent(caught.length, outside.length),
  };
}

export function measureRetrieval(
  set: string,
  articles: ConstructorParameters<typeof Ranker>[0],
  questions: readonly Question[],
  vectors: WordVectors,
): Row {
  const ranker = new Ranker(articles, vectors);
  const answered = questions.filter(({ gold }) => gold.length > 0);
  const asked = answered.map(({ question, gold }) => ({ gold, ranking: ranker.rank(question) }));
  const mean = (worth: (one: (typeof asked)[number]) => number) =>
    round(asked.reduce((sum, one) => sum + worth(one), 0) / (asked.length || 1), 3);
  const hit = (depth: number) =>
    mean(({ gold, ranking }) =>
      ranking.hits.slice(0, depth).some(({ id }) => gold.includes(id)) ? 1 : 0,
    );
  return {
    set,
    provider: "embedded",
    articles: articles.length,
    questions: answered.length,
    withoutGold: questions.filter(({ gold, isImpossible }) => gold.length === 0 && !isImpossible)
      .length,
    ndcg10: mean(({ gold, ranking }) => ndcg(gold, ranking)),
    recall5: mean(
      ({ gold, ranking }) =>
        ranking.hits.slice(0, 5).filter(({ id }) => gold.includes(id)).length / gold.length,
    ),
    hit1: hit(1),
    hit3: hit(3),
  };
}

function ndcg(gold: readonly string[], { hits }: Ranking): number {
  const gain = (at: number) => 1 / Math.log2(at + 2);
  const found = hits.reduce((sum, { id }, at) => sum + (gold.includes(id) ? gain(at) : 0), 0);
  const ideal = gold.slice(0, 10).reduce((sum, _, at) => sum + gain(at), 0);
  return found / ideal;
}

function commonest(rows: readonly { readonly label: string }[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** Expected calibration error over 15 bins. */
export function calibrationError(
  said: readonly (readonly [confidence: number, right: boolean])[],
): number {
  const bins = Array.from({ length: 15 }, () => ({ right: 0, confidence: 0 }));
  for (const [confidence, right] of said) {
    const bin = bins[Math.min(14, Math.floor(confidence * 15))];
    if (bin === undefined) continue;
    bin.confidence += confidence;
    if (right) bin.right++;
  }
  return (
    bins.reduce((sum, { right, confidence }) => sum + Math.abs(right - confidence), 0) /
    (said.length || 1)
  );
}

export function macroF1(said: readonly (readonly [truth: string, predicted: string])[]): number {
  const labels = [...new Set(said.map(([truth]) => truth))];
  const scores = labels.map((label) => {
    const hit = said.filter(([truth, predicted]) => truth === label && predicted === label).length;
    const all =
      said.filter(([truth]) => truth === label).length +
      said.filter(([, predicted]) => predicted === label).length;
    return all === 0 ? 0 : (2 * hit) / all;
  });
  return scores.reduce((sum, one) => sum + one, 0) / (labels.length || 1);
}
