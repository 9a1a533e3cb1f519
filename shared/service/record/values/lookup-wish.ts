import { readGuid } from "../../../dataverse/odata-literal";
import { quote } from "../../../text/quote";

/** What a value says about the row it means. */
export interface Wish {
  readonly relatedTable?: string;
  /** A GUID. */
  readonly id?: string;
  readonly name?: string;
}

const path = /^(?:https?:\/\/[^?#]*\/|\/)?([a-z0-9_]+)\(([^()/]*)\)$/i;

/**
 * Reads `{relatedTable, name?, recordId?}`, a GUID, a path or a name; a text says what is wrong.
 *
 * @param isBind the value stands under `x@odata.bind`, which takes a path
 */
export function readWish(value: unknown, isBind: boolean): Wish | string {
  if (typeof value === "string") return readWord(value, isBind);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `takes {"relatedTable", "recordId" or "name"}, a GUID or a name, not ${quote(value)}.`;
  }
  const said = value as Record<string, unknown>;
  const text = (...keys: string[]) => {
    const found = keys.map((key) => said[key]).find((each) => typeof each === "string" && each);
    return typeof found === "string" ? found.trim() : undefined;
  };
  const relatedTable = text("relatedTable", "relatedtable", "logicalName", "entityType");
  const written = text("recordId", "recordid", "id");
  const name = text("name");
  const id = written === undefined ? undefined : readGuid(written);
  if (written !== undefined && id === undefined) return `recordId ${quote(written)} is not a GUID.`;
  if (id === undefined && name === undefined) {
    return `${quote(value)} names no record; give recordId (a GUID) or name.`;
  }
  return {
    ...(relatedTable === undefined ? {} : { relatedTable }),
    ...(id === undefined ? { name: name ?? "" } : { id }),
  };
}

function readWord(value: string, isBind: boolean): Wish | string {
  const word = value.trim();
  const id = readGuid(word);
  if (id !== undefined) return { id };
  const [, relatedTable, key] = path.exec(word) ?? [];
  const keyId = key === undefined ? undefined : readGuid(key);
  if (relatedTable !== undefined && keyId !== undefined) return { relatedTable, id: keyId };
  if (isBind) return `${quote(value)} is no path; write "/accounts(<GUID>)".`;
  return word === "" ? "the text is empty; null clears the column." : { name: word };
}
