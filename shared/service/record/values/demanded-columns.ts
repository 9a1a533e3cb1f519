import type { Column, Table } from "../../../dataverse";
import { recordLine } from "../../../text/records/record-text";
import { isDemanded, type Part } from "./record-part";

/** Left to Dataverse when nothing is given: choices have defaults, owners are the caller, and forms alone demand parties. */
const filledByType: ReadonlySet<string> = new Set([
  "Boolean",
  "Picklist",
  "State",
  "Status",
  "Owner",
  "Integer",
  "PartyList",
]);

/** Forms demand them, and the service takes a row without: it fills the first itself. */
const leftOpen: Readonly<Record<string, readonly string[]>> = {
  "*": ["transactioncurrencyid"],
  activitymimeattachment: ["attachmentid"],
  annotation: ["subject"],
};

/** Without them Dataverse makes a row that belongs to nothing and that nobody finds. */
const belongings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  activitymimeattachment: { objectid: "the mail that it is attached to" },
  annotation: { objectid: "the record that the note is about" },
  queueitem: { objectid: "the record to be queued", queueid: "the queue" },
};

const isFilled = (table: Table, column: Column): boolean =>
  filledByType.has(column.type) ||
  leftOpen["*"]?.includes(column.logicalName) === true ||
  leftOpen[table.logicalName]?.includes(column.logicalName) === true;

/** What a new record lacks, a sentence each. */
export function missingColumns(table: Table, parts: readonly Part[]): string[] {
  const given = new Set(
    parts
      .filter((part) => part.body !== undefined || part.parties !== undefined || part.problems)
      .filter((part) => part.body === undefined || !Object.values(part.body).every(isEmpty))
      .map((part) => part.column),
  );
  const belongs = belongings[table.logicalName] ?? {};
  const lone = Object.entries(belongs)
    .filter(([name]) => table.columnByName.has(name) && !given.has(name))
    .map(
      ([name, what]) =>
        `${name} is missing: ${what}, for example {"relatedTable": "${name === "queueid" ? "queue" : "incident"}", "recordId": …}.`,
    );
  const demanded = table.columns
    .filter((column) => isDemanded(column) && column.canCreate && !(column.logicalName in belongs))
    .filter((column) => !isFilled(table, column) && column.attributeOf === undefined)
    .filter((column) => !column.isPrimaryId && !given.has(column.logicalName))
    .map((column) => `${column.logicalName} (${recordLine(column.displayName)}) is required.`);
  return [...lone, ...demanded];
}

const isEmpty = (value: unknown) =>
  value === null || (typeof value === "string" && value.trim() === "");
