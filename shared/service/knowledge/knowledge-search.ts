import type { ToolSettings } from "../../config/tool-settings";
import type { Dataverse, Row, Table } from "../../dataverse";
import { holdsWhole, readAhead, sanitise, takeTurns } from "../../text";
import { queryIfThere, textOf } from "../record/optional-read";
import { type FoundRow, findRowsIn, type SearchTarget } from "./dataverse-search";
import { type ArticleHit, type Audience, findArticles, recordAddress } from "./knowledge-articles";
import { articlesId, faqId, type KnowledgeSource, type SourceTable } from "./knowledge-sources";
import { bestPart, rankPassages } from "./rank-passages";
import { extentOf } from "./search-extent";
import { searchWords } from "./search-words";

/** A piece of knowledge that may answer a question. Everything but numbers is text from records: data. */
export interface Passage {
  readonly source: string;
  readonly table: string;
  readonly id: string;
  readonly number: string | undefined;
  readonly title: string;
  readonly text: string;
  /** 0 to 1: the share of the question's telling words that it holds. */
  readonly score: number;
  readonly link: string;
  readonly isInternal: boolean;
  /** The text looks as if it gave orders to a machine. */
  readonly isSuspicious: boolean;
}

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

/** Looks a question up in the sources, as the caller. */
export async function searchKnowledge(
  dataverse: Dataverse,
  settings: ToolSettings,
  sources: readonly KnowledgeSource[],
  question: string,
  options: { readonly audience: Audience; readonly most: number },
): Promise<Answer> {
  const added = expand(question, sources);
  const query = [question, ...added].join(" ");
  const words = searchWords([question, added.join(" ")], 20);
  const isForCustomers = options.audience === "customer";
  const leftOut = isForCustomers ? sources.filter(holdsNothingPublic) : [];
  const { sources: searched, leftOut: notReached } = extentOf(
    sources.filter((source) => source.unreachable === undefined && !leftOut.includes(source)),
    dataverse.requestsLeft,
  );
  const rows = await findRowsIn(dataverse, await targetsOf(dataverse, searched), words, mostRows);
  // Asked for once, however many sources hold articles.
  let hits: Promise<readonly ArticleHit[]> | undefined;
  const findAll = () => {
    hits ??= findArticles(dataverse, [words], options.audience, settings);
    return hits;
  };
  const found: Candidate[] = [];
  for (const source of searched) {
    const candidates = await searchSource(dataverse, settings, source, rows, findAll);
    found.push(...candidates.filter((each) => !(isForCustomers && each.isInternal)));
  }
  const unique = [
    ...new Map(found.map((each) => [`${each.table} ${each.id} ${each.title}`, each])).values(),
  ];
  const { passages, isConvincing } = await rankPassages(query, unique, options.most);
  const turn = takeTurns();
  const parts: Passage[] = [];
  for (const {
    hit: { weight: _, ...hit },
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

type Candidate = Omit<Passage, "score"> & { readonly weight?: number };

const numbers: readonly string[] = ["ticketnumber", "articlepublicnumber"];

/** A row of a business table tells of one occasion; an article, a file or an answer was written to be found. */
const weightOfRow = 0.75;

/** Title and text as a reader sees them: nothing hidden, nothing encoded. What looks like an order is kept, and said. */
function plain(title: string, ...texts: readonly string[]) {
  const parts = texts.map((text) => sanitise(text));
  const heading = sanitise(title);
  return {
    title: heading.text,
    text: parts
      .map((part) => part.text)
      .join("\n")
      .replace(/\n{2,}/g, "\n"),
    isSuspicious: [heading, ...parts].some((part) => part.suspicions.length > 0),
  };
}
type FoundRows = ReadonlyMap<string, readonly FoundRow[]>;

/** Rows looked at of each table. */
const mostRows = 50;
const fileRecords = "unstructuredfilesearchrecord";

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
      return table === undefined ? [] : [{ table: table.logicalName, columns: usable }];
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
): Promise<Candidate[]> {
  if (source.kind === "files") return searchFiles(dataverse, settings, source, rows);
  if (source.kind === "faq") return searchFaq(dataverse, settings, source);
  const parts = await Promise.all(
    source.tables.map((table) =>
      table.table === articlesId
        ? searchArticleSource(settings, source, findAll)
        : searchTable(dataverse, settings, source, table, rows),
    ),
  );
  return parts.flat();
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

/** Files are kept as their text, in pieces, each with a link to cite. */
async function searchFiles(
  dataverse: Dataverse,
  settings: ToolSettings,
  source: KnowledgeSource,
  foundRows: FoundRows,
): Promise<Candidate[]> {
  const table = await dataverse.metadata.table(fileRecords);
  if (table === undefined) return [];
  const found = foundRows.get(table.logicalName) ?? [];
  if (found.length === 0) return [];
  const { rows } = await queryIfThere(dataverse, table.logicalName, {
    select: [
      table.primaryId,
      "content",
      "citationlink",
      "filename",
      "_unstructuredfilesearchentityid_value",
    ],
    filter: found.map((row) => `${table.primaryId} eq ${row.id}`).join(" or "),
    top: found.length,
  });
  await readAhead(rows.map((row) => textOf(row.content)));
  const isOwn = (row: Row) => {
    const set = textOf(row._unstructuredfilesearchentityid_value);
    return set === undefined
      ? source.fileSets === undefined
      : source.fileSets?.includes(set) === true;
  };
  return rows.filter(isOwn).map((row) => ({
    source: source.name,
    table: table.logicalName,
    id: String(row[table.primaryId]),
    number: undefined,
    ...plain(textOf(row.filename) ?? fileName(textOf(row.citationlink)), textOf(row.content) ?? ""),
    link:
      textOf(row.citationlink) ??
      recordAddress(settings, table.logicalName, String(row[table.primaryId])),
    isInternal: true,
  }));
}

const fileName = (link: string | undefined): string =>
  link !== undefined && URL.canParse(link)
    ? decodeURIComponent(new URL(link).pathname.split("/").at(-1) ?? "")
    : "";

/** Questions and answers are few: all are compared. */
async function searchFaq(
  dataverse: Dataverse,
  settings: ToolSettings,
  source: KnowledgeSource,
): Promise<Candidate[]> {
  const table = await dataverse.metadata.table(faqId);
  if (table === undefined) return [];
  const { rows } = await queryIfThere(dataverse, faqId, {
    select: [table.primaryId, "faqdata", "source"],
    top: 200,
  });
  const turn = takeTurns();
  const found: Candidate[] = [];
  for (const row of rows) {
    await turn();
    const id = String(row[table.primaryId]);
    const pairs = readFaq(textOf(row.faqdata) ?? "");
    await readAhead(pairs.flatMap(({ question, answer }) => [question, answer]));
    const candidates = pairs.map((pair) => ({
      source: source.name,
      table: faqId,
      id: `${id}`,
      number: undefined,
      ...plain(pair.question, pair.answer),
      link: textOf(row.source) ?? recordAddress(settings, faqId, id),
      isInternal: false,
    }));
    found.push(...candidates);
  }
  return found;
}

/** JSON of pairs, or plain text. */
function readFaq(data: string): { question: string; answer: string }[] {
  try {
    const json: unknown = JSON.parse(data);
    const list: unknown[] = Array.isArray(json) ? json : [json];
    return list.flatMap((each) => {
      const row = each as Record<string, unknown>;
      const question = textOf(row.question) ?? textOf(row.Question);
      const answer = textOf(row.answer) ?? textOf(row.Answer);
      return question === undefined || answer === undefined ? [] : [{ question, answer }];
    });
  } catch {
    return data === "" ? [] : [{ question: "", answer: data }];
  }
}
