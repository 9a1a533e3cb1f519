import type { Dataverse } from "../../dataverse";
import type { Change, Consequence } from "../../policy/consequences/consequence";
import { columnsOf } from "../../policy/consequences/read-change";
import type { Asked } from "../../policy/grades";
import type { Fact, Preview } from "../../policy/preview";
import { caseOf } from "../read-live";
import { goesWith, rowsOf } from "./goes-with";
import { mailFacts } from "./mail-facts";
import { recordFacts } from "./record-facts";

/** What is shown before a yes, and what of it has to stand as it is until then. */
export interface Shown {
  readonly preview: Preview;
  /** Versions of the rows that are shown, and whatever else must not have moved. */
  readonly versions: readonly string[];
}

/**
 * What a change would do, as the caller may see it now.
 *
 * @param more facts that do not stand in the change itself
 * @throws AppError where it cannot be read: what cannot be shown is not asked for
 */
export async function previewOf(
  dataverse: Dataverse,
  change: Change,
  consequences: readonly Consequence[],
  asked: Asked,
  more: readonly Fact[] = [],
): Promise<Shown> {
  if (change.action === "SendEmail" && change.id !== undefined)
    return shown(asked, await mailFacts(dataverse, change.id));
  if (change.kind === "schema" || change.kind === "schema-delete")
    return schemaPreview(dataverse, change, asked, more);
  const caseId = caseOf(change);
  const isCase = caseId !== undefined && change.table !== "incident";
  const table = isCase ? "incident" : change.table;
  const id = isCase ? caseId : change.id;
  const row = await recordFacts(dataverse, table, change.kind === "create" ? undefined : id);
  const facts: Fact[] = [...row.facts];
  if (change.action === "Merge") facts.push(...(await mergeFacts(dataverse, change)));
  if (change.action !== undefined) facts.push({ label: "operation", values: [change.action] });
  if (change.kind === "delete" && table !== undefined && id !== undefined)
    facts.push(...(await goesWith(dataverse, table, id)));
  if (change.kind === "create" || change.kind === "update")
    facts.push({ label: "columns", values: columnWords(change) });
  if (consequences.includes("resolve-with-open") && caseId !== undefined)
    facts.push(await openFact(dataverse, caseId));
  return shown(asked, { facts, versions: row.versions });
}

const shown = (
  asked: Asked,
  { facts, versions }: { readonly facts: readonly Fact[]; readonly versions: readonly string[] },
): Shown => ({ preview: { asked, facts }, versions });

/** Longest value of a column that is shown whole, in characters. */
const longestValue = 500;

function columnWords({ body }: Change): string[] {
  const names = new Set(columnsOf(body));
  return [...names].map((name) => {
    const entry = Object.entries(body).find(([key]) => columnsOf({ [key]: 0 })[0] === name);
    const value = typeof entry?.[1] === "string" ? entry[1] : JSON.stringify(entry?.[1] ?? null);
    return `${name}: ${value.length > longestValue ? `${value.slice(0, longestValue)} …` : value}`;
  });
}

async function openFact(dataverse: Dataverse, caseId: string): Promise<Fact> {
  if ((await dataverse.metadata.table("activitypointer")) === undefined)
    return { label: "openActivities", values: ["?"] };
  const { rows } = await dataverse.query("activitypointer", {
    select: ["activitytypecode", "subject"],
    filter: `_regardingobjectid_value eq ${caseId} and statecode ne 1 and statecode ne 2`,
    orderby: "createdon desc",
    top: 20,
  });
  return {
    label: "openActivities",
    values: rows.map((row) => `${row.activitytypecode}: ${row.subject ?? ""}`),
  };
}

/** The rows of a merge stand in its body, each with its type. */
async function mergeFacts(dataverse: Dataverse, { body }: Change): Promise<Fact[]> {
  const facts = await Promise.all(
    (["Subordinate", "Target"] as const).map(async (part) => {
      const row = body[part];
      if (typeof row !== "object" || row === null) return [];
      const entries = Object.entries(row as Readonly<Record<string, unknown>>);
      const type = String(entries.find(([name]) => name === "@odata.type")?.[1] ?? "");
      const table = type.replace(/^.*\./, "");
      const id = String(entries.find(([name]) => !name.startsWith("@"))?.[1] ?? "");
      const found = await recordFacts(dataverse, table, id);
      const values = found.facts.flatMap((fact) => fact.values);
      return [{ label: part === "Target" ? ("intoRecord" as const) : ("record" as const), values }];
    }),
  );
  return facts.flat();
}

/** @param more what a tool says of the columns that it is about to make */
async function schemaPreview(
  dataverse: Dataverse,
  { kind, table: name }: Change,
  asked: Asked,
  more: readonly Fact[],
): Promise<Shown> {
  const table = name === undefined ? undefined : await dataverse.metadata.table(name);
  const facts: Fact[] = [
    ...(table === undefined ? [] : [named(table.displayName, table.logicalName)]),
    ...more,
  ];
  if (kind !== "schema-delete" || table === undefined)
    return { preview: { asked, facts }, versions: [] };
  facts.push(await rowsOf(dataverse, table));
  return { preview: { asked, facts, typed: table.logicalName }, versions: [] };
}

const named = (displayName: string, logicalName: string): Fact => ({
  label: "table",
  values: [`${displayName} (${logicalName})`],
});
