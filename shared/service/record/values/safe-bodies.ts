import type { Column, Row, Table } from "../../../dataverse";
import { longestBody, makeHtmlSafe, type Removal, type SafeHtml } from "../../../text";

/** How a column is read by what shows it: as HTML, or as HTML where it holds some. */
type Kind = "html" | "sometimes" | undefined;

/** HTML by nature, whatever their format says. */
const htmlColumns: Readonly<Record<string, readonly string[]>> = {
  email: ["description", "safedescription"],
  emailsignature: ["safehtml"],
  knowledgearticle: ["content"],
};

/** Written by the organisation for its readers: pictures from the web belong to it. */
const ownPages: ReadonlySet<string> = new Set(["knowledgearticle"]);

function kindOf(table: Table, column: Column): Kind {
  if (column.type !== "Memo" && column.type !== "String") return undefined;
  if (htmlColumns[table.logicalName]?.includes(column.logicalName)) return "html";
  if (column.format === "RichText") return "html";
  // The timeline shows notes and the descriptions of activities as HTML.
  const isShown =
    (table.logicalName === "annotation" && column.logicalName === "notetext") ||
    (table.isActivity && column.logicalName === "description");
  return isShown ? "sometimes" : undefined;
}

export interface SafeBody {
  readonly body: Row;
  /** One line for each column that something was taken out of. Our words. */
  readonly notes: readonly string[];
  /** What is too long to be stored once it is written safely. */
  readonly problems: readonly string[];
}

/** What was taken out of a column, in one line. */
export const removalWords = (column: string, removed: readonly Removal[]): string =>
  `Taken out of ${column}, where they may not stand: ${removed.join(", ")}.`;

/**
 * Makes every column of a row that is shown as HTML safe to show: mails, notes, descriptions of activities, rich text. Every
 * write that holds words of others goes through here.
 */
export async function makeBodySafe(table: Table, row: Row): Promise<SafeBody> {
  const body: Record<string, unknown> = { ...row };
  const notes: string[] = [];
  const problems: string[] = [];
  for (const [name, value] of Object.entries(row)) {
    const column = table.columnByName.get(name);
    const kind = column === undefined ? undefined : kindOf(table, column);
    if (column === undefined || kind === undefined || typeof value !== "string") continue;
    if (value.length > longestBody) {
      problems.push(
        `${name}: the text has ${value.length} characters; at most ${longestBody} are taken.`,
      );
      continue;
    }
    const safe = await safeText(value, kind, ownPages.has(table.logicalName));
    body[name] = safe.html;
    if (safe.removed.length > 0) notes.push(removalWords(name, safe.removed));
    if (column.maxLength !== undefined && safe.html.length > column.maxLength) {
      problems.push(
        `${name}: written as safe HTML the text has ${safe.html.length} characters; at most ${column.maxLength} fit.`,
      );
    }
  }
  return { body, notes, problems };
}

async function safeText(
  text: string,
  kind: "html" | "sometimes",
  mayShowRemotePictures: boolean,
): Promise<SafeHtml> {
  if (!text.includes("<")) return { html: text, removed: [] };
  const safe = await makeHtmlSafe(text, { mayShowRemotePictures });
  // Plain words in angle brackets stay as they are where they may be shown as plain words.
  return kind === "sometimes" && safe.removed.length === 0 ? { html: text, removed: [] } : safe;
}

/** A text for a column that is shown as HTML where it holds some, written without a table at hand. */
export const makeShownTextSafe = (text: string): Promise<SafeHtml> =>
  safeText(text, "sometimes", false);

/** Text of ours that holds words of others, for a column that may be shown as HTML: nothing in it can be a tag. */
export const withoutTags = (text: string): string => text.replace(/<(?=[a-z!/?])/gi, "&lt;");
