import type { ToolSettings } from "../../config/tool-settings";
import type { Dataverse } from "../../dataverse";
import {
  conceptsOf,
  type IntentContext,
  type ResolvedCase,
  searchWordsOf,
} from "../../intelligence";
import { readAhead, sanitise } from "../../text";
import {
  type ArticleHit,
  type Audience,
  findArticles,
  linkedArticles,
} from "../knowledge/knowledge-articles";
import { searchWords } from "../knowledge/search-words";
import { articleVotes } from "./article-votes";
import type { CaseRecord } from "./case-record";
import { type CaseSources, readCaseSources } from "./case-sources";
import { findIntent } from "./intent/case-intent";
import { readIntentContext } from "./intent/intent-context";
import { workingIntent } from "./intent/intent-library";
import { type IntentFound, intentArticles } from "./intent/intent-solutions";
import { asSimilar, findSimilar } from "./similar-cases";

/** All that is known of a case when it is worked on: what was said, what it is about, what may solve it. */
export interface CaseBrief extends IntentFound {
  readonly sources: CaseSources;
  readonly intentContext: IntentContext | undefined;
  /** Those that resolved cases point to first; `score` is their vote. */
  readonly articles: readonly ArticleHit[];
  /** Best first; other customers' cases hold category and resolution only. */
  readonly similar: readonly ResolvedCase[];
}

/** Cures of so many similar cases are looked for among the articles. */
const mostCures = 3;
const mostWords = 14;

export async function gatherBrief(
  dataverse: Dataverse,
  settings: ToolSettings,
  record: CaseRecord,
  sourceId: string | undefined,
  audience: Audience,
): Promise<CaseBrief> {
  const sources = await readCaseSources(dataverse, record, sourceId);
  await readAhead(sources.texts.flatMap(({ subject, text }) => [subject, text]));
  const title = sanitise(record.title).text;
  const texts = sources.texts.map((source) =>
    [source.subject ?? "", source.text].map((part) => sanitise(part).text).join("\n"),
  );
  const words = searchWords([title, ...texts], mostWords);
  const { similar, articles: atHand } = await findSimilar(dataverse, record, words, {
    title,
    text: texts.join("\n"),
  });
  const { intent: found, library } = await findIntent(
    dataverse,
    record,
    { title, text: texts.join("\n") },
    similar,
  );
  const intent = workingIntent(found);
  const [intentContext, roots, linked] = await Promise.all([
    intent === undefined ? undefined : readIntentContext(dataverse, intent, sources.texts),
    intentArticles(dataverse, intent),
    linkedArticles(dataverse, [record.ref.id, ...similar.map(({ found }) => found.ref.id)]),
  ]);
  const cures = similar.slice(0, mostCures).flatMap(({ found }) => found.resolution ?? []);
  const articles = await findArticles(
    dataverse,
    [
      words,
      searchWordsOf(conceptsOf([title, ...texts].join("\n"))),
      ...(intent === undefined ? [] : [searchWords([title, intent.name], mostWords)]),
      ...(cures.length === 0 ? [] : [searchWords(cures, mostWords * 2)]),
    ],
    audience,
    settings,
    atHand,
    [...linked.keys(), ...roots],
  );
  const votes = await articleVotes(
    record.ref.id,
    similar,
    linked,
    articles,
    intent && { found: intent, roots },
  );
  return {
    sources,
    intent: found,
    library,
    roots,
    intentContext,
    articles: articles
      .map((hit) => ({ ...hit, score: votes.get(hit.ref.id) ?? 0 }))
      .sort((a, b) => b.score - a.score),
    similar: similar
      .filter(({ isLike }) => isLike)
      .map((each) => asSimilar(each, record.customer?.id)),
  };
}
