import { z } from "zod";
import {
  type KnowledgeSource,
  listSources,
  type SourceTable,
} from "../service/knowledge/knowledge-sources";
import { quote } from "../text/quote";
import { recordLine, recordList, recordWord } from "../text/records/record-text";
import { defineTool } from "./define";
import { readSources } from "./needs";

export const listKnowledgeSources = defineTool({
  name: "list_knowledge_sources",
  title: "List knowledge sources",
  description:
    "Lists the environment's knowledge sources (tables, files, questions and answers, federated), what each covers, and which cannot be searched from here. retrieve_knowledge answers from them.",
  effect: "read",
  needs: { tables: readSources },
  input: z.strictObject({
    filter: z.string().max(200).optional().describe("Words in a source's or table's name"),
  }),
  output: z.object({
    sources: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        kind: z.string(),
        tables: z.array(z.string()),
        reachable: z.boolean(),
      }),
    ),
  }),

  async run({ filter }, { dataverse }) {
    const { sources, notes } = await listSources(dataverse);
    const word = filter?.trim().toLowerCase() ?? "";
    const shown = sources.filter((source) => namesOf(source).some((name) => name.includes(word)));
    return {
      text: [
        shown.length === 0
          ? `None of the ${sources.length} knowledge sources has ${quote(filter)} in its name.`
          : `${shown.length} knowledge source${shown.length === 1 ? "" : "s"}:`,
        ...shown.flatMap(sourceLines),
        ...notes.map((note) => `Note: ${note}`),
      ].join("\n"),
      structured: {
        sources: shown.map((source) => ({
          id: source.id,
          name: source.name,
          kind: source.kind,
          tables: source.tables.map((table) => table.table),
          reachable: source.unreachable === undefined,
        })),
      },
    };
  },
});

const namesOf = (source: KnowledgeSource) =>
  [source.name, ...source.tables.flatMap((table) => [table.table, table.displayName])].map((name) =>
    name.toLowerCase(),
  );

function sourceLines(source: KnowledgeSource): string[] {
  const covers = source.tables.map(tableWords).join("; ");
  return [
    `- ${recordLine(source.name)} (${source.kind}, source ${recordWord(source.id)})${covers === "" ? "" : `: ${covers}`}`,
    ...(source.glossary.length === 0
      ? []
      : [`  glossary: ${recordList(source.glossary.map((each) => each.term))}`]),
    ...(source.unreachable === undefined
      ? []
      : [`  cannot be searched here: ${source.unreachable}`]),
  ];
}

function tableWords(table: SourceTable): string {
  const columns =
    table.searchable.length === 0 ? "" : ` (${table.searchable.map(recordWord).join(", ")})`;
  const synonyms = table.synonyms.length === 0 ? "" : `, ${table.synonyms.length} synonym lists`;
  return `${recordWord(table.table)}${columns}${synonyms}`;
}
