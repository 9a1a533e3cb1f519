import type { CaseSettings } from "../case-settings";
import type { Dataverse } from "../dataverse";
import type { IntentContext, KnowledgeHit, ResolvedCase } from "../intelligence";
import { readResolved } from "./case-history";
import {
  type CaseIntent,
  readCaseIntent,
  readIntentContext,
  readIntentLibrary,
} from "./case-intent";
import { type CaseSources, readCaseSources } from "./case-sources";
import type { CaseRecord } from "./case-table";
import { findRows } from "./dataverse-search";
import { type Audience, findArticles, linkedArticles } from "./knowledge-articles";
import { rankHits } from "./rank-hits";
import { searchWords } from "./search-words";
import { asSimilar } from "./similar-cases";

/** All that is known of a case when it is worked on: what was said, what it is about, what may solve it. */
export interface CaseBrief {
  readonly sources: CaseSources;
  readonly intent: CaseIntent | undefined;
  readonly intentContext: IntentContext | undefined;
  /** Best first. */
  readonly articles: readonly KnowledgeHit[];
  /** Best first; other customers' cases hold category and resolution only. */
  readonly similar: readonly ResolvedCase[];
}

const mostSimilar = 8;
const mostArticles = 10;
const searched = 25;
/** Under this share of an intent's words, the library has none for the case. */
const leastIntent = 0.25;

export async function gatherBrief(
  dataverse: Dataverse,
  settings: CaseSettings,
  record: CaseRecord,
  sourceId: string | undefined,
  audience: Audience,
): Promise<CaseBrief> {
  const sources = await readCaseSources(dataverse, record, sourceId);
  const texts = sources.texts.map(
    (source) => `${source.subject ?? ""}\n${plainWords(source.text)}`,
  );
  const words = searchWords([record.title, ...texts], 14);
  const [intent, similar] = await Promise.all([
    findIntent(dataverse, record, texts.join("\n")),
    findSimilar(dataverse, record, words, texts.join("\n")),
  ]);
  const intentContext =
    intent === undefined ? undefined : await readIntentContext(dataverse, intent, sources.texts);
  const linked = await linkedArticles(
    dataverse,
    [record.ref.id, ...similar.map((each) => each.ref.id)].slice(0, 9),
  );
  const found = await findArticles(
    dataverse,
    intent === undefined ? words : searchWords([record.title, intent.name, ...texts], 14),
    audience,
    settings,
    [...linked.keys()],
  );
  const articles = rankHits(texts.join("\n"), found).map(({ hit, score }) => ({ ...hit, score }));
  return {
    sources,
    intent,
    intentContext,
    articles: articles.slice(0, mostArticles),
    similar: similar.map((each) => asSimilar(each, record.customer?.id)),
  };
}

/** For finding words only; the providers get the text through the sanitiser. */
export const plainWords = (html: string): string =>
  html
    .replaceAll(/<blockquote[\s\S]*$/gi, " ")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&[a-z#0-9]+;/gi, " ");

/** What the case says of its intent, else the library's nearest when it is near enough. */
export async function findIntent(
  dataverse: Dataverse,
  record: CaseRecord,
  text: string,
): Promise<CaseIntent | undefined> {
  if (record.ref.table === "incident") {
    const own = await readCaseIntent(dataverse, record.ref.id);
    if (own !== undefined) return own;
  }
  const library = await readIntentLibrary(dataverse);
  const ranked = rankHits(
    text,
    library.map((intent) => ({ title: intent.name, text: intent.description, intent })),
  );
  const [best, second] = ranked;
  if (best === undefined || best.score < leastIntent) return undefined;
  const gap = best.score - (second?.score ?? 0);
  return { ...best.hit.intent, from: "predicted", confidence: Math.min(0.95, 0.4 + gap * 2) };
}

async function findSimilar(
  dataverse: Dataverse,
  record: CaseRecord,
  words: readonly string[],
  text: string,
): Promise<ResolvedCase[]> {
  const { table, title, description } = record.caseTable;
  const found = await findRows(
    dataverse,
    {
      table: table.logicalName,
      columns: [title, ...(description === undefined ? [] : [description])],
      filter: "statecode eq 1",
    },
    words,
    searched * 2,
  );
  const ids = found.map((row) => row.id).filter((id) => id !== record.ref.id);
  if (ids.length === 0) return [];
  const columns = ["subjectid", "casetypecode", "productid"].flatMap(
    (name) => table.columnByName.get(name) ?? [],
  );
  const cases = await readResolved(dataverse, record.caseTable, columns, ids);
  const ranked = rankHits(
    text,
    cases.map((each) => ({
      title: each.title,
      text: `${plainWords(each.description ?? "")} ${each.resolution ?? ""}`,
      each,
    })),
  );
  return ranked.slice(0, mostSimilar).map(({ hit, score }) => ({ ...hit.each, score }));
}
