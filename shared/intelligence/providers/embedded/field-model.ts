import { createHash } from "node:crypto";
import { sanitise } from "../../../text/sanitise";
import { workForAll } from "../../../turns";
import { type Naming, namedOption } from "../../fields/named-option";
import { keyOf } from "../../fields/options";
import type { Classifier } from "../../learn/classifier";
import { loadClassifier, saveClassifier } from "../../learn/store";
import { type Example, trainingOf } from "../../learn/train";
import { atOnce, inTurns, type Turns } from "../../turns";
import type { CaseHistory, EntityRef, FieldOption, FieldSpec, ResolvedCase } from "../../types";
import type { WordVectors } from "../../words/word-vectors";

/** Where trained models outlive an instance, for example a container of blobs. Keys are safe file names. */
export interface ModelStore {
  load(key: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
  save(key: string, file: Uint8Array, signal: AbortSignal): Promise<void>;
}

/** What was learned of one field, and from which cases. */
export interface FieldModel {
  readonly classifier: Classifier;
  readonly cases: number;
  /** ISO 8601; empty without cases. */
  readonly from: string;
  readonly to: string;
  /** Too few cases for the options they use: the model may recommend, and nothing more. */
  readonly isFew: boolean;
  /** What names of options in a text were worth. */
  readonly naming: Naming;
}

/** The newest cases that one model learns from. */
export const mostCases = 2000;
/** Cases for each option used, under which a model knows too little. */
const fewestPerOption = 5;

/** Changes with any option's value, label, description or parent. */
export function optionSetHash(options: readonly FieldOption[]): string {
  const rows = options.map(({ value, label, description = "", parent = "" }) => [
    value,
    label,
    description,
    parent,
  ]);
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex").slice(0, 16);
}

/** What the predictor reads of a resolved case. */
export const textOf = (one: ResolvedCase): string =>
  sanitise(`${one.title}\n${one.description ?? ""}`).text;

/** A reference as the id of an example; `refOfId` reads it back. */
export const refAsId = ({ table, id, number = "" }: EntityRef): string =>
  [table, id, number].join("|");

/** The reference that `refAsId` wrote. */
export function refOfId(text: string): EntityRef {
  const [table = "", id = "", number = ""] = text.split("|");
  return number === "" ? { table, id } : { table, id, number };
}

/** Trained models of one instance, by environment, reader, version of the history, field and options. */
export class FieldModels {
  readonly #models = new Map<string, Promise<FieldModel>>();
  readonly #store: ModelStore | undefined;
  readonly #capacity: number;

  constructor(store: ModelStore | undefined, capacity = 40) {
    this.#store = store;
    this.#capacity = capacity;
  }

  /** @param read the cases, asked for only when no trained model is at hand */
  model(
    field: FieldSpec,
    options: readonly FieldOption[],
    history: Pick<CaseHistory, "scope" | "version">,
    read: () => Promise<readonly ResolvedCase[]>,
    vectors: WordVectors | undefined,
    signal: AbortSignal,
  ): Promise<FieldModel> {
    const hash = optionSetHash(options);
    const name = JSON.stringify([
      history.scope,
      history.version,
      field.logicalName,
      hash,
      field.targetPrecision ?? 0.95,
    ]);
    const key = createHash("sha256").update(name).digest("hex");
    const kept = this.#models.get(key);
    if (kept) return kept;
    const made = this.#make(key, hash, field, options, read, vectors, signal);
    this.#models.set(key, made);
    // A failed training is not remembered: the next call tries again.
    made.catch(() => this.#models.delete(key));
    const oldest = this.#models.keys().next().value;
    if (this.#models.size > this.#capacity && oldest !== undefined) this.#models.delete(oldest);
    return made;
  }

  async #make(
    key: string,
    hash: string,
    field: FieldSpec,
    options: readonly FieldOption[],
    read: () => Promise<readonly ResolvedCase[]>,
    vectors: WordVectors | undefined,
    signal: AbortSignal,
  ): Promise<FieldModel> {
    const file = await this.#store?.load(`${key}.model.gz`, signal);
    const stored = file && loadClassifier(file, hash, vectors);
    if (stored) {
      const { cases = 0, from = "", to = "", few = 1, named = 0, right = 0 } = stored.about;
      return {
        classifier: stored.classifier,
        cases: Number(cases),
        from: String(from),
        to: String(to),
        isFew: few === 1,
        naming: { asked: Number(named), right: Number(right) },
      };
    }
    const cases = await read();
    // Other calls of the reader wait for it as well.
    const model = await workForAll(() => inTurns(trainingOfField(field, options, cases, vectors)));
    const about = {
      cases: model.cases,
      from: model.from,
      to: model.to,
      few: model.isFew ? 1 : 0,
      named: model.naming.asked,
      right: model.naming.right,
    };
    await this.#store?.save(
      `${key}.model.gz`,
      saveClassifier(model.classifier, hash, about),
      signal,
    );
    return model;
  }
}

/** Learns one field from resolved cases. Values that are no live option any more are not learned. */
export const trainFieldModel = (
  field: FieldSpec,
  options: readonly FieldOption[],
  cases: readonly ResolvedCase[],
  vectors: WordVectors | undefined,
): FieldModel => atOnce(trainingOfField(field, options, cases, vectors));

/** As `trainFieldModel`, in turns. */
export function* trainingOfField(
  field: FieldSpec,
  options: readonly FieldOption[],
  cases: readonly ResolvedCase[],
  vectors: WordVectors | undefined,
): Turns<FieldModel> {
  const live = new Set(options.map(({ value }) => keyOf(value)));
  const known = cases
    .filter(({ values }) => live.has(keyOf(values[field.logicalName])))
    .sort((a, b) => (a.resolvedOn < b.resolvedOn ? -1 : a.resolvedOn > b.resolvedOn ? 1 : 0))
    .slice(-mostCases);
  const labelText = Object.fromEntries(
    options.map(({ value, label, description }) => [
      keyOf(value),
      description ? `${label}. ${description}` : label,
    ]),
  );
  const examples: Example[] = [];
  const naming = { asked: 0, right: 0 };
  for (const one of known) {
    const label = keyOf(one.values[field.logicalName]);
    const text = textOf(one);
    examples.push({ id: refAsId(one.ref), text, label });
    yield;
    const named = namedOption(text, options);
    if (named !== undefined) {
      naming.asked++;
      if (keyOf(named.value) === label) naming.right++;
    }
    yield;
  }
  const classifier = yield* trainingOf(examples, {
    vectors,
    labelText,
    inOrderOfTime: true,
    targetPrecision: field.targetPrecision,
  });
  const used = new Set(known.map(({ values }) => keyOf(values[field.logicalName]))).size;
  return {
    classifier,
    cases: known.length,
    from: known[0]?.resolvedOn ?? "",
    to: known.at(-1)?.resolvedOn ?? "",
    isFew: known.length < fewestPerOption * Math.max(2, used),
    naming,
  };
}
