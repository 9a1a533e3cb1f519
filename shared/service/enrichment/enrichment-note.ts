import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Dataverse, Row } from "../../dataverse";
import type { FieldPrediction, Trace } from "../../intelligence";
import type { CaseRecord } from "../case/case-record";
import { wayTo } from "../record/lookups/lookup-values";
import { queryIfThere, textOf } from "../record/optional-read";
import { withoutTags } from "../record/values/safe-bodies";

/** How notes of this kind are found again. */
export const noteSubject = "AI: fields filled by enrich_case";

const cell = z.union([z.string().max(4_000), z.number(), z.boolean(), z.null()]);
const change = z.object({
  field: z.string().max(128),
  old: cell,
  new: cell,
  label: z.string().max(500),
  confidence: z.number(),
  evidence: z.array(z.string().max(200)).max(20),
});
const record = z.object({
  v: z.literal(1),
  provider: z.string().max(50),
  model: z.string().max(200),
  prompt: z.string().max(100).optional(),
  changes: z.array(change).max(100),
  undone: z.boolean().optional(),
  feedback: z.array(z.object({ said: z.string().max(1_000), at: z.string().max(40) })).optional(),
});

export type EnrichmentChange = z.output<typeof change>;
export type Enrichment = z.output<typeof record>;

export interface EnrichmentNote {
  readonly id: string;
  readonly etag: string;
  readonly enrichment: Enrichment;
}

const marker = "Data for undo and measurement, please leave as it is: ";

/** What changed, for people; and the same for us, so that it can be undone and measured. */
export function noteText(enrichment: Enrichment): string {
  const lines = enrichment.changes.map((each) =>
    withoutTags(
      `${each.field}: ${words(each.old)} → ${each.label} (confidence ${each.confidence.toFixed(2)}; evidence: ${each.evidence.join(", ") || "none"})`,
    ),
  );
  return [
    `Predicted by ${enrichment.provider} (${enrichment.model})${enrichment.undone ? ", undone" : ""}.`,
    ...lines,
    ...(enrichment.feedback ?? []).map((each) => withoutTags(`Feedback ${each.at}: ${each.said}`)),
    // In JSON a sign may stand as its number, which no reader of HTML takes for a tag.
    `${marker}${JSON.stringify(enrichment).replaceAll("<", "\\u003c")}`,
  ].join("\n");
}

const words = (value: EnrichmentChange["old"]) => (value === null ? "empty" : String(value));

/** The machine's part of a note, or undefined when somebody changed it. */
export function readNoteText(text: string): Enrichment | undefined {
  const at = text.lastIndexOf(marker);
  if (at < 0) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text.slice(at + marker.length));
  } catch {
    return undefined;
  }
  const parsed = record.safeParse(json);
  return parsed.success ? parsed.data : undefined;
}

export function enrichmentOf(
  changes: readonly {
    prediction: FieldPrediction;
    old: EnrichmentChange["old"];
    written: EnrichmentChange["new"];
  }[],
  trace: Trace,
): Enrichment {
  return {
    v: 1,
    provider: trace.provider,
    model: `${trace.model} ${trace.modelVersion}`.trim(),
    ...(trace.promptHash === undefined ? {} : { prompt: trace.promptHash }),
    changes: changes.map(({ prediction, old, written }) => ({
      field: prediction.field,
      old,
      new: written,
      label: prediction.best?.label ?? String(written),
      confidence: prediction.best?.confidence ?? 0,
      evidence: prediction.evidence
        .slice(0, 5)
        .map((each) => `${each.ref.table} ${each.ref.number ?? each.ref.id}`),
    })),
  };
}

/**
 * Request that creates the note, to go into the change set that writes the case.
 *
 * @returns undefined where the table takes no notes
 */
export async function noteRequest(
  dataverse: Dataverse,
  caseRecord: CaseRecord,
  text: string,
): Promise<{ readonly id: string; readonly body: Row } | undefined> {
  const table = await dataverse.metadata.table("annotation");
  const column = table?.columnByName.get("objectid");
  const way = column === undefined ? undefined : wayTo(column, caseRecord.ref.table);
  if (table === undefined || way === undefined) return undefined;
  const body: Row = {
    subject: noteSubject,
    notetext: text,
    [`${way.property}@odata.bind`]: `/${caseRecord.caseTable.table.setName}(${caseRecord.ref.id})`,
  };
  return { id: randomUUID(), body };
}

/**
 * Notes of earlier enrichments of a case, newest first. What a note says decides what may be overwritten and put back, so a
 * note that anybody wrote or changed by hand is none: ours are always written for somebody, by the application.
 */
export async function readNotes(dataverse: Dataverse, caseId: string): Promise<EnrichmentNote[]> {
  const { rows } = await queryIfThere(dataverse, "annotation", {
    select: ["annotationid", "notetext", "createdon", ...writers],
    filter: `_objectid_value eq ${caseId} and subject eq '${noteSubject}'`,
    // Two within one second are told apart by what was written last.
    orderby: "createdon desc,versionnumber desc",
    top: 20,
  });
  return rows.flatMap((row) => {
    if (!isOurs(row)) return [];
    const enrichment = readNoteText(textOf(row.notetext) ?? "");
    return enrichment === undefined
      ? []
      : [{ id: String(row.annotationid), etag: String(row["@odata.etag"] ?? "*"), enrichment }];
  });
}

const writers = ["_createdonbehalfby_value", "_modifiedonbehalfby_value"];

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api */
const isOurs = (row: Row): boolean => writers.every((writer) => typeof row[writer] === "string");

/** The newest value that we wrote to each field of the case. */
export function writtenValues(notes: readonly EnrichmentNote[]): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const { enrichment } of notes) {
    if (enrichment.undone) continue;
    for (const each of enrichment.changes) {
      if (!values.has(each.field)) values.set(each.field, each.new);
    }
  }
  return values;
}
