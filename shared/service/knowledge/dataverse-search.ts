import type { Dataverse, Row } from "../../dataverse";
import { AppError, type ErrorKind } from "../../errors";
import { escapeLike, escapeXml } from "../../text/markup";
import { textOf } from "../record/optional-read";
import { fitWords } from "./search-words";

/** What is searched: one table, some of its columns. */
export interface SearchTarget {
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns that must have these values. */
  readonly where?: Readonly<Record<string, number | boolean>>;
}

export interface FoundRow {
  readonly id: string;
  readonly score: number;
}

/** Dataverse search takes so many characters. */
const longestSearch = 100;
/** After so many milliseconds, those that its limit makes it wait among them, columns are compared instead. */
const longestSearchMs = 5_000;

/**
 * Rows that hold some of the words, over several tables, each named once, in one request, because Dataverse takes one search a
 * second from a user: by Dataverse search, or, where that is off or finds nothing, by comparing columns.
 *
 * @param beside a table that has a way of its own to be searched: what the same request finds in it, for where that way fails
 * @returns rows by table
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/search/query
 */
export async function findRowsIn(
  dataverse: Dataverse,
  targets: readonly SearchTarget[],
  words: readonly string[],
  most: number,
  beside?: SearchTarget,
): Promise<ReadonlyMap<string, readonly FoundRow[]>> {
  const all = beside === undefined ? targets : [...targets, beside];
  if (words.length === 0 || targets.length === 0) return new Map();
  const hits = await bySearch(dataverse, all, words, most * all.length);
  const ownOf = ({ table }: SearchTarget) =>
    hits.filter((hit) => hit.table === table).slice(0, most);
  const found = await Promise.all(
    targets.map(async (target) => {
      const own = ownOf(target);
      const rows = own.length > 0 ? own : await compareColumns(dataverse, target, words, most);
      return [target.table, rows] as const;
    }),
  );
  return new Map(beside === undefined ? found : [...found, [beside.table, ownOf(beside)]]);
}

type Hit = FoundRow & { readonly table: string };

async function bySearch(
  dataverse: Dataverse,
  targets: readonly SearchTarget[],
  words: readonly string[],
  most: number,
): Promise<readonly Hit[]> {
  const entities = targets.map((target) => {
    const where = Object.entries(target.where ?? {});
    return {
      name: target.table,
      ...(target.columns.length === 0 ? {} : { searchcolumns: target.columns }),
      ...(where.length === 0
        ? {}
        : { filter: where.map(([column, value]) => `${column} eq ${value}`).join(" and ") }),
    };
  });
  try {
    const body = await dataverse.action(
      "searchquery",
      {
        search: fitWords(words, longestSearch),
        count: false,
        top: Math.min(most, 100),
        entities: JSON.stringify(entities),
        options: "{'querytype':'simple','searchmode':'any','besteffortsearchenabled':'true'}",
      },
      { result: { response: "text" } },
      { withinMs: longestSearchMs },
    );
    return readHits(body);
  } catch (error) {
    if (error instanceof AppError && isOff.has(error.kind)) return [];
    throw error;
  }
}

/**
 * Search that is not to be had: switched off, not allowed, failing, slow, or past its own limit of one a second for a user, which is
 * far below that of reading rows.
 */
const isOff: ReadonlySet<ErrorKind> = new Set([
  "forbidden",
  "invalid",
  "not_found",
  "throttled",
  "timeout",
  "unsupported",
  "upstream",
]);

/** The answer is JSON inside of a text. */
function readHits(body: unknown): readonly Hit[] {
  let answer: unknown;
  try {
    answer = JSON.parse(String((body as Row).response));
  } catch (error) {
    throw new AppError("upstream", "Dataverse search answered no JSON.", { cause: error });
  }
  const list = (answer as { Value?: unknown } | null)?.Value;
  if (!Array.isArray(list))
    throw new AppError("upstream", "Dataverse search answered no list of hits.");
  const hits = list as { Id?: unknown; EntityName?: unknown; Score?: unknown }[];
  return hits.flatMap((hit) =>
    typeof hit.Id === "string" && typeof hit.EntityName === "string"
      ? [{ id: hit.Id.toLowerCase(), score: Number(hit.Score ?? 0), table: hit.EntityName }]
      : [],
  );
}

/** A last resort: `like` reads the whole table. Rows with more of the words come first. */
export async function compareColumns(
  dataverse: Dataverse,
  target: SearchTarget,
  words: readonly string[],
  most: number,
): Promise<readonly FoundRow[]> {
  const table = await dataverse.metadata.table(target.table);
  if (table === undefined) return [];
  const columns = target.columns.filter((name) => {
    const column = table.columnByName.get(name);
    return column !== undefined && (column.type === "String" || column.type === "Memo");
  });
  if (columns.length === 0) return [];
  const some = words.slice(0, 12);
  const conditions = columns.flatMap((column) =>
    some.map(
      (word) =>
        `<condition attribute="${column}" operator="like" value="%${escapeXml(escapeLike(word))}%"/>`,
    ),
  );
  const attributes = [table.primaryId, ...columns]
    .map((name) => `<attribute name="${name}"/>`)
    .join("");
  const where = Object.entries(target.where ?? {})
    .map(
      ([column, value]) =>
        `<condition attribute="${column}" operator="eq" value="${Number(value)}"/>`,
    )
    .join("");
  const xml = `<fetch top="250"><entity name="${table.logicalName}">${attributes}<filter>${where}<filter type="or">${conditions.join("")}</filter></filter></entity></fetch>`;
  const found: FoundRow[] = [];
  for await (const page of dataverse.fetchXml(table.logicalName, xml)) {
    for (const row of page.rows) {
      const text = columns
        .map((column) => textOf(row[column]) ?? "")
        .join(" ")
        .toLowerCase();
      const held = some.filter((word) => text.includes(word)).length;
      found.push({ id: String(row[table.primaryId]), score: held / some.length });
    }
  }
  return found.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, most);
}
