import { sanitise } from "../../text/sanitise";
import { readAhead } from "../../text/take-turns";
import { resolutionOf } from "../resolution";
import type {
  KnowledgeHit,
  PredictFieldsInput,
  ResolvedCase,
  SourceText,
  SuggestInput,
} from "../types";

/** A text as a reader sees it; nothing hidden, nothing encoded. */
const plain = (text: string): string => sanitise(text).text;

const givesOrders = (...texts: readonly string[]): boolean =>
  texts.some((text) => sanitise(text).suspicions.length > 0);

const cleanSources = (sources: readonly SourceText[]): SourceText[] =>
  sources.map((source) => ({
    ...source,
    ...(source.subject === undefined ? {} : { subject: plain(source.subject) }),
    text: plain(source.text),
  }));

/** Another customer's case lends its cure and nothing else. */
const cleanSimilar = (
  similar: readonly ResolvedCase[],
  customerId: string | undefined,
): ResolvedCase[] =>
  similar
    .filter(({ resolution = "" }) => !givesOrders(resolution))
    .map((one) => ({
      ...one,
      title: "",
      description: undefined,
      ...(one.resolution === undefined ? {} : { resolution: resolutionOf(one, customerId) }),
      people: undefined,
    }));

/** Every text that is worked with, read in turns before it is asked for again and again. */
export const readInput = (input: PredictFieldsInput | SuggestInput): Promise<void> =>
  readAhead([
    ...input.sources.flatMap(({ subject, text }) => [subject, text]),
    ...("articles" in input ? input.articles.flatMap(({ title, text }) => [title, text]) : []),
    ...input.similar.map(({ resolution }) => resolution),
  ]);

/** Articles that give orders to a machine are no help to anybody: whoever wrote them, they are not worked with. */
export function withoutOrders<T extends SuggestInput>(
  input: T,
): { readonly input: T; readonly leftOut: readonly KnowledgeHit[] } {
  const leftOut = input.articles.filter((hit) => givesOrders(hit.title, hit.text));
  if (leftOut.length === 0) return { input, leftOut };
  return {
    input: { ...input, articles: input.articles.filter((hit) => !leftOut.includes(hit)) },
    leftOut,
  };
}

/** What a language model may read of a case, its articles and similar cases. */
export const cleanSuggestInput = <T extends SuggestInput>(input: T): T => ({
  ...input,
  sources: cleanSources(input.sources),
  articles: input.articles.map((hit) => ({
    ...hit,
    title: plain(hit.title),
    text: plain(hit.text),
  })),
  similar: cleanSimilar(input.similar, input.customerId),
  ...(input.intent === undefined
    ? {}
    : {
        intent: {
          ...input.intent,
          name: plain(input.intent.name),
          attributes: input.intent.attributes.map((each) => ({
            ...each,
            name: plain(each.name),
            ...(each.question === undefined ? {} : { question: plain(each.question) }),
          })),
        },
      }),
});

/** What a language model may read to predict fields. */
export const cleanPredictInput = (input: PredictFieldsInput): PredictFieldsInput => ({
  ...input,
  sources: cleanSources(input.sources),
  similar: cleanSimilar(input.similar, undefined),
});
