import { AppError } from "../../errors";
import { renderHtml } from "../../text/draft-html";
import { quote } from "../../text/quote";
import { sanitise } from "../../text/sanitise";
import { isPromise } from "../drafting/cure";
import { draftLanguage, frameOf } from "../drafting/frames";
import { isFarewell, isGreeting } from "../drafting/greeting";
import { tellLanguage } from "../language-detection";
import { sentencesOf } from "../retrieval/passages";
import { keywords } from "../retrieval/ranker";
import type { DraftInput, DraftResult, Evidence, GatePolicy } from "../types";
import { type DraftFault, draftFaults, groundsOf } from "./draft-faults";
import { plainDraft } from "./gate-draft";

/** So much of a sentence's words must stand in what it is said to come from. */
const leastHeld = 0.6;
/** "It is done." says too little to be looked for. */
const fewestWords = 3;

/** What a reply may say without any source. */
const courtesy =
  /\b(?:thank|sorry|apolog|regret|understand|please let us know|glad|happy to|dank|leid|entschuldig|verstehen|gern|merci|désol|excus|comprenons|gracias|sentimos|lamentamos|disculp|comprendemos|grazie|scus|dispiace|bedankt|spijt|excuses|begrijpen|agradec|obrigad|desculp|compreendemos|dziękuj|przeprasz|rozumiemy)|ありがとう|申し訳|恐れ入り/iu;

/**
 * Holds a reply that somebody else wrote to the case and its sources, and puts it between greeting and signature. What must
 * never leave (strange links and addresses, numbers to pay to or to call, orders to a machine, gaps) ends the call: whoever
 * wrote it can write it again. A sentence that nothing holds is kept and told.
 *
 * @param own our own draft in the language of the reply: its greeting and its end are taken
 * @throws AppError `invalid`, with each sentence that may not stand so
 */
export async function gateWritten(
  own: DraftResult,
  input: DraftInput & { readonly written: string },
  policy: GatePolicy,
): Promise<DraftResult> {
  const body = bodyOf(plainDraft(input.written), input);
  const language = tellLanguage(body).tag ?? own.language ?? "en";
  if (body === "")
    throw new AppError("invalid", "The reply has no words of its own.", {
      hint: "Write what the customer is told in body; greeting and signature are added.",
    });
  if (body.length > policy.maxDraftLength)
    throw new AppError("invalid", `The reply has more than ${policy.maxDraftLength} characters.`);
  const found = await draftFaults(body, input, policy, language);
  const fatal = found.faults.filter(({ kind }) => kind !== "fact");
  if (fatal.length > 0)
    throw new AppError(
      "invalid",
      "The reply was not stored: some of it may not go to a customer.",
      {
        problems: fatal.map((fault) => problemOf(fault)),
        hint: "Write it again without that, and call again.",
      },
    );
  const { greeting, end } = aroundOf(own, input, language);
  const text = [greeting, body, end].filter((part) => part !== "").join("\n\n");
  const offset = sentencesOf(text).findIndex(({ text: said }) => said === found.sentences[0]?.text);
  const held = heldBy(input, language);
  const facts = new Set(
    found.faults.filter(({ kind }) => kind === "fact").map(({ sentence }) => sentence),
  );
  const ungrounded: string[] = [];
  const citations: DraftResult["citations"][number][] = [];
  for (const [at, { text: said }] of found.sentences.entries()) {
    const evidence = held(said);
    const needsNone = /[?？:：]$/u.test(said) || (courtesy.test(said) && !isPromise(said));
    const isLong = keywords(said).length >= fewestWords || isPromise(said);
    if (facts.has(at) || (evidence === undefined && isLong && !needsNone)) ungrounded.push(said);
    else if (evidence !== undefined && evidence !== "said")
      citations.push({ sentence: at + Math.max(0, offset), evidence: [evidence] });
  }
  return {
    ...own,
    language,
    responseType:
      citations.length > 0 ? "Resolved" : /[?？]/.test(body) ? "Question" : "UnableToResolve",
    text,
    html: renderHtml(text, found.links),
    citations,
    ungrounded,
    placeholders: [],
  };
}

/** What stands before and behind the reply; only the names where we have no words of its language. */
function aroundOf(own: DraftResult, input: DraftInput, language: string) {
  const [greeting = "", ...rest] = own.text.split("\n\n");
  if (draftLanguage(language) !== undefined) return { greeting, end: rest.at(-1) ?? "" };
  const name = input.customerName?.trim() ?? "";
  return { greeting: name === "" ? "" : `${name},`, end: input.signature?.trim() ?? "" };
}

const reasons: Readonly<Record<Exclude<DraftFault["kind"], "fact">, string>> = {
  link: "is no address of an article, of the signature or of an allowed host",
  number: "is a number to call or to pay to that stands in no article and no signature",
  order: "gives orders to a machine",
  placeholder: "is still to be filled in",
};

const problemOf = ({ kind, text }: DraftFault): string =>
  `${quote(text)} ${kind === "fact" ? "stands in no source" : reasons[kind]}.`;

/** The reply without a greeting and a farewell of its own: the company's are put there. */
function bodyOf(text: string, { signature = "", customerName = "" }: DraftInput): string {
  const lines = text.split("\n");
  if (isGreeting(lines[0] ?? "", customerName)) lines.shift();
  const signed = new Set(signature.split("\n").map((line) => line.trim().toLowerCase()));
  const isEnd = (line: string) =>
    line.trim() === "" || isFarewell(line) || signed.has(line.trim().toLowerCase());
  while (lines.length > 0 && isEnd(lines.at(-1) ?? "")) lines.pop();
  return lines.join("\n").trim();
}

/** The article that holds a sentence; `said` where the customer's words, a similar case or our own phrases do. */
function heldBy(input: DraftInput, language: string) {
  const own = draftLanguage(language);
  const articles = input.articles
    .filter(({ isInternal }) => !isInternal)
    .map((hit) => ({ hit, words: new Set(keywords(`${hit.title}\n${sanitise(hit.text).text}`)) }));
  const others = new Set(
    keywords(
      [
        ...groundsOf({ ...input, articles: [] }, [], language),
        own === undefined ? "" : frameOf(own).callBack,
      ].join("\n"),
    ),
  );
  return (sentence: string): Evidence | "said" | undefined => {
    const words = [...new Set(keywords(sentence))];
    if (words.length === 0) return "said";
    const share = (there: ReadonlySet<string>) =>
      words.filter((word) => there.has(word)).length / words.length;
    const [best] = articles
      .map(({ hit, words: there }) => ({ hit, score: share(there) }))
      .sort((a, b) => b.score - a.score);
    if (best !== undefined && best.score >= leastHeld)
      return { ref: best.hit.ref, kind: "knowledge", score: best.score };
    return share(others) >= leastHeld && !isPromise(sentence) ? "said" : undefined;
  };
}
