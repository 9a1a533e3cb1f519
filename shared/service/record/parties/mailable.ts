import type { Dataverse, Row } from "../../../dataverse";
import { findById } from "../find-rows";
import { textOf } from "../optional-read";
import type { Person } from "./party-values";

/** Where each table keeps addresses that mail goes to. */
const addressColumns: Readonly<Record<string, readonly string[]>> = {
  account: ["emailaddress1", "emailaddress2", "emailaddress3"],
  contact: ["emailaddress1", "emailaddress2", "emailaddress3"],
  lead: ["emailaddress1", "emailaddress2", "emailaddress3"],
  queue: ["emailaddress"],
  systemuser: ["internalemailaddress"],
};
/** By a person's own word no mail may go to them. */
const refusal = "donotemail";

/**
 * What keeps a mail from going to these people, or from coming from them: Dataverse takes such a draft and refuses to send it.
 * Read in the caller's rights, with a request for each table; what the caller may not read is passed over.
 */
export async function mailProblems(
  dataverse: Dataverse,
  people: readonly Person[],
): Promise<readonly string[]> {
  const tables = new Map(people.map(({ table }) => [table.logicalName, table]));
  const rows = new Map<string, Row>();
  await Promise.all(
    [...tables.values()].map(async (table) => {
      const columns = addressColumns[table.logicalName];
      if (columns === undefined) return;
      const ids = people.filter((each) => each.table.logicalName === table.logicalName);
      const found = await findById(
        dataverse,
        table,
        ids.map(({ id }) => id),
        [...columns, refusal],
      );
      for (const [id, row] of found) rows.set(id, row);
    }),
  );
  return people.flatMap((person) => problemOf(person, rows.get(person.id)) ?? []);
}

function problemOf(
  { column, table, id, address }: Person,
  row: Row | undefined,
): string | undefined {
  const columns = addressColumns[table.logicalName];
  if (row === undefined || columns === undefined) return undefined;
  const isSender = column === "from";
  if (!isSender && row[refusal] === true) {
    return `${column}: ${table.logicalName} ${id} does not want e-mail (${refusal}); leave it out.`;
  }
  if (address !== undefined || columns.some((name) => textOf(row[name]) !== undefined))
    return undefined;
  const way = isSender ? "choose another sender" : "give an address in its place";
  return `${column}: ${table.logicalName} ${id} has no e-mail address (${columns[0]}); write one there, or ${way}.`;
}
