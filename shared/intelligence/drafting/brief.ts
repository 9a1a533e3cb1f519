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

function notesOf({ input, language, spoken, tone, mood, left, elsewhere, hasFailed }: Findings) {
  const name = english[language] ?? language;
  const notes: string[] = [];
  if (input.language !== undefined && draftLanguage(input.language) === undefined)
    notes.push(
      `There are no sentences for drafts in the language that was asked for, so the draft is in ${name}. Another language can be written with body.`,
    );
  else if (input.language === undefined && spoken !== language)
    notes.push(
      `The customer's language is none of those that drafts are written in, or cannot be told, so the draft is in ${name}.`,
    );
  if (tone.unknown !== undefined)
    notes.push(
      "The tone that was asked for is none of those that drafts know (formal, friendly, brief, apologetic), so it changed nothing; another can be written with body.",
    );
  if (elsewhere !== undefined)
    notes.push(
      `What helps is written in ${english[elsewhere.language] ?? elsewhere.language}${elsewhere.number === undefined ? "" : ` (${elsewhere.number})`}, so the draft in ${name} does not quote it: put its steps in ${name} before sending, with body.`,
    );
  if (left.length > 0)
    notes.push(`Questions to ask that are not in ${name} were left out of the draft.`);
  if (hasFailed)
    notes.push(
      "What the article says was written to the customer before, so it is not said again.",
    );
  if (mood.isDanger)
    notes.push("Somebody may be in danger: call the customer now, before anything is written.");
  else if (mood.needsDecision)
    notes.push(
      "The customer asks for somebody who can decide, or threatens with consequences: escalate.",
    );
  if (mood.wantsCall)
    notes.push("The draft promises the call that the customer asked for: see that it is made.");
  if ((input.signature ?? "").trim() === "")
    notes.push("No signature of yours is known, so the draft ends without one.");
  if ((input.customerName ?? "").trim() === "")
    notes.push("The person's name is not known, so the greeting is without one.");
  return notes;
}
