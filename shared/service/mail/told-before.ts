import { keywords, type MissingFact, type NextStep } from "../../intelligence";
import type { SentMail } from "./sent-mails";

/** A step, and when the customer was told it already. */
export interface KnownStep extends NextStep {
  /** ISO 8601: the customer was told this, and has written since. */
  readonly toldOn?: string;
}

export interface AskedBefore {
  readonly question: string;
  /** ISO 8601. */
  readonly on: string;
  readonly hasWrittenSince: boolean;
}

export interface Known {
  readonly steps: readonly KnownStep[];
  /** What nobody has asked yet. */
  readonly missing: readonly MissingFact[];
  readonly asked: readonly AskedBefore[];
}

interface Found {
  readonly steps: readonly NextStep[];
  readonly missing: readonly MissingFact[];
  /** Newest first. */
  readonly sent: readonly SentMail[];
  /** ISO 8601: when the customer wrote last. */
  readonly heardAt: string | undefined;
}

/** So many of a step's words stand in a mail that told it. */
const toldShare = 0.75;
/** Fewer words stand in any mail by chance. */
const leastWords = 4;

/**
 * What was told and asked already is not advised as if it were new: where the customer has not written since, the step is to ask
 * whether it has helped; where they have, it stands behind what was not tried yet.
 */
export function knowWhatWasTold({ steps, missing, sent, heardAt = "" }: Found): Known {
  const mails = sent.map((mail) => ({ ...mail, words: new Set(keywords(mail.text)) }));
  const whereSaid = (text: string): SentMail | undefined => {
    const words = [...new Set(keywords(text))];
    if (words.length < leastWords) return undefined;
    return mails.find(
      (mail) => words.filter((word) => mail.words.has(word)).length / words.length >= toldShare,
    );
  };
  const asked = missing.flatMap(({ question }) => {
    const mail = sent.find(({ text }) => flat(text).includes(flat(question)));
    return mail === undefined
      ? []
      : [{ question, on: mail.at, hasWrittenSince: heardAt > mail.at }];
  });
  const open = missing.filter(({ question }) => asked.every((one) => one.question !== question));

  const fresh: KnownStep[] = [];
  const tried: KnownStep[] = [];
  let isAsking = false;
  for (const step of steps) {
    if (step.kind === "ask-customer" && asked.length > 0) {
      if (open.length > 0) fresh.push(asking(step, open));
      continue;
    }
    const mail = isCure(step) ? whereSaid(step.detail) : undefined;
    if (mail === undefined) fresh.push(step);
    else if (heardAt > mail.at) tried.push({ ...step, toldOn: mail.at });
    else if (!isAsking) {
      isAsking = true;
      fresh.push(followUp(step, mail));
    }
  }
  return { steps: [...fresh, ...tried], missing: open, asked };
}

const isCure = ({ kind }: NextStep): boolean => kind === "share-solution" || kind === "do-internal";

const flat = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, " ").trim();

const asking = (step: NextStep, open: readonly MissingFact[]): NextStep => ({
  ...step,
  title: `Ask for ${open.map(({ attribute }) => attribute).join(", ")}`,
  detail: open.map(({ question }) => question).join(" "),
  evidence: open.flatMap(({ why }) => why),
});

const followUp = (step: NextStep, { id, at }: SentMail): NextStep => ({
  kind: "ask-customer",
  title: "Ask whether it has helped",
  detail: [
    `The customer was told this on ${minuteOf(at)} and has not written since:`,
    step.detail,
  ].join(" "),
  confidence: step.confidence,
  evidence: [
    { ref: { table: "email", id }, kind: "source-span", score: 1, quote: step.detail },
    ...step.evidence,
  ],
});

/** `2026-11-12 09:09 UTC` */
export const minuteOf = (at: string): string => `${at.slice(0, 16).replace("T", " ")} UTC`;
