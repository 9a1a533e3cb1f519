import { z } from "zod";
import type { Context } from "../context";
import { AppError } from "../errors";
import {
  convincing,
  type Evidence,
  type IntentContext,
  type MissingFact,
  type NextStep,
} from "../intelligence";
import { type CaseBrief, gatherBrief } from "../service/case/case-brief";
import { type CaseRecord, caseWords, findCaseRecord } from "../service/case/case-record";
import type { CaseSources } from "../service/case/case-sources";
import { findCaseTable } from "../service/case/case-table";
import { readIntentContext } from "../service/case/intent/intent-context";
import type { CaseIntent } from "../service/case/intent/intent-library";
import { intentOfAnswer } from "../service/case/intent/intent-solutions";
import { storeNextAction } from "../service/case/next-action";
import { traceWords } from "../service/enrichment/trace-words";
import { recordAddress } from "../service/knowledge/knowledge-articles";
import { readSentMails, type SentMail } from "../service/mail/sent-mails";
import {
  type AskedBefore,
  type KnownStep,
  knowWhatWasTold,
  minuteOf,
} from "../service/mail/told-before";
import {
  recordLine,
  recordLines,
  recordLink,
  recordText,
  recordWord,
} from "../text/records/record-text";
import { caseArguments } from "./arguments";
import { defineTool } from "./define";
import { readCase, readEvidence } from "./needs";

const leastConfidence = 0.05;

export const getNextSuggestionOnCase = defineTool({
  name: "get_next_suggestion_on_case",
  title: "Suggest the next step on a case",
  description:
    "Helps to resolve a case: ordered next steps (share a solution, ask the customer, do, escalate, close) with confidence and evidence from knowledge articles and similar resolved cases, the case's intent with its category and line of business, and the questions to ask for what is missing. Writes nothing, unless store keeps the first step on the case.",
  effect: "create",
  needs: {
    tables: {
      ...readCase,
      ...readEvidence,
      incident: ["Read", "AppendTo"],
      msdyn_nextaction: ["Create", "Read", "Append"],
    },
  },
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
    stored: z.string().optional(),
  }),

  async run(input, context) {
    const { dataverse, settings } = context;
    const record = await findCaseRecord(
      dataverse,
      await findCaseTable(dataverse.metadata, input.tablename),
      input,
    );
    const [brief, sent] = await Promise.all([
      gatherBrief(dataverse, settings, record, input.sourceContextEntityId, "internal"),
      readSentMails(dataverse, record),
    ]);
    const { intent, suggested } = await suggestFor(context, record, brief, input.max ?? 4);
    const { answerable, trace } = suggested;
    const { steps, missing, asked } = knowWhatWasTold({
      // Behind a convincing answer, what has nothing to do with it is filler; without one, the nearest is all there is.
      steps: suggested.steps.filter(
        ({ confidence }) => confidence >= leastConfidence || answerable < convincing,
      ),
      missing: suggested.missing,
      sent,
      heardAt: heardAt(brief.sources, sent),
    });
    const [first] = steps;
    const stored = input.store === true ? await store(context, record, first) : undefined;
    return {
      text: [
        `${caseWords(record)}: ${recordLine(record.title)}, ${recordLine(record.status)}; read: ${brief.sources.sourceWords}.`,
        ...(record.isOpen ? [] : ["The case is closed: there is nothing left to do on it."]),
        intentWords(intent),
        headline(steps, answerable),
        ...steps.map((step, index) =>
          stepWords(step, index, brief, (table, id) => recordAddress(settings, table, id)),
        ),
        ...(missing.length === 0 ? [] : [`To ask the customer: ${questionWords(missing)}`]),
        ...(asked.length === 0 ? [] : [`Asked already: ${askedWords(asked)}`]),
        ...(stored === undefined ? [] : [stored.words]),
        traceWords(trace),
      ].join("\n"),
      structured: {
        incidentId: record.ref.id,
        steps: steps.map((step) => ({
          kind: step.kind,
          title: step.title,
          detail: step.detail,
          confidence: step.confidence,
          ...(step.toldOn && { toldOn: step.toldOn }),
          evidence: eachOnce(step.evidence).map((each) => ({
            ...each.ref,
            kind: each.kind,
            score: each.score,
          })),
        })),
        questions: missing.map((each) => each.question),
        ...(stored?.id === undefined ? {} : { stored: stored.id }),
        ...(intent === undefined
          ? {}
          : {
              intent: {
                name: intent.name,
                category: intent.group,
                lineOfBusiness: intent.lineOfBusiness,
                from: intent.from,
                confidence: intent.confidence,
                ...(intent.contradictedBy && {
                  contradictedBy: intent.contradictedBy.name,
                }),
              },
            }),
      },
    };
  },
});

/** The steps, and the intent that agrees with the article that answers. */
async function suggestFor(
  { dataverse, intelligence, signal }: Context,
  record: CaseRecord,
  brief: CaseBrief,
  max: number,
) {
  const ask = (about: IntentContext | undefined) =>
    intelligence.suggestNextSteps(
      {
        case: record.ref,
        sources: brief.sources.texts,
        articles: brief.articles,
        similar: brief.similar,
        intent: about,
        customerId: record.customer?.id,
        max,
      },
      signal,
    );
  const suggested = await ask(brief.intentContext);
  const { answerable } = suggested;
  const shared = suggested.steps.find(({ evidence: [first] }) => first?.kind === "knowledge");
  const best = brief.articles.find(({ ref }) => ref.id === shared?.evidence[0]?.ref.id);
  if (best === undefined || answerable < convincing) return { intent: brief.intent, suggested };
  const answering = { id: best.ref.id, rootId: best.rootId, answerable };
  const said = [record.title, ...brief.sources.texts.map(({ text }) => text)].join("\n");
  const intent = await intentOfAnswer(dataverse, brief, answering, said);
  if (intent === brief.intent || intent === undefined || brief.intent === undefined)
    return { intent, suggested };
  // What the other intent asks to know is not to the matter.
  const about = await readIntentContext(dataverse, intent, brief.sources.texts);
  return { intent, suggested: await ask(about) };
}

/** What was found is worth its answer even where it cannot be kept, so that is said and not thrown. */
async function store(
  context: Context,
  record: CaseRecord,
  step: NextStep | undefined,
): Promise<{ readonly words: string; readonly id?: string }> {
  const { dataverse, now } = context;
  if (step === undefined) return { words: "Nothing was kept on the case: there is no step." };
  if (!record.isOpen) return { words: "Nothing was kept on the case: it is closed." };
  try {
    const { id, is } = await storeNextAction(dataverse, context, record, step, now());
    const already = is === "there" ? " already; it is kept once" : "";
    return {
      words: `The first step was kept on the case as msdyn_nextaction ${id}${already}.`,
      id,
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const said = error.said === undefined ? undefined : `It says: ${recordLine(error.said)}.`;
    const why = [error.message, said, error.hint].filter(Boolean).join(" ");
    return { words: isTold(error) ? why : `The first step was not kept on the case. ${why}` };
  }
}

/** An error that a write ended with says what became of it by itself. */
const isTold = ({ request }: AppError): boolean => request?.effect === "write";

function headline(steps: readonly NextStep[], answerable: number): string {
  if (steps.length === 0)
    return "Nothing convincing was found: no article and no similar case fits.";
  return answerable >= convincing
    ? `Next steps (an article answers this with ${percent(answerable)}):`
    : `No article answers this convincingly (${percent(answerable)}). Possible next steps, to be checked:`;
}

/** A step quotes several sentences of one article: it is one piece of evidence. */
const eachOnce = (evidence: readonly Evidence[]): Evidence[] => [
  ...new Map(evidence.map((each) => [`${each.ref.table} ${each.ref.id}`, each])).values(),
];

const questionWords = (missing: readonly MissingFact[]): string =>
  recordLines(missing.map((each) => ["-", each.question, `(${each.attribute})`].join(" ")));

const askedWords = (asked: readonly AskedBefore[]): string =>
  recordLines(
    asked.map(
      ({ question, on, hasWrittenSince }) =>
        `- ${question} (${minuteOf(on)}; the customer has ${hasWrittenSince ? "written since" : "not written since"})`,
    ),
  );

/** When the customer wrote last: what was written to them may stand among the sources, too. */
const heardAt = ({ texts }: CaseSources, sent: readonly SentMail[]): string | undefined =>
  texts
    .filter(({ kind, id }) => kind === "email" && sent.every((mail) => mail.id !== id.id))
    .flatMap(({ receivedOn }) => receivedOn ?? [])
    .sort()
    .at(-1);

const percent = (share: number) => `${Math.round(share * 100)} %`;

function intentWords(intent: CaseIntent | undefined): string {
  if (intent === undefined) return "Intent: the intent library has none that fits.";
  const place = [
    intent.group === undefined ? undefined : `category ${recordLine(intent.group)}`,
    intent.lineOfBusiness === undefined
      ? undefined
      : `line of business ${recordLine(intent.lineOfBusiness)}`,
  ].filter((part) => part !== undefined);
  const from =
    intent.from === "case"
      ? "set on the case"
      : intent.from === "article"
        ? `what the library answers with the article below, ${percent(intent.confidence)}`
        : `predicted from the library, ${percent(intent.confidence)}`;
  const against =
    intent.contradictedBy === undefined
      ? ""
      : ` The customer's words contradict it: they speak of ${recordLine(intent.contradictedBy.name)} (${percent(intent.contradictedBy.confidence)}), which is what was worked with.`;
  return `Intent: ${recordLine(intent.name)}${place.length === 0 ? "" : ` (${place.join(", ")})`}; ${from}.${against}`;
}

function stepWords(
  step: KnownStep,
  index: number,
  brief: CaseBrief,
  address: (table: string, id: string) => string,
): string {
  const evidence = eachOnce(step.evidence)
    .slice(0, 4)
    .map((each) => {
      const article = brief.articles.find((hit) => hit.ref.id === each.ref.id);
      if (article !== undefined) {
        const name = `${recordWord(article.ref.number ?? article.ref.id)} ${recordLine(article.title)}`;
        return `article ${name}${article.isInternal ? " (internal)" : ""} ${recordLink(article.url ?? address("knowledgearticle", article.ref.id))}`;
      }
      const name = recordWord(each.ref.number ?? each.ref.id);
      return each.kind === "resolved-case" ? `similar case ${name}` : `${each.ref.table} ${name}`;
    });
  const solved = eachOnce(step.evidence).filter(({ kind }) => kind === "resolved-case").length;
  return [
    `${index + 1}. ${step.kind} (${percent(step.confidence)}): ${recordLine(step.title)}`,
    ...(step.detail === "" ? [] : [recordText(step.detail)]),
    ...(step.toldOn === undefined
      ? []
      : [
          `   The customer was told this on ${minuteOf(step.toldOn)} and has written since: see whether it helped before it is said again.`,
        ]),
    ...(evidence.length === 0 ? [] : [`   Evidence: ${evidence.join("; ")}`]),
    ...(step.kind === "share-solution" && solved > 0
      ? [`   ${solved} similar case${solved === 1 ? " was" : "s were"} solved so.`]
      : []),
  ].join("\n");
}
