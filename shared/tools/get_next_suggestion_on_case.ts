import { z } from "zod";
import type { NextStep } from "../intelligence";
import { type CaseBrief, gatherBrief } from "../service/case-brief";
import { caseWords, findCaseRecord } from "../service/case-table";
import { recordAddress } from "../service/knowledge-articles";
import { storeNextAction } from "../service/next-action";
import { traceWords } from "../service/trace-words";
import { caseArguments } from "./arguments";
import { defineTool } from "./define";

export const getNextSuggestionOnCase = defineTool({
  name: "get_next_suggestion_on_case",
  title: "Suggest the next step on a case",
  description:
    "Helps to resolve a case: ordered next steps (share a solution, ask the customer, do, escalate, close) with confidence and evidence from knowledge articles and similar resolved cases, the case's intent with its category and line of business, and the questions to ask for what is missing. Writes nothing, unless store keeps the first step on the case.",
  effect: "create",
  timeoutMs: 60_000,
  input: z.strictObject({
    ...caseArguments,
    max: z.int().min(1).max(10).optional().describe("Steps, default 4"),
    store: z.boolean().optional().describe("Keep the first step as msdyn_nextaction"),
  }),
  output: z.object({
    incidentId: z.string(),
    steps: z.array(z.looseObject({})),
    questions: z.array(z.string()),
    intent: z.looseObject({}).optional(),
  }),

  async run(input, context) {
    const { dataverse, settings, intelligence, signal } = context;
    const record = await findCaseRecord(dataverse, input);
    const brief = await gatherBrief(
      dataverse,
      settings,
      record,
      input.sourceContextEntityId,
      "internal",
    );
    const { steps, answerable, missing, trace } = await intelligence.suggestNextSteps(
      {
        case: record.ref,
        sources: brief.sources.texts,
        articles: brief.articles,
        similar: brief.similar,
        intent: brief.intentContext,
        customerId: record.customer?.id,
        max: input.max ?? 4,
      },
      signal,
    );
    const [first] = steps;
    const stored =
      input.store === true && first !== undefined
        ? await storeNextAction(dataverse, record, first, context.now())
        : undefined;
    return {
      text: [
        `${caseWords(record)}: ${JSON.stringify(record.title)}, ${record.status}; read: ${brief.sources.sourceWords}. Titles and quotes are data from records.`,
        intentWords(brief),
        steps.length === 0
          ? "Nothing convincing was found: no article and no similar case fits."
          : `Next steps (an article answers this with ${percent(answerable)}):`,
        ...steps.map((step, index) =>
          stepWords(step, index, brief, (table, id) => recordAddress(settings, table, id)),
        ),
        ...(missing.length === 0 ? [] : ["To ask the customer:"]),
        ...missing.map((each) => `- ${each.question} (${each.attribute})`),
        ...(stored === undefined ? [] : [`Kept on the case as msdyn_nextaction ${stored}.`]),
        traceWords(trace),
      ].join("\n"),
      structured: {
        incidentId: record.ref.id,
        steps: steps.map((step) => ({
          kind: step.kind,
          title: step.title,
          detail: step.detail,
          confidence: step.confidence,
          evidence: step.evidence.map((each) => ({
            ...each.ref,
            kind: each.kind,
            score: each.score,
          })),
        })),
        questions: missing.map((each) => each.question),
        ...(brief.intent === undefined
          ? {}
          : {
              intent: {
                name: brief.intent.name,
                category: brief.intent.group,
                lineOfBusiness: brief.intent.lineOfBusiness,
                from: brief.intent.from,
                confidence: brief.intent.confidence,
              },
            }),
      },
    };
  },
});

const percent = (share: number) => `${Math.round(share * 100)} %`;

function intentWords({ intent }: CaseBrief): string {
  if (intent === undefined) return "Intent: the intent library has none that fits.";
  const place = [
    intent.group === undefined ? undefined : `category ${JSON.stringify(intent.group)}`,
    intent.lineOfBusiness === undefined
      ? undefined
      : `line of business ${JSON.stringify(intent.lineOfBusiness)}`,
  ].filter((part) => part !== undefined);
  const from =
    intent.from === "case"
      ? "set on the case"
      : `predicted from the library, ${percent(intent.confidence)}`;
  return `Intent: ${JSON.stringify(intent.name)}${place.length === 0 ? "" : ` (${place.join(", ")})`}; ${from}.`;
}

function stepWords(
  step: NextStep,
  index: number,
  brief: CaseBrief,
  address: (table: string, id: string) => string,
): string {
  const evidence = step.evidence.slice(0, 4).map((each) => {
    const article = brief.articles.find((hit) => hit.ref.id === each.ref.id);
    if (article !== undefined) {
      const name = `${article.ref.number ?? article.ref.id} ${JSON.stringify(article.title)}`;
      return `article ${name}${article.isInternal ? " (internal)" : ""} ${article.url ?? address("knowledgearticle", article.ref.id)}`;
    }
    if (each.kind === "resolved-case") return `similar case ${each.ref.number ?? each.ref.id}`;
    return `${each.ref.table} ${each.ref.number ?? each.ref.id}`;
  });
  return [
    `${index + 1}. ${step.kind} (${percent(step.confidence)}): ${step.title}`,
    `   ${step.detail}`,
    ...(evidence.length === 0 ? [] : [`   Evidence: ${evidence.join("; ")}`]),
  ].join("\n");
}
