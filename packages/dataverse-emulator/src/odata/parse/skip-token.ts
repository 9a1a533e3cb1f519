import { readCookie, writeCookie } from "../../fetchxml/results/cookie";
import type { SortKey } from "../../fetchxml/results/order";
import type { SqlValue } from "../../model";
import { invalid } from "./literal";

type Position = readonly (string | number | null)[];

/** As the service writes links: `=` and `/` stay as they are, and so do the escapes of the cookie inside. */
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll("%3D", "=").replaceAll("%2F", "/").replaceAll("%25", "%");

/**
 * The position behind a page, in the form that Dataverse's own links have: FetchXML's paging cookie, encoded twice, inside
 * an element that is encoded once. It holds the sort values of the page's rows, not an offset, so that a page far back
 * costs no more than the first.
 */
export function writeSkipToken(
  page: number,
  keys: readonly SortKey[],
  first: readonly SqlValue[],
  last: readonly SqlValue[],
): string {
  const plain = (values: readonly SqlValue[]) =>
    values.map((value) => (value instanceof Uint8Array ? null : value));
  return encode(writeCookie(page, keys, plain(first), plain(last)));
}

/**
 * @param token decoded once, as a query option is
 * @returns the page that begins there, and the sort values of the row before it
 */
export function readSkipToken(
  token: string,
  keys: readonly SortKey[],
): { page: number; after: Position } {
  const [, page = "", inner = ""] =
    /^<cookie pagenumber="(\d{1,9})" pagingcookie="([^"]*)"/.exec(token) ?? [];
  try {
    if (page === "") throw new Error("It is not a cookie.");
    const cookie = readCookie(decodeURIComponent(inner), keys);
    return { page: Number(page), after: cookie.last };
  } catch {
    // Whatever is wrong with it, it is not one of this query's.
    throw invalid(
      "The $skiptoken is malformed or of another query: follow @odata.nextLink as it is.",
    );
  }
}

/** Where a page of changes ends. */
export interface TrackingToken {
  /** The page that begins there. */
  readonly page: number;
  /** The version that the answer as a whole reaches to. */
  readonly until: number;
  /** Behind the last row there are the deleted ones. */
  readonly isDeleted: boolean;
  readonly version: number;
  readonly id: string;
}

/** The same form, with `istracking="True"`. */
export function writeTrackingToken({ page, until, isDeleted, version, id }: TrackingToken): string {
  const cookie = `<cookie page="${page - 1}" until="${until}" deleted="${isDeleted ? 1 : 0}" version="${version}" id="${id}" />`;
  const inner = encodeURIComponent(encodeURIComponent(cookie));
  return encode(`<cookie pagenumber="${page}" pagingcookie="${inner}" istracking="True" />`);
}

/** @param token decoded once, as a query option is */
export function readTrackingToken(token: string | undefined): TrackingToken | undefined {
  if (token === undefined) return undefined;
  const [, page, inner = ""] =
    /^<cookie pagenumber="(\d{1,9})" pagingcookie="([^"]*)" istracking="True"/.exec(token) ?? [];
  const [, until, deleted, version, id = ""] =
    /^<cookie page="\d+" until="(\d{1,15})" deleted="([01])" version="(\d{1,15})" id="([0-9a-f-]{36})" \/>$/.exec(
      unescapedTwice(inner),
    ) ?? [];
  if (page === undefined || until === undefined)
    throw invalid(
      "The $skiptoken is malformed or of another query: follow @odata.nextLink as it is.",
    );
  return {
    page: Number(page),
    until: Number(until),
    isDeleted: deleted === "1",
    version: Number(version),
    id,
  };
}

function unescapedTwice(text: string): string {
  try {
    return decodeURIComponent(decodeURIComponent(text));
  } catch {
    // No token of ours; the pattern will not match.
    return "";
  }
}
