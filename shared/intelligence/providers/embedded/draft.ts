import { renderHtml } from "../../../text/draft-html";
import { takeTurns } from "../../../text/take-turns";
import { knownLanguage, languageOf, phrasesOf } from "../../language";
import type { ReadSource } from "../../read-sources";
import { sentencesOf } from "../../retrieval/passages";
import { convincing, quoteOf, rankArticles, titleOf } from "../../retrieval/rank-articles";
import type { DraftInput, DraftResult, Evidence } from "../../types";
import type { WordVectors } from "../../words/word-vectors";

type Draft = Omit<DraftResult, "trace">;

/**
 * A reply made of the best article's own sentences, or of the questions to ask, in a frame of ours. Nothing is invented:
 * what is not known is a placeholder in square brackets.
 */
export async function draft(
  input: DraftInput,
  sources: readonly ReadSource[],
  vectors: WordVectors | undefined,
): Promise<Draft> {
  const words = sources.map(({ text }) => text).join("\n");
  const turn = takeTurns();
  await turn();
  const language = knownLanguage(input.language) ?? languageOf(words);
  const say = phrasesOf(language);
  const placeholders: string[] = [];
  const orPlaceholder = (text: string | undefined, placeholder: string) => {
    if (text?.trim()) return text.trim();
    placeholders.push(placeholder);
    return placeholder;
  };
  const shareable = input.articles.filter(({ isInternal }) => !isInternal);
  const wanted = input.suggestion?.evidence.find(({ kind }) => kind === "knowledge")?.ref.id;
  const chosen = shareable.filter(({ ref }) => ref.id === wanted);
  const { ranked, answerable } = await rankArticles(
    words,
    chosen.length > 0 ? chosen : shareable,
    vectors,
    1,
    titleOf(input),
  );
  const best = ranked[0];
  // A representative who chose the article, or asked for the solution, has judged it already.
  const isConvincing =
    answerable >= convincing || chosen.length > 0 || input.purpose === "share-solution";
  await turn();
  const quotes =
    best && isConvincing && input.purpose !== "request-information" ? quoteOf(best, words) : [];
  await turn();
  const parts: { readonly text: string; readonly evidence?: readonly Evidence[] }[][] = [];
  const line = (text: string, evidence?: readonly Evidence[]) =>
    evidence ? { text, evidence } : { text };
  parts.push([line(say.greeting(orPlaceholder(input.customerName, say.name)))], [line(say.thanks)]);
  if (best && quotes.length > 0) {
    parts.push([line(say.solution(best.article.title), quotes.slice(0, 1))]);
    const { told, asked } = toldAndAsked(quotes);
    parts.push(asLines(told));
    const written = knownLanguage(best.article.language) ?? languageOf(best.text);
    if (written !== language) {
      placeholders.push(say.translate);
      parts.push([line(say.translate)]);
    }
    if (best.article.url) parts.push([line(`${say.more} ${best.article.url}`, quotes.slice(0, 1))]);
    parts.push(...askedApart(asked, say.askIfNot));
    parts.push([line(say.afterSolution)]);
  } else if (input.missing.length > 0) {
    parts.push(
      [line(say.ask)],
      input.missing.map(({ question, why }) => line(`- ${question}`, why)),
    );
    const marks = isToTranslate(input.missing, language) ? [say.translate] : [];
    placeholders.push(...marks);
    parts.push(...marks.map((mark) => [line(mark)]));
    parts.push([line(say.afterQuestions)]);
  } else parts.push([line(say.unable)]);
  parts.push([line(say.close), line(orPlaceholder(input.signature, say.signature))]);
  const text = parts.map((lines) => lines.map((one) => one.text).join("\n")).join("\n\n");
  const links = best?.article.url ? [best.article.url] : [];
  return {
    responseType:
      quotes.length > 0 ? "Resolved" : input.missing.length > 0 ? "Question" : "UnableToResolve",
    needsReview: true,
    subject: subjectOf(input),
    text,
    html: renderHtml(text, links),
    citations: citationsOf(text, parts.flat()),
    ungrounded: [],
    placeholders,
  };
}

/** Words of an English question that no other language of ours has. */
const english = /\b(?:the|is|what|which|your|you|does|how|when)\b/i;

const askedApart = (asked: readonly Evidence[], lead: string) =>
  asked.length > 0 ? [[{ text: lead }], asLines(asked)] : [];

const isToTranslate = (missing: DraftInput["missing"], language: string): boolean =>
  language !== "en" && missing.some(({ question }) => english.test(question));

const asLines = (quotes: readonly Evidence[]) =>
  quotes.map((quote) => ({ text: `- ${quote.quote ?? ""}`, evidence: [quote] }));

/** An article asks its reader what a representative would ask the customer: that is no part of the cure. */
function toldAndAsked(quotes: readonly Evidence[]): {
  readonly told: readonly Evidence[];
  readonly asked: readonly Evidence[];
} {
  const isQuestion = ({ quote = "" }: Evidence) => {
    const mark = quote.lastIndexOf("?");
    return mark >= 0 && !/\w/.test(quote.slice(mark));
  };
  const told = quotes.filter((quote) => !isQuestion(quote));
  return told.length === 0
    ? { told: quotes, asked: [] }
    : { told, asked: quotes.filter(isQuestion) };
}

function citationsOf(
  text: string,
  lines: readonly { readonly text: string; readonly evidence?: readonly Evidence[] }[],
): DraftResult["citations"] {
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
