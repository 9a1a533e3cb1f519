import type { Dataverse, Row, Table } from "../../dataverse";
import { formattedValue, lookupTable } from "../../dataverse/annotations";
import { type CaseName, findIncident } from "../case/find-case-row";
import { textOf } from "../record/optional-read";

/** A row that a case points at. The name is text from a record: data. */
export interface Named {
  readonly table: string;
  readonly id: string;
  readonly name: string;
}

/** A case as its form shows it at the top. Texts are from the record: data. */
export interface CaseHead {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly description: string;
  /** 0 active, 1 resolved, 2 cancelled. */
  readonly state: number;
  readonly status: string;
  readonly priority: string;
  readonly type: string;
  readonly origin: string;
  readonly isEscalated: boolean;
  readonly subject: string;
  readonly product: string;
  readonly customer: Named | undefined;
  readonly contact: Named | undefined;
  readonly owner: Named | undefined;
  /** The case that this one was merged into. */
  readonly mergedInto: Named | undefined;
  readonly createdOn: string;
  readonly createdBy: string;
  readonly modifiedOn: string;
  readonly modifiedBy: string;
}

const lookups = [
  "customerid",
  "primarycontactid",
  "ownerid",
  "masterid",
  "subjectid",
  "productid",
  "createdby",
  "modifiedby",
];
const cells = [
  "title",
  "description",
  "statecode",
  "statuscode",
  "prioritycode",
  "casetypecode",
  "caseorigincode",
  "isescalated",
  "createdon",
  "modifiedon",
];

/** @throws AppError `invalid` (no name, or two that do not fit), `not_found` */
export async function findCaseHead(
  dataverse: Dataverse,
  table: Table,
  name: CaseName,
): Promise<CaseHead> {
  const isThere = (column: string) => table.columnByName.has(column);
  const row = await findIncident(dataverse, name, [
    ...cells.filter(isThere),
    ...lookups.filter(isThere).map((column) => `_${column}_value`),
  ]);
  const text = (column: string) => textOf(row[column]) ?? "";
  const label = (property: string) => textOf(row[property + formattedValue]) ?? "";
  return {
    id: String(row.incidentid),
    number: text("ticketnumber"),
    title: text("title"),
    description: text("description"),
    state: Number(row.statecode),
    status: label("statuscode"),
    priority: label("prioritycode"),
    type: label("casetypecode"),
    origin: label("caseorigincode"),
    isEscalated: row.isescalated === true,
    subject: label("_subjectid_value"),
    product: label("_productid_value"),
    customer: named(row, "customerid", "account"),
    contact: named(row, "primarycontactid", "contact"),
    owner: named(row, "ownerid", "systemuser"),
    mergedInto: named(row, "masterid", "incident"),
    createdOn: text("createdon"),
    createdBy: label("_createdby_value"),
    modifiedOn: text("modifiedon"),
    modifiedBy: label("_modifiedby_value"),
  };
}

function named(row: Row, column: string, table: string): Named | undefined {
  const property = `_${column}_value`;
  const id = textOf(row[property]);
  if (id === undefined) return undefined;
  return {
    table: textOf(row[property + lookupTable]) ?? table,
    id,
    name: textOf(row[property + formattedValue]) ?? "",
  };
}
