import type { Dataverse, Row, Table } from "../../dataverse";
import type { FieldSpec } from "../../intelligence";
import { propertyOf } from "../case/case-table";
import { textOf } from "../record/optional-read";
import { noteSubject, readNoteText } from "./enrichment-note";

/** How often a value that was written automatically was still there when the case was closed. */
export interface RealisedPrecision {
  readonly field: string;
  readonly cases: number;
  readonly right: number;
}

/** Fewer closed cases say nothing. */
const fewest = 20;
/** A field is taken out of auto when it is so far below its target. */
const tolerance = 0.02;
const mostNotes = 500;
/** Written and last changed by the application for somebody: a note by anybody else counts for nothing. */
const ours = ["createdonbehalfby", "modifiedonbehalfby"]
  .map((column) => `<condition attribute="${column}" operator="not-null"/>`)
  .join("");

/** Compares what enrichments wrote with what stood on the case at closing, over the newest closed cases the caller may read. */
export async function readRealisedPrecision(
  dataverse: Dataverse,
  table: Table,
  fields: readonly string[],
): Promise<RealisedPrecision[]> {
  const columns = fields.flatMap((name) => table.columnByName.get(name) ?? []);
  const annotations = await dataverse.metadata.table("annotation");
  if (annotations === undefined || !table.columnByName.has("statecode")) return [];
  const attributes = columns.map((column) => `<attribute name="${column.logicalName}"/>`).join("");
  const xml = `<fetch top="${mostNotes}"><entity name="annotation"><attribute name="annotationid"/><attribute name="notetext"/><order attribute="createdon" descending="true"/><filter><condition attribute="subject" operator="eq" value="${noteSubject}"/>${ours}</filter><link-entity name="${table.logicalName}" from="${table.primaryId}" to="objectid" alias="closed" link-type="inner">${attributes}<filter><condition attribute="statecode" operator="eq" value="1"/></filter></link-entity></entity></fetch>`;
  const counts = new Map(columns.map((column) => [column.logicalName, { cases: 0, right: 0 }]));
  for await (const page of dataverse.fetchXml("annotation", xml)) {
    for (const row of page.rows) count(counts, table, row);
  }
  return [...counts].map(([field, found]) => ({ field, ...found }));
}

function count(
  counts: ReadonlyMap<string, { cases: number; right: number }>,
  table: Table,
  row: Row,
): void {
  const enrichment = readNoteText(textOf(row.notetext) ?? "");
  for (const change of enrichment?.changes ?? []) {
    const found = counts.get(change.field);
    const column = table.columnByName.get(change.field);
    if (found === undefined || column === undefined) continue;
    const closing = row[`closed.${column.logicalName}`] ?? row[`closed.${propertyOf(column)}`];
    found.cases++;
    // An undone value was wrong, whatever stands there now.
    if (enrichment?.undone !== true && (closing ?? null) === change.new) found.right++;
  }
}

/**
 * Fields whose automatic values turned out worse than their target are recommended from now on.
 *
 * @returns the fields, and the words that say why
 */
export function demote(
  fields: readonly FieldSpec[],
  realised: readonly RealisedPrecision[],
): { readonly fields: FieldSpec[]; readonly demoted: string[] } {
  const demoted: string[] = [];
  const changed = fields.map((field): FieldSpec => {
    const found = realised.find((each) => each.field === field.logicalName);
    if (field.mode !== "auto" || found === undefined || found.cases < fewest) return field;
    const precision = found.right / found.cases;
    const target = field.targetPrecision ?? 0.95;
    if (precision >= target - tolerance) return field;
    demoted.push(
      `${field.logicalName} is recommended only: of ${found.cases} values written automatically, ${found.right} stood at closing (${Math.round(precision * 100)} %, target ${Math.round(target * 100)} %).`,
    );
    return { ...field, mode: "recommend" };
  });
  return { fields: changed, demoted };
}
