import type { DraftBrief, DraftResult, KnowledgeHit } from "../../intelligence";
import { type CaseRecord, caseWords } from "../../service/case/case-record";
import { traceWords } from "../../service/enrichment/trace-words";
import { leftOpen } from "../../service/mail/left-open";
import { authorWords, type DraftHead, type OpenDraft } from "../../service/mail/open-drafts";
import { recordLine, recordList, recordText } from "../../text/records/record-text";

/** Other drafts on the case are named, so that the customer is not answered twice. */
const mostNamed = 3;

export const besidesWords = (drafts: readonly DraftHead[], userId: string): string[] =>
  drafts.slice(0, mostNamed).map((draft) => besideWords(draft, userId));

const besideWords = (draft: DraftHead, userId: string): string =>
  `There is another draft on the case, left as it is: ${draft.id}, ${authorWords(draft, userId)}, subject: ${recordLine(draft.subject)}`;

export const closedWords = (record: CaseRecord) =>
  `The case is closed (${recordLine(record.status)}).`;

/** Whoever wrote it: the draft is shown as it is, and nothing is written. */
export function alreadyThere(record: CaseRecord, draft: OpenDraft, userId: string) {
  const placeholders = leftOpen(draft.subject, draft.body);
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

/** What the draft does; nothing of it says how the case stands. */
const typeWords: Readonly<Record<DraftResult["responseType"], string>> = {
  Question: "it asks the customer for what is missing",
  Resolved: "it tells the customer what helps",
  UnableToResolve: "it holds no solution yet",
};

/** What the representative, or whoever writes another reply, has to know. */
export function briefLines({ questions, known, ask, mayNotSay, notes }: DraftBrief): string[] {
  const open = questions.filter(({ answer }) => answer === "open");
  return [
    ...notes.map((note) => `Note: ${note}`),
    ...(questions.length === 0
      ? []
      : [
          `The customer asks: ${recordList(questions.map(({ question }) => question))}.${open.length === 0 ? "" : ` Open: ${recordList(open.map(({ question }) => question))}.`}`,
        ]),
    ...(known.length === 0
      ? []
      : [
          `Known: ${recordList(known.map(({ text, ref }) => `${text} (${ref.number ?? ref.id})`))}.`,
        ]),
    ...(ask.length === 0 ? [] : [`To be asked: ${recordList(ask)}.`]),
    `May not be said: ${mayNotSay.join(" ")}`,
  ];
}

export const structuredBrief = (brief: DraftBrief) => ({
  questions: brief.questions.map((each) => ({ ...each })),
  known: brief.known.map(({ text, ref }) => ({ text, source: { ...ref } })),
  ask: [...brief.ask],
  mayNotSay: [...brief.mayNotSay],
  notes: [...brief.notes],
});

/** What was written, from what, and what is to be looked at. */
export function answerText(
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
    `Draft ${emailId} created on ${about}: ${typeWords[result.responseType]}. It was not sent: show it to the user, then call send_email with emailId.`,
    ...notes,
    `Subject: ${recordLine(subject)}`,
    `Text: ${recordText(result.text)}`,
    sources.length === 0 ? "It cites no article." : `Taken from: ${recordList(sources)}.`,
    ...(result.ungrounded.length === 0
      ? []
      : [`Without a source: ${recordList(result.ungrounded)}`]),
    ...(result.brief === undefined ? [] : briefLines(result.brief)),
    traceWords(result.trace),
  ].join("\n");
}
