import type { Dataverse, Write } from "../../dataverse";
import { AppError } from "../../errors";
import type { FieldPrediction, Trace } from "../../intelligence";
import { type CaseRecord, caseWords } from "../case/case-record";
import { propertyOf } from "../case/case-table";
import { readRecordValues } from "../record/values/record-values";
import {
  type Enrichment,
  type EnrichmentChange,
  type EnrichmentNote,
  enrichmentOf,
  noteRequest,
  noteText,
} from "./enrichment-note";

export interface Written {
  readonly changes: readonly EnrichmentChange[];
  /** Id of the note, or undefined where the table takes none. */
  readonly noteId: string | undefined;
}

const cellOf = (value: unknown): EnrichmentChange["old"] =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? value
    : null;

/**
 * Writes the predictions that passed the gate to the version of the case that was read, and the note that says so: both or
 * neither.
 *
 * @throws AppError `conflict` when the case was changed meanwhile (nothing is written)
 */
export async function writeEnrichment(
  dataverse: Dataverse,
  record: CaseRecord,
  predictions: readonly FieldPrediction[],
  trace: Trace,
): Promise<Written> {
  const { table } = record.caseTable;
  const item = Object.fromEntries(
    predictions.map((prediction) => [prediction.field, prediction.best?.value ?? null]),
  );
  const { body } = await readRecordValues(dataverse, table, item, "update");
  const changes = predictions.map((prediction) => {
    const column = table.columnByName.get(prediction.field);
    return {
      prediction,
      old: cellOf(column === undefined ? null : record.row[propertyOf(column)]),
      written: cellOf(prediction.best?.value),
    };
  });
  const enrichment = enrichmentOf(changes, trace);
  const note = await noteRequest(dataverse, record, noteText(enrichment));
  await write(dataverse, record, [
    { kind: "update", table: record.ref.table, id: record.ref.id, body, etag: record.etag },
    ...(note === undefined
      ? []
      : [{ kind: "create", table: "annotation", id: note.id, body: note.body } as const]),
  ]);
  return { changes: enrichment.changes, noteId: note?.id };
}

async function write(
  dataverse: Dataverse,
  record: CaseRecord,
  writes: readonly Write[],
): Promise<void> {
  try {
    await dataverse.together(writes);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== "conflict") throw error;
    throw new AppError(
      "conflict",
      `${caseWords(record)} was changed by somebody else meanwhile. Nothing was written.`,
      { hint: "Call again: the case is read anew.", code: error.code, cause: error },
    );
  }
}

export interface Undone {
  readonly restored: readonly string[];
  /** Fields that were changed since, and are therefore left. */
  readonly left: readonly string[];
}

/**
 * Puts back what the enrichment of `note` replaced, where its value still stands, and marks the note.
 *
 * @param allowed the fields that may be written here: a note is text that others can edit
 */
export async function undoEnrichment(
  dataverse: Dataverse,
  record: CaseRecord,
  note: EnrichmentNote,
  allowed: ReadonlySet<string>,
): Promise<Undone> {
  const { table } = record.caseTable;
  const isStanding = (change: EnrichmentChange) => {
    const column = table.columnByName.get(change.field);
    return (
      column !== undefined &&
      allowed.has(change.field) &&
      cellOf(record.row[propertyOf(column)]) === change.new
    );
  };
  const standing = note.enrichment.changes.filter(isStanding);
  const left = note.enrichment.changes.filter((change) => !isStanding(change));
  const writes = [noteChange(note, { ...note.enrichment, undone: true })];
  if (standing.length > 0) {
    const item = Object.fromEntries(standing.map((change) => [change.field, change.old]));
    const { body } = await readRecordValues(dataverse, table, item, "update");
    const { ref, etag } = record;
    writes.unshift({ kind: "update", table: ref.table, id: ref.id, body, etag });
  }
  await write(dataverse, record, writes);
  return {
    restored: standing.map((change) => change.field),
    left: left.map((change) => change.field),
  };
}

/** Adds what a person thinks of an enrichment to its note. */
export const addFeedback = (
  dataverse: Dataverse,
  note: EnrichmentNote,
  said: string,
  at: Date,
): Promise<void> =>
  dataverse.together([
    noteChange(note, {
      ...note.enrichment,
      feedback: [...(note.enrichment.feedback ?? []).slice(-19), { said, at: at.toISOString() }],
    }),
  ]);

const noteChange = (note: EnrichmentNote, enrichment: Enrichment): Write => ({
  kind: "update",
  table: "annotation",
  id: note.id,
  body: { notetext: noteText(enrichment) },
  etag: note.etag,
});
