import { z } from "zod";
import type {
  Evidence,
  FieldOption,
  FieldPrediction,
  FieldSpec,
  FieldValue,
  PredictFieldsInput,
  Scored,
  SourceText,
} from "../../types";
import { createAliases } from "./aliases";
import type { Question } from "./ask";
import { createDatamark } from "./datamark";
import { asData, frame, sourceLines, systemWords } from "./prompt";

const unknown = "not_known";
/** Azure takes at most 1,000 enum values and 100 properties in one schema. */
const mostOptions = 120;
const mostFields = 12;
/** A model's word is worth no more than this until held-out cases have spoken; the chain weighs it. */
const uncalibrated = 0.5;

interface AskedField {
  readonly field: FieldSpec;
  readonly options: ReturnType<typeof createAliases<FieldOption>> | undefined;
}

type Reply = Record<string, { value: string; source: string; quote: string }>;

/** One schema for the fields of this call, with the options that are live now. */
export function predictFieldsQuestion(input: PredictFieldsInput): {
  readonly question: Question<Reply>;
  read(reply: Reply): FieldPrediction[];
} {
  const mark = createDatamark();
  const sources = createAliases("S", input.sources);
  const fields = createAliases(
    "F",
    input.fields
      .slice(0, mostFields)
      .map((field): AskedField => ({ field, options: optionsOf(field, input) })),
  );
  const shape = Object.fromEntries(
    fields.names.map((name) => {
      const options = fields.itemOf(name)?.options;
      return [
        name,
        z.strictObject({
          value: options === undefined ? z.string() : z.enum([unknown, ...options.names]),
          source: z.enum([unknown, ...sources.names]),
          quote: z.string(),
        }),
      ];
    }),
  );
  const task = `For each field give the value that the data supports, or ${unknown}; the source it is taken from; and the words of the source that show it, as they stand there.`;
  const parts = [
    ...fields.names.map((name) => fieldWords(mark, name, fields.itemOf(name), input)),
    ...sourceLines(mark, input.sources, sources),
  ];
  return {
    question: {
      name: "fields",
      system: systemWords.predictFields,
      user: frame(mark, task, parts),
      schema: z.strictObject(shape) as unknown as z.ZodType<Reply>,
      maxTokens: 2_000,
    },
    read: (reply) =>
      fields.names.flatMap((name) => {
        const asked = fields.itemOf(name);
        const said = reply[name];
        if (asked === undefined || said === undefined) return [];
        const quote = mark.remove(said.quote);
        return [asPrediction(asked, said.value, evidenceOf(sources.itemOf(said.source), quote))];
      }),
  };
}

/** All options, or for a long list those that the embedded predictor finds likely. */
function optionsOf(field: FieldSpec, input: PredictFieldsInput): AskedField["options"] {
  if (field.type === "boolean") {
    const pair: FieldOption[] = [
      { value: "true", label: "yes" },
      { value: "false", label: "no" },
    ];
    return createAliases("opt_", pair);
  }
  if (field.options === undefined) return undefined;
  if (field.options.length <= mostOptions) return createAliases("opt_", field.options);
  const likely = new Set(
    input.embedded
      ?.find((each) => each.field === field.logicalName)
      ?.alternatives.map((each) => each.value),
  );
  return createAliases("opt_", [
    ...field.options.filter((option) => likely.has(option.value)),
    ...field.options.filter((option) => !likely.has(option.value)).slice(0, mostOptions),
  ]);
}

function fieldWords(
  mark: ReturnType<typeof createDatamark>,
  name: string,
  asked: AskedField | undefined,
  input: PredictFieldsInput,
): string {
  const field = asked?.field;
  const said = input.embedded?.find((each) => each.field === field?.logicalName)?.alternatives;
  const options = asked?.options?.names.map((option) => {
    const item = asked.options?.itemOf(option);
    return `${option} = ${asData(mark, [item?.label, item?.description].filter(Boolean).join(": "), 300)}`;
  });
  const likely = (said ?? []).flatMap(
    (each) =>
      asked?.options?.names.find((option) => asked.options?.itemOf(option)?.value === each.value) ??
      [],
  );
  return [
    `${name}: ${field?.displayName ?? ""} (${field?.type ?? ""}) ${asData(mark, field?.description ?? "", 500)}`,
    ...(options ?? []),
    ...(likely.length === 0 ? [] : [`A classifier finds likely: ${likely.join(", ")}`]),
  ].join("\n");
}

/** A quote counts only when it stands in the source; otherwise there is no evidence. */
export function evidenceOf(source: SourceText | undefined, quote: string): Evidence[] {
  if (source === undefined) return [];
  const wanted = quote.trim();
  const at = wanted.length < 3 ? -1 : source.text.indexOf(wanted);
  if (at < 0) return [];
  return [
    {
      ref: source.id,
      kind: "source-span",
      score: 1,
      quote: wanted,
      span: [at, at + wanted.length],
    },
  ];
}

function asPrediction(
  { field, options }: AskedField,
  value: string,
  evidence: readonly Evidence[],
): FieldPrediction {
  const none: FieldPrediction = {
    field: field.logicalName,
    decision: "abstain",
    alternatives: [],
    evidence: [],
    reason: "nothing-found",
  };
  if (value === unknown || value.trim() === "") return none;
  const best = options === undefined ? readFree(field, value) : readOption(field, options, value);
  if (best === undefined) return none;
  return {
    field: field.logicalName,
    decision: "recommend",
    best,
    alternatives: [best],
    evidence,
    reason: "llm-only",
    ...(field.type === "lookup" && options === undefined ? { needsLookup: true } : {}),
  };
}

function readOption(
  field: FieldSpec,
  options: NonNullable<AskedField["options"]>,
  value: string,
): Scored<FieldValue> | undefined {
  const option = options.itemOf(value);
  if (option === undefined) return undefined;
  return {
    value: field.type === "boolean" ? option.value === "true" : option.value,
    label: option.label,
    confidence: uncalibrated,
    calibrated: false,
  };
}

/** Numbers within the column's bounds, texts within its length; anything else is no value. */
function readFree(field: FieldSpec, value: string): Scored<FieldValue> | undefined {
  const said = value.trim();
  const scored = (read: FieldValue) => ({
    value: read,
    label: String(read),
    confidence: uncalibrated,
    calibrated: false,
  });
  if (field.type === "integer" || field.type === "money") {
    const number = Number(said);
    const isWhole = field.type === "money" || Number.isInteger(number);
    const isInside = number >= (field.min ?? -Infinity) && number <= (field.max ?? Infinity);
    return Number.isFinite(number) && isWhole && isInside ? scored(number) : undefined;
  }
  return said.length <= (field.maxLength ?? 2_000) ? scored(said) : undefined;
}
