import { AppError } from "../errors";
import { escapeXml, unescapeXml } from "../text/markup";

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

/** Where a reading of pages stands, whose sizes may change from page to page. */
export class PagePlace {
  #size: number;
  #page = 1;
  #cookie: string | undefined;
  /** Rows of the pages before. All of them were full, for more came behind. */
  #read = 0;

  constructor(size: number) {
    this.#size = Math.max(1, size);
  }

  get size(): number {
    return this.#size;
  }

  /** The query for this page. */
  fetchXml(fetchXml: string): string {
    return pageOf(fetchXml, this.#page, this.#size, this.#cookie);
  }

  /** Goes behind this page. */
  next(cookie: string | undefined, size: number): void {
    this.#read += this.#size;
    this.#cookie = cookie;
    this.#page += 1;
    this.#resize(size);
  }

  /** A smaller page in the same place; false when it holds one row already. */
  shrink(): boolean {
    if (this.#size === 1) return false;
    this.#resize(Math.floor(this.#size / 8));
    return true;
  }

  /**
   * A cookie names the row behind which a page begins, so its size is free. Without one the service counts pages from the
   * start, and only a size that divides what was read finds its place again.
   */
  #resize(wanted: number): void {
    let size = Math.max(1, wanted);
    if (this.#cookie === undefined && this.#read > 0) {
      size = Math.min(size, this.#read);
      while (this.#read % size !== 0) size -= 1;
      this.#page = this.#read / size + 1;
    }
    this.#size = size;
  }
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
