import { classOf, extracted, replyTo, sentimentOf, summaryOf } from "../../intelligence/answers";
import { translated } from "../../intelligence/translate";
import { DataverseError, type WebRequest, type WebResponse, type World } from "../../model";
import { isStored } from "../../store";
import { switchesOf } from "../../switches";
import { demandRow, invalidArgument } from "../access";
import type { Operation } from "../operation";
import { type Json, parametersOf } from "../reference";

/** An environment without AI capacity has the actions, and they refuse. */
function demandCapacity(world: World): void {
  if (switchesOf(world).intelligence) return;
  throw new DataverseError(
    400,
    "0x80040265",
    "EntitlementNotAvailable: AI Builder capacity is not available in this environment. Ask your administrator to assign credits.",
  );
}

function text(body: Json, name: string): string {
  const value = body[name];
  if (typeof value === "string" && value.trim() !== "") return value;
  throw invalidArgument(`Required field '${name}' is missing`);
}

function operation(
  name: string,
  parameters: Operation["parameters"],
  returns: Readonly<Record<string, string>>,
  answer: (body: Json, request: WebRequest, world: World) => Json,
): [string, Operation] {
  return [
    name,
    {
      kind: "Action",
      parameters,
      returns,
      run: (request, world): WebResponse => {
        demandCapacity(world);
        const context = `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.${name}Response`;
        const answered = answer(parametersOf(request.body), request, world);
        return { status: 200, body: { "@odata.context": context, ...answered } };
      },
    },
  ];
}

function categoriesOf({ Categories }: Json): string[] {
  const list = Array.isArray(Categories) ? Categories : [];
  const isRight = list.length > 0 && list.every((each) => typeof each === "string" && each !== "");
  if (isRight) return list as string[];
  throw invalidArgument("'Categories' must be a list of at least one text.");
}

/** Columns that say something of a row, in the order of their meaning. */
const telling = ["description", "content", "notetext", "comments", "keywords"];

/** A row told in sentences, with what hangs on it counted. */
function summarizeRow(body: Json, request: WebRequest, world: World): Json {
  const table = body.EntityName ?? body.EntityLogicalName;
  const id = body.RecordId ?? body.EntityId;
  const entity = typeof table === "string" ? world.catalog.byName(table) : undefined;
  if (entity === undefined) throw invalidArgument("Required field 'EntityName' is missing");
  if (typeof id !== "string") throw invalidArgument("Required field 'RecordId' is missing");
  const name = entity.logicalName;
  const row = demandRow(world, request.principal, "Read", name, id.toLowerCase());
  const shown = (column: string) => {
    const attribute = entity.attribute(column);
    if (attribute === undefined || !isStored(attribute)) return undefined;
    const value = row[column];
    if (value === null || value === undefined || value === "") return undefined;
    return world.records.formatted(name, column, row) ?? String(value);
  };
  const title = shown(entity.primaryNameAttribute ?? "") ?? "without a name";
  const facts = [
    ["customerid", "for"],
    ["statuscode", "status"],
    ["prioritycode", "priority"],
    ["ownerid", "owned by"],
  ].flatMap(([column = "", word = ""]) => {
    const value = shown(column);
    return value === undefined ? [] : [`${word} ${value}`];
  });
  const words = telling.flatMap((column) => shown(column) ?? []);
  const activities = Number(
    world.db
      .prepare('SELECT count(*) AS n FROM "activitypointer" WHERE "regardingobjectid" = ?')
      .get(id.toLowerCase())?.n,
  );
  const parts = [
    `${entity.displayName} "${title}"${facts.length === 0 ? "" : ` (${facts.join(", ")})`}.`,
    ...(words.length === 0 ? [] : [summaryOf(words.join("\n"), 2)]),
    ...(activities === 0 ? [] : [`Activities: ${activities}.`]),
  ];
  return { SummarizedText: parts.join(" ") };
}

const one = { Text: "Edm.String!" };

/** The seven AI functions: deterministic answers by rule, switchable off. */
export const intelligenceOperations: Readonly<Record<string, Operation>> = Object.fromEntries([
  operation(
    "AIClassify",
    { ...one, Categories: "Collection(Edm.String)!" },
    { Classification: "Edm.String" },
    (body) => ({ Classification: classOf(text(body, "Text"), categoriesOf(body)) }),
  ),
  operation(
    "AIExtract",
    { ...one, Entity: "Edm.String!" },
    { ExtractedData: "Collection(Edm.String)" },
    (body) => ({ ExtractedData: extracted(text(body, "Text"), text(body, "Entity")) }),
  ),
  operation("AIReply", one, { PreparedResponse: "Edm.String" }, (body) => ({
    PreparedResponse: replyTo(text(body, "Text")),
  })),
  operation("AISentiment", one, { AnalyzedSentiment: "Edm.String" }, (body) => ({
    AnalyzedSentiment: sentimentOf(text(body, "Text")),
  })),
  operation("AISummarize", one, { SummarizedText: "Edm.String" }, (body) => ({
    SummarizedText: summaryOf(text(body, "Text")),
  })),
  operation(
    "AISummarizeRecord",
    {
      EntityName: "Edm.String",
      RecordId: "Edm.Guid",
      EntityLogicalName: "Edm.String",
      EntityId: "Edm.Guid",
    },
    { SummarizedText: "Edm.String" },
    summarizeRow,
  ),
  operation(
    "AITranslate",
    { ...one, TargetLanguage: "Edm.String" },
    { TranslatedText: "Edm.String" },
    (body) => {
      const language = body.TargetLanguage ?? "en";
      if (typeof language === "string" && /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(language)) {
        return { TranslatedText: translated(text(body, "Text"), language) };
      }
      throw invalidArgument("'TargetLanguage' must be a language tag, as 'fr' or 'pt-BR'.");
    },
  ),
]);
