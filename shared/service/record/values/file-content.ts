import type { Row, Table } from "../../../dataverse";
import { quote } from "../../../text/quote";

/** Where a row holds a file: Dataverse takes its bytes as base64, whatever is sent under its name. */
const fileColumns: Readonly<Record<string, string>> = {
  activitymimeattachment: "body",
  annotation: "documentbody",
};

interface Kind {
  readonly type: string;
  /** Text may be written as text. */
  readonly isText?: true;
  /** First bytes of every such file, one character each. */
  readonly begins?: string;
}

const office = "application/vnd.openxmlformats-officedocument";
const jpeg: Kind = { type: "image/jpeg", begins: "\u00FF\u00D8\u00FF" };
const html: Kind = { type: "text/html", isText: true };

/** By the end of a file's name. */
const types: Readonly<Record<string, Kind | undefined>> = {
  csv: { type: "text/csv", isText: true },
  docx: { type: `${office}.wordprocessingml.document`, begins: "PK" },
  eml: { type: "message/rfc822", isText: true },
  gif: { type: "image/gif", begins: "GIF8" },
  htm: html,
  html,
  jpeg,
  jpg: jpeg,
  json: { type: "application/json", isText: true },
  log: { type: "text/plain", isText: true },
  md: { type: "text/markdown", isText: true },
  pdf: { type: "application/pdf", begins: "%PDF" },
  png: { type: "image/png", begins: "\u0089PNG" },
  txt: { type: "text/plain", isText: true },
  xlsx: { type: `${office}.spreadsheetml.sheet`, begins: "PK" },
  xml: { type: "application/xml", isText: true },
  zip: { type: "application/zip", begins: "PK" },
};

const kindOf = (fileName: string) => types[/\.(\w{1,8})$/.exec(fileName)?.[1]?.toLowerCase() ?? ""];

/** The media type that the name of a file stands for. */
export const mediaTypeOf = (fileName: string): string =>
  kindOf(fileName)?.type ?? "application/octet-stream";

export type FileContent =
  | { readonly base64: string; readonly note?: string }
  | { readonly problem: string };

/**
 * The bytes of a file as base64. Plain words for a file of text are encoded; for any other file they are refused, because the
 * bytes that were meant are not there.
 */
export function readFileContent(fileName: string, content: string): FileContent {
  const data = /^data:[\w/+.;=-]*;base64,/i.exec(content)?.[0];
  const bare = data === undefined ? content : content.slice(data.length);
  const bytes = decode(bare);
  const kind = kindOf(fileName);
  // `test` is base64, too; in a file of text it stands for what it says.
  if (bytes !== undefined && isMeant(bytes, kind, data !== undefined))
    return { base64: bytes.toString("base64") };
  if (kind?.isText === true && data === undefined)
    return {
      base64: Buffer.from(content.toWellFormed(), "utf8").toString("base64"),
      note: "The content was plain text; it was stored as a file of UTF-8 text.",
    };
  return {
    problem: `the content of ${quote(fileName)} is not the base64 of such a file. Give the bytes of the file as base64, or name a file of text (.txt, .csv, .md).`,
  };
}

/** `test` is base64, too; in a file of text it stands for what it says, and no document begins with its bytes. */
function isMeant(bytes: Buffer, kind: Kind | undefined, isSaid: boolean): boolean {
  if (kind?.begins !== undefined)
    return bytes.subarray(0, kind.begins.length).toString("latin1") === kind.begins;
  return isSaid || kind?.isText !== true || isText(bytes);
}

/** Undefined for what is no base64. */
function decode(content: string): Buffer | undefined {
  const packed = content.replaceAll(/[\r\n]+/g, "");
  if (packed === "" || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed))
    return undefined;
  return Buffer.from(packed, "base64");
}

function isText(bytes: Buffer): boolean {
  const text = bytes.toString("utf8");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these stand in no file of text
  return !text.includes("\uFFFD") && !/[\u0000-\u0008\u000E-\u001F]/.test(text);
}

/** The same values with the file as base64, of a row that holds one. */
export function withFile(
  table: Table,
  body: Row,
): { readonly body: Row; readonly notes: readonly string[]; readonly problems: readonly string[] } {
  const column = fileColumns[table.logicalName];
  const content = column === undefined ? undefined : body[column];
  if (column === undefined || typeof content !== "string" || content === "")
    return { body, notes: [], problems: [] };
  const fileName = typeof body.filename === "string" ? body.filename : "";
  const read = readFileContent(fileName, content);
  if ("problem" in read) return { body, notes: [], problems: [`${column}: ${read.problem}`] };
  const named =
    fileName === "" || body.mimetype !== undefined ? {} : { mimetype: mediaTypeOf(fileName) };
  return {
    body: { ...named, ...body, [column]: read.base64 },
    notes: read.note === undefined ? [] : [`${column}: ${read.note}`],
    problems: [],
  };
}
