import type { ToolSettings } from "../../config/tool-settings";
import type { Dataverse, Row } from "../../dataverse";
import { literal } from "../../dataverse/odata-literal";
import { AppError } from "../../errors";
import type { KnowledgeHit } from "../../intelligence";
import { queryIfThere, textOf } from "../record/optional-read";
import { compareColumns, findRowsIn, type SearchTarget } from "./dataverse-search";
import { fitWords } from "./search-words";

export type Audience = "internal" | "customer";

const published = "statecode eq 3 and islatestversion eq true";
/** What people call an article by: letters, a hyphen, digits. Search services cut it in two. */
const articleNumber = /^[a-z]{1,6}-\d{3,12}$/i;
/** Candidates that a search brings, to be ranked here. */
export const candidates = 25;
/** Their whole text is read, so not without end. */
const mostRead = 60;

const columns = [
  "knowledgearticleid",
  "articlepublicnumber",
  "title",
  "content",
  "keywords",
  "description",
  "isinternal",
  "majorversionnumber",
  "minorversionnumber",
  "msdyn_ingestedarticleurl",
  "_languagelocaleid_value",
  "_rootarticleid_value",
];

/** Articles in a search over several tables. */
export const searchedArticles: SearchTarget = {
  table: "knowledgearticle",
  columns: ["title", "content", "keywords", "description"],
  where: { statecode: 3, islatestversion: true },
};

export interface ArticleHit extends KnowledgeHit {
  /** The row that all versions of the article have in common. */
  readonly rootId: string | undefined;
}

/**
 * Published articles, latest versions only, that may answer, as the caller may read them; in no particular order.
 *
 * @param searches words of each search, the telling first
 * @param atHand ids of articles that Dataverse search has found in this call; undefined where it was not asked yet
 * @param linked ids of articles, or of the roots of their versions, known to be about it
 * @param audience `customer`: no internal articles
 */
export async function findArticles(
  dataverse: Dataverse,
  searches: readonly (readonly string[])[],
  audience: Audience,
  settings: ToolSettings,
  atHand: readonly string[] | undefined,
  linked: readonly string[] = [],
): Promise<ArticleHit[]> {
  const table = await dataverse.metadata.table("knowledgearticle");
  if (table === undefined) return [];
  const found = await searchArticles(
    dataverse,
    searches.filter((words) => words.length > 0),
    atHand,
  );
  const ids = [...new Set([...linked, ...found])].slice(0, mostRead);
  const numbers = [...new Set(searches.flat().filter((word) => articleNumber.test(word)))];
  if (ids.length === 0 && numbers.length === 0) return [];
  const wanted = [
    ...numbers
      .slice(0, 5)
      .map((number) => `articlepublicnumber eq ${literal(number.toUpperCase())}`),
    ...ids.map((id) => `knowledgearticleid eq ${id}`),
    ...(table.columnByName.has("rootarticleid")
      ? linked.map((id) => `_rootarticleid_value eq ${id}`)
      : []),
  ].join(" or ");
  const internal = audience === "customer" ? " and isinternal eq false" : "";
  const { rows } = await queryIfThere(dataverse, "knowledgearticle", {
    select: columns,
    filter: `(${wanted}) and ${published}${internal}`,
    top: mostRead,
    annotations: true,
  });
  return rows.map((row) => asHit(row, settings));
}

/**
 * The search made for articles; where an environment lacks it or it finds nothing, Dataverse search, which a call asks once,
 * because it waits a second for another.
 */
async function searchArticles(
  dataverse: Dataverse,
  searches: readonly (readonly string[])[],
  atHand: readonly string[] | undefined,
): Promise<readonly string[]> {
  const found = await Promise.all(
    searches.map(async (words) => {
      const full = await orNothing(() => fullText(dataverse, fitWords(words, 400)));
      return { words, ids: full ?? [] };
    }),
  );
  const missed = found.flatMap(({ words, ids }) => (ids.length === 0 ? words : []));
  const ids = found.flatMap((one) => one.ids);
  if (missed.length === 0) return ids;
  const words = [...new Set(missed)];
  if (atHand === undefined) {
    const rows = await findRowsIn(dataverse, [searchedArticles], words, candidates);
    return [...ids, ...(rows.get(searchedArticles.table) ?? []).map(({ id }) => id)];
  }
  if (atHand.length > 0 || ids.length > 0) return [...ids, ...atHand.slice(0, candidates)];
  const rows = await compareColumns(dataverse, searchedArticles, words, candidates);
  return rows.map(({ id }) => id);
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/fulltextsearchknowledgearticle */
async function fullText(dataverse: Dataverse, text: string): Promise<string[]> {
  const query = {
    SearchText: text,
    UseInflection: true,
    RemoveDuplicates: true,
    StateCode: 3,
    QueryExpression: {
      "@odata.type": "Microsoft.Dynamics.CRM.QueryExpression",
      EntityName: "knowledgearticle",
      ColumnSet: {
        "@odata.type": "Microsoft.Dynamics.CRM.ColumnSet",
        AllColumns: false,
        Columns: ["knowledgearticleid", "title"],
      },
      PageInfo: { PageNumber: 1, Count: candidates, ReturnTotalRecordCount: false },
      Orders: [],
    },
  };
  const expects = { oneOf: ["page", { result: { EntityCollection: "object" } }] } as const;
  const body = await dataverse.action("FullTextSearchKnowledgeArticle", query, expects);
  const answer = body as { value?: Row[]; EntityCollection?: { Entities?: Row[] } };
  const rows = answer.value ?? answer.EntityCollection?.Entities ?? [];
  return rows.flatMap((row) => textOf(row.knowledgearticleid) ?? []);
}

/** A search that an environment does not offer is no failure: the next one is asked. */
export async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const isMissing =
      error instanceof AppError &&
      ["not_found", "unsupported", "invalid", "forbidden"].includes(error.kind);
    if (isMissing) return undefined;
    throw error;
  }
}

function asHit(row: Row, settings: ToolSettings): ArticleHit {
  const id = String(row.knowledgearticleid);
  const number = textOf(row.articlepublicnumber);
  const isInternal = row.isinternal === true;
  const own = textOf(row.msdyn_ingestedarticleurl);
  const version = [row.majorversionnumber, row.minorversionnumber]
    .filter((part) => typeof part === "number")
    .join(".");
  return {
    ref: { table: "knowledgearticle", id, ...(number === undefined ? {} : { number }) },
    title: textOf(row.title) ?? "",
    text: textOf(row.content) ?? textOf(row.description) ?? "",
    keywords: textOf(row.keywords),
    rootId: textOf(row._rootarticleid_value),
    version: version || undefined,
    isInternal,
    url: isInternal ? undefined : (own ?? publicAddress(settings.articleUrl, id, number)),
  };
}

/** `{number}` and `{id}` in an address, filled and encoded. */
export function publicAddress(
  template: string | undefined,
  id: string,
  number: string | undefined,
): string | undefined {
  if (template === undefined) return undefined;
  if (template.includes("{number}") && number === undefined) return undefined;
  return template
    .replaceAll("{number}", encodeURIComponent(number ?? ""))
    .replaceAll("{id}", encodeURIComponent(id));
}

/** Where the representative opens a record. */
export const recordAddress = (settings: ToolSettings, table: string, id: string): string =>
  `${settings.dataverseUrl}/main.aspx?pagetype=entityrecord&etn=${table}&id=${id}`;

/** Articles that people linked to these cases. */
export async function linkedArticles(
  dataverse: Dataverse,
  caseIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const byArticle = new Map<string, string[]>();
  if (caseIds.length === 0) return byArticle;
  const { rows } = await queryIfThere(dataverse, "knowledgearticleincident", {
    select: ["_knowledgearticleid_value", "_incidentid_value"],
    filter: `statecode eq 0 and (${caseIds.map((id) => `_incidentid_value eq ${id}`).join(" or ")})`,
    top: 100,
  });
  for (const row of rows) {
    const article = textOf(row._knowledgearticleid_value);
    const caseId = textOf(row._incidentid_value);
    if (article !== undefined && caseId !== undefined)
      byArticle.set(article, [...(byArticle.get(article) ?? []), caseId]);
  }
  return byArticle;
}
