import { gunzipSync, gzipSync } from "node:zlib";
import type { WordVectors } from "../words/word-vectors";
import { Classifier } from "./classifier";
import type { ConfidenceMap } from "./confidence";
import { type BlockWeights, type Features, Vocabulary } from "./features";

/** Raised whenever a stored model of before would be read wrongly. */
const format = 2;

interface Head {
  readonly format: number;
  readonly optionSetHash: string;
  readonly labels: readonly string[];
  readonly ids: readonly string[];
  readonly terms: readonly string[];
  readonly dense: number;
  readonly weights: BlockWeights;
  readonly temperature: number;
  readonly confidence: ConfidenceMap;
  readonly calibrated: boolean;
  readonly threshold: number | null;
  readonly scopeThreshold: number | null;
  readonly metrics: Classifier["metrics"] | null;
  readonly lengths: readonly number[];
  readonly about: About;
}

/** What the one who trained wants to find again beside the model. */
export type About = Readonly<Record<string, string | number>>;

/**
 * A classifier as one compressed file: a JSON head (labels, terms, calibration), then the numbers. Weights are kept in
 * 16 bits with one scale for each label, which changes no probability by more than a thousandth.
 *
 * @param optionSetHash hash of the live options the model was made for; `loadClassifier` refuses any other
 */
export function saveClassifier(
  classifier: Classifier,
  optionSetHash: string,
  about: About = {},
): Buffer {
  const { parts } = classifier;
  const { weights, options } = parts.model;
  const scales = new Float32Array(options);
  for (let cell = 0; cell < weights.length; cell++) {
    const c = cell % options;
    scales[c] = Math.max(scales[c] ?? 0, Math.abs(weights[cell] ?? 0) / 32767);
  }
  const short = Int16Array.from(weights, (weight, cell) => weight / (scales[cell % options] || 1));
  const total = parts.texts.reduce((sum, { ids }) => sum + ids.length, 0);
  const ids = new Int32Array(total);
  const values = new Uint8Array(total);
  let at = 0;
  for (const text of parts.texts) {
    ids.set(text.ids, at);
    for (const value of text.values) values[at++] = Math.min(255, Math.round(value * 255));
  }
  const head: Head = {
    format,
    optionSetHash,
    labels: parts.labels,
    ids: parts.ids,
    terms: parts.vocabulary.terms,
    dense: parts.vocabulary.denseSize,
    weights: parts.vocabulary.weights,
    temperature: parts.temperature,
    confidence: parts.confidence,
    calibrated: parts.calibrated,
    threshold: parts.threshold ?? null,
    scopeThreshold: Number.isFinite(parts.scopeThreshold) ? parts.scopeThreshold : null,
    metrics: parts.metrics ?? null,
    lengths: parts.texts.map((text) => text.ids.length),
    about,
  };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const arrays = [parts.vocabulary.idf, scales, parts.centres, short, parts.truth, ids, values];
  const numbers = arrays.map((array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength),
  );
  return gzipSync(Buffer.concat([length, text, ...numbers]), { level: 1 });
}

/**
 * The classifier of a file, or undefined when the file is of another format or of other options: then learn again.
 *
 * @param vectors the table the model was trained with, if it was
 * @throws an error of zlib or RangeError when the file is damaged
 */
export function loadClassifier(
  file: Uint8Array,
  optionSetHash: string,
  vectors: WordVectors | undefined,
): { readonly classifier: Classifier; readonly about: About } | undefined {
  const bytes = gunzipSync(file);
  let at = 4 + bytes.readUInt32LE(0);
  const head: Head = JSON.parse(bytes.toString("utf8", 4, at));
  if (head.format !== format || head.optionSetHash !== optionSetHash) return undefined;
  if (head.dense > 0 && head.dense !== vectors?.size) return undefined;
  const take = (count: number, width: number): ArrayBuffer => {
    const end = at + count * width;
    if (end > bytes.length) throw new RangeError("The stored model is damaged: it ends too early.");
    const copy = new Uint8Array(bytes.subarray(at, end)).buffer;
    at = end;
    return copy;
  };
  const options = head.labels.length;
  const terms = head.terms.length;
  const idf = new Float32Array(take(terms, 4));
  const scales = new Float32Array(take(options, 4));
  const centres = new Float32Array(take(options * head.dense, 4));
  const short = new Int16Array(take((terms + head.dense + 1) * options, 2));
  const truth = new Int32Array(take(head.ids.length, 4));
  const total = head.lengths.reduce((sum, length) => sum + length, 0);
  const ids = new Int32Array(take(total, 4));
  const rounded = new Uint8Array(take(total, 1));
  const values = new Float32Array(total);
  for (let cell = 0; cell < total; cell++) values[cell] = (rounded[cell] as number) / 255;
  const weights = new Float32Array(short.length);
  for (let row = 0; row < short.length; row += options) {
    for (let c = 0; c < options; c++)
      weights[row + c] = (short[row + c] as number) * (scales[c] as number);
  }
  let from = 0;
  const none = new Float32Array(0);
  const texts = head.lengths.map((length): Features => {
    const text = {
      ids: ids.subarray(from, from + length),
      values: values.subarray(from, from + length),
      dense: none,
    };
    from += length;
    return text;
  });
  const classifier = new Classifier({
    labels: head.labels,
    vocabulary: new Vocabulary(head.terms, idf, head.dense > 0 ? vectors : undefined, head.weights),
    model: { weights, options, sparseSize: terms, denseSize: head.dense },
    ids: head.ids,
    truth,
    texts,
    centres,
    temperature: head.temperature,
    confidence: head.confidence,
    calibrated: head.calibrated,
    threshold: head.threshold ?? undefined,
    scopeThreshold: head.scopeThreshold ?? Number.NEGATIVE_INFINITY,
    metrics: head.metrics ?? undefined,
  });
  return { classifier, about: head.about };
}
