import type { ToolSettings } from "../../config/tool-settings";
import type { Dataverse, Row, Table } from "../../dataverse";
import { conceptsOf, searchWordsOf } from "../../intelligence";
import { holdsWhole, readAhead, takeTurns } from "../../text";
import { queryIfThere, textOf } from "../record/optional-read";
import { type Candidate, type FoundRows, type Passage, plain } from "./candidate";
import { findRowsIn, type SearchTarget } from "./dataverse-search";
import {
  type ArticleHit,
  type Audience,
  findArticles,
  recordAddress,
  searchedArticles,
} from "./knowledge-articles";
import { articlesId, type KnowledgeSource, type SourceTable } from "./knowledge-sources";
import { bestPart, rankPassages } from "./rank-passages";
import { extentOf } from "./search-extent";
import { searchFaq } from "./search-faq";
import { fileRecords, searchFiles } from "./search-files";
import { searchWords } from "./search-words";

export interface Answer {
  /** Best first. */
  readonly passages: readonly Passage[];
  /** The words that synonyms and the glossary added to the question. */
  readonly added: readonly string[];
  /** False: nothing among the passages is convincing. */
  readonly isConvincing: boolean;
  /** Sources that were left out because what they hold may be internal. */
  readonly leftOut: readonly KnowledgeSource[];
  /** Names of the sources that were not searched, or not in all their tables: the call has no requests left for them. */
  readonly notReached: readonly string[];
}

/** A resolved case, as far as somebody else may read it. */
export interface SolvedCase {
  readonly id: string;
  readonly number: string | undefined;
  /** How it was resolved, without what tells who it was for. */
  readonly resolution: string;
  /** What its customer said: found by, never shown. */
  readonly foundBy: string;
}

/** Those of the cases by id that are resolved, as the caller may read them. */
export type ReadSolvedCases = (ids: readonly string[]) => Promise<readonly SolvedCase[]>;

/** Looks a question up in the sources, as the caller. Of cases only what resolved them is an answer. */
export async function searchKnowledge(
  dataverse: Dataverse,
  settings: ToolSettings,
  sources: readonly KnowledgeSource[],
  question: string,
  options: {
    readonly audience: Audience;
    readonly most: number;
    readonly readSolvedCases: ReadSolvedCases;
  },
): Promise<Answer> {
  const added = expand(question, sources);
  const query = [question, ...added].join(" ");
  const words = searchWords([question, added.join(" ")], 20);
  // The same in the vocabulary's English words: what is asked in one language is answered in another.
  const inEnglish = searchWordsOf(conceptsOf(question));
  const isForCustomers = options.audience === "customer";
  const leftOut = isForCustomers ? sources.filter(holdsNothingPublic) : [];
  const { sources: searched, leftOut: notReached } = extentOf(
    sources.filter((source) => source.unreachable === undefined && !leftOut.includes(source)),
    dataverse.requestsLeft,
  );
  const targets = await targetsOf(dataverse, searched);
  const asked = [...new Set([...words, ...inEnglish])];
  const rows = await findRowsIn(dataverse, targets, asked, mostRows, searchedArticles);
  // Asked for once, however many sources hold articles.
  let hits: Promise<readonly ArticleHit[]> | undefined;
  const findAll = () => {
    hits ??= findArticles(
      dataverse,
      [words, inEnglish],
      options.audience,
      settings,
      rows.get(articlesId)?.map(({ id }) => id),
    );
    return hits;
  };
  // A case stands in several tables; it is read once.
  let solving: Promise<readonly SolvedCase[]> | undefined;
  const solved = () => {
    solving ??= solvedCaseIds(dataverse, rows).then(options.readSolvedCases);
    return solving;
  };
  const found: Candidate[] = [];
  for (const source of searched) {
    const candidates = await searchSource(dataverse, settings, source, rows, findAll, solved);
    found.push(...candidates.filter((each) => !(isForCustomers && each.isInternal)));
  }
  const unique = [
    ...new Map(found.map((each) => [`${each.table} ${each.id} ${each.title}`, each])).values(),
  ];
  const { passages, isConvincing } = await rankPassages(query, unique, options.most);
  const turn = takeTurns();
  const parts: Passage[] = [];
  for (const {
    hit: { weight: _, foundBy: __, isTitled: ___, ...hit },
    score,
  } of passages) {
    await turn();
    parts.push({ ...hit, score, text: bestPart(query, hit.text) });
  }
  return {
    passages: parts,
    added,
    isConvincing,
    leftOut,
    notReached,
  };
}

/** Files and rows may be meant for colleagues; only articles say whether they are for customers, and answers were written for them. */
const holdsNothingPublic = (source: KnowledgeSource): boolean =>
  source.unreachable === undefined &&
  source.kind !== "faq" &&
  !source.tables.some(({ table }) => table === articlesId);

/** Synonyms and terms whose words stand in the question bring their other words. */
export function expand(question: string, sources: readonly KnowledgeSource[]): string[] {
  const said = ` ${searchWords([question], 100).join(" ")} ${question.toLowerCase()} `;
  const holds = (word: string) => said.includes(word.toLowerCase());
  const synonyms = sources.flatMap((source) =>
    source.tables.flatMap((table) =>
      table.synonyms.flatMap(({ words }) =>
        words.some(holds) ? words.filter((word) => !holds(word)) : [],
      ),
    ),
  );
  const asked = question.toLowerCase();
  const glossary = sources.flatMap((source) =>
    source.glossary.flatMap(({ term, meaning }) =>
      holdsWhole(asked, term.toLowerCase()) ? searchWords([meaning], 6) : [],
    ),
  );
  return [...new Set([...synonyms, ...glossary])].slice(0, 12);
}

const numbers: readonly string[] = ["ticketnumber", "articlepublicnumber"];

/** A row of a business table tells of one occasion; an article, a file or an answer was written to be found. */
const weightOfRow = 0.75;

/** Rows looked at of each table. */
const mostRows = 50;

/** Every table that the sources search, named once, with the columns of all of them; articles have a search of their own. */
async function targetsOf(
  dataverse: Dataverse,
  sources: readonly KnowledgeSource[],
): Promise<SearchTarget[]> {
  const columns = new Map<string, Set<string>>();
  const add = (table: string, names: readonly string[]) =>
    columns.set(table, new Set([...(columns.get(table) ?? []), ...names]));
  for (const source of sources) {
    if (source.kind === "files") add(fileRecords, ["content", "columnname"]);
    else if (source.kind !== "faq")
      for (const { table, searchable } of source.tables)
        if (table !== articlesId) add(table, searchable);
  }
  const targets = await Promise.all(
    [...columns].map(async ([name, names]): Promise<SearchTarget[]> => {
      const table = await dataverse.metadata.table(name);
      const usable = table === undefined ? [] : textColumns(table, [...names]);
      // Of cases only the resolved ones answer.
      const where = name === "incident" ? { where: { statecode: 1 } } : {};
      return table === undefined ? [] : [{ table: table.logicalName, columns: usable, ...where }];
    }),
  );
  return targets.flat();
}

const textColumns = (table: Table, names: readonly string[]): string[] =>
  names.filter((name) => {
    const column = table.columnByName.get(name);
    return column?.canRead === true && ["String", "Memo"].includes(column.type);
  });

async function searchSource(
  dataverse: Dataverse,
  settings: ToolSettings,
  source: KnowledgeSource,
  rows: FoundRows,
  findAll: () => Promise<readonly ArticleHit[]>,
  solved: () => Promise<readonly SolvedCase[]>,
): Promise<Candidate[]> {
  if (source.kind === "files") return searchFiles(dataverse, settings, source, rows);
  if (source.kind === "faq") return searchFaq(dataverse, settings, source);
  const parts = await Promise.all(
    source.tables.map(({ table, ...target }) => {
      if (table === articlesId) return searchArticleSource(settings, source, findAll);
      if (tablesOfCases.has(table)) return asSolved(settings, source, solved);
      return searchTable(dataverse, settings, source, { table, ...target }, rows);
    }),
  );
  return parts.flat();
}

const tablesOfCases: ReadonlySet<string> = new Set(["incident", "incidentresolution"]);

/** Cases that were found, by their own words or by those of their resolution. */
async function solvedCaseIds(dataverse: Dataverse, rows: FoundRows): Promise<readonly string[]> {
  const own = (rows.get("incident") ?? []).map(({ id }) => id);
  const resolutions = rows.get("incidentresolution") ?? [];
  if (resolutions.length === 0) return own;
  const { rows: found } = await queryIfThere(dataverse, "incidentresolution", {
    select: ["activityid", "_incidentid_value"],
    filter: resolutions.map(({ id }) => `activityid eq ${id}`).join(" or "),
    top: resolutions.length,
  });
  return [...new Set([...own, ...found.flatMap((row) => textOf(row._incidentid_value) ?? [])])];
}

/** An open case answers nothing, and a resolved one by its resolution only: the rest is another customer's. */
async function asSolved(
  settings: ToolSettings,
  source: KnowledgeSource,
  solved: () => Promise<readonly SolvedCase[]>,
): Promise<Candidate[]> {
  return (await solved())
    .filter(({ resolution }) => resolution.trim() !== "")
    .map(({ id, number, resolution, foundBy }) => ({
      source: source.name,
      table: "incident",
      id,
      number,
      ...plain("Resolved case", resolution),
      link: recordAddress(settings, "incident", id),
      isInternal: true,
      weight: weightOfRow,
      foundBy,
    }));
}

async function searchArticleSource(
  settings: ToolSettings,
  source: KnowledgeSource,
  findAll: () => Promise<readonly ArticleHit[]>,
): Promise<Candidate[]> {
  const hits = await findAll();
  await readAhead(hits.flatMap(({ title, text }) => [title, text]));
  return hits.map((hit) => ({
    source: source.name,
    table: articlesId,
    id: hit.ref.id,
    number: hit.ref.number,
    ...plain(hit.title, hit.text),
    link: hit.url ?? recordAddress(settings, articlesId, hit.ref.id),
    isInternal: hit.isInternal,
    isTitled: true,
  }));
}

async function searchTable(
  dataverse: Dataverse,
  settings: ToolSettings,
  source: KnowledgeSource,
  target: SourceTable,
  foundRows: FoundRows,
): Promise<Candidate[]> {
  const table = await dataverse.metadata.table(target.table);
  if (table === undefined) return [];
  const shown = textColumns(table, [...new Set([...target.searchable, ...target.retrievable])]);
  const found = foundRows.get(table.logicalName) ?? [];
  if (found.length === 0 || shown.length === 0) return [];
  const { rows } = await queryIfThere(dataverse, table.logicalName, {
    select: [...new Set([table.primaryId, table.primaryName ?? table.primaryId, ...shown])],
    filter: found.map((row) => `${table.primaryId} eq ${row.id}`).join(" or "),
    top: found.length,
  });
  await readAhead(rows.flatMap((row) => shown.map((name) => textOf(row[name]))));
  return rows.map((row) => asCandidate(settings, source, table, shown, row));
}

function asCandidate(
  settings: ToolSettings,
  source: KnowledgeSource,
  table: Table,
  shown: readonly string[],
  row: Row,
): Candidate {
  const id = String(row[table.primaryId]);
  const title = table.primaryName === undefined ? "" : (textOf(row[table.primaryName]) ?? "");
  return {
    source: source.name,
    table: table.logicalName,
    id,
    number: textOf(row.ticketnumber) ?? textOf(row.articlepublicnumber),
    ...plain(
      title,
      ...shown
        // The number is told beside the title.
        .filter((name) => name !== table.primaryName && !numbers.includes(name))
        .flatMap((name) => textOf(row[name]) ?? []),
    ),
    link: recordAddress(settings, table.logicalName, id),
    isInternal: true,
    weight: weightOfRow,
  };
}
