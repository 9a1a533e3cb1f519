import type { Column, Dataverse } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { AppError, type ErrorKind } from "../../errors";
import { type CallTime, msToLook } from "../outcome/call-time";
import { failed, queryWords } from "../outcome/outcome-words";
import { isRefused, type Settled, settle } from "../outcome/settle";
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

/** What the agent did, as far as it shows. */
export interface AgentRun {
  readonly differences: readonly AgentDifference[];
  /** Our words: what is not known of it. */
  readonly notes: readonly string[];
}

/**
 * Lets Dynamics 365's own Case Management Agent fill the case. It writes by itself and answers nothing, so the case is read
 * before and after.
 *
 * @param before the case with all `comparable` columns
 * @throws AppError `unsupported` where the agent is not installed or not switched on; or when it changed nothing, or that is not
 * known
 * @see https://learn.microsoft.com/dynamics365/customer-service/develop/use-case-processing-agent
 */
export async function runCaseAgent(
  dataverse: Dataverse,
  time: CallTime,
  before: CaseRecord,
  emailId: string | undefined,
): Promise<AgentRun> {
  const action = {
    action: "enrich",
    ...(emailId === undefined ? {} : { sourceContextEntity: `emails(${emailId})` }),
  };
  const settled = await settle<"run" | readonly AgentDifference[]>(time, {
    async send(withinMs) {
      await dataverse.action(
        "msdyn_invokeCaseProcessingAgent",
        { msdyn_incidentId: before.ref.id, msdyn_actions: JSON.stringify([action]) },
        "noContent",
        { withinMs },
      );
      return "run";
    },
    async look(withinMs) {
      const differences = await differencesTo(dataverse, before, withinMs);
      return differences.length === 0 ? undefined : differences;
    },
  });
  if (settled.outcome !== "done") throw refusalOf(settled, before);
  if (settled.value !== "run") return { differences: settled.value, notes: [] };
  try {
    return { differences: await differencesTo(dataverse, before, msToLook(time)), notes: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { differences: [], notes: ["The case could not be read back after it."] };
  }
}

/** Kinds of refusal of a service that has no agent, or has it switched off. */
const noAgent: ReadonlySet<ErrorKind> = new Set(["invalid", "not_found", "unsupported"]);

function refusalOf(
  settled: Exclude<Settled<unknown>, { readonly outcome: "done" }>,
  before: CaseRecord,
): AppError {
  const { failure } = settled;
  if (isRefused(settled) && noAgent.has(failure.kind)) {
    return new AppError(
      "unsupported",
      "The Case Management Agent could not be run here; nothing was changed.",
      {
        hint: "It must be installed and switched on in this environment, by an administrator. Leave engine out to use the built-in prediction.",
        code: failure.code,
        said: failure.said,
        request: failure.request,
        cause: failure,
      },
    );
  }
  const { table } = before.caseTable;
  return failed(settled, {
    done: "the Case Management Agent changed the case",
    notDone: "The Case Management Agent changed nothing of the case so far.",
    findOut: `To find out, call ${queryWords(`SELECT * FROM ${table.logicalName} WHERE ${table.primaryId} = '${before.ref.id}'`)}.`,
    again: "The same call can be made again: the agent then reads the case anew.",
  });
}

async function differencesTo(
  dataverse: Dataverse,
  before: CaseRecord,
  withinMs: number,
): Promise<readonly AgentDifference[]> {
  const columns = comparable(before.caseTable);
  const names = columns.map((column) => column.logicalName);
  const { caseTable, ref } = before;
  const after = await readCaseRecord(dataverse, caseTable, ref.id, names, withinMs);
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
