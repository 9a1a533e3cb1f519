import type { Dataverse, Row, Table } from "../../../dataverse";
import { formattedValue } from "../../../dataverse/annotations";
import { recordList } from "../../../text/records/record-text";
import { findById } from "../find-rows";
import { namingColumns } from "../naming-columns";

/** A row that may have been meant. */
export interface Candidate {
  readonly table: Table;
  readonly id: string;
}

/** By what people tell rows of one name apart: number, town, mail, firm, unit. */
const telling: Readonly<Record<string, readonly string[]>> = {
  account: ["accountnumber", "address1_city", "emailaddress1"],
  contact: ["parentcustomerid", "address1_city", "emailaddress1"],
  incident: ["ticketnumber", "customerid", "statuscode"],
  product: ["productnumber", "statuscode"],
  queue: ["emailaddress"],
  subject: ["parentsubject"],
  systemuser: ["title", "internalemailaddress", "businessunitid"],
  team: ["businessunitid"],
};

/**
 * What is said of each of these rows so that a person can choose between them: `contact <id> ("Anna Berg", "Lund", "a@b.example")`.
 * One request for each table; a row that cannot be read keeps its id alone.
 */
export async function tellApart(
  dataverse: Dataverse,
  candidates: readonly Candidate[],
): Promise<(candidate: Candidate) => string> {
  const tables = new Map(candidates.map(({ table }) => [table.logicalName, table]));
  const told = new Map<string, string>();
  await Promise.all(
    [...tables.values()].map(async (table) => {
      const ids = candidates.flatMap((each) =>
        each.table.logicalName === table.logicalName ? [each.id] : [],
      );
      const columns = columnsOf(table);
      const rows = await findById(dataverse, table, ids, columns);
      for (const [id, row] of rows)
        told.set(
          `${table.logicalName} ${id}`,
          recordList(columns.flatMap((name) => cellOf(row, name))),
        );
    }),
  );
  return ({ table, id }) => {
    const key = `${table.logicalName} ${id.toLowerCase()}`;
    const words = told.get(key);
    return words === undefined ? key : `${key} (${words})`;
  };
}

const columnsOf = (table: Table): string[] => [
  ...new Set([
    ...(table.primaryName === undefined ? [] : [table.primaryName]),
    ...(telling[table.logicalName] ?? namingColumns(table)),
  ]),
];

function cellOf(row: Row, column: string): string[] {
  const value =
    row[`_${column}_value${formattedValue}`] ?? row[column + formattedValue] ?? row[column];
  return typeof value === "string" && value.trim() !== "" ? [value] : [];
}
