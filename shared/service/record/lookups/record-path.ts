import { readGuid } from "../../../dataverse/odata-literal";

/** Values of an alternate key, by column name. */
export type KeyValues = Readonly<Record<string, string>>;

export interface RecordPath {
  /** Set name, or whatever stands in its place. */
  readonly table: string;
  readonly id?: string;
  readonly key?: KeyValues;
}

const environment = /^https?:\/\/[^?#()]{1,500}\//i;
const root = /^\/?(?:api\/data\/v\d{1,2}(?:\.\d{1,2})?\/)?/i;
const segment = /^([a-z]\w{0,127})\((.{1,2000})\)$/is;
const pair = /\s*([a-z_]\w*)\s*=\s*(?:'((?:[^']|'')*)'|([^',\s]+))\s*(?:,|$)/iy;

/**
 * Reads the address of a row in any form that the Web API documents: `accounts(<GUID>)`, with a leading slash, below
 * `/api/data/v9.2/`, with the environment before it, with a name before the GUID, or by an alternate key
 * (`accounts(accountnumber='A-1',name='Quill')`).
 *
 * @returns undefined for whatever is no such address
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-alternate-key-reference-record
 */
export function readRecordPath(text: string): RecordPath | undefined {
  const [, table, inner] = segment.exec(text.replace(environment, "").replace(root, "")) ?? [];
  if (table === undefined || inner === undefined) return undefined;
  const id = readGuid(unquoted(inner));
  if (id !== undefined) return { table, id };
  const key: Record<string, string> = {};
  pair.lastIndex = 0;
  while (pair.lastIndex < inner.length) {
    const found = pair.exec(inner);
    if (found === null) return undefined;
    const [, name = "", quoted, bare] = found;
    key[name.toLowerCase()] = quoted?.replaceAll("''", "'") ?? bare ?? "";
  }
  return { table, key };
}

const unquoted = (text: string): string => text.trim().replace(/^'(.*)'$/s, "$1");

/**
 * The GUID of a row in what people paste for it: the GUID itself, a path, or the address of a form
 * (`…/main.aspx?etn=incident&id=…&pagetype=entityrecord`).
 */
export function readPastedId(text: string): string | undefined {
  const word = text.trim();
  const plain = readGuid(word) ?? readRecordPath(word)?.id;
  if (plain !== undefined || !/^https?:\/\//i.test(word)) return plain;
  const id = /[?&]id=([^&#]{36,44})/i.exec(word)?.[1];
  return id === undefined ? undefined : readGuid(id.replace(/^%7b(.*)%7d$/i, "$1"));
}
