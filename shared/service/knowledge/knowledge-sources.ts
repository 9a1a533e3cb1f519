import type { Dataverse, Row } from "../../dataverse";
import { queryIfThere, textOf } from "../record/optional-read";

export type SourceKind = "tables" | "files" | "faq" | "federated" | "articles";

/** A table that a source searches. */
export interface SourceTable {
  readonly table: string;
  readonly displayName: string;
  readonly searchable: readonly string[];
  readonly retrievable: readonly string[];
  /** Other words for a column or its values, as an administrator wrote them. */
  readonly synonyms: readonly { readonly column: string; readonly words: readonly string[] }[];
}

export interface GlossaryTerm {
  readonly term: string;
  readonly meaning: string;
}

/** One knowledge source of the environment. Names and descriptions are text from records: data. */
export interface KnowledgeSource {
  readonly id: string;
  readonly name: string;
  readonly kind: SourceKind;
  readonly tables: readonly SourceTable[];
  readonly glossary: readonly GlossaryTerm[];
  /** For files: the file sets (`unstructuredfilesearchentity`) it holds; undefined for files of no set. */
  readonly fileSets?: readonly string[] | undefined;
  /** Why it cannot be searched from here; undefined when it can. Our words. */
  readonly unreachable?: string;
}

export interface SourceList {
  readonly sources: readonly KnowledgeSource[];
  /** What could not be looked at. Our words. */
  readonly notes: readonly string[];
}

/** The source that is always there: the environment's knowledge articles. */
export const articlesId = "knowledgearticle";
const most = 250;

const split = (text: string | undefined): string[] =>
  (text ?? "")
    .split(/[,;\n]/)
    .map((word) => word.trim())
    .filter((word) => word !== "");

/**
 * The knowledge sources of the environment, as the caller may see them: tables, files, questions and answers, federated
 * connections, and the knowledge articles when no source covers them.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/dvtablesearch
 */
export async function listSources(dataverse: Dataverse): Promise<SourceList> {
  const [searches, files, faqs, federated] = await Promise.all([
    tableSources(dataverse),
    fileSources(dataverse),
    faqSource(dataverse),
    federatedSources(dataverse),
  ]);
  const found = [...searches.sources, ...files.sources, ...faqs.sources, ...federated.sources];
  const hasArticles = found.some(
    (source) =>
      source.unreachable === undefined && source.tables.some((table) => table.table === articlesId),
  );
  return {
    sources: hasArticles ? found : [...found, articles],
    notes: [searches, files, faqs, federated].flatMap((each) => each.notes),
  };
}

const articles: KnowledgeSource = {
  id: articlesId,
  name: "Knowledge articles",
  kind: "articles",
  tables: [
    {
      table: articlesId,
      displayName: "Knowledge Article",
      searchable: ["title", "content", "keywords", "description"],
      retrievable: ["title", "content", "keywords"],
      synonyms: [],
    },
  ],
  glossary: [],
};

const noted = (what: string, missing: "no-table" | "forbidden" | undefined): string[] =>
  missing === "forbidden" ? [`You may not read ${what}, so they are not listed.`] : [];

async function tableSources(dataverse: Dataverse): Promise<SourceList> {
  const isActive = "statecode eq 0";
  const [searches, entities, attributes, synonyms, glossary] = await Promise.all([
    queryIfThere(dataverse, "dvtablesearch", {
      select: ["dvtablesearchid", "name", "searchtype"],
      filter: isActive,
      orderby: "name",
      top: most,
    }),
    queryIfThere(dataverse, "dvtablesearchentity", {
      select: ["dvtablesearchentityid", "entitylogicalname", "name", "_dvtablesearch_value"],
      filter: isActive,
      top: 1_000,
    }),
    queryIfThere(dataverse, "dvtablesearchattribute", {
      select: [
        "attributelogicalname",
        "issearchable",
        "isretrievable",
        "_dvtablesearchentity_value",
      ],
      filter: isActive,
      top: 5_000,
    }),
    queryIfThere(dataverse, "copilotsynonyms", {
      select: ["columnlogicalname", "synonyms", "_skillentity_value"],
      filter: isActive,
      top: 1_000,
    }),
    queryIfThere(dataverse, "copilotglossaryterm", {
      select: ["term", "description", "_skill_value"],
      filter: isActive,
      top: 1_000,
    }),
  ]);
  const by = (rows: readonly Row[], column: string, id: unknown) =>
    rows.filter((row) => row[column] === id);
  const sources = searches.rows.map((row): KnowledgeSource => {
    const id = String(row.dvtablesearchid);
    const isFederated = row.searchtype === 1;
    return {
      id,
      name: textOf(row.name) ?? id,
      kind: isFederated ? "federated" : "tables",
      tables: by(entities.rows, "_dvtablesearch_value", id).map((entity) => {
        const own = by(attributes.rows, "_dvtablesearchentity_value", entity.dvtablesearchentityid);
        const columns = (flag: string) =>
          own
            .filter((each) => each[flag] === true)
            .flatMap((each) => textOf(each.attributelogicalname) ?? []);
        return {
          table: textOf(entity.entitylogicalname) ?? "",
          displayName: textOf(entity.name) ?? "",
          searchable: columns("issearchable"),
          retrievable: columns("isretrievable"),
          synonyms: by(synonyms.rows, "_skillentity_value", entity.dvtablesearchentityid).map(
            (each) => ({
              column: textOf(each.columnlogicalname) ?? "",
              words: split(textOf(each.synonyms)),
            }),
          ),
        };
      }),
      glossary: by(glossary.rows, "_skill_value", id).flatMap((each) => {
        const term = textOf(each.term);
        return term === undefined ? [] : [{ term, meaning: textOf(each.description) ?? "" }];
      }),
      ...(isFederated ? { unreachable: federatedWords } : {}),
    };
  });
  return { sources, notes: noted("the table sources (dvtablesearch)", searches.missing) };
}

const federatedWords =
  "It is searched through its own connection, which Dataverse does not open for other callers.";

/**
 * File sources, and sets of files that belong to none of them. A source holds the sets that its table search names, else
 * those called as it is.
 */
async function fileSources(dataverse: Dataverse): Promise<SourceList> {
  const isActive = "statecode eq 0";
  const [searches, entities, sets, links] = await Promise.all([
    queryIfThere(dataverse, "dvfilesearch", {
      select: ["dvfilesearchid", "name", "_dvtablesearch_value"],
      filter: isActive,
      orderby: "name",
      top: most,
    }),
    queryIfThere(dataverse, "dvfilesearchentity", {
      select: ["entitylogicalname", "name", "_dvfilesearch_value"],
      filter: isActive,
      top: 1_000,
    }),
    queryIfThere(dataverse, "unstructuredfilesearchentity", {
      select: ["unstructuredfilesearchentityid", "name", "knowledgesource"],
      filter: isActive,
      orderby: "name",
      top: most,
    }),
    queryIfThere(dataverse, "dvtablesearchentity", {
      select: ["_dvtablesearch_value", "_unstructuredfilesearchentityid_value"],
      filter: isActive,
      top: 1_000,
    }),
  ]);
  const records = await dataverse.metadata.table("unstructuredfilesearchrecord");
  const reach =
    records === undefined
      ? { unreachable: "This environment keeps no readable text of its files." }
      : {};
  const taken = new Set<string>();
  const sources = searches.rows.map((row): KnowledgeSource => {
    const id = String(row.dvfilesearchid);
    const name = textOf(row.name) ?? id;
    const isNamed = (set: Row) =>
      [set.name, set.knowledgesource].some(
        (each) => textOf(each)?.toLowerCase() === name.toLowerCase(),
      );
    const isLinked = (set: Row) =>
      textOf(row._dvtablesearch_value) !== undefined &&
      links.rows.some(
        (link) =>
          link._dvtablesearch_value === row._dvtablesearch_value &&
          link._unstructuredfilesearchentityid_value === set.unstructuredfilesearchentityid,
      );
    const own = sets.rows.filter((set) => isNamed(set) || isLinked(set)).map(idOfSet);
    for (const set of own) taken.add(set);
    return {
      id,
      name,
      kind: "files",
      tables: entities.rows
        .filter((each) => each._dvfilesearch_value === id)
        .map((entity) => ({
          table: textOf(entity.entitylogicalname) ?? "",
          displayName: textOf(entity.name) ?? "",
          searchable: [],
          retrievable: [],
          synonyms: [],
        })),
      glossary: [],
      ...(own.length === 0 ? {} : { fileSets: own }),
      ...reach,
    };
  });
  const others = sets.rows
    .filter((set) => !taken.has(idOfSet(set)))
    .map(
      (set): KnowledgeSource => ({
        id: idOfSet(set),
        name: textOf(set.name) ?? textOf(set.knowledgesource) ?? idOfSet(set),
        kind: "files",
        tables: [],
        glossary: [],
        fileSets: [idOfSet(set)],
        ...reach,
      }),
    );
  return {
    sources: [...sources, ...others],
    notes: noted("the file sources (dvfilesearch)", searches.missing ?? sets.missing),
  };
}

const idOfSet = (set: Row) => String(set.unstructuredfilesearchentityid);

export const faqId = "knowledgefaq";

async function faqSource(dataverse: Dataverse): Promise<SourceList> {
  const table = await dataverse.metadata.table(faqId);
  if (table === undefined) return { sources: [], notes: [] };
  const { rows, missing } = await queryIfThere(dataverse, faqId, {
    select: [table.primaryId],
    top: 1,
  });
  const notes = noted("the questions and answers (knowledgefaq)", missing);
  if (rows.length === 0) return { sources: [], notes };
  const columns = ["faqdata", "source"].filter((name) => table.columnByName.has(name));
  const source: KnowledgeSource = {
    id: faqId,
    name: "Questions and answers",
    kind: "faq",
    tables: [
      {
        table: faqId,
        displayName: table.displayName,
        searchable: columns,
        retrievable: columns,
        synonyms: [],
      },
    ],
    glossary: [],
  };
  return { sources: [source], notes };
}

async function federatedSources(dataverse: Dataverse): Promise<SourceList> {
  const { rows, missing } = await queryIfThere(dataverse, "federatedknowledgeconfiguration", {
    select: ["federatedknowledgeconfigurationid", "name", "uniquename", "statecode"],
    orderby: "name",
    top: most,
  });
  const sources = rows.map((row): KnowledgeSource => {
    const id = String(row.federatedknowledgeconfigurationid);
    return {
      id,
      name: textOf(row.name) ?? textOf(row.uniquename) ?? id,
      kind: "federated",
      tables: [],
      glossary: [],
      unreachable:
        row.statecode === 1 ? federatedWords : "Its connection is not published or has failed.",
    };
  });
  return { sources, notes: noted("the federated sources", missing) };
}

/**
 * The source that `said` means: its id, or its name in any case, or a part of one name only.
 *
 * @returns the source, or the names there are
 */
export function findSource(
  sources: readonly KnowledgeSource[],
  said: string,
): KnowledgeSource | undefined {
  const word = said.trim().toLowerCase();
  const exact = sources.find(
    (source) => source.id.toLowerCase() === word || source.name.toLowerCase() === word,
  );
  if (exact !== undefined) return exact;
  const near = sources.filter((source) => source.name.toLowerCase().includes(word));
  return near.length === 1 ? near[0] : undefined;
}
