import type { Column, Dataverse, Table } from "../../../dataverse";
import { findReferences, type Reference } from "./lookup-values";

/** The row that a name, number, mail address or id means in a lookup. */
export async function findNamed(
  dataverse: Dataverse,
  table: Table,
  column: string,
  value: unknown,
  argument: string,
): Promise<Reference | { readonly problem: string }> {
  const lookup: Column | undefined = table.columnByName.get(column);
  if (lookup === undefined) return { problem: `${argument}: this environment does not show it.` };
  const [found] = await findReferences(dataverse, [
    { match: { column: lookup, isBind: false }, value },
  ]);
  if (found === undefined) return { problem: `${argument} was not looked up.` };
  return "problem" in found
    ? { problem: found.problem.replace(`${column}:`, `${argument}:`) }
    : found;
}
