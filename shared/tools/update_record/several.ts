import type { Context } from "../../context";
import type { Table } from "../../dataverse";
import { AppError } from "../../errors";
import { findRecordIds } from "../../service/record/record-id";
import { type Item, readRecordValues } from "../../service/record/values/record-values";
import { type Changed, changeEach } from "../../service/record/write/change-each";
import { changeRow } from "../../service/record/write/change-row";
import { noneChanged } from "../../service/record/write/none-changed";

/** @throws AppError `invalid` for arguments that belong to one record */
export function refuseMix(
  { recordId, etag }: { recordId: string | undefined; etag: string | undefined },
  isMerge: boolean,
): void {
  const problems = [
    ...(recordId === undefined ? [] : ["recordId and recordIds stand side by side; give one."]),
    ...(etag === undefined ? [] : ["etag is the version of one record."]),
    ...(isMerge ? ["Records are merged one at a time, by recordId."] : []),
  ];
  if (problems.length > 0)
    throw new AppError("invalid", "Nothing was written.", { problems, hint: "Mend that." });
}

/** All are found and all values read before the first is changed; what was not done is said first. */
export async function several(context: Context, table: Table, said: readonly string[], item: Item) {
  const { dataverse } = context;
  const ids = await findRecordIds(dataverse, table, "recordIds", said);
  const values = await readRecordValues(dataverse, table, item, "update");
  dataverse.demand("change of the records", ids.length * 2);
  // Whoever has to say yes does so to all of them, before the first is changed.
  await dataverse.announce(
    ids.map((id) => ({
      method: "PATCH",
      path: `${table.setName}(${id})`,
      body: values.body,
      expects: { changeOf: id },
    })),
  );
  const records = await changeEach(ids, context, (id) =>
    changeRow(dataverse, context, table, id, values),
  );
  const done = records.filter(({ outcome }) => outcome === "done");
  const left = records.filter(({ outcome }) => outcome !== "done");
  const columns = values.columns.join(", ");
  if (done.length === 0 && left.length > 0) throw noneOf(left);
  return {
    text: [
      ...(left.length === 0
        ? []
        : [`${left.length} of ${records.length} records were NOT changed:`]),
      ...left.map(
        ({ recordId, outcome, why }) =>
          `- ${recordId}: ${outcome}${why === undefined ? "" : `; ${why}`}`,
      ),
      `${done.length} of ${records.length} records of ${table.logicalName} updated: ${columns}.`,
    ].join("\n"),
    details: [
      ...values.notes,
      ...(left.length === 0 ? [] : ["Next: the same call with those ids alone."]),
    ].join("\n"),
    structured: {
      tablename: table.logicalName,
      columns: [...values.columns],
      records: records.map(({ recordId, outcome, why }) => ({
        recordId,
        outcome,
        ...(why === undefined ? {} : { why }),
      })),
      notes: [...values.notes],
    },
  };
}

/** What the records themselves stand against is mended first; what failed on the way is tried again as it is. */
function noneOf(left: readonly Changed[]): AppError {
  return noneChanged(left, {
    none: `None of ${left.length} records was changed.`,
    open: `Of ${left.length} records none is known to be changed.`,
    lines: left.map(
      ({ recordId, outcome, why }) =>
        `${recordId}: ${outcome}${why === undefined ? "" : `; ${why}`}`,
    ),
    again: "The same call can be made again: the same values are written at most once more.",
    mend: "Mend what is said, and call again.",
  });
}
