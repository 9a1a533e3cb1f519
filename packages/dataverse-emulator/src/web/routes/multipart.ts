import { DataverseError } from "../../model";

/** One part of a `multipart/mixed` body; the content byte for byte, for a part may carry a file. */
export interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Buffer;
}

/** An `application/http` part taken apart. */
export interface PartRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Its lines end in a bare LF: the service finds no body behind such a head. */
  readonly isBare: boolean;
}

const refuse = (message: string) => new DataverseError(400, "0x80060888", message);

/** @throws DataverseError 400 0x80060888 when the type names no boundary */
export function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  // RFC 2046 gives a boundary 70 characters at most.
  if (boundary !== undefined && boundary.length <= 70) return boundary;
  throw refuse(
    "Invalid Content-Type header value: a multipart/mixed type with a boundary of at most 70 characters was expected.",
  );
}

/**
 * Splits a body at its boundary. Lines should end in CRLF. A body without its closing boundary was cut on the way and
 * is refused whole.
 */
export function splitParts(body: Buffer, boundary: string): Part[] {
  const parts: Part[] = [];
  const delimiter = Buffer.from(`--${boundary}`, "latin1");
  let start: number | undefined;
  for (let at = body.indexOf(delimiter); at >= 0; at = body.indexOf(delimiter, at + 1)) {
    if (at > 0 && body[at - 1] !== newline) continue;
    const end = lineEnd(body, at + delimiter.length);
    if (end === undefined) continue;
    if (start !== undefined) parts.push(readPart(body.subarray(start, beforeLineBreak(body, at))));
    start = end.next;
    if (end.isLast) return parts;
  }
  throw refuse(
    start === undefined
      ? "The boundary of the Content-Type header does not occur in the body."
      : "The multipart body ended before its closing boundary.",
  );
}

const newline = 10;
const carriageReturn = 13;

/** Where the line of a delimiter ends, or undefined when more than blanks follows: then it is text that begins alike. */
function lineEnd(body: Buffer, from: number): { next: number; isLast: boolean } | undefined {
  const isLast = body[from] === 45 && body[from + 1] === 45;
  let at = isLast ? from + 2 : from;
  while (body[at] === 32 || body[at] === 9) at++;
  if (body[at] === carriageReturn) at++;
  if (at >= body.length) return { next: body.length, isLast };
  return body[at] === newline ? { next: at + 1, isLast } : undefined;
}

function beforeLineBreak(body: Buffer, at: number): number {
  const before = at - 1;
  return body[before - 1] === carriageReturn ? before - 1 : before;
}

function readPart(section: Buffer): Part {
  const { head, rest } = splitHead(section);
  return { headers: readHeaders(head), content: rest };
}

/** Header lines up to the first empty one, and what follows. */
function splitHead(section: Buffer): { head: string; rest: Buffer } {
  let from = 0;
  while (from <= section.length) {
    const found = section.indexOf(newline, from);
    const end = found < 0 ? section.length : found;
    const isEmpty = end === from || (end === from + 1 && section[from] === carriageReturn);
    if (isEmpty || found < 0) {
      const head = section.subarray(0, isEmpty ? from : end).toString("latin1");
      return { head, rest: section.subarray(Math.min(end + 1, section.length)) };
    }
    from = end + 1;
  }
  return { head: section.toString("latin1"), rest: section.subarray(section.length) };
}

function readHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const colon = line.indexOf(":");
    if (colon <= 0) throw refuse(`'${line.trim().slice(0, 100)}' is no header of a part.`);
    headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}

/** Reads the request inside an `application/http` part. */
export function readHttp(part: Part): PartRequest {
  if (!/^application\/http\b/i.test(part.headers["content-type"] ?? "")) {
    throw refuse(
      `The Content-Type of a part must be application/http or multipart/mixed, not '${part.headers["content-type"] ?? ""}'.`,
    );
  }
  let { content } = part;
  while (content[0] === newline || content[0] === carriageReturn) content = content.subarray(1);
  const { head, rest } = splitHead(content);
  const end = head.indexOf("\n");
  const line = (end < 0 ? head : head.slice(0, end)).trim();
  const [, method, url] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(line) ?? [];
  if (method === undefined || url === undefined)
    throw refuse("A part of the batch does not begin with a request line.");
  const headers = readHeaders(end < 0 ? "" : head.slice(end + 1));
  return { method, url, headers, body: rest, isBare: /(?<!\r)\n/.test(head) };
}
