import { performance } from "node:perf_hooks";
import {
  type Classifier,
  type FieldPrediction,
  merge,
  type Prediction,
  type TrainOptions,
  train,
} from "../../shared/intelligence";
import { seededRandom, shuffle } from "../../shared/intelligence/learn/random";
import { sanitise } from "../../shared/text";
import type { Labelled } from "./files";
import {
  areaUnderCurve,
  calibrationError,
  commonest,
  macroF1,
  percent,
  percentile,
  type Row,
  round,
} from "./scores";

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

export const learn = (rows: readonly Labelled[], options: TrainOptions = {}): Promise<Classifier> =>
  train(
    rows.map(({ text }) => text),
    rows.map(({ label }) => label),
    options,
  );

interface Said {
  readonly label: string;
  readonly prediction: Prediction | undefined;
  readonly ms: number;
}

/** The embedded provider on a set, with what the commonest label and the nearest cases alone would reach. */
export async function measureFields(
  set: string,
  training: readonly Labelled[],
  test: readonly Labelled[],
): Promise<readonly Row[]> {
  const started = performance.now();
  const model = await learn(training);
  return rowsOf(set, model, performance.now() - started, training, test);
}

/** As `measureFields`, of a model that is there already. */
export function rowsOf(
  set: string,
  model: Classifier,
  fitMs: number,
  training: readonly Labelled[],
  test: readonly Labelled[],
): readonly Row[] {
  const said = test.map(({ text, label }): Said => {
    const at = performance.now();
    const prediction = model.predict(text);
    return { label, prediction, ms: performance.now() - at };
  });
  const usual = commonest(training);
  const baseline = (provider: string, answer: (one: Said) => string | undefined): Row => ({
    kind: "fields",
    set,
    provider,
    values: {
      test: said.length,
      accuracy: percent(said.filter((one) => answer(one) === one.label).length, said.length),
      macroF1: round(100 * macroF1(said.map((one) => [one.label, answer(one) ?? ""]))),
    },
  });
  return [
    {
      kind: "fields",
      set,
      provider: "embedded",
      values: { training: training.length, ...qualityOf(said), fitMs: Math.round(fitMs) },
    },
    baseline("majority", () => usual),
    baseline("kNN (5)", ({ prediction }) => commonest(prediction?.evidence ?? [])),
  ];
}

function qualityOf(said: readonly Said[]): Row["values"] {
  const isRight = ({ label, prediction }: Said) => prediction?.label === label;
  const auto = said.filter(({ prediction }) => prediction?.autoApply);
  const among3 = said.filter(({ label, prediction }) =>
    prediction?.alternatives.some((one) => one.label === label),
  );
  const above = (confidence: number) =>
    percent(
      said.filter(({ prediction }) => (prediction?.confidence ?? 0) >= confidence).length,
      said.length,
    );
  const times = said.map(({ ms }) => ms);
  return {
    test: said.length,
    accuracy: percent(said.filter(isRight).length, said.length),
    macroF1: round(100 * macroF1(said.map((one) => [one.label, one.prediction?.label ?? ""]))),
    top3: percent(among3.length, said.length),
    calibrationError: round(
      calibrationError(said.map((one) => [one.prediction?.confidence ?? 0, isRight(one)])),
      3,
    ),
    coverage: percent(auto.length, said.length),
    precision: percent(auto.filter(isRight).length, auto.length),
    sureAt90: above(0.9),
    sureAt50: above(0.5),
    p50Ms: round(percentile(times, 0.5), 2),
    p95Ms: round(percentile(times, 0.95), 2),
    tokens: 0,
  };
}

/**
 * Accuracy after the labels were dealt out anew: it must fall to chance, or the measure leaks. The labels' own words are
 * taken away, because the predictor learns from those, too.
 */
export async function measureShuffled(
  set: string,
  named: readonly Labelled[],
  namedTest: readonly Labelled[],
): Promise<Row> {
  const names = [...new Set([...named, ...namedTest].map(({ label }) => label))];
  const nameless = (row: Labelled) => ({ ...row, label: `q${names.indexOf(row.label)}` });
  const [training, test] = [named.map(nameless), namedTest.map(nameless)];
  const dealt = mixed(
    training.map(({ label }) => label),
    99,
  );
  const model = await learn(training.map((row, at) => ({ ...row, label: dealt[at] ?? "" })));
  const usual = commonest(training);
  return {
    kind: "chance",
    set,
    provider: "embedded",
    values: {
      accuracy: percent(
        test.filter(({ text, label }) => model.predict(text)?.label === label).length,
        test.length,
      ),
      // Who learns nothing answers the commonest label at best.
      chance: percent(test.filter(({ label }) => label === usual).length, test.length),
    },
  };
}

/** How often clean texts are taken for orders to a machine. */
export function measureFalseFlags(set: string, rows: readonly Labelled[]): Row {
  const flagged = rows.filter(({ text }) => sanitise(text).suspicions.length > 0);
  const values = { texts: rows.length, flagged: percent(flagged.length, rows.length) };
  return { kind: "chance", set: `${set}, clean texts`, provider: "embedded", values };
}

/**
 * Ten-fold: the embedded provider alone, each language model whose answers are recorded alone, and both merged as the
 * product merges them.
 */
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
    const model = await learn(order.filter((_, at) => at % 10 !== fold));
    for (const row of order.filter((_, at) => at % 10 === fold)) {
      const own = asField(model.predict(row.text));
      count("embedded", own.best?.value === row.label);
      for (const column of columns) {
        const recorded = row.recorded[column] ?? "";
        const model = column.replace(/_prediction$/, "");
        count(`replay:${model}`, recorded === row.label);
        const both = merge(own, asField(undefined, recorded));
        count(`embedded + replay:${model}`, both.best?.value === row.label);
      }
    }
  }
  return [...right].map(([provider, sum]) => ({
    kind: "fields",
    set,
    provider,
    values: { test: rows.length, accuracy: percent(sum, rows.length) },
  }));
}

function asField(prediction: Prediction | undefined, recorded?: string): FieldPrediction {
  const alternatives = (prediction?.alternatives ?? [{ label: recorded ?? "", confidence: 1 }]).map(
    ({ label, confidence }) => ({ value: label, label, confidence, calibrated: true }),
  );
  return {
    field: "label",
    decision: "recommend",
    best: alternatives[0],
    alternatives,
    evidence: [],
    reason: "embedded-only",
  };
}

/** In-scope accuracy and out-of-scope recall at the model's own threshold. */
export function measureScope(
  set: string,
  model: Classifier,
  inside: readonly Labelled[],
  outside: readonly string[],
): Row {
  const kept = inside.filter(({ text, label }) => {
    const said = model.predict(text);
    return said?.label === label && !said.outOfScope;
  });
  const caught = outside.filter((text) => model.predict(text)?.outOfScope);
  const score = (text: string) => model.predict(text)?.scopeScore ?? 0;
  return {
    kind: "scope",
    set,
    provider: "embedded",
    values: {
      inside: inside.length,
      outside: outside.length,
      accuracy: percent(kept.length, inside.length),
      recall: percent(caught.length, outside.length),
      auroc: round(
        areaUnderCurve(
          inside.map(({ text }) => score(text)),
          outside.map(score),
        ),
        3,
      ),
    },
  };
}
