import { takeTurns } from "../../../text/take-turns";
import { abstain } from "../../fields/decision";
import { optionsOf } from "../../fields/options";
import { read } from "../../read-sources";
import { inTurns } from "../../turns";
import type {
  CaseHistory,
  CaseIntelligence,
  CurrentValue,
  FieldPrediction,
  FieldSpec,
  FieldValue,
  PredictFieldsInput,
  PredictFieldsResult,
  ResolvedCase,
  Trace,
} from "../../types";
import { loadWordVectors } from "../../words/load-vectors";
import { draft } from "./draft";
import { type FieldModel, FieldModels, type ModelStore, trainingOfField } from "./field-model";
import { inOrder, predictByModel, predictByRule } from "./predict-fields";
import { suggest } from "./suggest";

/** What the embedded provider may keep and use. */
export interface EmbeddedOptions {
  /** Where trained models outlive this instance. Default: they do not. */
  readonly store?: ModelStore | undefined;
  /** Word vectors from the product's own table. Default true; they cost 3.4 MB and 30 ms once. */
  readonly vectors?: boolean | undefined;
}

/** Raised with every change that makes the same cases predict otherwise. */
const modelVersion = "2";

/** The provider that always answers: no model to download, no network, learned from the tenant's own resolved cases. */
export function createEmbeddedProvider(options: EmbeddedOptions = {}): CaseIntelligence {
  const models = new FieldModels(options.store);
  const vectors = () =>
    options.vectors === false ? Promise.resolve(undefined) : loadWordVectors();
  return {
    name: "embedded",
    supports: () => true,
    predictFields: (input, signal) => predictFields(input, signal, models, vectors),
    async suggestNextSteps(input, signal) {
      const started = performance.now();
      const table = await vectors();
      signal.throwIfAborted();
      const { sources, suspected } = read(input.sources);
      return {
        ...(await suggest(input, sources, table)),
        trace: traceOf(started, suspected, "extractive"),
      };
    },
    async draftReply(input, signal) {
      const started = performance.now();
      const table = await vectors();
      signal.throwIfAborted();
      const { sources, suspected } = read(input.sources);
      return {
        ...(await draft(input, sources, table)),
        trace: traceOf(started, suspected, "extractive"),
      };
    },
  };
}

function traceOf(
  started: number,
  injectionSuspected: boolean,
  model: string,
  trainedOn?: Trace["trainedOn"],
): Trace {
  return {
    provider: "embedded",
    model,
    modelVersion,
    ...(trainedOn && { trainedOn }),
    ms: Math.round(performance.now() - started),
    injectionSuspected,
  };
}

async function predictFields(
  input: PredictFieldsInput,
  signal: AbortSignal,
  models: FieldModels,
  vectors: () => ReturnType<typeof loadWordVectors> | Promise<undefined>,
): Promise<PredictFieldsResult> {
  const started = performance.now();
  const { sources, suspected } = read(input.sources);
  const text = sources.map((source) => source.text).join("\n");
  const used: FieldModel[] = [];
  const predictions = new Map<string, FieldPrediction>();
  const parents = new Map<string, { value: FieldValue; confidence: number }>();
  const reading = onceRead(input.history, signal);
  const turn = takeTurns();
  for (const field of inOrder(input.fields)) {
    const current = input.current?.[field.logicalName];
    const said = await predictOne(field, current);
    predictions.set(field.logicalName, said);
    const parent = parentOf(said, current);
    if (parent) parents.set(field.logicalName, parent);
  }
  return {
    predictions: input.fields.flatMap(({ logicalName }) => predictions.get(logicalName) ?? []),
    trace: traceOf(started, suspected, "linear-svm", trainedOn(used)),
  };

  async function predictOne(
    field: FieldSpec,
    current: CurrentValue | undefined,
  ): Promise<FieldPrediction> {
    await turn();
    signal.throwIfAborted();
    if (field.mode === "off") return abstain(field, "off", current?.value);
    if (current?.setBy === "human" && !field.overwriteHuman)
      return abstain(field, "human-set", current.value);
    if (text === "") return abstain(field, "nothing-found", current?.value);
    const fieldOptions = optionsOf(field);
    if (fieldOptions === undefined) return predictByRule(field, sources, current?.value);
    const table = await vectors();
    const model =
      input.history === undefined
        ? await inTurns(trainingOfField(field, fieldOptions, input.similar, table))
        : await models.model(field, fieldOptions, input.history, reading, table, signal);
    used.push(model);
    return predictByModel(field, model, text, input, parents);
  }
}

function parentOf(said: FieldPrediction, current: CurrentValue | undefined) {
  if (current !== undefined && current.setBy !== "default")
    return { value: current.value, confidence: 1 };
  return said.best && { value: said.best.value, confidence: said.best.confidence };
}

/** Several fields learn from one reading of the history. */
function onceRead(
  history: CaseHistory | undefined,
  signal: AbortSignal,
): () => Promise<readonly ResolvedCase[]> {
  let cases: Promise<readonly ResolvedCase[]> | undefined;
  return () => {
    cases ??= history?.read(signal) ?? Promise.resolve([]);
    return cases;
  };
}

function trainedOn(models: readonly FieldModel[]): Trace["trainedOn"] {
  const [first] = models;
  if (first === undefined) return undefined;
  const largest = models.reduce((best, one) => (one.cases > best.cases ? one : best), first);
  const measured = models.flatMap(({ classifier }) => classifier.metrics ?? []);
  const held = measured.reduce((sum, { cases }) => sum + cases, 0);
  const right = measured.reduce((sum, { cases, accuracy }) => sum + cases * accuracy, 0);
  return {
    cases: largest.cases,
    from: largest.from,
    to: largest.to,
    ...(held > 0 && { holdoutPrecision: right / held }),
  };
}
