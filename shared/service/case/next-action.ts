import type { Dataverse } from "../../dataverse";
import { AppError } from "../../errors";
import type { NextStep } from "../../intelligence";
import { type CallTime, msToLook } from "../outcome/call-time";
import { derivedId } from "../outcome/derived-id";
import { failed, queryWords } from "../outcome/outcome-words";
import { wayTo } from "../record/lookups/lookup-values";
import { type Creation, createOwn } from "../record/write/create-row";
import type { CaseRecord } from "./case-record";

/** `msdyn_actiontype` by kind of step. @see https://learn.microsoft.com/dynamics365/developer/reference/entities/msdyn_nextaction */
const actionTypes: Readonly<Record<NextStep["kind"], number>> = {
  "share-solution": 100000003,
  "ask-customer": 100000002,
  "do-internal": 100000002,
  escalate: 100000002,
  close: 100000001,
};

const validForMs = 7 * 86_400_000;

/** So many times the same step may be kept anew, once the time of the one before is over. */
const mostOfStep = 30;

/** What became of keeping a step: it was kept now, or the same one is there already. */
export interface Kept {
  readonly id: string;
  readonly is: Creation;
}

/**
 * Keeps the first step on the case, where Dynamics 365 keeps its own. The same step is kept once as long as it is valid: its id
 * comes from the case and the step.
 *
 * @throws AppError `unsupported` where the table is missing or the case is no incident; or when it was not kept, or that is not
 * known
 */
export async function storeNextAction(
  dataverse: Dataverse,
  time: CallTime,
  record: CaseRecord,
  step: NextStep,
  now: Date,
): Promise<Kept> {
  const table = await dataverse.metadata.table("msdyn_nextaction");
  const column = table?.columnByName.get("msdyn_regarding");
  const way = column === undefined ? undefined : wayTo(column, record.ref.table);
  if (table === undefined || way === undefined) {
    throw new AppError(
      "unsupported",
      "The suggestion cannot be stored here; nothing was written.",
      {
        hint: "The table msdyn_nextaction belongs to Dynamics 365 Customer Service, for cases only. Call again without store.",
      },
    );
  }
  const data = {
    kind: step.kind,
    title: step.title,
    detail: step.detail,
    confidence: step.confidence,
    evidence: step.evidence.map((each) => ({
      table: each.ref.table,
      id: each.ref.id,
      score: each.score,
    })),
  };
  const body = {
    msdyn_name: step.title.slice(0, table.columnByName.get("msdyn_name")?.maxLength ?? 100),
    msdyn_actiontype: actionTypes[step.kind],
    msdyn_actiondata: JSON.stringify(data),
    msdyn_validfrom: now.toISOString(),
    msdyn_validto: new Date(now.getTime() + validForMs).toISOString(),
    [`${way.property}@odata.bind`]: `/${record.caseTable.table.setName}(${record.ref.id})`,
  };
  const said = JSON.stringify([record.ref.id, step.kind, step.title, step.detail]);
  for (let at = 0; ; at += 1) {
    const id = derivedId("next action", said, String(at));
    const settled = await createOwn(dataverse, time, table, id, { body });
    if (settled.outcome !== "done") throw failed(settled, words(id));
    const isOver = settled.value === "there" && (await isPast(dataverse, id, now, msToLook(time)));
    if (!isOver || at === mostOfStep) return { id, is: settled.value };
  }
}

/** False as well where the row may not be read: it is there, and that is enough. */
async function isPast(dataverse: Dataverse, id: string, now: Date, withinMs: number) {
  try {
    const row = await dataverse.retrieve("msdyn_nextaction", id, {
      select: ["msdyn_validto"],
      withinMs,
    });
    return Date.parse(String(row?.msdyn_validto)) < now.getTime();
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

const words = (id: string) => ({
  done: "the first step was kept on the case",
  notDone: "The first step was not kept on the case.",
  findOut: `To find out, call ${queryWords(`SELECT msdyn_nextactionid FROM msdyn_nextaction WHERE msdyn_nextactionid = '${id}'`)}: a row says that it was.`,
  again: `The same call can be made again: it keeps the same step once, under the id ${id}.`,
});
