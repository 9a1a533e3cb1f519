import type { Dataverse } from "../../dataverse";
import { loadWordVectors, Ranker, type ResolvedCase } from "../../intelligence";
import { redact, replaceWhole, sanitise, takeTurns } from "../../text";
import { findRowsIn } from "../knowledge/dataverse-search";
import { searchedArticles } from "../knowledge/knowledge-articles";
import { rankHitsInTurns } from "../knowledge/rank-hits";
import { readResolved } from "./case-history";
import type { CaseRecord } from "./case-record";

/** A resolved case, and how like the case in hand it is. */
export interface SimilarCase {
  readonly found: ResolvedCase;
  /** 0 to 1, the best of all found has 1. */
  readonly likeness: number;
  /** 0 to 1: how much of what the case in hand says stands in it. The best of many unlike cases is low here. */
  readonly certainty: number;
  /** Certain enough to be shown. */
  readonly isLike: boolean;
}

const searched = 60;
const kept = 8;
/** Measured on cases in people's words: their titles say little, and the text has most of it. */
const weightOfTitle = 0.3;
/** Half of the title's weight in one case is as good as all of it. */
const enough = 0.5;
const leastCertainty = 0.4;

/** What the case in hand says, plain. */
export interface CaseWords {
  readonly title: string;
  readonly text: string;
}

/** What one search in cases and articles has found. */
export interface SearchedCases {
  /** Resolved cases that tell of the same trouble, as the caller may read them; best first. */
  readonly similar: readonly SimilarCase[];
  /** Ids of articles that hold some of the words; undefined where nothing was searched. */
  readonly articles: readonly string[] | undefined;
}

/** Resolved cases that tell of the same trouble, and articles that the same search finds. */
export async function findSimilar(
  dataverse: Dataverse,
  record: CaseRecord,
  words: readonly string[],
  said: CaseWords,
): Promise<SearchedCases> {
  const { table, title, description } = record.caseTable;
  const hasState = table.columnByName.has("statecode");
  const cases = {
    table: table.logicalName,
    columns: [title, ...(description === undefined ? [] : [description])],
    ...(hasState ? { where: { statecode: 1 } } : {}),
  };
  const found = await findRowsIn(dataverse, [cases], words, searched, searchedArticles);
  const articles = found.get(searchedArticles.table)?.map(({ id }) => id);
  const ids = (found.get(cases.table) ?? [])
    .map((row) => row.id)
    .filter((id) => id !== record.ref.id);
  if (ids.length === 0) return { similar: [], articles };
  const columns = ["subjectid", "casetypecode", "productid"].flatMap(
    (name) => table.columnByName.get(name) ?? [],
  );
  const resolved = await readResolved(dataverse, record.caseTable, columns, ids);
  return { similar: await rankSimilar(resolved, said), articles };
}

async function rankSimilar(
  cases: readonly ResolvedCase[],
  { title, text }: CaseWords,
): Promise<readonly SimilarCase[]> {
  if (cases.length === 0) return [];
  const turn = takeTurns();
  const docs: { readonly id: string; readonly title: string; readonly text: string }[] = [];
  for (const { ref, title: called, description = "" } of cases) {
    await turn();
    docs.push({ id: ref.id, title: sanitise(called).text, text: sanitise(description).text });
  }
  const ranker = await Ranker.inTurns(docs, await loadWordVectors());
  const likenessBy = async (question: string) => {
    await turn();
    const { hits } = ranker.rank(question, docs.length);
    const best = hits[0]?.score || 1;
    return new Map(hits.map(({ id, score }) => [id, score / best]));
  };
  const byText = await likenessBy(`${title}\n${text}`);
  const byTitle = title === "" ? byText : await likenessBy(title);
  const sharesOf = async (part: (doc: (typeof docs)[number]) => string) =>
    new Map(
      (
        await rankHitsInTurns(
          title || text,
          docs.map((doc) => ({ title: "", text: part(doc), id: doc.id })),
        )
      ).map(({ hit, score }) => [hit.id, score]),
    );
  const [inTitle, inText] = [await sharesOf((doc) => doc.title), await sharesOf((doc) => doc.text)];
  const scored = cases.map((found) => {
    const { id } = found.ref;
    const likeness =
      weightOfTitle * (byTitle.get(id) ?? 0) + (1 - weightOfTitle) * (byText.get(id) ?? 0);
    const share = Math.max(inTitle.get(id) ?? 0, inText.get(id) ?? 0);
    return { found, likeness, certainty: Math.min(1, share / enough) };
  });
  scored.sort((a, b) => b.likeness - a.likeness);
  const best = scored[0]?.likeness || 1;
  return scored.slice(0, kept).map((each) => ({
    ...each,
    likeness: each.likeness / best,
    isLike: each.certainty >= leastCertainty,
  }));
}

/**
 * A similar case as it may be shown and worked with: of another customer's case only category and resolution remain, without
 * whatever tells who it was for.
 *
 * @param customerId customer of the case in hand
 */
export function asSimilar(
  { found, likeness, certainty }: SimilarCase,
  customerId: string | undefined,
): ResolvedCase {
  const score = likeness * certainty;
  if (customerId !== undefined && found.customerId === customerId) return { ...found, score };
  return {
    ref: found.ref,
    // A title may name a person or a company; the resolution is what is wanted.
    title: "",
    values: found.values,
    resolution:
      found.resolution === undefined
        ? undefined
        : redact(withoutNames(sanitise(found.resolution).text, found.people ?? [])),
    resolvedOn: found.resolvedOn,
    score,
  };
}

/** Names of the case's own customer and contacts, whole and in parts, taken out of a text. */
export function withoutNames(text: string, names: readonly string[]): string {
  const parts = names.flatMap((name) => [
    name,
    ...name.split(/[\s,]+/).filter((part) => part.length > 2 && /^\p{Lu}/u.test(part)),
  ]);
  const wanted = [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ""))];
  if (wanted.length === 0) return text;
  // The whole name before its parts.
  return wanted
    .sort((a, b) => b.length - a.length)
    .reduce((left, name) => replaceWhole(left, name, "[name left out]"), text);
}
