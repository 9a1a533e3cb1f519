import { articlesId, type KnowledgeSource } from "./knowledge-sources";

/** What of the sources one call can search. */
export interface SearchExtent {
  /** The sources, with those of their tables that are searched. */
  readonly sources: readonly KnowledgeSource[];
  /** Names of the sources of which nothing, or not every table, is searched: text from records. */
  readonly leftOut: readonly string[];
}

/** Dataverse search, over all tables together, and a step on the way. */
const forAll = 2;
/** The search made for articles, what stands in for it, and reading what was found; once, however many sources hold articles. */
const forArticles = 4;
/** Comparing columns where Dataverse search finds nothing in a table, and reading the rows that were found. */
const forComparing = 1;
const forReading = 1;

/**
 * As much of the sources, in their order, as `requests` suffice for in the worst case: without Dataverse search each table is
 * searched by itself.
 */
export function extentOf(sources: readonly KnowledgeSource[], requests: number): SearchExtent {
  const counted = new Set<string>();
  let left = requests - forAll;
  const take = (what: string, first: number, each: number): boolean => {
    const cost = each + (counted.has(what) ? 0 : first);
    if (cost > left) return false;
    counted.add(what);
    left -= cost;
    return true;
  };
  const kept: KnowledgeSource[] = [];
  const leftOut: string[] = [];
  for (const source of sources) {
    if (source.kind === "files" || source.kind === "faq") {
      const isIn = take(source.kind, source.kind === "files" ? forComparing : 0, forReading);
      if (isIn) kept.push(source);
      else leftOut.push(source.name);
      continue;
    }
    const tables = source.tables.filter(({ table }) =>
      table === articlesId ? take(table, forArticles, 0) : take(table, forComparing, forReading),
    );
    kept.push({ ...source, tables });
    if (tables.length < source.tables.length) leftOut.push(source.name);
  }
  return { sources: kept, leftOut };
}
