import type { Dataverse, Table } from "../dataverse";
import { literal } from "../dataverse/odata-literal";
import { AppError } from "../errors";

/** Ids of the rows whose primary name is `name` (Dataverse compares without case); at most six, which says "more than five". */
export async function findByName(
  dataverse: Dataverse,
  table: Table,
  name: string,
): Promise<readonly string[]> {
  if (table.primaryName === undefined) return [];
  return findIds(dataverse, table, `${table.primaryName} eq ${literal(name)}`);
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
