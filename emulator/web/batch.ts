import { randomUUID } from "node:crypto";
import {
  DataverseError,
  type Handler,
  type WebRequest,
  type WebResponse,
  type World,
} from "../model";
import { errorResponse } from "./error-response";
import { createRequest, targetOf } from "./request";

/** Most operations of one batch. */
const batchLimit = 1_000;

interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string;
}

/**
 * `POST $batch`: requests in one body, change sets among them as transactions.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export const batchHandler: Handler = (request, world) => {
  if (request.path !== "$batch") return undefined;
  if (request.method !== "POST")
    throw new DataverseError(405, "0x80060888", "$batch takes POST only.");
  const boundary = boundaryOf(request.headers["content-type"] ?? "");
  const parts = splitParts(
    Buffer.from(request.rawBody ?? new Uint8Array()).toString("utf8"),
    boundary,
  );
  const goOn = /odata\.continue-on-error/i.test(request.headers.prefer ?? "");
  let operations = 0;
  const count = () => {
    operations++;
    if (operations > batchLimit)
      throw new DataverseError(
        400,
        "0x80060888",
        `A batch holds at most ${batchLimit} operations.`,
      );
  };
  const out = `batchresponse_${randomUUID()}`;
  const answers: string[] = [];
  for (const part of parts) {
    const isSet = /^multipart\/mixed/i.test(part.headers["content-type"] ?? "");
    const { text, failed } = isSet
      ? runChangeSet(part, request, world, count)
      : runSingle(part, request, world, count);
    answers.push(`--${out}\r\n${text}`);
    if (failed && !goOn) break;
  }
  return {
    status: 200,
    headers: { "Content-Type": `multipart/mixed; boundary=${out}` },
    body: new BatchText(`${answers.join("")}--${out}--\r\n`),
  };
};

/** A body that is sent as it is, not as JSON. */
export class BatchText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function runSingle(part: Part, outer: WebRequest, world: World, count: () => void) {
  count();
  const { method, url, headers, body } = readHttp(part.content);
  const response = answer(() => world.dispatch(innerRequest(outer, method, url, headers, body)));
  return { text: `${httpHeaders()}${httpText(response)}`, failed: response.status >= 400 };
}

/** All or nothing: the first refusal undoes the set and is its only answer. */
function runChangeSet(part: Part, outer: WebRequest, world: World, count: () => void) {
  const name = `changesetresponse_${randomUUID()}`;
  const made = new Map<string, string>();
  let refused: WebResponse | undefined;
  const texts: string[] = [];
  try {
    world.db.transaction(() => {
      for (const each of splitParts(part.content, boundaryOf(part.headers["content-type"] ?? ""))) {
        count();
        const { response, id } = runInSet(each, outer, world, made);
        if (response.status >= 400) {
          refused = response;
          throw new Rollback();
        }
        texts.push(`--${name}\r\n${httpHeaders(id)}${httpText(response)}`);
      }
    });
  } catch (error) {
    if (!(error instanceof Rollback)) throw error;
    reloadDefinitions(world);
  }
  const body = refused ? `--${name}\r\n${httpHeaders()}${httpText(refused)}` : texts.join("");
  return {
    text: `Content-Type: multipart/mixed; boundary=${name}\r\n\r\n${body}--${name}--\r\n`,
    failed: refused !== undefined,
  };
}

class Rollback extends Error {}

/** A change of definitions inside a set that was undone must be forgotten, too. */
function reloadDefinitions(world: World): void {
  const catalog = world.catalog as { reload?: () => void };
  catalog.reload?.();
}

function runInSet(
  part: Part,
  outer: WebRequest,
  world: World,
  made: Map<string, string>,
): { response: WebResponse; id: string } {
  const { method, url, headers, body } = readHttp(part.content);
  const id = part.headers["content-id"] ?? headers["content-id"];
  if (id === undefined)
    throw new DataverseError(
      400,
      "0x80060888",
      "Content-ID header not present in the change set operation.",
    );
  if (method === "GET")
    throw new DataverseError(400, "0x80060888", "A change set must not hold a GET request.");
  const resolve = (text: string) =>
    text.replace(/\$(\w+)/g, (whole, name: string) => made.get(name) ?? whole);
  const request = innerRequest(outer, method, resolve(url), headers, body);
  const response = answer(() =>
    world.dispatch({ ...request, body: resolveLinks(request.body, resolve) }),
  );
  const address = response.headers?.["OData-EntityId"];
  if (address !== undefined) made.set(id, targetOf(address) ?? address);
  return { response, id };
}

/** `$1` means an earlier part only where an address stands; in any other text it is text. */
function resolveLinks(value: unknown, resolve: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => resolveLinks(each, resolve));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const isLink = name.endsWith("@odata.bind") || name === "@odata.id";
      if (isLink && typeof each === "string") return [name, resolve(each)];
      if (isLink && Array.isArray(each))
        return [name, each.map((one) => (typeof one === "string" ? resolve(one) : one))];
      return [name, resolveLinks(each, resolve)];
    }),
  );
}

function answer(work: () => WebResponse): WebResponse {
  try {
    return work();
  } catch (error) {
    if (error instanceof DataverseError) return errorResponse(error);
    throw error;
  }
}

function innerRequest(
  outer: WebRequest,
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): WebRequest {
  const target = targetOf(url);
  if (target === undefined || target.startsWith("$batch")) {
    throw new DataverseError(
      400,
      "0x80060888",
      `The batch names an address that is not of this service: '${url.slice(0, 200)}'.`,
    );
  }
  return createRequest({
    method,
    target,
    headers,
    rawBody: Buffer.from(body),
    principal: outer.principal,
    serviceRoot: outer.serviceRoot,
  });
}

function boundaryOf(contentType: string): string {
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) {
    throw new DataverseError(
      400,
      "0x80060888",
      "Invalid Content-Type header: a multipart/mixed type with a boundary was expected.",
    );
  }
  return boundary;
}

function splitParts(text: string, boundary: string): Part[] {
  const delimiter = new RegExp(`\\n--${boundary.replace(/[^\w]/g, "\\$&")}(?=--|[ \\t]*\\n|$)`);
  const sections = `\n${text.replaceAll("\r\n", "\n")}`.split(delimiter);
  if (sections.length < 2) {
    throw new DataverseError(
      400,
      "0x80060888",
      "The boundary of the Content-Type header does not occur in the body.",
    );
  }
  return sections
    .slice(1)
    .filter((section) => !section.startsWith("--"))
    .map((section) => {
      const inner = section.replace(/^[^\n]*\n/, "");
      const at = inner.indexOf("\n\n");
      return {
        headers: readHeaders(inner.slice(0, Math.max(at, 0))),
        content: inner.slice(at + 2),
      };
    });
}

function readHeaders(text: string): Record<string, string> {
  const lines = text.split("\n").map((line) => /^([\w-]+):\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(
    lines.flatMap((match) =>
      match === null ? [] : [[(match[1] ?? "").toLowerCase(), match[2] ?? ""]],
    ),
  );
}

function readHttp(content: string): {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
} {
  const text = content.replace(/^\n+/, "");
  const first = /^([A-Z]+) (\S+) HTTP\/1\.[01]\n?/.exec(text);
  if (first === null)
    throw new DataverseError(
      400,
      "0x80060888",
      "A part of the batch does not begin with a request line.",
    );
  const rest = text.slice(first[0].length);
  const at = rest.search(/\n\n|^\n/);
  const headers = readHeaders(at < 0 ? rest : rest.slice(0, at));
  return {
    method: first[1] ?? "",
    url: first[2] ?? "",
    headers,
    body: at < 0 ? "" : rest.slice(at).trim(),
  };
}

const httpHeaders = (contentId?: string) =>
  `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n${contentId === undefined ? "" : `Content-ID: ${contentId}\r\n`}\r\n`;

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  304: "Not Modified",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  412: "Precondition Failed",
};

function httpText(response: WebResponse): string {
  const json = response.body === undefined ? "" : JSON.stringify(response.body);
  const headers = {
    ...(json === "" ? {} : { "Content-Type": "application/json; odata.metadata=minimal" }),
    "OData-Version": "4.0",
    ...response.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${response.status} ${reasons[response.status] ?? "Error"}\r\n${lines.join("")}\r\n${json}\r\n`;
}
