import type { Dataverse, Table } from "../../../dataverse";
import { AppError } from "../../../errors";
import { type CallTime, msToLook } from "../../outcome/call-time";
import { failed, queryWords } from "../../outcome/outcome-words";
import { isRefused, type Settled } from "../../outcome/settle";
import type { RecordValues } from "../values/record-values";
import { noSuchRow, type Standing, updateRow } from "./update-row";

/**
 * Changes one row.
 *
 * @returns what is to be said of it
 * @throws AppError when it was not changed, or when that is not known
 */
export async function changeRow(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
  { body, columns }: RecordValues,
  version?: string,
): Promise<readonly string[]> {
  const settled = await updateRow(dataverse, time, table, id, body, version);
  if (settled.outcome !== "done")
    throw await explain(settled, dataverse, time, table, id, version, columns);
  const { value } = settled;
  if (value.is === "others") throw overtaken(table, id, value.version);
  return value.otherwise.length === 0
    ? []
    : [
        `Read back, these hold another value: ${value.otherwise.join(", ")}. A rule of the environment may have set them.`,
      ];
}

/** The answer of our own change was lost, and what stands now is somebody else's. */
const overtaken = (table: Table, id: string, version: string | undefined): AppError =>
  version === undefined
    ? noSuchRow(table, id)
    : new AppError(
        "conflict",
        `Somebody else changed the record meanwhile; it is at ${version}, and the values of this call do not stand in it.`,
        { hint: "Read it with read_query, and call again if the change is still wanted." },
      );

const isAboutOther = ({ message }: AppError, table: Table, id: string): boolean =>
  /[0-9a-f]{8}-[0-9a-f-]{27}/.test(message) && !message.includes(`${table.logicalName} ${id}`);

/** A missing row and a stale version get the next step. */
async function explain(
  settled: Exclude<Settled<Standing>, { readonly outcome: "done" }>,
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
  version: string | undefined,
  columns: readonly string[],
): Promise<AppError> {
  const { failure } = settled;
  const refused = isRefused(settled);
  // A record that the values name may be missing as well; the message then says which.
  if (refused && failure.kind === "not_found" && !isAboutOther(failure, table, id))
    return noSuchRow(table, id, failure);
  const current =
    refused && failure.kind === "conflict" && version !== undefined
      ? await readVersion(dataverse, time, table, id)
      : undefined;
  if (current === undefined || current === version) {
    return failed(settled, {
      done: "the record was changed",
      notDone: "The record was not changed.",
      findOut: `To find out, call ${queryWords(`SELECT ${columns.join(", ")} FROM ${table.logicalName} WHERE ${table.primaryId} = '${id}'`)}: the new values say that it was.`,
      again: "The same call can be made again: the same values are written at most once more.",
    });
  }
  return new AppError(
    "conflict",
    `The record was changed since version ${version}; it is now at ${current}. Nothing was written.`,
    {
      hint: `Read it again with read_query, look at what changed, and repeat the change with etag ${current}.`,
      code: failure.code,
      cause: failure,
    },
  );
}

/** Undefined where it cannot be read: the refusal then stands as it is. */
async function readVersion(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
): Promise<string | undefined> {
  try {
    const row = await dataverse.retrieve(table.logicalName, id, {
      select: [table.primaryId],
      withinMs: msToLook(time),
    });
    const current = row?.["@odata.etag"];
    return typeof current === "string" ? current : undefined;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
