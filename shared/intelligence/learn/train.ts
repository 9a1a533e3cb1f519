import { atOnce, type Turns } from "../turns";
import { nameAsWords } from "../words/tokens";
import type { WordVectors } from "../words/word-vectors";
import {
  fewestHeldOut,
  fitTemperature,
  type HeldOut,
  type Outcome,
  softmax,
  thresholdFor,
} from "./calibration";
import { CaseIndex } from "./case-index";
import { agreementOf, Classifier } from "./classifier";
import { asItIs, confidenceOf, fitConfidence, neighboursAsked, type Signs } from "./confidence";
import { type BlockWeights, evenWeights, type Features, Vocabulary } from "./features";
import { seededRandom, shuffle } from "./random";
import { centresOf, nearestCentre, scopeOf, scopeThresholdOf } from "./scope";
import { margins, trainSvm } from "./svm";

/** A text whose label is known. */
export interface Example {
  readonly text: string;
  readonly label: string;
  /** Named as evidence. Default: the position in the list. */
  readonly id?: string | undefined;
}

/** How to learn; all of it may be left out. */
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
  /** Share of in-scope texts that may be taken for out of scope. Default 0.02. */
  readonly falseAlarms?: number | undefined;
  readonly epochs?: number | undefined;
}

/** A text so like one of training that it would only flatter the model. */
const nearDuplicate = 0.95;
/** From this many texts on, a term must stand in two of them. */
const largeHistory = 2000;
/** Up to this many examples for each label, what words mean tells more than which words they are. */
const fewOfEach = 12;
/** Characters of a text from which on it is more than a line or two. */
const longText = 120;
const mostHeldOut = 1500;
/** Examples times labels up to which a model takes a fraction of a second. */
const cheapTraining = 80_000;

/**
 * Learns from examples; the newest are held out first to calibrate confidence and to set the threshold, then the
 * model learns from all. The same input gives the same model.
 *
 * @throws RangeError without examples and without words for labels
 */
export const trainClassifier = (
  examples: readonly Example[],
  options: TrainOptions = {},
): Classifier => atOnce(trainingOf(examples, options));

/** As `trainClassifier`, in turns. */
export function* trainingOf(
  examples: readonly Example[],
  options: TrainOptions = {},
): Turns<Classifier> {
  const labels = [
    ...new Set([...examples.map(({ label }) => label), ...Object.keys(options.labelText ?? {})]),
  ].sort();
  if (labels.length === 0) throw new RangeError("There is no example to learn from.");
  const labelAt = new Map(labels.map((label, at) => [label, at]));
  const labelTexts = labels.map((label) => options.labelText?.[label] ?? nameAsWords(label));
  const { vocabulary, features } = yield* Vocabulary.learn(
    [...examples.map(({ text }) => text), ...labelTexts],
    isOfUse(options.vectors, examples) ? options.vectors : undefined,
    examples.length < largeHistory ? 1 : 2,
    { weights: weightsFor(examples, labels.length) },
  );
  const truth = Int32Array.from(examples, ({ label }) => labelAt.get(label) ?? -1);
  const allTruth = Int32Array.from(features, (_, at) => truth[at] ?? at - examples.length);
  const shape = {
    options: labels.length,
    sparseSize: vocabulary.terms.length,
    denseSize: vocabulary.denseSize,
  };
  const settings = {
    cost: 1,
    epochs: options.epochs ?? epochsFor(examples.length * labels.length),
  };
  const learn = (chosen: readonly number[]) =>
    trainSvm(
      chosen.map((at) => features[at] as Features),
      Int32Array.from(chosen, (at) => allTruth[at] as number),
      shape,
      settings,
    );
  const blocks = holdOut(examples.length, labels.length, options);
  const all = yield* learn([...features.keys()]);
  const texts = features.slice(0, examples.length);
  const centres = centresOf(texts, truth, labels.length, vocabulary.denseSize);
  const calibration = yield* calibrate();
  return new Classifier({
    labels,
    vocabulary,
    model: all,
    ids: examples.map(({ id }, at) => id ?? String(at)),
    truth,
    texts,
    centres,
    temperature: calibration?.temperature ?? 0.3,
    confidence: calibration?.confidence ?? asItIs,
    calibrated: calibration !== undefined,
    threshold: calibration?.threshold,
    scopeThreshold: calibration?.scopeThreshold ?? Number.NEGATIVE_INFINITY,
    metrics: calibration?.metrics,
  });

  function* calibrate() {
    const judged: Judged[][] = [];
    for (const block of blocks) judged.push(yield* judge(block));
    const seen = judged.flat();
    if ((judged[0]?.length ?? 0) < fewestHeldOut) return undefined;
    const temperature = fitTemperature(seen);
    yield;
    const answers = seen.map((one) => answerOf(one, temperature));
    const confidence = fitConfidence(answers);
    yield;
    const outcomes = answers.map(
      ({ signs, right }): Outcome => ({ confidence: confidenceOf(confidence, signs), right }),
    );
    const newest = outcomes.slice(0, judged[0]?.length ?? 0);
    const threshold = thresholdFor(outcomes, newest, options.targetPrecision ?? 0.95);
    const above = outcomes.filter(
      ({ confidence }) => threshold !== undefined && confidence >= threshold,
    );
    const index = new CaseIndex(texts, vocabulary.terms.length);
    const outside = (options.outOfScope ?? []).map((text) => {
      const x = vocabulary.features(text);
      return scopeOf(
        margins(all, x),
        index.nearest(x, 1)[0]?.likeness ?? 0,
        nearestCentre(centres, x.dense),
      );
    });
    return {
      temperature,
      confidence,
      threshold,
      scopeThreshold: scopeThresholdOf(
        seen.map(({ scope }) => scope),
        outside,
        options.falseAlarms ?? 0.02,
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
  function* judge(block: readonly number[]): Turns<Judged[]> {
    const without = new Set(block);
    const rest = [...features.keys()].filter((at) => !without.has(at));
    const model = yield* learn(rest);
    const known = rest.filter((at) => at < examples.length);
    const index = new CaseIndex(
      known.map((at) => features[at] as Features),
      vocabulary.terms.length,
    );
    const knownTruth = known.map((at) => truth[at] ?? -1);
    const knownCentres = centresOf(
      known.map((at) => features[at] as Features),
      knownTruth,
      labels.length,
      vocabulary.denseSize,
    );
    yield;
    const judged: Judged[] = [];
    for (const at of block) {
      yield;
      const x = features[at] as Features;
      const near = index.nearest(x, neighboursAsked);
      const likeness = near[0]?.likeness ?? 0;
      if (likeness >= nearDuplicate) continue;
      const scores = margins(model, x);
      const best = largestOf(scores);
      judged.push({
        scores,
        truth: truth[at] ?? -1,
        best,
        agreement: agreementOf(near, knownTruth, (label) => label === best),
        likeness,
        scope: scopeOf(scores, likeness, nearestCentre(knownCentres, x.dense)),
      });
    }
    return judged;
  }
}

/**
 * In a line of text, parts of words and meaning make up for the words it does not have; in a longer one the words
 * themselves tell most. Measured on one-line questions, tickets and complaints.
 */
function weightsFor(examples: readonly Example[], labels: number): BlockWeights {
  const characters = examples.reduce((sum, { text }) => sum + text.length, 0);
  const base =
    characters > longText * examples.length ? { words: 1.4, parts: 0.7, meaning: 1 } : evenWeights;
  const isFew = examples.length <= fewOfEach * labels;
  return isFew ? { ...base, meaning: base.meaning * Math.SQRT2 } : base;
}

/** Large histories gain from more rounds; with many options as well, each costs seconds. */
const epochsFor = (decisions: number) =>
  decisions <= cheapTraining ? 8 : decisions <= 5 * cheapTraining ? 10 : 5;

const isCheap = (count: number, labels: number) => count * labels <= cheapTraining;

const share = (outcomes: readonly Outcome[]) =>
  outcomes.length === 0 ? 0 : outcomes.filter(({ right }) => right).length / outcomes.length;

/** What a model that had not seen an example said about it. */
interface Judged extends HeldOut {
  readonly best: number;
  readonly agreement: number;
  readonly likeness: number;
  readonly scope: number;
}

function answerOf(
  { scores, truth, best, agreement, likeness }: Judged,
  temperature: number,
): { readonly signs: Signs; readonly right: boolean } {
  const probability = softmax(scores, temperature)[best] ?? 0;
  return { signs: { probability, agreement, likeness }, right: best === truth };
}

function largestOf(scores: Float64Array): number {
  let best = 0;
  for (let c = 1; c < scores.length; c++) if ((scores[c] ?? 0) > (scores[best] ?? 0)) best = c;
  return best;
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
  const blocks = isCheap(count, labels) ? 3 : 1;
  return Array.from({ length: blocks }, (_, block) =>
    order.slice(count - (block + 1) * size, count - block * size),
  );
}
