import type { Dataverse, Table } from "../../../dataverse";
import { findById } from "../find-rows";

/** A row that is to own another. */
interface Owner {
  readonly column: string;
  readonly table: Table;
  readonly id: string;
}

/** Owners that Dataverse refuses because they are disabled; teams have no such state. */
export async function ownerProblems(
  dataverse: Dataverse,
  owners: readonly Owner[],
): Promise<readonly string[]> {
  const users = owners.filter(({ table }) => table.logicalName === "systemuser");
  const [first] = users;
  if (first === undefined) return [];
  const rows = await findById(
    dataverse,
    first.table,
    users.map(({ id }) => id),
    ["isdisabled"],
  );
  return users
    .filter(({ id }) => rows.get(id)?.isdisabled === true)
    .map(
      ({ column, id }) =>
        `${column}: user ${id} is disabled and can own nothing. Choose another: SELECT systemuserid, fullname FROM systemuser WHERE isdisabled = 0.`,
    );
}
