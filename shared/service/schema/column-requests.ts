import type { Dataverse, Table } from "../../dataverse";
import { nearest } from "../../sql/nearest";
import { withArticle } from "../../text/english/article";
import { quote } from "../../text/quote";
import { type Choice, columnKinds } from "./column-bodies";
import { label } from "./label";
import type { Publisher } from "./publisher";
import { longestName, schemaName } from "./schema-name";

/** One entry of `item` as create_table and update_table take it. */
export interface ColumnRequest {
  readonly name: string;
  readonly type: string;
  readonly required?: boolean | undefined;
  readonly relatedtable?: string | undefined;
  readonly choices?:
    | readonly { readonly label: string; readonly value?: number | undefined }[]
    | undefined;
}

/** A column that can be made: all names and values are settled. */
export interface PlannedColumn {
  readonly schemaName: string;
  readonly logicalName: string;
  readonly displayName: string;
  /** One of the type words. */
  readonly word: string;
  readonly common: Readonly<Record<string, unknown>>;
  /** Column body; empty for lookup and customer. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Logical name of the table a lookup refers to. */
  readonly related: Table | undefined;
  /** Options as they were asked for. */
  readonly choices: NonNullable<ColumnRequest["choices"]>;
}

export interface Plan {
  readonly columns: readonly PlannedColumn[];
  readonly problems: readonly string[];
}

/** Settles names, types, choices and related tables; every problem is found before anything is written. */
export async function planColumns(
  dataverse: Dataverse,
  publisher: Publisher,
  requests: readonly ColumnRequest[],
): Promise<Plan> {
  const columns: PlannedColumn[] = [];
  const problems: string[] = [];
  const names = new Set<string>();
  for (const [index, request] of requests.entries()) {
    const place = `item[${index}] ${quote(request.name)}`;
    const planned = await planColumn(dataverse, publisher, request);
    problems.push(...planned.problems.map((problem) => `${place}: ${problem}`));
    if (planned.column === undefined) continue;
    const { logicalName } = planned.column;
    if (names.has(logicalName)) problems.push(`${place}: ${logicalName} is listed twice.`);
    names.add(logicalName);
    columns.push(planned.column);
  }
  return { columns, problems };
}

async function planColumn(
  dataverse: Dataverse,
  publisher: Publisher,
  request: ColumnRequest,
): Promise<{ column?: PlannedColumn; problems: string[] }> {
  const problems: string[] = [];
  const word = readWord(request.type, problems);
  const schema = readName(request.name, publisher.prefix, problems);
  const choices = readChoices(request, word, publisher, problems);
  const related = await readRelated(dataverse, request, word, problems);
  if (request.required === true && (word === "file" || word === "image")) {
    problems.push(`${withArticle(word)} column cannot be required.`);
  }
  if (problems.length > 0 || word === undefined || schema === undefined) return { problems };
  const displayName = request.name.trim();
  return {
    problems,
    column: {
      schemaName: schema,
      logicalName: schema.toLowerCase(),
      displayName,
      word,
      common: {
        SchemaName: schema,
        DisplayName: label(displayName),
        RequiredLevel: {
          Value: request.required === true ? "ApplicationRequired" : "None",
          CanBeChanged: true,
          ManagedPropertyLogicalName: "canmodifyrequirementlevelsettings",
        },
      },
      body: columnKinds[word]?.body(choices) ?? {},
      related,
      choices: request.choices ?? [],
    },
  };
}

const words = Object.keys(columnKinds);

function readWord(type: string, problems: string[]): string | undefined {
  const word = type
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, " ");
  if (words.includes(word)) return word;
  const near = nearest(word, words, 1);
  problems.push(
    `there is no type ${quote(type)}.${near.length === 0 ? "" : ` Did you mean ${near[0]}?`} Types: ${words.join(", ")}.`,
  );
  return undefined;
}

function readName(name: string, prefix: string, problems: string[]): string | undefined {
  const schema = schemaName(name, prefix);
  if (schema === undefined) {
    problems.push("the name needs at least one letter a–z or digit.");
  } else if (schema.length > longestName.column) {
    problems.push(`${schema} is longer than ${longestName.column} characters.`);
  }
  return schema;
}

function readChoices(
  request: ColumnRequest,
  word: string | undefined,
  publisher: Publisher,
  problems: string[],
): Choice[] {
  const given = request.choices ?? [];
  if (word !== "choice" && word !== "multiselect") {
    if (given.length > 0 && word !== undefined)
      problems.push(`${withArticle(word)} column has no choices.`);
    return [];
  }
  if (given.length === 0) problems.push('choices are missing: [{"label": …, "value": …}].');
  let next = publisher.firstOption;
  const taken = new Set(given.map((each) => each.value));
  const choices = given.map(({ label: text, value }) => {
    while (value === undefined && taken.has(next)) next += 1;
    const number = value ?? next;
    taken.add(number);
    return { label: text.trim(), value: number };
  });
  if (choices.some((each) => each.label === "")) problems.push("a choice has no label.");
  if (choices.some((each) => each.value < 0 || each.value > 2_147_483_647)) {
    problems.push("values of choices go from 0 to 2147483647.");
  }
  if (new Set(choices.map((each) => each.value)).size < choices.length) {
    problems.push("two choices have the same value.");
  }
  return choices;
}

async function readRelated(
  dataverse: Dataverse,
  request: ColumnRequest,
  word: string | undefined,
  problems: string[],
): Promise<Table | undefined> {
  const name = request.relatedtable?.trim() ?? "";
  if (word !== "lookup") {
    const isSaid = name !== "" && word !== undefined && word !== "customer";
    if (isSaid) problems.push(`${withArticle(word)} column has no relatedtable.`);
    return undefined;
  }
  if (name === "") {
    problems.push("relatedtable is missing: the table that the lookup refers to.");
    return undefined;
  }
  const { table, candidates } = await dataverse.metadata.find(name);
  if (table !== undefined) return table;
  const near = candidates.map((each) => each.logicalName).join(", ");
  problems.push(`there is no table ${quote(name)}.${near === "" ? "" : ` Did you mean ${near}?`}`);
  return undefined;
}
