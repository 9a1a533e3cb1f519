import { fold } from "../../store";
import { guidKey } from "../column";
import { readGuid } from "../conditions/literal";
import { invalid } from "../parse/refuse";
import { parseXml, type XmlElement } from "../parse/xml";
import { isPrimaryKey, type SortKey } from "./order";

/** Where the next page begins: the sort values of the last row, one for each key. */
export interface Cookie {
  /** The page that this cookie ends. */
  readonly page: number;
  readonly last: readonly (string | number | null)[];
}

const malformed = (why: string) => invalid(`Malformed XML in the Paging Cookie: ${why}`);

const escapeXml = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML cannot hold them, so they are left out.
    .replace(/[\u0000-\u001f]/g, (character) =>
      "\t\n\r".includes(character) ? `&#${character.charCodeAt(0)};` : "",
    );

/** .NET writes escapes in lower case. */
const encode = (text: string) =>
  encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());

/** What sorts a row, as text: of the primary key the GUID itself. */
export type SortValues = readonly (string | number | bigint | null)[];

/**
 * The annotation: an element whose attribute holds the cookie, URL-encoded twice.
 *
 * @param next the number in the outer element
 */
export function writeCookie(
  page: number,
  keys: readonly SortKey[],
  first: SortValues,
  last: SortValues,
  next = page + 1,
): string {
  const elements = keys.map((key, index) => {
    const attribute = (name: string, one: string | number | bigint | null | undefined) => {
      if (one === null || one === undefined) return `${name}null="1"`;
      const text = isPrimaryKey(key) ? `{${String(one).toUpperCase()}}` : String(one);
      return `${name}="${escapeXml(text)}"`;
    };
    return `<${key.column.written} ${attribute("last", last[index])} ${attribute("first", first[index])} />`;
  });
  const cookie = `<cookie page="${page}">${elements.join("")}</cookie>`;
  return `<cookie pagenumber="${next}" pagingcookie="${encode(encode(cookie))}" istracking="False" />`;
}

/** Reads a cookie, which must be of a query with the same sort. */
export function readCookie(text: string, keys: readonly SortKey[]): Cookie {
  const root = parseXml(text);
  const page = Number(root.attributes.page);
  if (root.name !== "cookie" || !Number.isInteger(page) || page < 1) {
    throw malformed('expected <cookie page="…">.');
  }
  if (root.children.length !== keys.length) {
    throw malformed(
      `the query sorts by ${keys.length} columns, the cookie by ${root.children.length}.`,
    );
  }
  return { page, last: root.children.map((child, index) => readLast(child, keys[index])) };
}

function readLast(element: XmlElement, key: SortKey | undefined): string | number | null {
  if (key === undefined || element.name !== key.column.written) {
    throw malformed(`'${element.name}' is not the column that the query sorts by.`);
  }
  if (element.attributes.lastnull === "1") return null;
  const { last } = element.attributes;
  if (last === undefined) throw malformed(`'${element.name}' has no last value.`);
  if (isPrimaryKey(key)) {
    const id = readGuid(last);
    if (id === undefined) throw malformed(`'${last}' is not a GUID.`);
    return key.isPlainId ? id : guidKey(id);
  }
  if (!key.isNumber) return key.shown === undefined ? last : fold(last);
  const number = Number(last);
  if (last === "" || Number.isNaN(number)) throw malformed(`'${last}' is not a number.`);
  return number;
}
