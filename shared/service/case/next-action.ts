import { randomUUID } from "node:crypto";
import type { Dataverse } from "../../dataverse";
import { AppError } from "../../errors";
import type { NextStep } from "../../intelligence";
import { wayTo } from "../record/lookups/lookup-values";
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

/**
 * Keeps the first step on the case, where Dynamics 365 keeps its own.
 *
 * @returns the id of the `msdyn_nextaction`
 * @throws AppError `unsupported` where the table is missing or the case is no incident
 */
export async function storeNextAction(
  dataverse: Dataverse,
  record: CaseRecord,
  step: NextStep,
  now: Date,
): Promise<string> {
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
  const { id } = await dataverse.create(
    "msdyn_nextaction",
    {
      msdyn_name: step.title.slice(0, table.columnByName.get("msdyn_name")?.maxLength ?? 100),
      msdyn_actiontype: actionTypes[step.kind],
      msdyn_actiondata: JSON.stringify(data),
      msdyn_validfrom: now.toISOString(),
      msdyn_validto: new Date(now.getTime() + validForMs).toISOString(),
      [`${way.property}@odata.bind`]: `/${record.caseTable.table.setName}(${record.ref.id})`,
    },
    { id: randomUUID() },
  );
  return id;
}
