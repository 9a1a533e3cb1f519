import type { SqlValue } from "../model";
import { invalid } from "./literal";

/**
 * The position behind a page, in the form that Dataverse's own links have: a cookie whose attribute is encoded twice.
 * The keys of the last row stand in it, not an offset, so that a page far back costs no more than the first.
 */
export function writeSkipToken(page: number, after: readonly SqlValue[]): string {
  const position = Buffer.from(JSON.stringify(after)).toString("base64url");
  const inner = encodeURIComponent(
    encodeURIComponent(`<cookie page="${page}"><position last="${position}" /></cookie>`),
  );
  return encodeURIComponent(
    `<cookie pagenumber="${page + 1}" pagingcookie="${inner}" istracking="False" />`,
  );
}

/** @param token decoded once, as a query option is */
export function readSkipToken(token: string): { page: number; after: SqlValue[] } {
  try {
    const [, page = "", inner = ""] =
      /^<cookie pagenumber="(\d+)" pagingcookie="([^"]*)"/.exec(token) ?? [];
    const position = /last="([\w-]*)"/.exec(decodeURIComponent(decodeURIComponent(inner)))?.[1];
    const after: unknown = JSON.parse(Buffer.from(position ?? "", "base64url").toString("utf8"));
    if (Array.isArray(after) && page !== "")
      return { page: Number(page), after: after as SqlValue[] };
  } catch {
    // Whatever is wrong with it, it is not one of ours.
  }
  throw invalid("The $skiptoken is malformed: follow @odata.nextLink as it is.");
}
