import { stemOf } from "../../intelligence/text";
import type { SqlRow, WebRequest, WebResponse, World } from "../../model";
import { readSearch } from "../../search/request";
import { runSearch } from "../../search/run";
import { wordsOf } from "../../search/words";
import { isStored } from "../../store";
import { invalidArgument } from "../access";
import { isObject, type Json, parametersOf } from "../reference";

const nothingCommon = new Set(
  "a an and are as at be but by can do for from how i if in is it its my no not of on or so the to was what when why with you".split(
    " ",
  ),
);

/** The words of the text; with inflection each of them in any ending. */
function lucene(text: string, withInflection: boolean): string {
  const words = wordsOf(text.slice(0, 1_000));
  const telling = words.filter((word) => !nothingCommon.has(word));
  return (telling.length === 0 ? words : telling)
    .map((word) => (withInflection && word.length > 3 ? `(${word} OR ${stemOf(word)}*)` : word))
    .join(" ");
}

function columnsOf(world: World, query: Json): string[] {
  const set = isObject(query.ColumnSet) ? query.ColumnSet : {};
  const entity = world.catalog.byName("knowledgearticle");
  const attributes = (entity?.attributes ?? []).filter(
    (attribute) => isStored(attribute) && attribute.validForRead,
  );
  if (set.AllColumns === true) return attributes.map(({ logicalName }) => logicalName);
  const names = Array.isArray(set.Columns) ? set.Columns : [];
  for (const name of names) {
    if (attributes.some(({ logicalName }) => logicalName === name)) continue;
    throw invalidArgument(
      `'knowledgearticle' entity doesn't contain attribute with Name = '${String(name)}'.`,
    );
  }
  return names as string[];
}

function pageOf(query: Json): { size: number; from: number } {
  const info = isObject(query.PageInfo) ? query.PageInfo : {};
  const number = (value: unknown, otherwise: number) => {
    if (value === undefined || value === null) return otherwise;
    if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 5_000)
      return Number(value);
    throw invalidArgument("'PageInfo' takes whole numbers from 0 to 5000.");
  };
  const size = number(info.Count, 50) || 50;
  return { size, from: (Math.max(number(info.PageNumber, 1), 1) - 1) * size };
}

/** One version of each article in each language, in the place of its best: the latest that was found. */
function latest(rows: readonly SqlRow[]): SqlRow[] {
  const byArticle = new Map<unknown, SqlRow>();
  for (const row of rows) {
    const article = row.rootarticleid ?? row.articlepublicnumber ?? row.knowledgearticleid;
    const key = `${article} ${row.languagelocaleid}`;
    if (!byArticle.has(key) || row.islatestversion === 1) byArticle.set(key, row);
  }
  return [...byArticle.values()];
}

/**
 * POST FullTextSearchKnowledgeArticle {SearchText, UseInflection, RemoveDuplicates, StateCode, QueryExpression} → the
 * articles that hold a word of the text, the best first, in pages.
 */
export function searchKnowledge(request: WebRequest, world: World): WebResponse {
  const parameters = parametersOf(request.body);
  const query = isObject(parameters.QueryExpression) ? parameters.QueryExpression : {};
  if (query.EntityName !== undefined && query.EntityName !== "knowledgearticle") {
    throw invalidArgument("The QueryExpression must be one of knowledgearticle.");
  }
  const text = String(parameters.SearchText);
  if (wordsOf(text).length === 0) throw invalidArgument("Required field 'SearchText' is missing");
  const columns = columnsOf(world, query);
  const { size, from } = pageOf(query);
  world.security.demand(request.principal, "Read", "knowledgearticle");
  const base = readSearch(
    world,
    { search: "-", entities: JSON.stringify([{ name: "knowledgearticle" }]) },
    "2.0",
    { top: 50, mostTop: 100, least: 1 },
  );
  const { hits } = runSearch(world, request.principal, {
    ...base,
    scopes: base.scopes.map((scope) => ({
      ...scope,
      searched: undefined,
      filter: `statecode eq ${Number(parameters.StateCode)}`,
    })),
    search: lucene(text, parameters.UseInflection === true),
    lucene: true,
    top: 5_000,
  });
  const all = hits.map(({ row }) => row);
  const rows = parameters.RemoveDuplicates === true ? latest(all) : all;
  const page = rows.slice(from, from + size);
  const rendered = world.records.render("knowledgearticle", page, columns, request);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#knowledgearticles`,
      ...(request.annotations.wants("Microsoft.Dynamics.CRM.totalrecordcount")
        ? { "@Microsoft.Dynamics.CRM.totalrecordcount": rows.length }
        : {}),
      value: rendered,
    },
  };
}
