import { z } from "zod";
import { convincing, type DraftResult, type KnowledgeHit, type NextStep } from "../intelligence";
import { gatherBrief } from "../service/case/case-brief";
import { type CaseRecord, caseWords, findCaseRecord } from "../service/case/case-record";
import { findCaseTable } from "../service/case/case-table";
import { traceWords } from "../service/enrichment/trace-words";
import { draftOfWish } from "../service/mail/draft-once";
import {
  createDraft,
  fillTemplate,
  findRecipient,
  readSender,
  replySubject,
} from "../service/mail/email-draft";
import {
  authorWords,
  type OpenDraft,
  openDrafts,
  placeholdersIn,
} from "../service/mail/open-drafts";
import { removalWords } from "../service/record/values/safe-bodies";
import { recordLine, recordList, recordText } from "../text/records/record-text";
import { caseArguments } from "./arguments";
import { defineTool } from "./define";
import { readCase, readEvidence } from "./needs";

/** Where the reply goes into a template that says so; else it stands before the template's text. */
const place = /\[(?:answer|response|reply)\]|\{\{?(?:answer|response|reply)\}?\}/i;

export const draftEmailWithSuggestedResponse = defineTool({
  name: "draft_email_with_suggested_response",
  title: "Draft a reply on a case",
  description:
    "Creates an email draft on a case, in the customer's language: shares the solution with the articles it comes from, or asks for what is missing. Every sentence has a source or is marked. The same call makes one draft: one that is there already is shown as it is. It is a draft for review and is never sent: show it to the user, then send_email sends it.",
  effect: "create",
  needs: {
    tables: {
      ...readCase,
      ...readEvidence,
      activitypointer: ["Create", "Read", "Append", "AppendTo"],
      contact: ["Read"],
      emailsignature: ["Read"],
      incident: ["Read", "AppendTo"],
      systemuser: ["Read"],
      template: ["Read"],
    },
  },
  timeoutMs: 60_000,
  input: z.strictObject({
    ...caseArguments,
    purpose: z
      .enum(["auto", "share-solution", "request-information"])
      .optional()
      .describe("Default auto"),
    tone: z.string().max(100).optional(),
    language: z.string().max(20).optional().describe("en, de …; default the customer's"),
    subject: z.string().trim().min(1).max(400).optional(),
    template: z.string().max(200).optional().describe("Title or GUID of an email template"),
    another: z.boolean().optional().describe("One more draft, beside one that is there already"),
  }),
  output: z.object({
    emailId: z.string(),
    wasThereBefore: z.boolean().describe("No draft was made: this one was there"),
    incidentId: z.string(),
    responseType: z.string(),
    subject: z.string(),
    body: z.string().describe("Plain text of the draft"),
    citations: z.array(z.looseObject({})),
    ungrounded: z.array(z.string()).describe("Sentences without a source: check them"),
    placeholders: z.array(z.string()).describe("To be filled in before sending"),
  }),

  async run(input, context) {
    const { dataverse, settings, intelligence, signal } = context;
    const record = await findCaseRecord(
      dataverse,
      await findCaseTable(dataverse.metadata, input.tablename),
      input,
    );
    const [brief, sender] = await Promise.all([
      gatherBrief(dataverse, settings, record, input.sourceContextEntityId, "customer"),
      readSender(dataverse),
    ]);
    const mail = brief.sources.mail;
    const drafts = await openDrafts(dataverse, record.ref.id);
    const wish = { caseId: record.ref.id, replyTo: mail?.id, asked: wishesOf(input) };
    const another = input.another === true;
    const there = draftOfWish(dataverse, wish, drafts, another);
    if (there !== undefined) return alreadyThere(record, there, sender.userId);
    const recipient = await findRecipient(dataverse, record, mail);
    const template =
      input.template === undefined
        ? undefined
        : await fillTemplate(dataverse, record, input.template);
    const base = {
      case: record.ref,
      // A note is written for colleagues: nothing of it goes to a customer.
      sources: brief.sources.texts.filter((source) => source.kind !== "note"),
      articles: brief.articles.filter((hit) => !hit.isInternal),
      similar: brief.similar,
      intent: brief.intentContext,
      customerId: record.customer?.id,
    };
    const suggested = await intelligence.suggestNextSteps(base, signal);
    const result = await intelligence.draftReply(
      {
        ...base,
        // A machine's doubtful suggestion is no choice of a person: then the draft asks instead.
        suggestion: suggested.answerable >= convincing ? shareable(suggested.steps) : undefined,
        missing: suggested.missing,
        purpose: input.purpose ?? "auto",
        tone: input.tone,
        language: input.language,
        signature: sender.signature || undefined,
        customerName:
          recipient.party?.table === "contact" ? recipient.party.name || undefined : undefined,
      },
      signal,
    );
    const subject =
      input.subject ?? template?.subject ?? replySubject(record, mail, result.subject);
    const html = template === undefined ? result.html : intoTemplate(template.body, result.html);
    const drafted = await createDraft(
      dataverse,
      context,
      record,
      {
        subject: subject.trim() === "" ? replySubject(record, mail, result.subject) : subject,
        html,
        recipient,
        sender,
        replyTo: mail,
      },
      wish,
      another ? drafts : [],
    );
    if (drafted.is === "there") return alreadyThere(record, drafted.draft, sender.userId);
    return {
      text: answerText(drafted.id, caseWords(record), subject, result, base.articles, [
        ...drafts.slice(0, mostNamed).map((each) => besidesWords(each, sender.userId)),
        ...(record.isOpen ? [] : [closedWords(record)]),
        ...(recipient.note === undefined ? [] : [recipient.note]),
        ...(template === undefined || template.removed.length === 0
          ? []
          : [removalWords("the template", template.removed)]),
      ]),
      structured: {
        emailId: drafted.id,
        wasThereBefore: false,
        incidentId: record.ref.id,
        responseType: result.responseType,
        subject,
        body: result.text,
        citations: result.citations.map((each) => ({
          sentence: each.sentence,
          sources: each.evidence.map((one) => ({ ...one.ref, kind: one.kind })),
        })),
        ungrounded: [...result.ungrounded],
        placeholders: [...result.placeholders],
      },
    };
  },
});

/** What of the arguments decides what is written; a call that wishes something else gets a draft of its own. */
const wishesOf = ({
  purpose,
  tone,
  language,
  subject,
  template,
}: {
  readonly purpose?: string | undefined;
  readonly tone?: string | undefined;
  readonly language?: string | undefined;
  readonly subject?: string | undefined;
  readonly template?: string | undefined;
}) => ({ purpose: purpose === "auto" ? undefined : purpose, tone, language, subject, template });

/** Other drafts on the case are named, so that the customer is not answered twice. */
const mostNamed = 3;

const besidesWords = (draft: OpenDraft, userId: string): string =>
  `There is another draft on the case, left as it is: ${draft.id}, ${authorWords(draft, userId)}, subject: ${recordLine(draft.subject)}`;

const closedWords = (record: CaseRecord) => `The case is closed (${recordLine(record.status)}).`;

/** Whoever wrote it: the draft is shown as it is, and nothing is written. */
function alreadyThere(record: CaseRecord, draft: OpenDraft, userId: string) {
  const placeholders = placeholdersIn(draft.body);
  return {
    text: [
      `Draft ${draft.id} is on ${caseWords(record)} already, ${authorWords(draft, userId)}; no second one was made, and nothing in it was changed. It was not sent: show it to the user, then call send_email with emailId. If the user wants one more, call again with another: true.`,
      ...(record.isOpen ? [] : [closedWords(record)]),
      `Subject: ${recordLine(draft.subject)}`,
      `Text: ${recordText(draft.body)}`,
      "What its sentences come from was told when it was made, and is not kept with it.",
      ...(placeholders.length === 0 ? [] : [`To be filled in: ${recordList(placeholders)}.`]),
    ].join("\n"),
    structured: {
      emailId: draft.id,
      wasThereBefore: true,
      incidentId: record.ref.id,
      responseType: "Existing",
      subject: draft.subject,
      body: draft.body,
      citations: [],
      ungrounded: [],
      placeholders: [...placeholders],
    },
  };
}

const shareable = (steps: readonly NextStep[]) =>
  steps.find((step) => step.kind === "share-solution");

const intoTemplate = (template: string, html: string): string =>
  place.test(template) ? template.replace(place, () => html) : `${html}${template}`;

function answerText(
  emailId: string,
  about: string,
  subject: string,
  result: DraftResult,
  articles: readonly KnowledgeHit[],
  notes: readonly string[],
): string {
  const cited = [
    ...new Set(result.citations.flatMap((each) => each.evidence.map((one) => one.ref.id))),
  ];
  const sources = cited.flatMap((id) => {
    const hit = articles.find((each) => each.ref.id === id);
    return hit === undefined ? [] : [[hit.ref.number ?? hit.ref.id, hit.title].join(" ")];
  });
  return [
    `Draft ${emailId} created on ${about} (response type: ${result.responseType}). It was not sent: show it to the user, then call send_email with emailId.`,
    ...notes,
    `Subject: ${recordLine(subject)}`,
    `Text: ${recordText(result.text)}`,
    sources.length === 0 ? "It cites no article." : `Taken from: ${recordList(sources)}.`,
    ...(result.ungrounded.length === 0
      ? []
      : [`Without a source, check before sending: ${recordList(result.ungrounded)}`]),
    ...(result.placeholders.length === 0
      ? []
      : [`To be filled in: ${recordList(result.placeholders)}.`]),
    traceWords(result.trace),
  ].join("\n");
}
