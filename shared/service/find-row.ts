import type { Dataverse, Table } from "../dataverse";
import { literal } from "../dataverse/odata-literal";
import { AppError } from "../errors";

/** What people also call a row by: the number on a case, the address of a person. */
const otherNames: Readonly<Record<string, string>> = {
  account: "accountnumber",
  contact: "emailaddress1",
  incident: "ticketnumber",
  knowledgearticle: "articlepublicnumber",
  queue: "emailaddress",
  systemuser: "internalemailaddress",
};

/**
 * Ids of the rows whose primary name is `name`, or whose number or address it is (Dataverse compares without case);
 * at most six, which says "more than five".
 */
export async function findByName(
  dataverse: Dataverse,
  table: Table,
  name: string,
): Promise<readonly string[]> {
  const other = otherNames[table.logicalName];
  const columns = [table.primaryName, other].filter(
    (column) => column !== undefined && table.columnByName.has(column),
  );
  if (columns.length === 0) return [];
  const filter = columns.map((column) => `${column} eq ${literal(name)}`).join(" or ");
  return findIds(dataverse, table, filter);
}

/** Ids of rows whose primary name holds the words, for a suggestion; at most six. */
export async function findAlike(
  dataverse: Dataverse,
  table: Table,
  words: string,
): Promise<readonly string[]> {
  if (table.primaryName === undefined || words.trim().length < 3) return [];
  return findIds(dataverse, table, `contains(${table.primaryName},${literal(words)})`);
}

async function findIds(dataverse: Dataverse, table: Table, filter: string) {
  try {
    const { rows } = await dataverse.query(table.logicalName, {
      select: [table.primaryId],
      filter,
      orderby: table.primaryId,
      top: 6,
    });
    return rows.map((row) => String(row[table.primaryId]));
  } catch (error) {
    return noRightMeansNone(error, []);
  }
}

/** Whether the caller can see that row. */
export async function rowExists(dataverse: Dataverse, table: Table, id: string): Promise<boolean> {
  try {
    const row = await dataverse.retrieve(table.logicalName, id, { select: [table.primaryId] });
    return row !== undefined;
  } catch (error) {
    return noRightMeansNone(error, false);
  }
}

/** What a person may not read does not exist for that person; every other failure is one. */
function noRightMeansNone<T>(error: unknown, none: T): T {
  if (error instanceof AppError && error.kind === "forbidden") return none;
  throw error;
}
