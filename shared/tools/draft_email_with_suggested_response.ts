import { z } from "zod";
import { convincing, type NextStep } from "../intelligence";
import { gatherBrief } from "../service/case/case-brief";
import { caseWords, findCaseRecord } from "../service/case/case-record";
import { findCaseTable } from "../service/case/case-table";
import { conversationColumns, firstNameOf, readConversation } from "../service/mail/conversation";
import { draftOfWish } from "../service/mail/draft-once";
import { fillTemplate, findRecipient, readSender, replySubject } from "../service/mail/email-draft";
import { openDrafts, readOpenDraft } from "../service/mail/open-drafts";
import { storeDraft } from "../service/mail/store-draft";
import { msToLook } from "../service/outcome/call-time";
import { removalWords } from "../service/record/values/safe-bodies";
import { caseArguments } from "./arguments";
import { defineTool } from "./define";
import {
  alreadyThere,
  answerText,
  besidesWords,
  closedWords,
  structuredBrief,
} from "./draft_email_with_suggested_response/answers";
import { subjectOf } from "./draft_email_with_suggested_response/subject";
import { readCase, readEvidence } from "./needs";

/** Where the reply goes into a template that says so; else it stands before the template's text. */
const place = /\[(?:answer|response|reply)\]|\{\{?(?:answer|response|reply)\}?\}/i;

export const draftEmailWithSuggestedResponse = defineTool({
  name: "draft_email_with_suggested_response",
  title: "Draft a reply on a case",
  description:
    "Creates an email draft on a case, in the customer's language: shares the solution with the articles it comes from, or asks for what is missing. Every sentence has a source; what has none is left out and told. The same call makes one draft: one that is there already is shown as it is. It is a draft for review and is never sent: show it to the user, then send_email sends it.",
  effect: "create",
  needs: {
    tables: {
      ...readCase,
      ...readEvidence,
      activitypointer: ["Create", "Read", "Write", "Append", "AppendTo"],
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
    body: z
      .string()
      .trim()
      .min(1)
      .max(20_000)
      .optional()
      .describe(
        "The reply as you write it, plain: checked, then put between greeting and signature",
      ),
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
    brief: z.looseObject({}).optional().describe("questions, known, ask, mayNotSay, notes"),
  }),

  async run(input, context) {
    const subjectAsked = subjectOf(input.subject);
    const { dataverse, settings, intelligence, signal } = context;
    const record = await findCaseRecord(
      dataverse,
      await findCaseTable(dataverse.metadata, input.tablename),
      input,
      conversationColumns,
    );
    const [brief, sender] = await Promise.all([
      gatherBrief(dataverse, settings, record, input.sourceContextEntityId, "customer"),
      readSender(dataverse),
    ]);
    const mail = brief.sources.mail;
    const drafts = await openDrafts(dataverse, record.ref.id);
    const wish = {
      caseId: record.ref.id,
      replyTo: mail?.id,
      said: [record.title, record.description, mail?.subject, mail?.body],
      asked: wishesOf(input),
    };
    const another = input.another === true;
    const own = draftOfWish(wish, drafts, another);
    // It may have been sent since the drafts were listed.
    const there = own && (await readOpenDraft(dataverse, own.id, msToLook(context)));
    if (there !== undefined) return alreadyThere(record, there, sender.userId);
    const recipient = await findRecipient(dataverse, record, mail);
    const [conversation, customerFirstName] = await Promise.all([
      readConversation(dataverse, record, brief.sources),
      firstNameOf(dataverse, recipient.party),
    ]);
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
        customerFirstName,
        written: input.body,
        ...conversation,
      },
      signal,
    );
    const proposed = subjectAsked ?? template?.subject ?? "";
    const subject = proposed.trim() === "" ? replySubject(record, mail, result.subject) : proposed;
    const html = template === undefined ? result.html : intoTemplate(template.body, result.html);
    const stored = await storeDraft(
      dataverse,
      context,
      record,
      { subject, html, recipient, sender, replyTo: mail },
      wish,
      { drafts, another },
    );
    if (stored.is === "there") return alreadyThere(record, stored.draft, sender.userId);
    return {
      text: answerText(stored.id, caseWords(record), subject, result, base.articles, [
        ...(stored.is === "rewritten"
          ? ["It was there already, as it was made here, and was written anew."]
          : []),
        ...besidesWords(
          drafts.filter(({ id }) => id !== stored.id),
          sender.userId,
        ),
        ...(record.isOpen ? [] : [closedWords(record)]),
        ...(recipient.note === undefined ? [] : [recipient.note]),
        ...(template === undefined || template.removed.length === 0
          ? []
          : [removalWords("the template", template.removed)]),
      ]),
      structured: {
        emailId: stored.id,
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
        placeholders: [],
        ...(result.brief === undefined ? {} : { brief: structuredBrief(result.brief) }),
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
  body,
  sourceContextEntityId,
}: {
  readonly purpose?: string | undefined;
  readonly tone?: string | undefined;
  readonly language?: string | undefined;
  readonly subject?: string | undefined;
  readonly template?: string | undefined;
  readonly body?: string | undefined;
  readonly sourceContextEntityId?: string | undefined;
}) => ({
  purpose: purpose === "auto" ? undefined : purpose,
  tone,
  language,
  subject,
  template,
  body,
  source: sourceContextEntityId,
});

const shareable = (steps: readonly NextStep[]) =>
  steps.find((step) => step.kind === "share-solution");

const intoTemplate = (template: string, html: string): string =>
  place.test(template) ? template.replace(place, () => html) : `${html}${template}`;
