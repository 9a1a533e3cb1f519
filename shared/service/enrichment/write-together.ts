import type { Dataverse, Write } from "../../dataverse";
import { AppError } from "../../errors";
import { type CaseRecord, caseWords } from "../case/case-record";
import type { CallTime } from "../outcome/call-time";
import { type ChangeWords, failed, queryWords } from "../outcome/outcome-words";
import { settle } from "../outcome/settle";

/** Where it shows what became of a change: its note, or the case where the table takes none. */
export const noteQuery = ({ ref, caseTable: { table } }: CaseRecord, noteId: string | undefined) =>
  queryWords(
    noteId === undefined
      ? `SELECT * FROM ${ref.table} WHERE ${table.primaryId} = '${ref.id}'`
      : `SELECT annotationid, notetext FROM annotation WHERE annotationid = '${noteId}'`,
  );

/** Changes that are made together, and how they are told. */
export interface Together extends ChangeWords {
  readonly writes: readonly Write[];
  /** Looks whether they were made. */
  isDone(withinMs: number): Promise<boolean>;
}

/**
 * Makes the changes to the versions that were read, all or none, and finds out what became of them.
 *
 * @throws AppError `conflict` when somebody was faster (nothing is written); or when they were not made, or that is not known
 */
export async function writeTogether(
  dataverse: Dataverse,
  time: CallTime,
  record: CaseRecord,
  { writes, isDone, ...words }: Together,
): Promise<void> {
  const settled = await settle<true>(time, {
    async send(withinMs) {
      await dataverse.together(writes, { withinMs });
      return true;
    },
    look: async (withinMs) => ((await isDone(withinMs)) ? true : undefined),
  });
  if (settled.outcome === "done") return;
  const { failure } = settled;
  if (failure.kind === "conflict") {
    throw new AppError(
      "conflict",
      `${caseWords(record)} was changed by somebody else meanwhile. Nothing was written.`,
      { hint: "Call again: the case is read anew.", code: failure.code, cause: failure },
    );
  }
  throw failed(settled, words);
}
