import { handOnStep, type OtherMatter } from "../escalation";
import { resolutionOf } from "../resolution";
import type { DraftBrief, DraftInput } from "../types";
import { draftLanguage, frameOf, type Language } from "./frames";
import type { Mood } from "./mood";
import type { Question } from "./questions";
import type { Tone } from "./tone";

interface Findings {
  readonly input: DraftInput;
  readonly language: Language;
  /** Tag of the language of the customer's words, where it can be told. */
  readonly spoken: string | undefined;
  readonly tone: Tone;
  readonly mood: Mood;
  readonly answers: readonly { readonly question: Question; readonly isMet: boolean }[];
  readonly known: DraftBrief["known"];
  readonly asks: readonly string[];
  /** Of these, what stands in no sentence of the draft, because it is in another language. */
  readonly left: readonly string[];
  readonly elsewhere:
    | { readonly language: string; readonly number: string | undefined }
    | undefined;
  readonly hasFailed: boolean;
  /** What it is about where that is no matter of customer service. */
  readonly matter: OtherMatter | undefined;
}

const english = frameOf("en").languages;
const mostCures = 2;

/** What whoever writes the reply has to know. */
export function briefOf(found: Findings): DraftBrief {
  const { input, mood, answers, known, asks } = found;
  const cures = input.similar.slice(0, mostCures).flatMap((one) => {
    const text = resolutionOf(one, input.customerId);
    return text === "" ? [] : [{ text: text.slice(0, 300), ref: one.ref }];
  });
  return {
    questions: answers.map(({ question, isMet }) => ({
      question: question.text,
      answer: question.kind === "call" ? "call-back" : isMet ? "answered" : "open",
    })),
    known: [...known, ...cures],
    ask: asks,
    mayNotSay: [
      "A cause as a fact of this case: articles list what may be the reason.",
      "Dates, amounts, names and promises that no source holds.",
      "What colleagues noted among themselves, and anything of other customers.",
      ...(mood.isDanger ? ["Steps to try, before somebody has spoken with the customer."] : []),
    ],
    notes: notesOf(found),
  };
}

function notesOf(found: Findings): readonly string[] {
  const { input, mood, matter } = found;
  const isWritten = input.written !== undefined;
  const notes: readonly (readonly [boolean, string])[] = [
    ...(isWritten ? notesOnWritten(found) : notesOnOurs(found)),
    [
      mood.isDanger,
      "Somebody may be in danger: call the customer now, before anything is written.",
    ],
    [
      mood.needsDecision && !mood.isDanger && matter === undefined,
      "The customer asks for somebody who can decide, or threatens with consequences: escalate.",
    ],
    [matter !== undefined, matter === undefined ? "" : `${handOnStep(matter).title}.`],
    [
      mood.wantsCall,
      isWritten
        ? "The customer asked to be called."
        : "The draft promises the call that the customer asked for: see that it is made.",
    ],
    [
      (input.signature ?? "").trim() === "",
      "No signature of yours is known, so the draft ends without one.",
    ],
    [
      (input.customerName ?? "").trim() === "",
      "The person's name is not known, so the greeting is without one.",
    ],
  ];
  return notes.flatMap(([isSo, note]) => (isSo ? [note] : []));
}

const nameOf = (language: string): string => english[language] ?? language;

function notesOnWritten({ spoken, language }: Findings) {
  const note = `The customer writes ${nameOf(spoken ?? "")}, and the reply is in ${nameOf(language)}.`;
  return [[spoken !== undefined && spoken !== language, note]] as const;
}

function notesOnOurs({ input, language, spoken, tone, left, elsewhere, hasFailed }: Findings) {
  const name = nameOf(language);
  const isUnknown = input.language !== undefined && draftLanguage(input.language) === undefined;
  const number = elsewhere?.number === undefined ? "" : ` (${elsewhere.number})`;
  return [
    [
      isUnknown,
      `There are no sentences for drafts in the language that was asked for, so the draft is in ${name}. Another language can be written with body.`,
    ],
    [
      input.language === undefined && spoken !== language,
      `The customer's language is none of those that drafts are written in, or cannot be told, so the draft is in ${name}.`,
    ],
    [
      tone.unknown !== undefined,
      "The tone that was asked for is none of those that drafts know (formal, friendly, brief, apologetic), so it changed nothing; another can be written with body.",
    ],
    [
      elsewhere !== undefined,
      `What helps is written in ${nameOf(elsewhere?.language ?? "")}${number}, so the draft in ${name} does not quote it: put its steps in ${name} before sending, with body.`,
    ],
    [left.length > 0, `Questions to ask that are not in ${name} were left out of the draft.`],
    [
      hasFailed,
      "What the article says was written to the customer before, so it is not said again.",
    ],
  ] as const;
}
