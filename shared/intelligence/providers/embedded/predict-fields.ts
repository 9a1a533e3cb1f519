import { abstain, decide } from "../../fields/decision";
import { confidenceOfName, namedOption } from "../../fields/named-option";
import { keyOf, optionsOf } from "../../fields/options";
import type { Prediction } from "../../learn/classifier";
import type { ReadSource } from "../../read-sources";
import type {
  Evidence,
  FieldOption,
  FieldPrediction,
  FieldSpec,
  FieldValue,
  PredictFieldsInput,
  Scored,
} from "../../types";
import { extract } from "./extract";
import { type FieldModel, refOfId } from "./field-model";

type Parents = ReadonlyMap<string, { readonly value: FieldValue; readonly confidence: number }>;

/** Fields in an order in which each stands after the one it depends on. */
export function inOrder(fields: readonly FieldSpec[]): readonly FieldSpec[] {
  const byName = new Map(fields.map((field) => [field.logicalName, field]));
  const done = new Set<FieldSpec>();
  const visit = (field: FieldSpec, path: ReadonlySet<FieldSpec>) => {
    if (done.has(field) || path.has(field)) return;
    const parent = field.dependsOn === undefined ? undefined : byName.get(field.dependsOn);
    if (parent) visit(parent, new Set([...path, field]));
    done.add(field);
  };
  for (const field of fields) visit(field, new Set());
  return [...done];
}

/** A field without options: found in the text, or not at all. */
export function predictByRule(
  field: FieldSpec,
  sources: readonly ReadSource[],
  current: FieldValue | undefined,
): FieldPrediction {
  for (const { ref, text } of sources) {
    const found = extract(text, field);
    if (found === undefined) continue;
    const confidence = found.share === 1 ? 0.9 : 0.9 * found.share;
    const best = { value: found.value, label: String(found.value), confidence, calibrated: false };
    return {
      field: field.logicalName,
      // Nothing measured says how often a rule is right here, so it never writes by itself.
      decision: found.share === 1 && field.selectAt <= confidence ? "select" : "recommend",
      best,
      alternatives: [best],
      evidence: [
        { ref, kind: "source-span", score: confidence, quote: found.quote, span: found.span },
      ],
      reason: "rule",
      needsLookup: field.type === "lookup" ? true : undefined,
      current,
    };
  }
  return abstain(field, "nothing-found", current);
}

/** A field with options: the classifier's word, restricted to what the parent allows. */
export function predictByModel(
  field: FieldSpec,
  model: FieldModel,
  text: string,
  input: PredictFieldsInput,
  parents: Parents,
): FieldPrediction {
  const current = input.current?.[field.logicalName]?.value;
  const all = optionsOf(field) ?? [];
  const parent = field.dependsOn === undefined ? undefined : parents.get(field.dependsOn);
  const options =
    field.dependsOn === undefined || parent === undefined
      ? all
      : all.filter(
          (option) => option.parent === undefined || keyOf(option.parent) === keyOf(parent.value),
        );
  const among = new Set(options.map(({ value }) => keyOf(value)));
  const prediction = model.classifier.predict(text, { among });
  if (prediction === undefined) return abstain(field, "nothing-found", current);
  const byName = predictByName(field, model, text, options, prediction, input);
  if (byName !== undefined) return { ...byName, current };
  if (prediction.outOfScope && !model.isFew) return abstain(field, "out-of-scope", current);
  const ranked = field.hierarchical ? branchFirst(model, text, options) : prediction.alternatives;
  const certain = parent === undefined ? 1 : parent.confidence;
  const alternatives = ranked.flatMap(({ label, confidence }): Scored<FieldValue>[] => {
    const option = options.find(({ value }) => keyOf(value) === label);
    if (option === undefined) return [];
    const value = field.type === "boolean" ? keyOf(option.value) === "1" : option.value;
    return [
      {
        value,
        label: option.label,
        confidence: confidence * certain,
        calibrated: prediction.calibrated && !model.isFew,
      },
    ];
  });
  const best = alternatives[0];
  if (best === undefined) return abstain(field, "nothing-found", current);
  const threshold = model.isFew ? undefined : model.classifier.threshold;
  return {
    field: field.logicalName,
    decision: model.isFew ? "recommend" : decide(field, best, threshold),
    best,
    alternatives,
    evidence: evidenceFor(prediction, best, options),
    reason: model.isFew ? "too-few-cases" : "embedded-only",
    current,
    threshold,
  };
}

/** Where the text names one of the options: that one, as sure as such names were in resolved cases. */
function predictByName(
  field: FieldSpec,
  model: FieldModel,
  text: string,
  options: readonly FieldOption[],
  prediction: Prediction,
  input: PredictFieldsInput,
): FieldPrediction | undefined {
  const named = namedOption(text, options);
  const sure = named && confidenceOfName(model.naming);
  if (named === undefined || sure === undefined) return undefined;
  const best = {
    value: named.value,
    label: named.label,
    confidence: sure.confidence,
    calibrated: sure.calibrated && !model.isFew,
  };
  const others = prediction.alternatives.flatMap(({ label, confidence }): Scored<FieldValue>[] => {
    const option = options.find(({ value }) => keyOf(value) === label);
    if (option === undefined || label === keyOf(named.value)) return [];
    const left = Math.min(confidence, 1 - sure.confidence);
    return [
      { value: option.value, label: option.label, confidence: left, calibrated: best.calibrated },
    ];
  });
  const threshold = model.isFew ? undefined : model.classifier.threshold;
  return {
    field: field.logicalName,
    decision: model.isFew ? "recommend" : decide(field, best, threshold),
    best,
    alternatives: [best, ...others.slice(0, 2)],
    evidence: [
      { ref: input.case, kind: "source-span", score: sure.confidence, quote: named.label },
      ...evidenceFor(prediction, best, options).filter(({ kind }) => kind === "resolved-case"),
    ],
    reason: model.isFew ? "too-few-cases" : "embedded-only",
    threshold,
  };
}

function evidenceFor(
  prediction: Prediction,
  best: Scored<FieldValue>,
  options: readonly FieldOption[],
): Evidence[] {
  const near = prediction.evidence
    .filter(({ label }) => label === keyOf(best.value))
    .map(
      ({ id, likeness }): Evidence => ({
        ref: refOfId(id),
        kind: "resolved-case",
        score: Math.min(1, likeness),
      }),
    );
  if (near.length > 0) return near;
  const option = options.find(({ value }) => keyOf(value) === keyOf(best.value));
  return [
    {
      ref: { table: "option", id: keyOf(best.value) },
      kind: "option-label",
      score: best.confidence,
      quote: option?.label,
    },
  ];
}

/**
 * Down a tree of options: at each level the branch whose options together are likeliest, as long as the text speaks for
 * one of its children rather than for the branch as a whole.
 */
function branchFirst(
  model: FieldModel,
  text: string,
  options: readonly FieldOption[],
): readonly { readonly label: string; readonly confidence: number }[] {
  const probabilities = model.classifier.probabilities(text);
  const own = new Map(model.classifier.labels.map((label, at) => [label, probabilities[at] ?? 0]));
  const keys = new Set(options.map(({ value }) => keyOf(value)));
  const children = grouped(options, keys);
  const mass = (key: string, path: ReadonlySet<string>): number => {
    if (path.has(key)) return 0;
    const deeper = new Set([...path, key]);
    const below = (children.get(key) ?? []).map(({ value }) => mass(keyOf(value), deeper));
    return (own.get(key) ?? 0) + below.reduce((sum, one) => sum + one, 0);
  };
  const ranked = (key: string) =>
    (children.get(key) ?? [])
      .map(({ value }) => ({ label: keyOf(value), confidence: mass(keyOf(value), new Set()) }))
      .sort((a, b) => b.confidence - a.confidence);
  let level = ranked("");
  for (let depth = 0; depth < 10; depth++) {
    const branch = level[0];
    const next = branch === undefined ? [] : ranked(branch.label);
    if (branch === undefined || (next[0]?.confidence ?? 0) < branch.confidence / 2) break;
    level = next;
  }
  const [first, ...others] = level.slice(0, 3);
  if (first === undefined) return [];
  // Beside the other predictions and their threshold, so on their scale; the others share what it leaves.
  const confidence = model.classifier.confidenceInAny(text, below(first.label, children));
  const scale = first.confidence < 1 ? (1 - confidence) / (1 - first.confidence) : 1;
  return [
    { label: first.label, confidence },
    ...others.map((one) => ({
      label: one.label,
      confidence: Math.min(confidence, one.confidence * scale),
    })),
  ];
}

/** An option and all under it. */
function below(
  key: string,
  children: ReadonlyMap<string, readonly FieldOption[]>,
): ReadonlySet<string> {
  const all = new Set<string>([key]);
  for (const one of all) for (const { value } of children.get(one) ?? []) all.add(keyOf(value));
  return all;
}

const rootOr = (parent: FieldOption["parent"], keys: ReadonlySet<string>): string =>
  parent !== undefined && keys.has(keyOf(parent)) ? keyOf(parent) : "";

function grouped(
  options: readonly FieldOption[],
  keys: ReadonlySet<string>,
): Map<string, FieldOption[]> {
  const groups = new Map<string, FieldOption[]>();
  for (const option of options) {
    const key = rootOr(option.parent, keys);
    groups.set(key, [...(groups.get(key) ?? []), option]);
  }
  return groups;
}
