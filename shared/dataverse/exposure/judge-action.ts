import type { Definitions } from "./definitions";
import { judgeParameters } from "./judge-body";
import { judgeOptions } from "./judge-odata";
import { notJudged } from "./refusal";

type Json = Readonly<Record<string, unknown>>;

/** Actions and functions without a row, by what of the environment they reach beside their parameters. */
const reaches: Readonly<Record<string, readonly string[]>> = {
  WhoAmI: [],
  AIClassify: [],
  AIReply: [],
  AISummarize: [],
  PublishXml: [],
  CloseIncident: ["incident", "incidentresolution"],
  Merge: [],
  msdyn_invokeCaseProcessingAgent: ["incident"],
};

/** A template may take its words from the record, its customer and the user. */
const templateSources = ["template", "account", "contact", "systemuser"] as const;

/**
 * @param name of an action or a function that is called without a row
 * @throws AppError `forbidden` for what reaches something hidden, and for what is not known here
 */
export async function judgeUnbound(
  definitions: Definitions,
  name: string,
  body: unknown,
): Promise<void> {
  const given = (body ?? {}) as Json;
  if (name === "searchquery") return judgeSearch(definitions, given);
  if (name === "FullTextSearchKnowledgeArticle")
    return judgeWhole(definitions, ["knowledgearticle"], "a search of articles");
  if (name === "InstantiateTemplate") {
    const tables = [...templateSources, String(given.ObjectType)];
    return judgeWhole(definitions, tables, "a template that is filled in");
  }
  if (name === "RelationshipDefinitions" || name === "CreateCustomerRelationships")
    return judgeRelationships(definitions, given);
  if (name === "EntityDefinitions") return judgeNewTable(definitions, given);
  const tables = Object.hasOwn(reaches, name) ? reaches[name] : undefined;
  if (tables === undefined) throw notJudged(name);
  for (const table of tables) definitions.mustShowTable(table);
  await judgeParameters(definitions, given);
}

/** What looks into every column, whatever it is asked for. */
async function judgeWhole(
  definitions: Definitions,
  tables: readonly string[],
  what: string,
): Promise<void> {
  for (const name of tables) {
    if (!definitions.showsAll(await definitions.table(name))) throw notJudged(what);
  }
}

/** Dataverse search looks into every column that is searchable unless it is told which. */
async function judgeSearch(definitions: Definitions, { entities }: Json): Promise<void> {
  const asked: unknown = typeof entities === "string" ? JSON.parse(entities) : undefined;
  // Without a list it searches all tables.
  if (!Array.isArray(asked) || asked.length === 0) throw notJudged("a search of all tables");
  for (const each of asked as Json[]) {
    const table = await definitions.table(String(each.name));
    const columns = [each.searchcolumns, each.selectcolumns].flatMap((list) =>
      Array.isArray(list) ? list.map(String) : [],
    );
    const isNarrow = Array.isArray(each.searchcolumns) && each.searchcolumns.length > 0;
    if (!isNarrow && !definitions.showsAll(table))
      throw notJudged(`a search of all columns of ${table.logicalName}`);
    for (const column of columns) definitions.mustShowColumn(table, column);
    if (typeof each.filter === "string")
      await judgeOptions(definitions, table, { $select: table.primaryId, $filter: each.filter });
  }
}

/** Two tables are tied together: both are named. */
function judgeRelationships(definitions: Definitions, body: unknown): void {
  if (Array.isArray(body)) {
    for (const each of body) judgeRelationships(definitions, each);
  } else if (typeof body === "object" && body !== null) {
    for (const [key, value] of Object.entries(body)) {
      if (key === "ReferencedEntity" || key === "ReferencingEntity")
        definitions.mustShowTable(String(value));
      else judgeRelationships(definitions, value);
    }
  }
}

/** A table that nobody would see would be made and never found again. */
function judgeNewTable({ shown }: Definitions, { SchemaName }: Json): void {
  const name = String(SchemaName).toLowerCase();
  if (!shown.mayShow(name)) throw notJudged(`the making of the table ${name}`);
}
