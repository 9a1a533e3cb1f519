import type { Context } from "../../context";
import type { Table } from "../../dataverse";
import { AppError } from "../../errors";
import { type AgentDifference, comparable, runCaseAgent } from "../../service/case/case-agent";
import { caseWords, findCaseRecord } from "../../service/case/case-record";
import { readCaseSources } from "../../service/case/case-sources";
import { asCaseTable } from "../../service/case/case-table";
import type { CaseName } from "../../service/case/find-case-row";
import { recordList } from "../../text/records/record-text";

export interface DelegateInput extends CaseName {
  readonly sourceContextEntityId?: string | undefined;
}

/**
 * Dynamics 365's own agent writes by itself: no thresholds of ours, so it has to be agreed to first.
 *
 * @throws AppError `invalid` for a table of other cases, `unsupported` where there is no agent
 */
export async function delegate(input: DelegateInput, context: Context, table: Table) {
  const { dataverse } = context;
  if (table.logicalName !== "incident") {
    throw new AppError("invalid", "The Case Management Agent works on cases only.", {
      hint: "Leave engine out for another table.",
    });
  }
  const caseTable = asCaseTable(table);
  const names = comparable(caseTable).map((column) => column.logicalName);
  const record = await findCaseRecord(dataverse, caseTable, input, names);
  const sources = await readCaseSources(dataverse, record, input.sourceContextEntityId);
  const { differences, notes } = await runCaseAgent(dataverse, context, record, sources.mail?.id);
  return {
    text: [
      differences.length === 0
        ? `The Case Management Agent was run on ${caseWords(record)}; no field is different so far (it may still be at work).`
        : `The Case Management Agent changed ${caseWords(record)}:`,
      ...differences.map(differenceWords),
      ...notes,
    ].join("\n"),
    structured: {
      incidentId: record.ref.id,
      written: differences.map((each) => ({ ...each })),
      recommended: [],
    },
  };
}

const differenceWords = (each: AgentDifference) =>
  `- ${each.field}: ${recordList([each.before, each.after], " → ")}`;
