import { renderHtml } from "../../../text/draft-html";
import { takeTurns } from "../../../text/take-turns";
import { asksIn, asSentence } from "../../drafting/asks";
import { briefOf } from "../../drafting/brief";
import { compose, type Line } from "../../drafting/compose";
import { isPromise } from "../../drafting/cure";
import { draftLanguage } from "../../drafting/frames";
import { greetingOf } from "../../drafting/greeting";
import { moodOf } from "../../drafting/mood";
import { notSaidYet } from "../../drafting/not-said-yet";
import { isAnswered, questionsOf } from "../../drafting/questions";
import { none, solutionOf } from "../../drafting/solution";
import { toneOf } from "../../drafting/tone";
import { escalationsOf, otherMatterOf } from "../../escalation";
import { tellLanguage } from "../../language-detection";
import type { ReadSource } from "../../read-sources";
import { sentencesOf } from "../../retrieval/passages";
import { titleOf } from "../../retrieval/rank-articles";
import type { DraftInput, DraftResult } from "../../types";
import type { WordVectors } from "../../words/word-vectors";

type Draft = Omit<DraftResult, "trace">;

/**
 * A reply made of the best article's own sentences, or of the questions to ask, in a frame of ours. Nothing is invented, and
 * nothing is left to be filled in: what is not known is not said, and the brief tells it to the representative.
 */
export async function draft(
  input: DraftInput,
  sources: readonly ReadSource[],
  vectors: WordVectors | undefined,
): Promise<Draft> {
  const words = sources.map(({ text }) => text).join("\n");
  const turn = takeTurns();
  await turn();
  const spoken = tellLanguage(words, titleOf(input)).tag;
  const language = draftLanguage(input.language) ?? draftLanguage(spoken) ?? "en";
  const tone = toneOf(input.tone);
  await turn();
  const escalations = escalationsOf(sources);
  const mood = moodOf(new Set(escalations.map(({ kind }) => kind)), sources);
  // A person who chose what to share knows what it is about.
  const matter =
    input.suggestion === undefined && input.purpose === "auto"
      ? otherMatterOf(sources, escalations)
      : undefined;
  const questions = questionsOf(sources);
  await turn();
  // Nothing is promised or admitted to who speaks of lawyers, before those who answer for it have seen it.
  const isLegal = escalations.some(({ kind }) => kind === "law");
  const isAnswerable = !mood.isDanger && !isLegal && matter === undefined;
  const solution = isAnswerable ? await solutionOf(input, words, language, vectors) : none;
  await turn();
  const { cure, article } = solution;
  const behind =
    language === "en" ? await notSaidYet(cure.asked, ({ text }) => text, words) : cure.asked;
  const told = [...cure.steps, ...cure.told].map(({ text }) => text).join(" ");
  const about = article === undefined ? "" : `${article.title} ${titleOf(input)}`;
  const answers = questions.map((question) => {
    const isMet = isAnswered(
      question,
      input.written ?? told,
      input.written === undefined ? about : "",
    );
    return { question, isOpen: !isMet && question.kind === "matter", isMet };
  });
  const needsAnswers = article === undefined || solution.hasFailed;
  const missing = needsAnswers && isAnswerable ? input.missing : [];
  const asked = asksIn(language, await notSaidYet(missing, (one) => one.question, words));
  const parts = compose({
    language,
    tone,
    mood,
    channel: input.channel ?? "mail",
    greeting: greetingOf(
      language,
      { name: input.customerName, firstName: input.customerFirstName },
      input.greetings ?? [],
      tone.manner,
    ),
    signature: input.signature?.trim() || undefined,
    // Who has not written since may well be helped: nobody said that it failed.
    hasFailed: solution.hasFailed && input.channel === "answer",
    steps: solution.lines(cure.steps),
    told: solution.lines(cure.told),
    address: article?.url,
    elsewhere: solution.elsewhere,
    askedBehind: solution
      .lines(behind)
      .map((line) => (language === "en" ? { ...line, text: asSentence(line.text) } : line)),
    asks: asked.asked.map(({ text, fact }) => ({ text, evidence: fact.why })),
    open: answers.filter(({ isOpen }) => isOpen).map(({ question }) => question),
    isHandedOn: matter !== undefined,
    mayQuote: (spoken ?? language) === language,
    hasPromise: isPromise(told),
    isRefundTold: refund.test(told),
    source: solution.lines(solution.found.slice(0, 1)).flatMap(({ evidence = [] }) => evidence),
  });
  const text = parts.map((some) => some.map((one) => one.text).join("\n")).join("\n\n");
  const asks = asked.asked.map((one) => one.text);
  return {
    responseType: told !== "" ? "Resolved" : asks.length > 0 ? "Question" : "UnableToResolve",
    needsReview: true,
    language,
    subject: subjectOf(input),
    text,
    html: renderHtml(text, article?.url ? [article.url] : []),
    citations: citationsOf(text, parts.flat()),
    ungrounded: [],
    placeholders: [],
    brief: briefOf({
      input,
      language,
      spoken,
      tone,
      mood,
      answers,
      known: solution.found.flatMap((one) =>
        article === undefined ? [] : [{ text: one.text, ref: article.ref }],
      ),
      asks: [...asks, ...asked.left],
      left: asked.left,
      elsewhere:
        solution.elsewhere === undefined
          ? undefined
          : { language: solution.elsewhere, number: article?.ref.number },
      hasFailed: solution.hasFailed,
      matter,
    }),
  };
}

const refund = /refund|erstatt|rembours|reembols|rimbors|terugbeta|zwrac|zwrot|返金/i;

function citationsOf(text: string, lines: readonly Line[]): DraftResult["citations"] {
  const sentences = sentencesOf(text);
  let from = 0;
  return lines.flatMap((line) => {
    const at = text.indexOf(line.text, from);
    from = at + line.text.length;
    if (line.evidence === undefined || line.evidence.length === 0) return [];
    const inside = sentences.flatMap(({ span: [start] }, sentence) =>
      start >= at && start < from ? [sentence] : [],
    );
    return inside.map((sentence) => ({ sentence, evidence: line.evidence ?? [] }));
  });
}

function subjectOf({ sources }: DraftInput): string {
  const subject =
    sources
      .find((source) => source.subject?.trim())
      ?.subject?.replace(/[\r\n]+/g, " ")
      .trim() ?? "";
  const bare = subject.replace(/^(?:(?:re|aw|fw|fwd|wg|sv|tr)\s*:\s*)+/i, "");
  return bare === "" ? "Re:" : `Re: ${bare}`.slice(0, 200);
}
