import type { Table } from "../../dataverse";

/** What people also call a row by: the number on a case, the address of a person. */
const otherNames: Readonly<Record<string, string>> = {
  account: "accountnumber",
  contact: "emailaddress1",
  contract: "contractnumber",
  incident: "ticketnumber",
  invoice: "invoicenumber",
  knowledgearticle: "articlepublicnumber",
  product: "productnumber",
  queue: "emailaddress",
  quote: "quotenumber",
  salesorder: "ordernumber",
  systemuser: "internalemailaddress",
};

/** Columns that a row is looked for by. */
const mostNaming = 4;

/** Primary name, number, and whatever key of one text the environment has defined. */
export const namingColumns = (table: Table): string[] =>
  texts(table, [table.primaryName, ...numbers(table)]);

/** Where the row with a number is looked for: the primary name only where a table has no other number and the value holds a digit. */
export function numberColumns(table: Table, value: string): string[] {
  const own = numbers(table);
  const isNumbered = own.length > 0 || !/\d/.test(value);
  return texts(table, isNumbered ? own : [table.primaryName]);
}

const numbers = (table: Table): readonly string[] => {
  const keys = table.keys.flatMap(({ columns }) => (columns.length === 1 ? columns : []));
  const number = otherNames[table.logicalName];
  return number === undefined ? keys : [number, ...keys];
};

const texts = (table: Table, names: readonly (string | undefined)[]): string[] =>
  [...new Set(names)]
    .filter((name) => name !== undefined)
    .filter((name) => table.columnByName.get(name)?.type === "String")
    .slice(0, mostNaming);
