import { softmax } from "./calibration";
import { CaseIndex } from "./case-index";
import { type ConfidenceMap, confidenceOf, neighboursAsked } from "./confidence";
import type { Features, Vocabulary } from "./features";
import { nearestCentre, scopeOf } from "./scope";
import { type LinearModel, margins } from "./svm";

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

/** What is said of one text. */
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

/** All that a classifier consists of, as it is stored. */
export interface ClassifierParts {
  readonly labels: readonly string[];
  readonly vocabulary: Vocabulary;
  readonly model: LinearModel;
  readonly ids: readonly string[];
  /** Index of the label of each example. */
  readonly truth: Int32Array;
  readonly texts: readonly Features[];
  /** What the texts of each label mean, row by row (see `centresOf`). */
  readonly centres: Float32Array;
  readonly temperature: number;
  readonly confidence: ConfidenceMap;
  readonly calibrated: boolean;
  readonly threshold: number | undefined;
  readonly scopeThreshold: number;
  readonly metrics: HoldOutMetrics | undefined;
}

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

  /** How sure it is that the label is one of these, 0 to 1, on the scale of a prediction's confidence. */
  confidenceInAny(text: string, wanted: ReadonlySet<string>): number {
    const { labels, vocabulary, model, temperature, truth } = this.parts;
    const x = vocabulary.features(text);
    const isWanted = labels.map((label) => wanted.has(label));
    const near = this.#index.nearest(x, neighboursAsked);
    const probability = softmax(margins(model, x), temperature).reduce(
      (sum, one, at) => sum + (isWanted[at] ? one : 0),
      0,
    );
    return confidenceOf(this.parts.confidence, {
      probability: Math.min(1, probability),
      agreement: agreementOf(near, truth, (label) => isWanted[label] === true),
      likeness: near[0]?.likeness ?? 0,
    });
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
    const evidence = options.evidence ?? 5;
    const near = this.#index.nearest(x, Math.max(neighboursAsked, evidence));
    const probability = probabilities[best] ?? 0;
    const confidence = confidenceOf(this.parts.confidence, {
      probability,
      agreement: agreementOf(near, this.parts.truth, (label) => label === best),
      likeness: near[0]?.likeness ?? 0,
    });
    // The others share what the best one leaves, and none of them overtakes it.
    const scale = probability < 1 ? (1 - confidence) / (1 - probability) : 1;
    const shown = (at: number) =>
      at === best ? confidence : Math.min(confidence, (probabilities[at] ?? 0) * scale);
    const scopeScore = scopeOf(
      scores,
      near[0]?.likeness ?? 0,
      nearestCentre(this.parts.centres, x.dense),
    );
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
        .map((at) => ({ label: labels[at] ?? "", confidence: shown(at) })),
      evidence: near.slice(0, evidence).map(({ at, likeness }) => ({
        id: this.parts.ids[at] ?? "",
        label: labels[this.parts.truth[at] ?? -1] ?? "",
        likeness,
      })),
    };
  }
}

/** Share of the likeness of the nearest examples that belongs to a label, or to any of some. */
export function agreementOf(
  near: readonly { readonly at: number; readonly likeness: number }[],
  truth: ArrayLike<number>,
  isOwn: (label: number) => boolean,
): number {
  let own = 0;
  let all = 0;
  for (const { at, likeness } of near.slice(0, neighboursAsked)) {
    all += likeness;
    if (isOwn(truth[at] ?? -1)) own += likeness;
  }
  return all === 0 ? 0 : own / all;
}
