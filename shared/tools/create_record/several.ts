import { randomUUID } from "node:crypto";
import type { Context } from "../../context";
import type { Dataverse, DataverseRequest, Table } from "../../dataverse";
import { AppError } from "../../errors";
import { unclearCreations, wishOf } from "../../service/outcome/unclear-creations";
import { findById } from "../../service/record/find-rows";
import { isQueueItem } from "../../service/record/operations/queue-items";
import {
  type Item,
  type RecordValues,
  readRecordValues,
} from "../../service/record/values/record-values";
import { type Changed, changeEach } from "../../service/record/write/change-each";
import { createOnce } from "../../service/record/write/create-once";
import { noneChanged } from "../../service/record/write/none-changed";
import { recordWord } from "../../text/records/record-text";

/** One of several records that are to be made. */
interface New {
  readonly id: string;
  readonly values: RecordValues;
  readonly wish: string;
}

/** All values are read before the first record is made; what was not made is said first. */
export async function createSeveral(context: Context, table: Table, items: readonly Item[]) {
  const { dataverse } = context;
  if (isQueueItem(table))
    throw new AppError("invalid", "Nothing was written: records are put into a queue one by one.", {
      hint: "reassign_case with cases moves several cases.",
    });
  const made = await readAll(context, table, items);
  dataverse.demand("creation of the records", made.length * 2);
  // Whoever has to say yes does so to all of them, before the first is made.
  await dataverse.announce(made.map((each) => requestOf(table, each)));
  const byId = new Map(made.map((each) => [each.id, each]));
  const before = new Set<string>();
  const records = await changeEach([...byId.keys()], context, async (id) => {
    const each = byId.get(id);
    if (each === undefined) return;
    const { is } = await createOnce(dataverse, context, table, each.values, each.wish, "item", id);
    if (is !== "made") before.add(id);
  });
  const done = records.filter(({ outcome }) => outcome === "done");
  const left = records.filter(({ outcome }) => outcome !== "done");
  if (done.length === 0) throw noneOf(table, left, records);
  // Whoever makes the same call again for the sake of those left makes no second one of these.
  if (left.length > 0)
    for (const { recordId } of done) {
      const each = byId.get(recordId);
      if (each !== undefined && each.values.id === undefined)
        unclearCreations.keep(each.wish, recordId);
    }
  const numbers = await readNumbers(dataverse, table, done);
  const notes = made.flatMap(({ values }, index) =>
    values.notes.map((note) => `items[${index}]: ${note}`),
  );
  return {
    text: [
      ...(left.length === 0 ? [] : [`${left.length} of ${records.length} records were NOT made:`]),
      ...left.map((each) => `- ${leftWords(table, each, records)}`),
      `${done.length} of ${records.length} records of ${table.logicalName} created:`,
      ...done.map(
        ({ recordId }) =>
          `- ${recordId}${numberWords(numbers.get(recordId))}${before.has(recordId) ? ", made by an earlier call" : ""}`,
      ),
    ].join("\n"),
    details: notes.join("\n"),
    structured: {
      tablename: table.logicalName,
      records: records.map(({ recordId, outcome, why }) => {
        const caseNumber = numbers.get(recordId);
        return {
          recordId,
          outcome,
          ...(caseNumber === undefined ? {} : { caseNumber }),
          ...(why === undefined ? {} : { why }),
        };
      }),
      notes,
    },
  };
}

/** @throws AppError `invalid` with what is wrong in each of them */
async function readAll(
  { dataverse, settings, caller }: Context,
  table: Table,
  items: readonly Item[],
): Promise<readonly New[]> {
  const made: New[] = [];
  const problems: string[] = [];
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const text = JSON.stringify(item);
    const before = seen.get(text) ?? 0;
    seen.set(text, before + 1);
    // Two alike are two wishes.
    const wished = before === 0 ? [table.logicalName, item] : [table.logicalName, item, before];
    const wish = wishOf(settings.dataverseUrl, caller.objectId, "create_record", wished);
    try {
      const values = await readRecordValues(dataverse, table, item, "create");
      made.push({ id: values.id ?? unclearCreations.recall(wish) ?? randomUUID(), values, wish });
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== "invalid") throw error;
      problems.push(
        ...[error.message, ...error.problems].map((each) => `items[${index}]: ${each}`),
      );
    }
  }
  if (new Set(made.map(({ id }) => id)).size < made.length)
    problems.push(`Two items have the same ${table.primaryId}.`);
  if (problems.length === 0) return made;
  throw new AppError("invalid", "Nothing was written: not every item is right.", {
    problems,
    hint: "Mend all of this and call again with all of them.",
  });
}

/** As `createOnce` sends it. */
function requestOf(table: Table, { id, values: { body, after } }: New): DataverseRequest {
  const path = `${table.setName}(${id})`;
  const create: DataverseRequest = {
    method: "PATCH",
    path,
    body,
    headers: { "If-None-Match": "*" },
    expects: { entityId: id },
  };
  if (after === undefined) return create;
  const update: DataverseRequest = {
    method: "PATCH",
    path,
    body: after,
    headers: { "If-Match": "*" },
    expects: { changeOf: id },
  };
  return { method: "POST", path: "$batch", expects: "noContent", changeSet: [create, update] };
}

/** By place in `items`, so that the rest can be called for again. */
function leftWords(table: Table, { recordId, outcome, why }: Changed, all: readonly Changed[]) {
  const index = all.findIndex((each) => each.recordId === recordId);
  const again =
    outcome === "not known"
      ? ` To repeat it without making a second one, put "${table.primaryId}": "${recordId}" into it.`
      : "";
  return `items[${index}]: ${outcome}${why === undefined ? "" : `; ${why}`}${again}`;
}

const numberWords = (number: string | undefined): string =>
  number === undefined ? "" : ` ${recordWord(number)}`;

const noneOf = (table: Table, left: readonly Changed[], all: readonly Changed[]) =>
  noneChanged(left, {
    none: `None of ${left.length} records was made.`,
    open: `Of ${left.length} records none is known to be made.`,
    lines: left.map((each) => leftWords(table, each, all)),
    again: "Call again with the same items, with the ids that are named above in them.",
    mend: "Mend what is said, and call again.",
  });

/** People name a case by its number, which Dataverse gives. That it cannot be read leaves the cases made. */
async function readNumbers(
  dataverse: Dataverse,
  table: Table,
  done: readonly Changed[],
): Promise<ReadonlyMap<string, string>> {
  if (!table.columnByName.has("ticketnumber")) return new Map();
  try {
    const ids = done.map(({ recordId }) => recordId);
    const rows = await findById(dataverse, table, ids, ["ticketnumber"]);
    return new Map([...rows].map(([id, row]) => [id, String(row.ticketnumber ?? "")]));
  } catch (error) {
    if (error instanceof AppError) return new Map();
    throw error;
  }
}
