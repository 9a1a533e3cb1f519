import { rpcCodes, rpcError } from "./guards";

/** Deepest nesting; tools take six levels. What recurses over a value must not be given one that overflows the stack. */
const deepest = 128;

/** The value of a JSON body, or the answer that refuses it. */
export function parseJson(bytes: Buffer): { readonly value: unknown } | Response {
  if (isTooDeep(bytes))
    return rpcError(
      400,
      rpcCodes.invalidRequest,
      `The JSON is nested more than ${deepest} levels deep.`,
    );
  let text: string;
  try {
    // Takes a byte-order mark away. RFC 8259 (8.1) lets one be ignored, and some of .NET's writers send one.
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return rpcError(400, rpcCodes.parse, "The body is not UTF-8.");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return rpcError(400, rpcCodes.parse, "The body is not JSON.");
  }
  // Of a key that stands twice in one object the last one counts, as in every JavaScript client; this one counts nowhere.
  if (/__proto__|\\u00(5f|6f|7[024])/i.test(text) && namesPrototype(value))
    return rpcError(400, rpcCodes.invalidRequest, "No object may have a key __proto__.");
  return { value };
}

const quote = 0x22;
const backslash = 0x5c;
/** `[` and `{`, `]` and `}`; in UTF-8 none of these bytes is ever part of another character. */
const opening = new Set([0x5b, 0x7b]);
const closing = new Set([0x5d, 0x7d]);

/** One pass over the bytes, before anything that recurses sees them. Brackets inside of strings do not count. */
function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) at = endOfText(bytes, at);
    else if (closing.has(byte)) depth--;
    else if (opening.has(byte) && ++depth > deepest) return true;
  }
  return false;
}

/** Where the string that begins at `start` ends; past the end of the body when it does not. */
function endOfText(bytes: Buffer, start: number): number {
  // Most strings are short, and to ask the engine costs as much as to look at so many bytes.
  const near = Math.min(bytes.length, start + 64);
  let at = start + 1;
  while (at < near && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  if (at < near || at >= bytes.length) return at;
  for (let next = at; ; ) {
    const end = bytes.indexOf(quote, next);
    if (end === -1) return bytes.length;
    let from = end;
    while (from > at && bytes[from - 1] === backslash) from--;
    if ((end - from) % 2 === 0) return end;
    next = end + 1;
  }
}

/** An assignment by that name would set the prototype of whatever is assigned to, and copies lose it without a word. */
function namesPrototype(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.hasOwn(value, "__proto__") || Object.values(value).some(namesPrototype);
}
