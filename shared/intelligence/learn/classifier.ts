import {
  fewestHeldOut,
  fitTemperature,
  type HeldOut,
  type Outcome,
  softmax,
  thresholdFor,
} from "./calibration";
import { CaseIndex } from "./case-index";
import { type Features, Vocabulary } from "./features";
import { seededRandom, shuffle } from "./random";
import { type LinearModel, margins, trainSvm } from "./svm";
import { nameAsWords } from "./tokens";
import type { WordVectors } from "./word-vectors";

export interface Example {
  readonly text: string;
  readonly label: string;
  /** Named as evidence. Default: the position in the list. */
  readonly id?: string | undefined;
}

export interface TrainOptions {
  /** Word vectors; without them the model knows words and characters only. */
  readonly vectors?: WordVectors | undefined;
  /**
   * Words for each label (display name, description). Default: the label itself, read as words. A label that has words
   * but no example yet can be predicted, too.
   */
  readonly labelText?: Readonly<Record<string, string>> | undefined;
  /** The examples stand in the order of time, oldest first: the newest are held out. Default: a seeded draw is. */
  readonly inOrderOfTime?: boolean | undefined;
  /** Share held out to calibrate. Default 0.2, at most 1,500 texts. */
  readonly holdOut?: number | undefined;
  /** Share of values above the threshold that must be right. Default 0.95. */
  readonly targetPrecision?: number | undefined;
  /** Texts known to belong to no label; they sharpen the sense for what is out of scope. */
  readonly outOfScope?: readonly string[] | undefined;
  /** Share of in-scope texts that may be taken for out of scope. Default 0.03. */
  readonly falseAlarms?: number | undefined;
  readonly epochs?: number | undefined;
}

/** What was measured on the held-out examples before the model learned from them, too. */
export interface HoldOutMetrics {
  readonly cases: number;
  readonly accuracy: number;
  /** Share at or above the threshold, and how many of those were right. */
  readonly coverage: number;
  readonly precision: number;
  /** Held-out examples left out, because training had almost the same text. */
  readonly nearDuplicates: number;
}

export interface Prediction {
  readonly label: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly calibrated: boolean;
  /** Confidence reached what held-out cases needed to be right at the target, and the text is in scope. */
  readonly autoApply: boolean;
  readonly outOfScope: boolean;
  /** The higher, the more the text is like the history. Compare with `scopeThreshold`. */
  readonly scopeScore: number;
  /** Best first, the label itself included. */
  readonly alternatives: readonly { readonly label: string; readonly confidence: number }[];
  /** Examples that are most like the text. */
  readonly evidence: readonly {
    readonly id: string;
    readonly label: string;
    readonly likeness: number;
  }[];
}

export interface ClassifierParts {
  readonly labels: readonly string[];
  readonly vocabulary: Vocabulary;
  readonly model: LinearModel;
  readonly ids: readonly string[];
  /** Index of the label of each example. */
  readonly truth: Int32Array;
  readonly texts: readonly Features[];
  readonly temperature: number;
  readonly calibrated: boolean;
  readonly threshold: number | undefined;
  readonly scopeThreshold: number;
  readonly metrics: HoldOutMetrics | undefined;
}

/** A text so like one of training that it would only flatter the model. */
const nearDuplicate = 0.95;
/** From this many texts on, a term must stand in two of them. */
const largeHistory = 2000;
const mostHeldOut = 1500;
/** Examples times labels up to which a model takes a fraction of a second. */
const cheapTraining = 80_000;

/** Labels of texts, learned from examples. Make one with `trainClassifier`. */
export class Classifier {
  readonly parts: ClassifierParts;
  readonly #index: CaseIndex;

  constructor(
    parts: ClassifierParts,
    index = new CaseIndex(parts.texts, parts.vocabulary.terms.length),
  ) {
    this.parts = parts;
    this.#index = index;
  }

  get labels(): readonly string[] {
    return this.parts.labels;
  }

  get threshold(): number | undefined {
    return this.parts.threshold;
  }

  get scopeThreshold(): number {
    return this.parts.scopeThreshold;
  }

  get metrics(): HoldOutMetrics | undefined {
    return this.parts.metrics;
  }

  /** Probability of every label, in the order of `labels`. */
  probabilities(text: string): Float64Array {
    const { vocabulary, model, temperature } = this.parts;
    return softmax(margins(model, vocabulary.features(text)), temperature);
  }

  /**
   * @param options.among labels that are possible (live options, children of a parent); others keep their share of the
   *   probability, so that confidence falls when the text speaks for them
   * @param options.evidence examples to name. Default 5.
   */
  predict(
    text: string,
    options: { readonly among?: ReadonlySet<string> | undefined; readonly evidence?: number } = {},
  ): Prediction | undefined {
    const { labels, vocabulary, model, temperature, calibrated, threshold } = this.parts;
    const x = vocabulary.features(text);
    const scores = margins(model, x);
    const probabilities = softmax(scores, temperature);
    const order = labels
      .map((_, at) => at)
      .filter((at) => options.among?.has(labels[at] ?? "") ?? true);
    order.sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b);
    const best = order[0];
    if (best === undefined) return undefined;
    const confidence = probabilities[best] ?? 0;
    const near = this.#index.nearest(x, Math.max(1, options.evidence ?? 5));
    const scopeScore = scopeOf(scores, near[0]?.likeness ?? 0);
    const outOfScope = scopeScore < this.parts.scopeThreshold;
    return {
      label: labels[best] ?? "",
      confidence,
      calibrated,
      autoApply: !outOfScope && threshold !== undefined && confidence >= threshold,
      outOfScope,
      scopeScore,
      alternatives: order
        .slice(0, 3)
        .map((at) => ({ label: labels[at] ?? "", confidence: probabilities[at] ?? 0 })),
      evidence: near.slice(0, options.evidence ?? 5).map(({ at, likeness }) => ({
        id: this.parts.ids[at] ?? "",
        label: labels[this.parts.truth[at] ?? -1] ?? "",
        likeness,
      })),
    };
  }
}

/** The best margin says that some option wants the text; the nearest example, that something like it was seen. */
function scopeOf(scores: Float64Array, likeness: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (const score of scores) top = Math.max(top, score);
  return top + likeness;
}

/**
 * Learns from examples; the newest are held out first to calibrate confidence and to set the threshold, then the
 * model learns from all. The same input gives the same model.
 *
 * @throws RangeError without examples and without words for labels
 */
export function trainClassifier(
  examples: readonly Example[],
  options: TrainOptions = {},
): Classifier {
  const labels = [
    ...new Set([...examples.map(({ label }) => label), ...Object.keys(options.labelText ?? {})]),
  ].sort();
  if (labels.length === 0) throw new RangeError("There is no example to learn from.");
  const labelAt = new Map(labels.map((label, at) => [label, at]));
  const labelTexts = labels.map((label) => options.labelText?.[label] ?? nameAsWords(label));
  const { vocabulary, features } = Vocabulary.learn(
    [...examples.map(({ text }) => text), ...labelTexts],
    isOfUse(options.vectors, examples) ? options.vectors : undefined,
    examples.length < largeHistory ? 1 : 2,
  );
  const truth = Int32Array.from(examples, ({ label }) => labelAt.get(label) ?? -1);
  const allTruth = Int32Array.from(features, (_, at) => truth[at] ?? at - examples.length);
  const shape = {
    options: labels.length,
    sparseSize: vocabulary.terms.length,
    denseSize: vocabulary.denseSize,
  };
  const settings = { cost: 1, epochs: options.epochs ?? 5 };
  const learn = (chosen: readonly number[]) =>
    trainSvm(
      chosen.map((at) => features[at] as Features),
      Int32Array.from(chosen, (at) => allTruth[at] as number),
      shape,
      settings,
    );
  const blocks = holdOut(examples.length, labels.length, options);
  const all = learn([...features.keys()]);
  const calibration = calibrate();
  return new Classifier({
    labels,
    vocabulary,
    model: all,
    ids: examples.map(({ id }, at) => id ?? String(at)),
    truth,
    texts: features.slice(0, examples.length),
    temperature: calibration?.temperature ?? 0.3,
    calibrated: calibration !== undefined,
    threshold: calibration?.threshold,
    scopeThreshold: calibration?.scopeThreshold ?? Number.NEGATIVE_INFINITY,
    metrics: calibration?.metrics,
  });

  function calibrate() {
    const judged = blocks.map((block) => judge(block));
    const seen = judged.flat();
    if ((judged[0]?.length ?? 0) < fewestHeldOut) return undefined;
    const temperature = fitTemperature(seen);
    const outcomes = seen.map((one) => outcomeOf(one, temperature));
    const newest = outcomes.slice(0, judged[0]?.length ?? 0);
    const threshold = thresholdFor(outcomes, newest, options.targetPrecision ?? 0.95);
    const above = outcomes.filter(
      ({ confidence }) => threshold !== undefined && confidence >= threshold,
    );
    const index = new CaseIndex(features.slice(0, examples.length), vocabulary.terms.length);
    const outside = (options.outOfScope ?? []).map((text) => {
      const x = vocabulary.features(text);
      return scopeOf(margins(all, x), index.nearest(x, 1)[0]?.likeness ?? 0);
    });
    return {
      temperature,
      threshold,
      scopeThreshold: scopeThresholdOf(
        seen.map(({ scope }) => scope),
        outside,
        options.falseAlarms ?? 0.03,
      ),
      metrics: {
        cases: seen.length,
        accuracy: share(outcomes),
        coverage: above.length / outcomes.length,
        precision: share(above),
        nearDuplicates: blocks.flat().length - seen.length,
      },
    };
  }

  /** What a model of all the other examples says about a block of them. */
  function judge(block: readonly number[]): (HeldOut & { readonly scope: number })[] {
    const without = new Set(block);
    const rest = [...features.keys()].filter((at) => !without.has(at));
    const model = learn(rest);
    const index = new CaseIndex(
      rest.filter((at) => at < examples.length).map((at) => features[at] as Features),
      vocabulary.terms.length,
    );
    return block.flatMap((at) => {
      const x = features[at] as Features;
      const likeness = index.nearest(x, 1)[0]?.likeness ?? 0;
      if (likeness >= nearDuplicate) return [];
      const scores = margins(model, x);
      return [{ scores, truth: truth[at] ?? -1, scope: scopeOf(scores, likeness) }];
    });
  }
}

const share = (outcomes: readonly Outcome[]) =>
  outcomes.length === 0 ? 0 : outcomes.filter(({ right }) => right).length / outcomes.length;

function outcomeOf({ scores, truth }: HeldOut, temperature: number): Outcome {
  const probabilities = softmax(scores, temperature);
  let best = 0;
  for (let c = 1; c < probabilities.length; c++) {
    if ((probabilities[c] ?? 0) > (probabilities[best] ?? 0)) best = c;
  }
  return { confidence: probabilities[best] ?? 0, right: best === truth };
}

/** The English table is of no use for a history whose words it does not know. */
function isOfUse(vectors: WordVectors | undefined, examples: readonly Example[]): boolean {
  if (vectors === undefined) return false;
  if (examples.length === 0) return true;
  const step = Math.max(1, Math.floor(examples.length / 200));
  const sample = examples.filter((_, at) => at % step === 0);
  const known = sample.reduce((sum, { text }) => sum + vectors.mean(text).known, 0);
  return known / sample.length >= 0.5;
}

/**
 * Positions to hold out, the newest fifth first; where training is cheap two older fifths follow, each to be judged by
 * a model of all the others, because three times the evidence makes a steadier threshold.
 */
function holdOut(
  count: number,
  labels: number,
  options: TrainOptions,
): readonly (readonly number[])[] {
  const size = Math.min(Math.floor(count * (options.holdOut ?? 0.2)), mostHeldOut);
  if (size < fewestHeldOut) return [];
  const order = Array.from({ length: count }, (_, at) => at);
  if (!options.inOrderOfTime) shuffle(order, seededRandom(11));
  const blocks = count * labels <= cheapTraining ? 3 : 1;
  return Array.from({ length: blocks }, (_, block) =>
    order.slice(count - (block + 1) * size, count - block * size),
  );
}

/**
 * Where to draw the line: at the share of false alarms allowed; with known outsiders, at the point that parts them
 * best, but never beyond twice that share.
 */
function scopeThresholdOf(
  inside: readonly number[],
  outside: readonly number[],
  falseAlarms: number,
): number {
  const sorted = [...inside].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * sorted.length)] ?? Number.NEGATIVE_INFINITY;
  if (outside.length < fewestHeldOut) return at(falseAlarms);
  let best = at(falseAlarms);
  let bestGain = Number.NEGATIVE_INFINITY;
  for (let part = 0; part <= 2 * falseAlarms; part += 0.0025) {
    const line = at(part);
    const caught = outside.filter((score) => score < line).length / outside.length;
    const gain = caught - 5 * part;
    if (gain > bestGain) {
      bestGain = gain;
      best = line;
    }
  }
  return best;
}
