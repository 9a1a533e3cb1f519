import { createHash } from "node:crypto";
import type { Column, Dataverse, Row } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import type { CaseHistory, FieldValue, ResolvedCase } from "../../intelligence";
import { textOf } from "../record/optional-read";
import { type CaseTable, propertyOf } from "./case-table";

/** Enough to learn from; more makes the first answer slow (a fit of 2,000 cases takes about two seconds). */
export const mostCases = 2_000;
const pageSize = 500;
/** The resolved cases that one person may read are read again after this time. */
const keptMs = 15 * 60_000;
const mostKept = 12;

interface Kept {
  readonly cases: Promise<readonly ResolvedCase[]>;
  readonly at: number;
}

/**
 * Cases read for one person, kept for the life of the process. The key names the person: rows that one may read are
 * never another's, and neither is what was learned from them.
 */
const kept = new Map<string, Kept>();

export interface HistoryScope {
  /** Origin of the environment. */
  readonly environment: string;
  /** Entra object id of the person who reads. */
  readonly caller: string;
  /** Milliseconds. */
  readonly now: number;
}

/** The newest resolved cases that the caller may read, as something to learn from. */
export function caseHistory(
  dataverse: Dataverse,
  caseTable: CaseTable,
  fields: readonly string[],
  scope: HistoryScope,
): CaseHistory & { cases(): Promise<readonly ResolvedCase[]> } {
  const columns = fields.flatMap((name) => caseTable.table.columnByName.get(name) ?? []);
  const key = [
    scope.environment,
    scope.caller,
    caseTable.table.logicalName,
    columns.map((column) => column.logicalName).sort(),
  ].join(" ");
  const slot = Math.floor(scope.now / keptMs);
  const cases = () => {
    const known = kept.get(key);
    if (known !== undefined && known.at === slot) return known.cases;
    const reading = readResolved(dataverse, caseTable, columns);
    kept.delete(key);
    kept.set(key, { cases: reading, at: slot });
    // A failure is this caller's to hear; the next call reads again.
    reading.catch(() => kept.delete(key));
    const oldest = kept.keys().next().value;
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return reading;
  };
  return {
    scope: createHash("sha256").update(key).digest("hex").slice(0, 32),
    version: String(slot),
    read: () => cases(),
    cases,
  };
}

/**
 * Resolved cases, newest first. State 1 is Resolved for a case, Inactive for most other tables.
 *
 * @param ids only these
 */
export async function readResolved(
  dataverse: Dataverse,
  caseTable: CaseTable,
  columns: readonly Column[],
  ids?: readonly string[],
): Promise<readonly ResolvedCase[]> {
  const { table } = caseTable;
  const names = new Set(
    [
      table.primaryId,
      caseTable.title,
      caseTable.number,
      caseTable.description,
      caseTable.customer?.logicalName,
      // Only where cases are shown: learning needs nobody's name.
      ...(ids === undefined ? [] : caseTable.contacts.map((column) => column.logicalName)),
      table.columnByName.has("modifiedon") ? "modifiedon" : undefined,
      ...columns.map((column) => column.logicalName),
    ].filter((name) => name !== undefined),
  );
  const attributes = [...names].map((name) => `<attribute name="${name}"/>`).join("");
  const resolution = table.logicalName === "incident" ? await resolutionLink(dataverse) : "";
  const state = table.columnByName.has("statecode")
    ? '<condition attribute="statecode" operator="eq" value="1"/>'
    : "";
  const only =
    ids === undefined
      ? ""
      : `<condition attribute="${table.primaryId}" operator="in">${ids.map((id) => `<value>${id}</value>`).join("")}</condition>`;
  const filter = state + only === "" ? "" : `<filter>${state}${only}</filter>`;
  const order = names.has("modifiedon") ? '<order attribute="modifiedon" descending="true"/>' : "";
  const xml = `<fetch><entity name="${table.logicalName}">${attributes}${order}<order attribute="${table.primaryId}"/>${filter}${resolution}</entity></fetch>`;
  const found = new Map<string, ResolvedCase>();
  for await (const page of dataverse.fetchXml(table.logicalName, xml, { pageSize })) {
    for (const row of page.rows) {
      const id = String(row[table.primaryId]);
      // A case that was reopened has several resolutions; the first row is enough.
      if (!found.has(id)) found.set(id, asResolved(caseTable, columns, row, ids !== undefined));
    }
    if (found.size >= mostCases) break;
  }
  return [...found.values()].slice(0, mostCases);
}

/** How each case was resolved, as far as this deployment shows it. */
async function resolutionLink(dataverse: Dataverse): Promise<string> {
  const tables = await dataverse.metadata.tables();
  const resolution = tables.find(({ logicalName }) => logicalName === "incidentresolution");
  if (resolution === undefined) return "";
  // Its definition is read only where it may lack something.
  const columns = resolution.isPartial
    ? (await dataverse.metadata.table("incidentresolution"))?.columnByName
    : undefined;
  const isShown = (name: string) => !resolution.isPartial || columns?.has(name) === true;
  const said = ["subject", "description"].filter(isShown);
  if (!isShown("incidentid") || said.length === 0) return "";
  const attributes = said.map((name) => `<attribute name="${name}"/>`).join("");
  return `<link-entity name="incidentresolution" from="incidentid" to="incidentid" alias="resolution" link-type="outer">${attributes}</link-entity>`;
}

function asResolved(
  caseTable: CaseTable,
  columns: readonly Column[],
  row: Row,
  withPeople: boolean,
): ResolvedCase {
  const { table, number, description, customer } = caseTable;
  const said = number === undefined ? undefined : textOf(row[number]);
  // The subject is mostly a formula ("Case resolved"); it tells something only where there is no note.
  const resolution = textOf(row["resolution.description"]) ?? textOf(row["resolution.subject"]);
  const people = [...(customer === undefined ? [] : [customer]), ...caseTable.contacts].flatMap(
    (column) => textOf(row[`${propertyOf(column)}${formattedValue}`]) ?? [],
  );
  return {
    ref: {
      table: table.logicalName,
      id: String(row[table.primaryId]),
      ...(said === undefined ? {} : { number: said }),
    },
    title: textOf(row[caseTable.title]) ?? "",
    description: description === undefined ? undefined : textOf(row[description]),
    values: Object.fromEntries(
      columns.map((column) => [column.logicalName, readCell(row[propertyOf(column)])]),
    ),
    ...(resolution === undefined ? {} : { resolution }),
    ...(withPeople ? { people } : {}),
    resolvedOn: textOf(row.modifiedon) ?? "",
    customerId: customer === undefined ? undefined : textOf(row[propertyOf(customer)]),
  };
}

const readCell = (value: unknown): FieldValue | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : undefined;
