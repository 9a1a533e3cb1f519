import type { Dataverse, Table } from "../../dataverse";
import { AppError, type ErrorKind } from "../../errors";
import { quote } from "../../text/quote";
import { findById, findByNumber } from "./find-rows";
import { findByKey } from "./lookups/find-by-key";
import { readPastedId, readRecordPath } from "./lookups/record-path";
import { tellApart } from "./lookups/tell-apart";

const hint =
  "It looks like 5f3c1a52-0000-4000-8000-0123456789ab. Find the id of a record with read_query.";

/**
 * A record's id as Dataverse writes it; braces, capitals, paths and addresses of forms are understood.
 *
 * @throws AppError `invalid` for anything that holds no GUID
 */
export function readRecordId(argument: string, value: string): string {
  const id = readPastedId(value);
  if (id !== undefined) return id;
  throw new AppError("invalid", `${argument} is not a GUID: ${quote(value)}.`, { hint });
}

export interface FoundId {
  readonly id: string;
  /** How it was found, when it was not given. Our words. */
  readonly note?: string;
}

/**
 * The id of the row that `value` names: a GUID in any of the forms above, an alternate key, or the number by which people know
 * the row (`CAS-01001-H4K7Q2`). In the caller's rights.
 *
 * @throws AppError `not_found`, or `invalid` when several rows have that number
 */
export async function findRecordId(
  dataverse: Dataverse,
  table: Table,
  argument: string,
  value: string,
): Promise<FoundId> {
  const given = readPastedId(value);
  if (given !== undefined) return { id: given };
  const said = value.trim();
  const key = readRecordPath(said)?.key;
  if (key !== undefined) {
    const found = await findByKey(dataverse, table, key);
    if (typeof found !== "string") return asNote(table, argument, found.id);
    throw new AppError("not_found", `${argument}: ${found}`, { hint });
  }
  const ids = (await findByNumber(dataverse, table, said)).get(said) ?? [];
  const [only] = ids.length > 1 ? await latest(dataverse, table, ids) : ids;
  if (only !== undefined) return asNote(table, argument, only);
  const tell = await tellApart(
    dataverse,
    ids.slice(0, 5).map((id) => ({ table, id })),
  );
  throw ids.length === 0
    ? new AppError(
        "not_found",
        `${argument} ${quote(value)} is not a GUID, and there is no ${table.logicalName} with that number that you may see.`,
        { hint },
      )
    : new AppError(
        "invalid",
        `${argument}: ${ids.length > 5 ? "more than 5" : ids.length} rows of ${table.logicalName} have the number ${quote(value)}: ${ids
          .slice(0, 5)
          .map((id) => tell({ table, id }))
          .join(", ")}.`,
        { hint: "Ask the user which, and name it by its id." },
      );
}

/**
 * Several at once, each once.
 *
 * @throws AppError `invalid` with every name that names no record
 */
export async function findRecordIds(
  dataverse: Dataverse,
  table: Table,
  argument: string,
  values: readonly string[],
): Promise<readonly string[]> {
  const ids: string[] = [];
  const problems: string[] = [];
  for (const value of values) {
    try {
      const { id } = await findRecordId(dataverse, table, argument, value);
      ids.push(id);
    } catch (error) {
      if (!(error instanceof AppError) || !named.has(error.kind)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0)
    throw new AppError("invalid", "Not every record was found. Nothing was written.", {
      problems,
      hint,
    });
  return [...new Set(ids)];
}

/** What a wrong name is refused with; all else is a failure. */
const named: ReadonlySet<ErrorKind> = new Set(["invalid", "not_found"]);

const asNote = (table: Table, argument: string, id: string): FoundId => ({
  id,
  note: `${argument}: found ${table.logicalName} ${id}.`,
});

/** Versions of an article share its number; the number means the one that is in force. */
async function latest(
  dataverse: Dataverse,
  table: Table,
  ids: readonly string[],
): Promise<readonly string[]> {
  if (!table.columnByName.has("islatestversion")) return [];
  const rows = await findById(dataverse, table, ids, ["islatestversion", "isrootarticle"]);
  const current = ids.filter((id) => {
    const row = rows.get(id.toLowerCase());
    return row?.islatestversion === true && row.isrootarticle !== true;
  });
  return current.length === 1 ? current : [];
}
