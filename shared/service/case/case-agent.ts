import type { Column, Dataverse } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { AppError } from "../../errors";
import { type CaseRecord, readCaseRecord } from "./case-record";
import { type CaseTable, propertyOf } from "./case-table";

export interface AgentDifference {
  readonly field: string;
  /** As people read it; text from the record: data. */
  readonly before: string;
  readonly after: string;
}

/** Columns of the platform's own bookkeeping, which every write moves. */
const ignored = new Set(["modifiedon", "modifiedby", "versionnumber", "modifiedonbehalfby"]);

/** What a column of the case may be compared by. */
export const comparable = ({ table }: CaseTable): readonly Column[] =>
  table.columns.filter(
    (column) =>
      column.canRead &&
      column.canUpdate &&
      column.attributeOf === undefined &&
      !ignored.has(column.logicalName) &&
      !["PartyList", "Virtual", "File", "Image", "ManagedProperty"].includes(column.type),
  );

/**
 * Lets Dynamics 365's own Case Management Agent fill the case. It writes by itself and answers nothing, so the case is read
 * before and after.
 *
 * @param before the case with all `comparable` columns
 * @throws AppError `unsupported` where the agent is not installed or not switched on
 * @see https://learn.microsoft.com/dynamics365/customer-service/develop/use-case-processing-agent
 */
export async function runCaseAgent(
  dataverse: Dataverse,
  before: CaseRecord,
  emailId: string | undefined,
): Promise<readonly AgentDifference[]> {
  const action = {
    action: "enrich",
    ...(emailId === undefined ? {} : { sourceContextEntity: `emails(${emailId})` }),
  };
  try {
    await dataverse.action(
      "msdyn_invokeCaseProcessingAgent",
      { msdyn_incidentId: before.ref.id, msdyn_actions: JSON.stringify([action]) },
      "noContent",
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.kind === "timeout" || error.kind === "throttled" || error.kind === "forbidden")
      throw error;
    throw new AppError("unsupported", "The Case Management Agent could not be run here.", {
      hint: "It must be installed and switched on in this environment. Leave engine out to use the built-in prediction.",
      code: error.code,
      cause: error,
    });
  }
  const columns = comparable(before.caseTable);
  const after = await readCaseRecord(
    dataverse,
    before.caseTable,
    before.ref.id,
    columns.map((column) => column.logicalName),
  );
  if (after === undefined) return [];
  return columns.flatMap((column) => {
    const property = propertyOf(column);
    const words = ({ row }: CaseRecord) =>
      String(row[`${property}${formattedValue}`] ?? row[property] ?? "");
    return before.row[property] === after.row[property]
      ? []
      : [{ field: column.logicalName, before: words(before), after: words(after) }];
  });
}
