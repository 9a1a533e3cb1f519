import { sanitise } from "../../text/sanitise";
import { suspicionsOf } from "../../text/suspicions";
import { endOfSentence, trimTail } from "../../text/trim";
import { wayOut } from "../../text/ways-out";
import { abstain, decide } from "../fields/decision";
import { keyOf, optionsOf } from "../fields/options";
import { resolutionOf } from "../resolution";
import type {
  Evidence,
  FieldPrediction,
  FieldSpec,
  FieldValue,
  GatePolicy,
  NextStep,
  PredictFieldsInput,
  Scored,
  SuggestInput,
  SuggestResult,
} from "../types";

/** Ids that were sent, so the only ones that may come back. */
function knownIds(input: {
  readonly sources: PredictFieldsInput["sources"];
  readonly similar: PredictFieldsInput["similar"];
  readonly articles?: SuggestInput["articles"];
}): ReadonlySet<string> {
  const refs = [
    ...input.sources.map(({ id }) => id),
    ...input.similar.map(({ ref }) => ref),
    ...(input.articles ?? []).map(({ ref }) => ref),
  ];
  return new Set(refs.map(({ table, id }) => `${table}/${id}`));
}

/**
 * Holds predictions to the rules, whoever made them: only fields of the list, only live options, numbers within bounds,
 * a person's value left alone, thresholds met by calibrated confidence, nothing automatic in a text that gives orders.
 * The embedded provider's own evidence may name any resolved case of the history; a model's only what it was sent.
 */
export function gatePredictions(
  predictions: readonly FieldPrediction[],
  input: PredictFieldsInput,
  policy: GatePolicy,
  injectionSuspected: boolean,
  embedded: readonly FieldPrediction[],
): readonly FieldPrediction[] {
  const ids = new Set(knownIds(input));
  for (const { evidence } of embedded) {
    for (const { ref } of evidence) ids.add(`${ref.table}/${ref.id}`);
  }
  return input.fields.map((field) => {
    const said = predictions.find((one) => one.field === field.logicalName);
    const current = input.current?.[field.logicalName];
    if (field.mode === "off") return abstain(field, "off", current?.value);
    if (current?.setBy === "human" && !field.overwriteHuman)
      return abstain(field, "human-set", current.value);
    if (said === undefined) return abstain(field, "unsupported", current?.value);
    if (said.best === undefined) return { ...said, decision: "abstain" };
    return allow(field, said, policy, injectionSuspected, ids);
  });
}

function allow(
  field: FieldSpec,
  said: FieldPrediction,
  policy: GatePolicy,
  injectionSuspected: boolean,
  ids: ReadonlySet<string>,
): FieldPrediction {
  const alternatives = said.alternatives.flatMap((one) => permitted(field, one) ?? []);
  const best = said.best && permitted(field, said.best);
  if (best === undefined) return abstain(field, "not-allowed", said.current);
  const evidence = said.evidence.filter(
    ({ ref }) => ref.table === "option" || ids.has(`${ref.table}/${ref.id}`),
  );
  let decision = said.decision;
  if (decision === "auto") {
    const allowed = decide(field, best, said.threshold);
    const isForbidden =
      policy.neverAuto.includes(field.logicalName) ||
      said.reason === "differ" ||
      said.reason === "llm-only";
    decision = allowed === "auto" && isForbidden ? "select" : allowed;
  }
  if (injectionSuspected && decision !== "abstain") {
    return {
      ...said,
      best,
      alternatives,
      evidence,
      decision: "recommend",
      reason: "injection-suspected",
    };
  }
  return { ...said, best, alternatives, evidence, decision };
}

/** The value as it may be written: a live option under its own label, or a bounded number or text. */
function permitted(field: FieldSpec, said: Scored<FieldValue>): Scored<FieldValue> | undefined {
  const confidence = Number.isFinite(said.confidence)
    ? Math.min(1, Math.max(0, said.confidence))
    : 0;
  const options = optionsOf(field);
  if (options !== undefined) {
    const option = options.find(({ value }) => keyOf(value) === keyOf(said.value));
    if (option === undefined) return undefined;
    const value = field.type === "boolean" ? keyOf(option.value) === "1" : option.value;
    return { ...said, value, label: option.label, confidence };
  }
  if (field.type === "integer" || field.type === "money") {
    const value = boundedNumber(field, said.value);
    return value === undefined ? undefined : { ...said, value, confidence };
  }
  const value = sanitise(String(said.value)).text.slice(0, field.maxLength ?? 200);
  if (value === "" || (field.type === "email" && !/^[\w.+%-]+@[\w-]+(?:\.[\w-]+)+$/.test(value))) {
    return undefined;
  }
  return { ...said, value, label: value, confidence };
}

function boundedNumber(field: FieldSpec, said: FieldValue): number | undefined {
  const value = Number(said);
  if (said === "" || !Number.isFinite(value)) return undefined;
  if (field.type === "integer" && !Number.isInteger(value)) return undefined;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = field;
  return value < min || value > max ? undefined : value;
}

/** Evidence of things that were sent, with quotes that stand in them word for word; others lose the quote or go. */
export function gateEvidence(
  evidence: readonly Evidence[],
  input: SuggestInput,
): readonly Evidence[] {
  const ids = knownIds(input);
  // Made plain only where somebody quotes from it: there may be many texts, and long ones.
  const texts = new Map<string, () => string>();
  for (const { id, subject, text } of input.sources) {
    texts.set(`${id.table}/${id.id}`, () =>
      [subject ? sanitise(subject).text : "", sanitise(text).text].filter(Boolean).join("\n"),
    );
  }
  for (const { ref, text } of input.articles)
    texts.set(`${ref.table}/${ref.id}`, () => sanitise(text).text);
  for (const one of input.similar)
    texts.set(`${one.ref.table}/${one.ref.id}`, () => resolutionOf(one, input.customerId));
  return evidence.flatMap((one) => {
    const key = `${one.ref.table}/${one.ref.id}`;
    if (!ids.has(key)) return [];
    const score = Number.isFinite(one.score) ? Math.min(1, Math.max(0, one.score)) : 0;
    if (one.quote === undefined) return [{ ref: one.ref, kind: one.kind, score }];
    const text = texts.get(key)?.() ?? "";
    const at = text.indexOf(one.quote);
    if (at < 0) return [];
    const { ref, kind, quote } = one;
    const span =
      one.span && text.slice(...one.span) === quote ? one.span : ([at, at + quote.length] as const);
    return [{ ref, kind, score, quote, span }];
  });
}

const kinds: ReadonlySet<NextStep["kind"]> = new Set([
  "share-solution",
  "ask-customer",
  "do-internal",
  "escalate",
  "close",
]);

/**
 * A model's words without ways out: addresses and links that stand in no article are left out, whatever the customer wrote.
 */
function plainWordsOnly(input: SuggestInput): (text: string) => string {
  const known = input.articles
    .map((hit) => `${hit.url ?? ""} ${sanitise(hit.text).text}`)
    .join(" ")
    .toLowerCase();
  return (text) =>
    sanitise(text).text.replace(wayOut, (way) =>
      known.includes(trimTail(way, endOfSentence).toLowerCase()) ? way : "[left out]",
    );
}

/** Steps of known kinds, with evidence that holds. A solution to share without an article is not shown. */
export function gateSuggestions(
  result: SuggestResult,
  input: SuggestInput,
  injectionSuspected: boolean,
  isFromModel: boolean,
): SuggestResult {
  const inWords = isFromModel ? plainWordsOnly(input) : (text: string) => text;
  const internal = new Set(
    input.articles.filter(({ isInternal }) => isInternal).map(({ ref }) => ref.id),
  );
  const steps = result.steps.flatMap((step): NextStep[] => {
    const evidence = gateEvidence(step.evidence, input);
    if (!kinds.has(step.kind)) return [];
    if (isFromModel && suspicionsOf(`${step.title}\n${step.detail}`).length > 0) return [];
    const shared = evidence.filter(
      ({ kind, ref }) => kind === "knowledge" && !internal.has(ref.id),
    );
    if (step.kind === "share-solution" && shared.length === 0) return [];
    // A text that gives orders must not close or escalate the case it stands in.
    if (injectionSuspected && (step.kind === "close" || step.kind === "escalate")) return [];
    const confidence = Number.isFinite(step.confidence)
      ? Math.min(1, Math.max(0, step.confidence))
      : 0;
    return [
      {
        ...step,
        title: inWords(step.title).slice(0, 200),
        detail: inWords(step.detail).slice(0, 2000),
        confidence,
        evidence,
      },
    ];
  });
  const missing = result.missing.slice(0, 8).map((fact) => ({
    attribute: inWords(fact.attribute),
    question: inWords(fact.question),
    why: gateEvidence(fact.why, input),
  }));
  const answerable = Number.isFinite(result.answerable)
    ? Math.min(1, Math.max(0, result.answerable))
    : 0;
  return { ...result, steps: steps.slice(0, input.max ?? 5), answerable, missing };
}
