import type { Dataverse, Row, Write } from "../../dataverse";
import type { FieldPrediction, Trace } from "../../intelligence";
import type { CaseRecord } from "../case/case-record";
import { propertyOf } from "../case/case-table";
import type { CallTime } from "../outcome/call-time";
import { textOf } from "../record/optional-read";
import { readRecordValues } from "../record/values/record-values";
import { comparedProperties, compareRow } from "../record/write/compare-row";
import {
  type Enrichment,
  type EnrichmentChange,
  type EnrichmentNote,
  enrichmentOf,
  noteRequest,
  noteText,
  readNoteText,
} from "./enrichment-note";
import { noteQuery, writeTogether } from "./write-together";

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
  time: CallTime,
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
  const writes: readonly Write[] = [
    { kind: "update", table: record.ref.table, id: record.ref.id, body, etag: record.etag },
    ...(note === undefined
      ? []
      : [{ kind: "create", table: "annotation", id: note.id, body: note.body } as const]),
  ];
  await writeTogether(dataverse, time, record, {
    writes,
    // The note is made with the change or not at all, and nobody else uses its id.
    isDone: (withinMs) =>
      note === undefined
        ? isWritten(dataverse, record, body, withinMs)
        : isThere(dataverse, note.id, withinMs),
    done: "the fields were written",
    notDone: "No field was written.",
    findOut: `To find out, call ${noteQuery(record, note?.id)}.`,
    again: "The same call can be made again: the case is read anew, and nothing is written twice.",
  });
  return { changes: enrichment.changes, noteId: note?.id };
}

const isThere = async (dataverse: Dataverse, noteId: string, withinMs: number): Promise<boolean> =>
  (await dataverse.retrieve("annotation", noteId, { select: ["annotationid"], withinMs })) !==
  undefined;

async function isWritten(
  dataverse: Dataverse,
  { ref, etag, caseTable: { table } }: CaseRecord,
  body: Row,
  withinMs: number,
): Promise<boolean> {
  const row = await dataverse.retrieve(ref.table, ref.id, {
    select: [table.primaryId, ...comparedProperties(table, body)],
    withinMs,
  });
  if (row === undefined || row["@odata.etag"] === etag) return false;
  return compareRow(table, body, row).different.length === 0;
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
  time: CallTime,
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
  await writeTogether(dataverse, time, record, {
    writes,
    isDone: async (withinMs) => (await readNote(dataverse, note.id, withinMs))?.undone === true,
    done: "the enrichment was taken back",
    notDone: "The enrichment was not taken back.",
    findOut: `To find out, call ${noteQuery(record, note.id)}: its first line then says "undone".`,
    again:
      "Call again only if it was not taken back: the same call takes back the last enrichment that still stands.",
  });
  return {
    restored: standing.map((change) => change.field),
    left: left.map((change) => change.field),
  };
}

/**
 * Adds what a person thinks of an enrichment to its note.
 *
 * @returns false when the note says that already: the same words are kept once
 */
export async function addFeedback(
  dataverse: Dataverse,
  time: CallTime,
  record: CaseRecord,
  note: EnrichmentNote,
  said: string,
  at: Date,
): Promise<boolean> {
  const before = note.enrichment.feedback ?? [];
  if (before.some((each) => each.said === said)) return false;
  const entry = { said, at: at.toISOString() };
  await writeTogether(dataverse, time, record, {
    writes: [noteChange(note, { ...note.enrichment, feedback: [...before.slice(-19), entry] })],
    isDone: async (withinMs) => {
      const now = await readNote(dataverse, note.id, withinMs);
      return now?.feedback?.some((each) => each.said === said && each.at === entry.at) === true;
    },
    done: "the feedback was added",
    notDone: "The feedback was not added.",
    findOut: `To find out, call ${noteQuery(record, note.id)}.`,
    again: "The same call can be made again: the case is read anew, and nothing is written twice.",
  });
  return true;
}

async function readNote(
  dataverse: Dataverse,
  id: string,
  withinMs: number,
): Promise<Enrichment | undefined> {
  const row = await dataverse.retrieve("annotation", id, { select: ["notetext"], withinMs });
  return readNoteText(textOf(row?.notetext) ?? "");
}

const noteChange = (note: EnrichmentNote, enrichment: Enrichment): Write => ({
  kind: "update",
  table: "annotation",
  id: note.id,
  body: { notetext: noteText(enrichment) },
  etag: note.etag,
});
