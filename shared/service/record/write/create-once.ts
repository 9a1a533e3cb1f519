import { randomUUID } from "node:crypto";
import type { Dataverse, Table } from "../../../dataverse";
import type { CallTime } from "../../outcome/call-time";
import { failed, queryWords } from "../../outcome/outcome-words";
import { mayBeDone } from "../../outcome/settle";
import { unclearCreations } from "../../outcome/unclear-creations";
import type { RecordValues } from "../values/record-values";
import { type Creation, createNamed, createOwn } from "./create-row";

/** What is created: an id that the caller gave, or undefined for one of ours. */
export type NewRecord = Pick<RecordValues, "id" | "body" | "after">;

/**
 * Creates a record, once. The id is ours or the caller's, so that after an unclear failure anybody can look whether the record is
 * there; the same wish again gets the same id.
 *
 * @param again where the tool takes the id with which it is repeated
 * @param wish under what the wish is known (`wishOf`)
 * @param drawn the id of ours, where it was told before it is used
 * @throws AppError when it was not created, or when that is not known
 */
export async function createOnce(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  { id: named, body, after }: NewRecord,
  wish: string,
  again: "item" | "recordId" = "item",
  drawn: string = randomUUID(),
): Promise<{ readonly id: string; readonly is: Creation }> {
  if (named !== undefined) unclearCreations.forgetId(named);
  const id = named ?? unclearCreations.recall(wish) ?? drawn;
  const create = named === undefined ? createOwn : createNamed;
  const settled = await create(dataverse, time, table, id, { body, after });
  if (settled.outcome === "done") {
    unclearCreations.forget(wish);
    return { id, is: settled.value };
  }
  if (named === undefined && mayBeDone(settled.failure)) unclearCreations.keep(wish, id);
  throw failed(settled, {
    done: "the record was created",
    notDone: "The record was not created.",
    findOut: `To find out, call ${queryWords(`SELECT ${table.primaryId} FROM ${table.logicalName} WHERE ${table.primaryId} = '${id}'`)}: a row says that it was.`,
    again:
      again === "item"
        ? `To repeat the call without making a second record, put "${table.primaryId}": "${id}" into item.`
        : `To repeat the call without making a second record, add "recordId": "${id}" to it.`,
  });
}
