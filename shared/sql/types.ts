/** What a value is, as far as comparing, adding and printing it goes. */
export type SqlType =
  | "text"
  | "memo" // long text: compared like text, never sorted by the server
  | "integer"
  | "decimal"
  | "money"
  | "float"
  | "boolean"
  | "datetime" // number: milliseconds since 1970, UTC
  | "date" // number: midnight UTC of that day
  | "guid" // lower case with dashes
  | "lookup" // a guid that refers to a row
  | "choice" // number of an option
  | "choices" // comma list of option numbers, as text
  | "null" // the literal NULL
  | "predicate"; // true, false or unknown (null)

export type Value = null | string | number | boolean;
export type Row = readonly Value[];

export type ValueClass = "text" | "number" | "boolean" | "time" | "guid" | "null" | "predicate";

const classes: Readonly<Record<SqlType, ValueClass>> = {
  text: "text",
  memo: "text",
  integer: "number",
  decimal: "number",
  money: "number",
  float: "number",
  boolean: "boolean",
  datetime: "time",
  date: "time",
  guid: "guid",
  lookup: "guid",
  choice: "number",
  choices: "text",
  null: "null",
  predicate: "predicate",
};

/** Types of one class compare with each other without conversion. */
export const classOf = (type: SqlType): ValueClass => classes[type];

export const isWhole = (type: SqlType): boolean => type === "integer" || type === "choice";
