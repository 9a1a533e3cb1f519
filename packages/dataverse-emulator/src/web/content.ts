import { randomUUID } from "node:crypto";
import type { WebResponse } from "../model";

const nothing = Buffer.alloc(0);

/** The bytes of an answer: bytes and typed text as they are, anything else as JSON. */
export function contentOf({ body, headers }: WebResponse): Buffer {
  if (body === undefined) return nothing;
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.length);
  const isText = typeof body === "string" && headers?.["Content-Type"] !== undefined;
  return Buffer.from(isText ? body : jsonOf(body), "utf8");
}

/** JSON. Limits of 64-bit numbers are beyond what JavaScript writes in full, and stand in definitions only. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const mark = `int64:${randomUUID()}:`;
    const text = JSON.stringify(body, (_name, value: unknown) =>
      typeof value === "bigint" ? `${mark}${value}` : value,
    );
    return text.replace(new RegExp(`"${mark}(-?\\d+)"`, "g"), "$1");
  }
}
