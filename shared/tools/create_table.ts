import { z } from "zod";
import type { Context } from "../context";
import type { Table } from "../dataverse";
import { AppError } from "../errors";
import { callWords, failed } from "../service/outcome/outcome-words";
import { isRefused, schemaPauses, settle } from "../service/outcome/settle";
import {
  type Added,
  addColumns,
  attributeBody,
  compareColumns,
  isRelation,
} from "../service/schema/add-columns";
import { announceColumns } from "../service/schema/announce-columns";
import { clashWords } from "../service/schema/column-differences";
import { type PlannedColumn, planColumns } from "../service/schema/column-requests";
import { label } from "../service/schema/label";
import { type Publisher, readPublisher } from "../service/schema/publisher";
import { longestName, schemaName } from "../service/schema/schema-name";
import {
  inLine,
  publish,
  publishWords,
  readFresh,
  readIfAnswered,
  waitUntilUsable,
  writeSchema,
} from "../service/schema/schema-writes";
import { quote } from "../text/quote";
import { recordLine } from "../text/records/record-text";
import { columnsArgument } from "./arguments";
import { defineTool, type ToolResult } from "./define";

export const createTable = defineTool({
  name: "create_table",
  title: "Create a table",
  description:
    "Creates a custom table with its columns and waits until it can be used. The first string column names its records. A call that timed out can be repeated.",
  effect: "create",
  needs: {
    tables: { publisher: ["Read"], solution: ["Read"] },
    privileges: [
      "prvCreateEntity",
      "prvCreateAttribute",
      "prvCreateRelationship",
      "prvPublishCustomization",
    ],
  },
  timeoutMs: 150_000,
  input: z.strictObject({
    tablename: z.string().max(200).describe("Without prefix"),
    displayname: z.string().trim().min(1).max(100),
    description: z.string().max(2000).optional(),
    item: columnsArgument.describe("Columns"),
  }),
  output: z.object({
    tablename: z.string(),
    created: z.boolean().describe("false: it was there already"),
    columnsAdded: z.array(z.string()),
    primaryName: z.string(),
    setName: z.string(),
    usable: z.boolean(),
  }),

  async run(input, context) {
    const publisher = await readPublisher(context.dataverse);
    const request = await plan(input, context, publisher);
    return inLine(context.dataverse, context.signal, () => make(request, context));
  },
});

interface Request {
  readonly schema: string;
  readonly logicalName: string;
  readonly displayname: string;
  readonly description: string;
  readonly primary: PlannedColumn;
  /** All columns, the primary one first. */
  readonly columns: readonly PlannedColumn[];
}

type Answer = ToolResult<{
  tablename: string;
  created: boolean;
  columnsAdded: string[];
  primaryName: string;
  setName: string;
  usable: boolean;
}>;

interface Input {
  readonly tablename: string;
  readonly displayname: string;
  readonly description?: string | undefined;
  readonly item: Parameters<typeof planColumns>[2];
}

async function plan(input: Input, { dataverse }: Context, publisher: Publisher): Promise<Request> {
  const { columns, problems } = await planColumns(dataverse, publisher, input.item);
  const all = [...problems];
  const schema = schemaName(input.tablename, publisher.prefix);
  if (schema === undefined) {
    all.push(`tablename ${quote(input.tablename)} needs at least one letter a–z or digit.`);
  } else if (schema.length > longestName.table) {
    all.push(`tablename ${schema} is longer than ${longestName.table} characters.`);
  }
  if (all.length > 0 || schema === undefined) {
    throw new AppError("invalid", "The table was not created: the request is not right.", {
      problems: all,
      hint: "Mend all of this and call again; nothing was written.",
    });
  }
  const primary =
    columns.find(isNamed) ?? columns.find(isText) ?? (await ownName(publisher, input, dataverse));
  return {
    schema,
    logicalName: schema.toLowerCase(),
    displayname: input.displayname,
    description: input.description ?? "",
    primary,
    columns: [primary, ...columns.filter((column) => column !== primary)],
  };
}

const isText = (column: PlannedColumn) => column.word === "string";
const isNamed = (column: PlannedColumn) => isText(column) && /_name$/i.test(column.logicalName);

/** A table has to have a name column; without a string column it gets the usual one. */
async function ownName(
  publisher: Publisher,
  input: Input,
  dataverse: Context["dataverse"],
): Promise<PlannedColumn> {
  const name = input.item.some((each) => each.name.trim().toLowerCase() === "name")
    ? "Record Name"
    : "Name";
  const { columns } = await planColumns(dataverse, publisher, [{ name, type: "string" }]);
  const [column] = columns;
  if (column === undefined) throw new TypeError("The name column could not be planned.");
  return column;
}

async function make(request: Request, context: Context): Promise<Answer> {
  const { dataverse } = context;
  const before = await readFresh(dataverse, request.logicalName);
  // The table, columns that it may lack, and publishing: what is begun here must not stop half-way.
  const further =
    before === undefined
      ? request.columns.filter(isRelation)
      : compareColumns(before, request.columns).missing;
  if (before !== undefined) checkSame(before, request);
  dataverse.demand("change of the table", further.length + 3);
  if (before === undefined || further.length > 0)
    await announceColumns(
      dataverse,
      { path: "EntityDefinitions", body: { SchemaName: request.schema } },
      before === undefined ? `${request.displayname} (${request.logicalName})` : undefined,
      before === undefined ? request.columns : further,
    );
  // Where another call was faster, its table is looked at as any that was there.
  if (before === undefined && (await createOnce(request, context)) === "there")
    return make(request, context);
  const table = before ?? (await readIfAnswered(() => readFresh(dataverse, request.logicalName)));
  const missing =
    table === undefined
      ? request.columns.filter(isRelation)
      : compareColumns(table, request.columns).missing;
  const order = [...missing.filter((each) => !isRelation(each)), ...missing.filter(isRelation)];
  const { added } = await addRest(request, context, order, before === undefined);
  const hasChanged = before === undefined || added.length > 0;
  const unpublished = hasChanged
    ? await publish(dataverse, context, request.logicalName)
    : undefined;
  const names = request.columns.map((column) => column.logicalName);
  const usable = await waitUntilUsable(dataverse, context, request.logicalName, names);
  const now = await readIfAnswered(() => dataverse.metadata.table(request.logicalName));
  return answer(request, now, {
    created: before === undefined,
    added: before === undefined ? names : added,
    usable,
    notes: publishWords(unpublished),
  });
}

/** A failure says, first of all, that the table itself was made. */
async function addRest(
  request: Request,
  context: Context,
  order: readonly PlannedColumn[],
  isNew: boolean,
): Promise<Added> {
  try {
    return await addColumns(context.dataverse, context, request.logicalName, order);
  } catch (error) {
    if (!(error instanceof AppError) || !isNew) throw error;
    throw error.restated(
      `Table ${request.logicalName} was created, but not all of its columns. ${error.message}`,
    );
  }
}

/** A table of that name that is not the one asked for is not touched. */
function checkSame(table: Table, request: Request): void {
  const { different } = compareColumns(table, request.columns);
  const isOther = table.displayName.toLowerCase() !== request.displayname.toLowerCase();
  if (!isOther && different.length === 0) return;
  throw new AppError(
    "conflict",
    `There is already a table ${table.logicalName} (${recordLine(table.displayName)}), and it is not the same.`,
    {
      problems: different.flatMap((column) => {
        const there = table.columnByName.get(column.logicalName);
        return there === undefined ? [] : [clashWords(there, column)];
      }),
      hint: "Use update_table to add columns to it, or choose another tablename. Nothing was written.",
    },
  );
}

/**
 * One request makes the table with all columns that are no lookups. A lost answer is checked by looking.
 *
 * @returns `there` when somebody else made a table of that name in the same moment
 * @throws AppError when it was not created, or when that is not known
 */
async function createOnce(request: Request, context: Context): Promise<"made" | "there"> {
  const { dataverse, signal } = context;
  const attributes = request.columns
    .filter((column) => !isRelation(column))
    .map((column) => ({
      ...attributeBody(column),
      ...(column === request.primary ? { IsPrimaryName: true } : {}),
    }));
  const isThere = async () => (await readFresh(dataverse, request.logicalName)) !== undefined;
  const settled = await settle<"made">(
    context,
    {
      async send(withinMs) {
        await writeSchema(dataverse, signal, {
          method: "POST",
          path: "EntityDefinitions",
          body: {
            "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
            SchemaName: request.schema,
            DisplayName: label(request.displayname),
            DisplayCollectionName: label(plural(request.displayname)),
            Description: label(request.description),
            OwnershipType: "UserOwned",
            HasActivities: false,
            HasNotes: false,
            IsActivity: false,
            Attributes: attributes,
          },
          expects: "entityId",
          withinMs,
        });
        return "made";
      },
      look: async () => ((await isThere()) ? "made" : undefined),
    },
    schemaPauses,
  );
  if (settled.outcome === "done") return settled.value;
  if (isRefused(settled) && (await readIfAnswered(isThere)) === true) return "there";
  throw failed(settled, {
    done: "the table was created",
    notDone: "The table was not created.",
    findOut: `To find out, call ${callWords("list_tables", { filter: request.logicalName })}: its name there says that it was.`,
    again: "The same call can be made again: a table that is there is left as it is.",
  });
}

/** A display text only; names in URLs come from metadata. */
function plural(word: string): string {
  if (/[^aeiou]y$/i.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/i.test(word) ? `${word}es` : `${word}s`;
}

function answer(
  request: Request,
  table: Table | undefined,
  made: {
    readonly created: boolean;
    readonly added: readonly string[];
    readonly usable: boolean;
    readonly notes: readonly string[];
  },
): Answer {
  const first = made.created
    ? `Table ${request.logicalName} created successfully.`
    : made.added.length > 0
      ? `Table ${request.logicalName} was there already; the missing columns were added.`
      : `Table ${request.logicalName} was there already, with all these columns; nothing was changed.`;
  const setName = table?.setName ?? "";
  return {
    text: [
      first,
      `Columns added: ${made.added.join(", ") || "none"}. Primary name: ${request.primary.logicalName}. Set name: ${setName || "not known yet"}.`,
      made.usable
        ? "It can be used now."
        : "Dataverse needs some more time until it can be used: try describe_table in a minute.",
      ...made.notes,
    ].join("\n"),
    structured: {
      tablename: request.logicalName,
      created: made.created,
      columnsAdded: [...made.added],
      primaryName: request.primary.logicalName,
      setName,
      usable: made.usable,
    },
  };
}
