import { readGuid } from "../../../dataverse/odata-literal";
import { jsonIn } from "../../../text/json-text";
import { quote } from "../../../text/quote";
import { type KeyValues, readRecordPath } from "./record-path";

/** What a value says about the row it means. */
export interface Wish {
  readonly relatedTable?: string;
  /** A GUID. */
  readonly id?: string;
  readonly name?: string;
  /** Columns that tell the row from all others: `accounts(accountnumber='A-1')`. */
  readonly key?: KeyValues;
}

/** Names that clients use for the parts of a reference, in the order in which they count. */
const tableKeys = [
  "relatedTable",
  "relatedtable",
  "logicalName",
  "LogicalName",
  "entityType",
  "entityLogicalName",
  "etn",
  "table",
];
const idKeys = ["recordId", "recordid", "id", "Id", "guid"];
const nameKeys = ["name", "Name", "displayName"];
const pathKeys = ["@odata.id", "@odata.bind", "odata.id"];

/**
 * Reads `{relatedTable, name?, recordId?}` in the words of any client, a GUID, a path or a name; a text says what is wrong.
 *
 * @param isBind the value stands under `x@odata.bind`, which takes a path
 */
export function readWish(value: unknown, isBind: boolean): Wish | string {
  if (typeof value === "string") return readWord(value, isBind);
  // Forms and client scripts hold a lookup as a list of one.
  if (Array.isArray(value) && value.length === 1) return readWish(value[0], isBind);
  if (!isObject(value)) {
    return `takes {"relatedTable", "recordId" or "name"}, a GUID or a name, not ${quote(value)}.`;
  }
  const path = textIn(value, pathKeys);
  if (path !== undefined) return readWord(path, true);
  const relatedTable = textIn(value, tableKeys) ?? typeIn(value);
  const written = textIn(value, idKeys);
  const name = textIn(value, nameKeys);
  const id = written === undefined ? undefined : readGuid(written);
  if (written !== undefined && id === undefined) {
    // What stands where an id is asked for may be the number that people know the row by.
    return name === undefined && written.length <= 200
      ? withTable(relatedTable, { name: written })
      : `recordId ${quote(written)} is not a GUID.`;
  }
  if (id !== undefined) return withTable(relatedTable, { id });
  if (name !== undefined) return withTable(relatedTable, { name });
  return (
    ownKeyOf(value, relatedTable) ??
    `${quote(value)} names no record; give recordId (a GUID) or name.`
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function textIn(
  value: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): string | undefined {
  const found = keys
    .map((key) => value[key])
    .find((each) => typeof each === "string" && each.trim());
  return typeof found === "string" ? found.trim() : undefined;
}

const withTable = (relatedTable: string | undefined, wish: Wish): Wish =>
  relatedTable === undefined ? wish : { relatedTable, ...wish };

/** `"@odata.type": "Microsoft.Dynamics.CRM.contact"` */
const typeIn = (value: Readonly<Record<string, unknown>>): string | undefined =>
  /^#?Microsoft\.Dynamics\.CRM\.(\w+)$/.exec(textIn(value, ["@odata.type"]) ?? "")?.[1];

/** `{"contactid": "…"}`: a row that is named by its own key. */
function ownKeyOf(
  value: Readonly<Record<string, unknown>>,
  said: string | undefined,
): Wish | undefined {
  for (const [key, each] of Object.entries(value)) {
    const id = typeof each === "string" ? readGuid(each) : undefined;
    const table = /^([a-z]\w*)id$/i.exec(key)?.[1];
    if (id !== undefined && table !== undefined) return { relatedTable: said ?? table, id };
  }
  return undefined;
}

function readWord(value: string, isBind: boolean): Wish | string {
  const word = value.trim();
  const id = readGuid(word);
  if (id !== undefined) return { id };
  const path = readRecordPath(word);
  if (path !== undefined) {
    const { table: relatedTable, id: keyId, key } = path;
    return { relatedTable, ...(keyId === undefined ? { key: key ?? {} } : { id: keyId }) };
  }
  if (isBind) return `${quote(value)} is no path; write "/accounts(<GUID>)".`;
  if (word.startsWith("{")) {
    // A lookup is no text column, so a text in braces is an object.
    const parsed = jsonIn(word);
    if (isObject(parsed)) return readWish(parsed, false);
  }
  return word === "" ? "the text is empty; null clears the column." : { name: word };
}
