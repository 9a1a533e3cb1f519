import type { Column, Dataverse, Table } from "../../dataverse";
import { participationMasks } from "../record/parties/participation";

/**
 * A column that a table has and SQL cannot read, and the way to what it holds: files and images by their own requests, parties
 * by a join.
 *
 * @param tables logical names of the tables that the query's column was looked for in
 * @returns undefined when no such column has that name
 */
export async function wayToColumn(
  dataverse: Dataverse,
  tables: readonly string[],
  name: string,
): Promise<{ readonly table: string; readonly way: string } | undefined> {
  for (const each of tables) {
    const table = await dataverse.metadata.table(each);
    if (table === undefined) continue;
    const column = table.columnByName.get(name.toLowerCase());
    const way = column === undefined ? wayToLookup(table, name) : wayTo(table, column);
    if (way !== undefined) return { table: table.logicalName, way };
  }
  return undefined;
}

/** `customerid_value` and `_customerid_value` of the Web API are `customerid` here. */
function wayToLookup({ columnByName }: Table, name: string): string | undefined {
  const lookup = /^_?(\w+)_value$/i.exec(name)?.[1]?.toLowerCase() ?? "";
  return columnByName.has(lookup)
    ? `Write ${lookup}; ${lookup}name beside it holds the name.`
    : undefined;
}

function wayTo(table: Table, column: Column): string | undefined {
  const { logicalName: name } = column;
  switch (column.type) {
    case "File":
      return `${name} is a file, which is downloaded and not queried. ${beside(table, `${name}_name`, "holds the name of the file")}`;
    case "Image":
      return `${name} is an image, which is downloaded and not queried. ${beside(table, `${name}_url`, "holds its address")}`;
    case "PartyList":
      return partyJoin(table, name);
    default:
      return column.canRead ? undefined : `${name} can be written and not read.`;
  }
}

const beside = (table: Table, name: string, words: string): string =>
  table.columnByName.has(name)
    ? `${name} ${words}: SELECT ${table.primaryId}, ${name} FROM ${table.logicalName} WHERE ${name} IS NOT NULL.`
    : "Open the record to see it.";

function partyJoin(table: Table, name: string): string {
  const mask = participationMasks[name];
  const which = mask === undefined ? "" : ` AND p.participationtypemask = ${mask}`;
  return `${name} is a list of parties, and each is a row of activityparty: SELECT a.subject, p.partyid, p.addressused FROM ${table.logicalName} a JOIN activityparty p ON p.activityid = a.activityid WHERE a.activityid = '…'${which}.`;
}
