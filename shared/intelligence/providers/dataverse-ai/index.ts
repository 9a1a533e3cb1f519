import { escapeHtml } from "../../../text/markup";
import { ProviderFailure } from "../../provider-failure";
import type {
  CaseIntelligence,
  DraftInput,
  DraftResult,
  FieldPrediction,
  FieldSpec,
  PredictFieldsInput,
  SourceText,
  Trace,
} from "../../types";

/**
 * Dataverse's AI functions, as the caller. Each costs AI capacity.
 *
 * @see https://learn.microsoft.com/power-platform/power-fx/reference/function-ai
 */
export interface DataverseAiClient {
  /** Unbound action of the Web API: `AIClassify`, `AIReply`, `AISummarize`. */
  run(name: string, body: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<unknown>;
}

/** One call for each field, so only so many fields. */
const mostFields = 4;
const mostCategories = 50;
const longestText = 10_000;

/**
 * Classifies and replies with what Dataverse has built in. It tells no confidence, so nothing of it is ever more than
 * recommended.
 */
export function createDataverseAi(client: DataverseAiClient): CaseIntelligence {
  const trace = (started: number): Trace => ({
    provider: "dataverse-ai",
    model: "Dataverse AI functions",
    modelVersion: "unversioned",
    ms: Math.round(performance.now() - started),
    injectionSuspected: false,
  });

  async function predictFields(input: PredictFieldsInput, signal: AbortSignal) {
    const started = performance.now();
    const text = textOf(input.sources);
    const asked = input.fields.filter(canClassify).slice(0, mostFields);
    const said = new Map<string, FieldPrediction>();
    for (const field of asked)
      said.set(field.logicalName, await classify(client, field, text, signal));
    const predictions = input.fields.map(
      (field) => said.get(field.logicalName) ?? nothing(field, "unsupported"),
    );
    return { predictions, trace: trace(started) };
  }

  return {
    name: "dataverse-ai",
    supports: (operation, field) =>
      operation === "draftReply" ||
      (operation === "predictFields" && (field === undefined || canClassify(field))),
    predictFields,
    async suggestNextSteps() {
      throw new ProviderFailure("unavailable", "Dataverse's AI functions suggest no steps.");
    },
    async draftReply(input, signal) {
      const started = performance.now();
      const body = await run(client, "AIReply", { Text: promptOf(input) }, signal);
      const reply = textIn(body, "PreparedResponse");
      if (reply === undefined)
        throw new ProviderFailure("invalid-output", "AIReply gave no reply.");
      return { ...compose(input, reply), trace: trace(started) };
    },
  };
}

const canClassify = (field: FieldSpec): boolean =>
  field.options !== undefined &&
  field.options.length > 1 &&
  field.options.length <= mostCategories &&
  field.mode !== "off";

const textOf = (sources: readonly SourceText[]): string =>
  sources
    .map((source) => `${source.subject ?? ""}\n${source.text}`)
    .join("\n\n")
    .slice(0, longestText);

const nothing = (field: FieldSpec, reason: FieldPrediction["reason"]): FieldPrediction => ({
  field: field.logicalName,
  decision: "abstain",
  alternatives: [],
  evidence: [],
  reason,
});

/** Exactly one of the labels, or nothing. */
async function classify(
  client: DataverseAiClient,
  field: FieldSpec,
  text: string,
  signal: AbortSignal,
): Promise<FieldPrediction> {
  const options = field.options ?? [];
  const body = await run(
    client,
    "AIClassify",
    { Text: text, Categories: options.map((option) => option.label) },
    signal,
  );
  const label = textIn(body, "Classification")?.trim().toLowerCase();
  const found = options.filter((option) => option.label.trim().toLowerCase() === label);
  const [option] = found;
  if (option === undefined || found.length > 1) return nothing(field, "nothing-found");
  const best = { value: option.value, label: option.label, confidence: 0.5, calibrated: false };
  return {
    field: field.logicalName,
    decision: "recommend",
    best,
    alternatives: [best],
    evidence: [],
    reason: "llm-only",
  };
}

async function run(
  client: DataverseAiClient,
  name: string,
  body: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    return await client.run(name, body, signal);
  } catch (error) {
    if (error instanceof ProviderFailure) throw error;
    if (signal.aborted)
      throw new ProviderFailure("timeout", `${name} took too long.`, { cause: error });
    // Without capacity, outside its regions or switched off, the function answers with an error of many kinds.
    throw new ProviderFailure("unavailable", `${name} is not to be had in this environment.`, {
      cause: error,
    });
  }
}

const textIn = (body: unknown, name: string): string | undefined => {
  const value = (body as Record<string, unknown> | undefined | null)?.[name];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
};

/** AIReply takes a text and answers it, so the articles stand beside the customer's words. */
function promptOf(input: DraftInput): string {
  const articles = input.articles
    .filter((hit) => !hit.isInternal)
    .slice(0, 2)
    .map((hit) => `${hit.title}\n${hit.text}`);
  return [textOf(input.sources), ...articles].join("\n\n").slice(0, longestText);
}

/** A reply comes without sources: a sentence is grounded when an article says it, word for word. */
function compose(input: DraftInput, reply: string): Omit<DraftResult, "trace"> {
  const sentences = reply
    .split(/(?<=[.!?])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
  const offset = input.customerName === undefined ? 0 : 1;
  const sourceOf = (sentence: string) =>
    input.articles.find((hit) => !hit.isInternal && hit.text.includes(sentence));
  const paragraphs = [
    ...(input.customerName === undefined ? [] : [`${input.customerName},`]),
    sentences.join("\n"),
    ...(input.signature === undefined ? [] : [input.signature]),
  ];
  return {
    responseType: "Resolved",
    needsReview: true,
    subject: "",
    text: paragraphs.join("\n\n"),
    html: paragraphs.map((part) => `<p>${escapeHtml(part).replaceAll("\n", "<br>")}</p>`).join(""),
    citations: sentences.flatMap((sentence, index) => {
      const hit = sourceOf(sentence);
      return hit === undefined
        ? []
        : [
            {
              sentence: index + offset,
              evidence: [{ ref: hit.ref, kind: "knowledge" as const, score: 1, quote: sentence }],
            },
          ];
    }),
    ungrounded: sentences.filter((sentence) => sourceOf(sentence) === undefined),
    placeholders: [],
  };
}
