import type { IncomingMessage } from "node:http";

/** A request that no HTTP server can place; the message says why. */
export class BadRequestError extends Error {
  readonly status: number;

  constructor(message: string, status = 400) {
    super(message);
    this.status = status;
  }
}

/**
 * Headers that a request may have, as the host's own server has it (`MaxRequestHeaderCount` of Kestrel). Node drops those
 * past 1,000 without a word, and with them the one by which the app knows the request.
 */
const mostHeaders = 100;

/** @throws BadRequestError when the headers are too many, or name more than one host */
export function refuseHeaders({ rawHeaders, headersDistinct }: IncomingMessage): void {
  if (rawHeaders.length > 2 * mostHeaders)
    throw new BadRequestError(`The request has more than ${mostHeaders} headers.`, 431);
  if ((headersDistinct.host ?? []).length > 1)
    throw new BadRequestError("The request has more than one Host header.");
}

/**
 * The address that a request asks for: a path, or a whole address as proxies get it.
 *
 * @param target the request line's own words, which Node passes on as they came
 * @param host the header, which may name any host, but must name one
 * @throws BadRequestError
 * @see https://www.rfc-editor.org/rfc/rfc9112#name-request-target
 */
export function addressOf(target = "/", host = "127.0.0.1"): URL {
  const authority = parse(`http://${host}`);
  const isHost =
    authority !== undefined && !/[/?#@\\\s]/.test(host) && authority.host !== "" && host !== "";
  if (!isHost) throw new BadRequestError("The Host header names no host.");
  if (!target.startsWith("/") && !/^https?:\/\//i.test(target))
    throw new BadRequestError("The request target is neither a path nor an address.");
  // Put together as text: read against a base, `//x` would name another host.
  const url = parse(target.startsWith("/") ? `http://${authority.host}${target}` : target);
  if (url === undefined) throw new BadRequestError("The request target is no address.");
  if (!isDecodable(url.pathname))
    throw new BadRequestError("The path holds a percent sign that begins no UTF-8 character.");
  return url;
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
