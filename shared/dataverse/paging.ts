import { AppError } from "../errors";

const escapeXml = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

const unescapeXml = (text: string) =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");

const rootTag = /^\s*<fetch\b([^>]*)>/;

/** True when the query says itself how much it wants, so that no page numbers may be added. */
export function isUnpaged(fetchXml: string): boolean {
  const attributes = rootTag.exec(fetchXml)?.[1] ?? "";
  return (
    /\s(top|page|count)\s*=/.test(attributes) ||
    /\saggregate\s*=\s*["'](true|1)["']/.test(attributes)
  );
}

/** The query for one page: `page` counts from 1, `cookie` is what the page before brought. */
export function pageOf(
  fetchXml: string,
  page: number,
  pageSize: number,
  cookie: string | undefined,
): string {
  const paging = cookie === undefined ? "" : ` paging-cookie="${escapeXml(cookie)}"`;
  return fetchXml.replace(
    rootTag,
    (_, attributes: string) => `<fetch${attributes} count="${pageSize}" page="${page}"${paging}>`,
  );
}

/**
 * The cookie for the next page out of the annotation `fetchxmlpagingcookie`, an XML element whose attribute is URL-encoded
 * twice. Undefined when there is none: then only the page number goes up, which Dataverse allows for 50,000 rows.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
 */
export function readCookie(annotation: unknown): string | undefined {
  if (typeof annotation !== "string") return undefined;
  const encoded = /\spagingcookie="([^"]*)"/.exec(annotation)?.[1];
  if (encoded === undefined || encoded === "") return undefined;
  try {
    return decodeURIComponent(decodeURIComponent(unescapeXml(encoded)));
  } catch (cause) {
    throw new AppError("upstream", "Dataverse sent a paging cookie that cannot be read.", {
      cause,
    });
  }
}
