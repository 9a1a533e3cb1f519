import type { Principal, World } from "../model";
import { facetsOf } from "./facets";
import { readSearch, type Scope, type SearchRequest } from "./request";
import { type Found, type Hit, isFound, mayRead, runSearch } from "./run";
import { searchTables } from "./tables";
import { freshen, vocabulary } from "./text-index";
import { highlight, wordsOf } from "./words";

type Json = Record<string, unknown>;
export type Version = "1.0" | "2.0";

const everything = { wants: () => true };

/** Columns of a found row with their annotations, lookups by their column's name as search gives them. */
function attributesOf(world: World, principal: Principal, { scope, row }: Hit): Json {
  const { entity, select } = scope;
  const [rendered = {}] = world.records.render(entity.logicalName, [row], select, {
    annotations: everything,
    principal,
  });
  const out: Json = {};
  for (const name of select) {
    const property = name in rendered ? name : `_${name}_value`;
    out[name] = rendered[property] ?? null;
    for (const [key, value] of Object.entries(rendered)) {
      if (key.startsWith(`${property}@`)) out[name + key.slice(property.length)] = value;
    }
  }
  return out;
}

function highlightsOf({ scope, row, isHit }: Hit): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [index, { logicalName }] of scope.columns.entries()) {
    if (scope.searched !== undefined && !scope.searched.has(`c${index}`)) continue;
    const text = row[logicalName];
    const marked = typeof text === "string" ? highlight(text, isHit) : undefined;
    if (marked !== undefined) found[logicalName] = [marked];
  }
  return found;
}

const idOf = ({ scope, row }: Hit) => row[scope.entity.primaryIdAttribute];
const rounded = (score: number) => Number(score.toFixed(6));

function contextOf({ search }: SearchRequest, { altered }: Found): Json | null {
  if (altered === undefined) return null;
  return {
    OriginalQuery: search,
    AlteredQuery: altered,
    Reason: ["SpellCorrection"],
    SpellSuggestions: [],
  };
}

/** The answer of `query`: an object whose `response` is JSON in a string, or in version 1.0 the object itself. */
export function answerQuery(
  world: World,
  principal: Principal,
  body: Json,
  version: Version,
): Json {
  const request = readSearch(world, body, version, { top: 50, mostTop: 100, least: 1 });
  const found = runSearch(world, principal, request);
  const facets = facetsOf(world, principal, found.parts, request.facets);
  if (version === "1.0") {
    return {
      value: found.hits.map((hit) => ({
        "@search.score": rounded(hit.score),
        "@search.highlights": highlightsOf(hit),
        "@search.entityname": hit.scope.entity.logicalName,
        "@search.objectid": idOf(hit),
        "@search.objecttypecode": hit.scope.entity.objectTypeCode,
        ...attributesOf(world, principal, hit),
      })),
      facets,
      totalrecordcount: found.count,
      querycontext: contextOf(request, found),
    };
  }
  const response = {
    Error: null,
    Value: found.hits.map((hit) => ({
      Id: idOf(hit),
      EntityName: hit.scope.entity.logicalName,
      ObjectTypeCode: hit.scope.entity.objectTypeCode,
      Attributes: {
        "@search.objecttypecode": hit.scope.entity.objectTypeCode,
        ...attributesOf(world, principal, hit),
      },
      Highlights: highlightsOf(hit),
      Score: rounded(hit.score),
    })),
    Facets: facets,
    QueryContext: contextOf(request, found),
    Count: found.count,
  };
  return { response: JSON.stringify(response) };
}

const escaped = (word: string) => word.replace(/[^\p{L}\p{N}]/gu, "\\$&");

/** The text with its last word open at the end, and with `fuzzy` each word with room for one slip. */
function opened(request: SearchRequest): SearchRequest {
  const words = wordsOf(request.search);
  const terms = words.map((word, index) => {
    const start = index === words.length - 1 ? `${escaped(word)}*` : escaped(word);
    return request.fuzzy && word.length > 2 ? `(${start} OR ${escaped(word)}~1)` : start;
  });
  return { ...request, search: terms.join(" "), lucene: true, matchAll: true };
}

/** The answer of `suggest`: rows whose searched columns hold the text, the last word unfinished. */
export function answerSuggest(
  world: World,
  principal: Principal,
  body: Json,
  version: Version,
): Json {
  const request = readSearch(world, body, version, { top: 5, mostTop: 100, least: 3 });
  const found = runSearch(world, principal, opened(request));
  const value = found.hits.map((hit) => {
    const marked = highlightsOf(hit);
    const primary = hit.scope.entity.primaryNameAttribute ?? "";
    const text = marked[primary]?.[0] ?? Object.values(marked)[0]?.[0];
    const document = {
      "@search.objectid": idOf(hit),
      "@search.entityname": hit.scope.entity.logicalName,
      "@search.objecttypecode": hit.scope.entity.objectTypeCode,
      ...attributesOf(world, principal, hit),
    };
    const shown = text ?? String(hit.row[primary] ?? "");
    return version === "1.0" ? { text: shown, document } : { Text: shown, Document: document };
  });
  if (version === "1.0") return { value, querycontext: null };
  return { response: JSON.stringify({ Error: null, Value: value, QueryContext: null }) };
}

/** As many words are tried as completions. */
const mostCompletions = 20;

/** The most frequent word that completes the last one and stands in a row that the caller may read. */
function completion(
  world: World,
  principal: Principal,
  request: SearchRequest,
): string | undefined {
  const words = wordsOf(request.search);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const readable = request.scopes.filter((scope) => mayRead(world, principal, scope));
  freshen(world, readable);
  const known = new Map<string, { rows: number; scopes: Scope[] }>();
  for (const scope of readable) {
    for (const { word, rows } of vocabulary(world.db, scope.entity.logicalName)) {
      if (!word.startsWith(last)) continue;
      const before = known.get(word) ?? { rows: 0, scopes: [] };
      known.set(word, { rows: before.rows + rows, scopes: [...before.scopes, scope] });
    }
  }
  const candidates = [...known].sort(
    ([a, one], [b, other]) => other.rows - one.rows || (a < b ? -1 : 1),
  );
  return candidates.slice(0, mostCompletions).find(([word, { scopes }]) => {
    const search = [...words.slice(0, -1), word].map(escaped).join(" ");
    const asked = { ...request, search, lucene: true, matchAll: true };
    return scopes.some((scope) => isFound(world, principal, asked, scope));
  })?.[0];
}

export function answerAutocomplete(
  world: World,
  principal: Principal,
  body: Json,
  version: Version,
): Json {
  const request = readSearch(world, body, version, { top: 1, mostTop: 100, least: 1 });
  const word = completion(world, principal, request);
  const before = request.search.trim().split(/\s+/).slice(0, -1);
  const value = word === undefined ? "" : [...before, `{crmhit}${word}{/crmhit}`].join(" ");
  if (version === "1.0") return { value, querycontext: null };
  return { response: JSON.stringify({ Error: null, Value: value, QueryContext: null }) };
}

/** `8/5/2026 7:05:09 AM`, as the service stamps its synchronizations. */
const stamp = (date: Date) =>
  `${date.toISOString().slice(5, 7)}/${date.toISOString().slice(8, 10)}/${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)}`;

/** The answer of `searchstatus`: what is indexed, and how far. */
export function answerStatus(world: World, isEnabled: boolean): Json {
  const tables = isEnabled ? searchTables(world) : [];
  freshen(world, tables);
  const value = {
    status: isEnabled ? "provisioned" : "notprovisioned",
    lockboxstatus: isEnabled ? "Disabled" : "Unknown",
    cmkstatus: isEnabled ? "Disabled" : "Unknown",
    entitystatusresults: tables.map(({ entity, columns }) => {
      const row = world.db
        .prepare("SELECT version FROM search_state WHERE name = ?")
        .get(entity.logicalName);
      return {
        entitylogicalname: entity.logicalName,
        objecttypecode: String(entity.objectTypeCode),
        primarynamefield: entity.primaryNameAttribute,
        lastdatasynctimestamp: `${Math.max(Number(row?.version ?? 0), 0)}!${stamp(world.now())}`,
        lastprincipalobjectaccesssynctimestamp: `0!${stamp(world.now())}`,
        entitystatus: "EntitySyncComplete",
        searchableindexedfieldinfomap: Object.fromEntries(
          columns.map(({ logicalName }, index) => [logicalName, { indexfieldname: `c_${index}` }]),
        ),
      };
    }),
    manytomanyrelationshipsyncstatus: [],
  };
  return { response: JSON.stringify({ value }) };
}

/** The answer of `searchstatistics`: documents, and an estimate of their size. */
export function answerStatistics(world: World): Json {
  let documents = 0;
  let bytes = 0;
  for (const { entity, columns } of searchTables(world)) {
    const sizes = columns.map(({ logicalName }) => `coalesce(length("${logicalName}"), 0)`);
    const row = world.db
      .prepare(
        `SELECT count(*) AS n, coalesce(sum(${sizes.join(" + ")}), 0) AS bytes FROM "${entity.logicalName}"`,
      )
      .get();
    documents += Number(row?.n ?? 0);
    bytes += Number(row?.bytes ?? 0);
  }
  const value = {
    storagesizeinbytes: bytes,
    storagesizeinmb: Math.round(bytes / 1_048_576),
    documentcount: documents,
  };
  return { response: JSON.stringify({ value }) };
}
