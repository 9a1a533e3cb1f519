import { type Annotations, DataverseError, type Principal, type WebRequest } from "../model";

/** What is common to a request of its own and one inside a batch. */
export interface RawRequest {
  readonly method: string;
  /** Path below `/api/data/v9.x/` and query, still encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: Uint8Array | undefined;
  readonly principal: Principal;
  readonly serviceRoot: string;
}

/** Path below the service root of an absolute, root-relative or set-relative URL. */
export function targetOf(url: string): string | undefined {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, "");
  if (!path.startsWith("/")) return path;
  return /^\/api\/data\/v(?:8\.[0-2]|9\.\d+)\/(.*)$/s.exec(path)?.[1];
}

export function createRequest(raw: RawRequest): WebRequest {
  const at = raw.target.indexOf("?");
  const path = at < 0 ? raw.target : raw.target.slice(0, at);
  decode(path);
  return {
    method: raw.method,
    path,
    query: parseQuery(at < 0 ? "" : raw.target.slice(at + 1)),
    headers: raw.headers,
    rawBody: raw.rawBody,
    body: parseBody(raw),
    principal: raw.principal,
    annotations: parseAnnotations(raw.headers.prefer ?? ""),
    serviceRoot: raw.serviceRoot,
  };
}

/** @throws DataverseError 400 0x80060888 for an option given twice or an escape that is no UTF-8 */
export function parseQuery(text: string): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const part of text.split("&")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    const name = decode(at < 0 ? part : part.slice(0, at));
    if (query.has(name)) {
      throw new DataverseError(
        400,
        "0x80060888",
        `Query option '${name}' was specified more than once, but it must be specified at most once.`,
      );
    }
    query.set(name, at < 0 ? "" : decode(part.slice(at + 1)));
  }
  return query;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new DataverseError(
      400,
      "0x80060888",
      "The request URI is not valid: it holds an escape that is no UTF-8.",
    );
  }
}

/** Levels of nesting that the service's own reader takes. */
const deepest = 100;

function parseBody({ rawBody, headers }: RawRequest): unknown {
  if (rawBody === undefined || rawBody.length === 0) return undefined;
  const type = headers["content-type"] ?? "application/json";
  if (!/json/i.test(type)) return undefined;
  const text = Buffer.from(rawBody)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  if (text.trim() === "") return undefined;
  if (depthOf(text) > deepest)
    throw badJson(`A recursion limit of ${deepest} levels was reached while reading the payload.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badJson(`Invalid JSON. ${error instanceof Error ? error.message : ""}`);
  }
}

/** Deepest nesting of brackets outside of strings. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isText) {
      if (code === 92) at++;
      else if (code === 34) isText = false;
    } else if (code === 34) isText = true;
    else if (code === 123 || code === 91) most = Math.max(most, ++depth);
    else if (code === 125 || code === 93) depth--;
  }
  return most;
}

const badJson = (what: string) =>
  new DataverseError(
    400,
    "0x80048d19",
    `Error identified in Payload provided by the user, For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ${what}`,
  );

/** Names in `odata.include-annotations`, with `*` at the end of any as a wildcard. */
function parseAnnotations(prefer: string): Annotations {
  const list = /odata\.include-annotations="?([^"]*)"?/i.exec(prefer)?.[1] ?? "";
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const exact = new Set(names);
  const prefixes = names.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  return {
    wants: (annotation) =>
      exact.has(annotation) || prefixes.some((prefix) => annotation.startsWith(prefix)),
  };
}
