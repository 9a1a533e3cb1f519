import type { WebResponse } from "../model";

const nothing = Buffer.alloc(0);

/** The bytes of an answer: bytes and typed text as they are, anything else as JSON. */
export function contentOf({ body, headers }: WebResponse): Buffer {
  if (body === undefined) return nothing;
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.length);
  const isText = typeof body === "string" && headers?.["Content-Type"] !== undefined;
  return Buffer.from(isText ? body : JSON.stringify(body), "utf8");
}
