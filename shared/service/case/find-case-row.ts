import type { Dataverse, ReadOptions, Row } from "../../dataverse";
import { literal, readGuid } from "../../dataverse/odata-literal";
import { AppError } from "../../errors";
import { quote } from "../../text/quote";
import { nearCases } from "../worklist/near-cases";
import type { CaseTable } from "./case-table";

/** How the caller names a case. */
export interface CaseName {
  readonly incidentId?: string | undefined;
  readonly caseNumber?: string | undefined;
}

/**
 * The one row that the caller means, with annotations, in one request.
 *
 * @param select properties to read
 * @throws AppError `invalid` (no name, or names that do not fit together), `not_found`
 */
export const findCaseRow = (
  dataverse: Dataverse,
  caseTable: CaseTable,
  name: CaseName,
  select: readonly string[],
): Promise<Row> =>
  caseTable.table.logicalName === "incident"
    ? findIncident(dataverse, name, select)
    : findOther(dataverse, caseTable, name, select);

/** A number given as id is understood. */
export async function findIncident(
  dataverse: Dataverse,
  { incidentId, caseNumber }: CaseName,
  columns: readonly string[],
  optional: readonly string[] = [],
): Promise<Row> {
  const id = incidentId === undefined ? undefined : readGuid(incidentId);
  const number = caseNumber?.trim() || (id === undefined ? incidentId?.trim() : undefined);
  if (id === undefined && !number) {
    throw new AppError("invalid", "Name the case: incidentId or caseNumber is missing.", {
      hint: "list_cases finds cases.",
    });
  }
  const select = [...new Set(["incidentid", "ticketnumber", ...columns])];
  const found =
    id === undefined
      ? await byNumber(dataverse, "incident", "ticketnumber", number ?? "", { select, optional })
      : [await dataverse.retrieve("incident", id, { select, optional, annotations: true })];
  const [row] = found;
  if (row === undefined) {
    throw noSuchCase(
      id ?? quote(number),
      id === undefined ? await nearCases(dataverse, number ?? "") : [],
    );
  }
  if (id !== undefined && number && !isNumbered(row, number)) {
    throw new AppError("invalid", `Case ${id} does not have the number ${quote(number)}.`, {
      hint: "Give only one of incidentId and caseNumber.",
    });
  }
  return row;
}

const noSuchCase = (said: string, near: readonly string[]) =>
  new AppError("not_found", `There is no case ${said} that you may see.`, {
    problems: near.map((each) => `It may be ${each}.`),
    hint:
      near.length === 0
        ? "list_cases with search finds cases by words of the title."
        : "Where one is meant, call again with its full number; else ask the user.",
  });

const isNumbered = ({ ticketnumber }: Row, number: string): boolean =>
  typeof ticketnumber === "string" && ticketnumber.toLowerCase() === number.toLowerCase();

async function findOther(
  dataverse: Dataverse,
  { table, number }: CaseTable,
  name: CaseName,
  select: readonly string[],
): Promise<Row> {
  const id = name.incidentId === undefined ? undefined : readGuid(name.incidentId);
  if (id !== undefined) {
    const row = await dataverse.retrieve(table.logicalName, id, { select, annotations: true });
    if (row !== undefined) return row;
    throw new AppError("not_found", `There is no ${table.logicalName} ${id} that you may see.`, {
      hint: "Find it with read_query.",
    });
  }
  const said = (name.caseNumber ?? name.incidentId ?? "").trim();
  if (said === "" || number === undefined) {
    throw new AppError("invalid", `Name the ${table.logicalName} by incidentId (its GUID).`, {
      hint: `Find it with read_query: SELECT ${table.primaryId}, ${table.primaryName} FROM ${table.logicalName} WHERE …`,
    });
  }
  const rows = await byNumber(dataverse, table.logicalName, number, said, { select });
  const [only] = rows;
  if (only !== undefined && rows.length === 1) return only;
  throw new AppError(
    rows.length === 0 ? "not_found" : "invalid",
    rows.length === 0
      ? `There is no ${table.logicalName} with the ${number} ${quote(said)} that you may see.`
      : `Several rows of ${table.logicalName} have the ${number} ${quote(said)}.`,
    { hint: "Name it by incidentId (its GUID)." },
  );
}

/** At most two: whether a number is one row's is all that matters. */
async function byNumber(
  dataverse: Dataverse,
  table: string,
  column: string,
  number: string,
  columns: Pick<ReadOptions, "select" | "optional">,
): Promise<readonly Row[]> {
  const { rows } = await dataverse.query(table, {
    ...columns,
    filter: `${column} eq ${literal(number)}`,
    top: 2,
    annotations: true,
  });
  return rows;
}
