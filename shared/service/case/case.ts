import type { Dataverse, Option, Row, Table } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { AppError } from "../../errors";
import { quote } from "../../text/quote";
import { personIn } from "../record/optional-read";
import { findOption, listOptions } from "../record/values/choice-values";
import { type CaseName, findIncident } from "./find-case-row";

export const caseState = { active: 0, resolved: 1, cancelled: 2 } as const;

export interface Case {
  readonly id: string;
  /** As the customer sees it: `CAS-01234-X1Y2Z3`. */
  readonly number: string;
  /** Text from the record: data. */
  readonly title: string;
  /** See `caseState`. */
  readonly state: number;
  /** Label of the status reason. */
  readonly status: string;
  /** Who changed it last. The name is text from a record: data. */
  readonly modifiedBy: { readonly id: string; readonly name: string } | undefined;
}

const columns = [
  "incidentid",
  "ticketnumber",
  "title",
  "statecode",
  "statuscode",
  "_modifiedby_value",
];

const optional = ["_modifiedby_value"];

const asCase = (row: Row): Case => ({
  id: String(row.incidentid),
  number: typeof row.ticketnumber === "string" ? row.ticketnumber : "",
  title: typeof row.title === "string" ? row.title : "",
  state: Number(row.statecode),
  status: String(row[`statuscode${formattedValue}`] ?? row.statuscode ?? ""),
  modifiedBy: personIn(row, "_modifiedby_value"),
});

/**
 * The case with that id or number, in the caller's rights. A number given as id is understood.
 *
 * @throws AppError `invalid` (neither is given, or they name two cases), `not_found`
 */
export const findCase = async (dataverse: Dataverse, name: CaseName): Promise<Case> =>
  asCase(await findIncident(dataverse, name, columns, optional));

export async function readCase(
  dataverse: Dataverse,
  id: string,
  withinMs?: number,
): Promise<Case | undefined> {
  const row = await dataverse.retrieve("incident", id, {
    select: columns,
    optional,
    annotations: true,
    withinMs,
  });
  return row === undefined ? undefined : asCase(row);
}

export interface OpenActivity {
  readonly activityId: string;
  /** Logical name: email, task, phonecall … */
  readonly type: string;
  /** Text from the record: data. */
  readonly subject: string;
}

/**
 * The newest activities of a case that are neither completed nor cancelled, and how many there are (at most 50 are read). Undefined
 * where the endpoint shows no activities.
 */
export async function openActivities(
  dataverse: Dataverse,
  caseId: string,
): Promise<readonly OpenActivity[] | undefined> {
  if ((await dataverse.metadata.table("activitypointer")) === undefined) return undefined;
  const { rows } = await dataverse.query("activitypointer", {
    select: ["activityid", "activitytypecode", "subject"],
    filter: `_regardingobjectid_value eq ${caseId} and statecode ne 1 and statecode ne 2`,
    orderby: "createdon desc",
    top: 50,
  });
  return rows.map((row) => ({
    activityId: String(row.activityid),
    type: String(row.activitytypecode),
    subject: typeof row.subject === "string" ? row.subject.slice(0, 200) : "",
  }));
}

/**
 * The status reason of a resolved case that `said` means (label or number); "Problem Solved" (5) when nothing is said.
 *
 * @throws AppError `invalid`, with the reasons there are
 */
export function resolvedReason(table: Table, said: string | undefined): Option {
  const reasons = (table.columnByName.get("statuscode")?.options ?? []).filter(
    (option) => option.state === caseState.resolved,
  );
  const reason =
    said === undefined || said.trim() === ""
      ? (reasons.find((option) => option.value === 5) ?? reasons[0])
      : findOption(reasons, said);
  if (reason !== undefined) return reason;
  throw new AppError("invalid", `status ${quote(said)} is no reason for a resolved case.`, {
    hint: `Reasons: ${listOptions(reasons)}.`,
  });
}
