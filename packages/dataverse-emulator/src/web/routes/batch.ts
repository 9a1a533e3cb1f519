import { randomUUID } from "node:crypto";
import {
  DataverseError,
  type Handler,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { authenticatePart } from "../../security";
import { contentOf } from "../content";
import { errorResponse } from "../error-response";
import { createRequest, targetOf } from "../request";
import { boundaryOf, type PartRequest, readHttp, splitParts } from "./multipart";

/** Most operations of one batch. */
const batchLimit = 1_000;
/** Bytes of a URL inside a batch; twice what a request line may have. */
const urlLimit = 65_536;

interface Operation extends PartRequest {
  readonly contentId: string | undefined;
}

/** What a batch holds, in order: one request, or a change set. */
type Item =
  | { readonly kind: "single"; readonly operation: Operation }
  | { readonly kind: "set"; readonly operations: readonly Operation[] };

const refuse = (message: string) => new DataverseError(400, "0x80060888", message);

/**
 * `POST $batch`: requests in one body, change sets among them as transactions. The whole body is read before anything
 * runs, so that a malformed batch does nothing. Without `odata.continue-on-error` the first failure ends the batch and is
 * its status.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export const batchHandler: Handler = (request, world) => {
  if (request.path !== "$batch") return undefined;
  if (request.method !== "POST")
    throw new DataverseError(
      405,
      "0x80060888",
      `The requested resource does not support http method '${request.method}'.`,
    );
  const items = readBatch(request);
  const goOn = /odata\.continue-on-error(?!\s*=\s*false)/i.test(request.headers.prefer ?? "");
  const out = `batchresponse_${randomUUID()}`;
  const answers: Buffer[] = [];
  let status = 200;
  for (const item of items) {
    const { content, failure } =
      item.kind === "single"
        ? runSingle(item.operation, request, world)
        : runChangeSet(item.operations, request, world);
    answers.push(Buffer.from(`--${out}\r\n`), content);
    if (failure !== undefined && !goOn) {
      status = failure;
      break;
    }
  }
  return {
    status,
    headers: { "Content-Type": `multipart/mixed; boundary=${out}` },
    body: Buffer.concat([...answers, Buffer.from(`--${out}--\r\n`)]),
  };
};

function readBatch(request: WebRequest): Item[] {
  const contentType = request.headers["content-type"] ?? "";
  if (!/^multipart\/mixed\b/i.test(contentType))
    throw refuse(`The Content-Type of a batch must be multipart/mixed, not '${contentType}'.`);
  const body = Buffer.from(request.rawBody ?? new Uint8Array());
  const items = splitParts(body, boundaryOf(contentType)).map((part): Item => {
    const type = part.headers["content-type"] ?? "";
    if (!/^multipart\/mixed\b/i.test(type))
      return { kind: "single", operation: readOperation(part) };
    return { kind: "set", operations: readChangeSet(part.content, boundaryOf(type)) };
  });
  const count = items.reduce(
    (sum, item) => sum + (item.kind === "set" ? item.operations.length : 1),
    0,
  );
  if (count > batchLimit) {
    throw refuse(
      `The current batch message contains too many parts. Only batch messages with a maximum number of '${batchLimit}' query operations and changesets are allowed.`,
    );
  }
  return items;
}

function readOperation(part: Parameters<typeof readHttp>[0]): Operation {
  const http = readHttp(part);
  if (http.url.length > urlLimit)
    throw refuse(`A URL inside a batch has at most ${urlLimit} characters.`);
  return { ...http, contentId: part.headers["content-id"] ?? http.headers["content-id"] };
}

function readChangeSet(content: Buffer, boundary: string): Operation[] {
  const seen = new Set<string>();
  return splitParts(content, boundary).map((part) => {
    const operation = readOperation(part);
    const { contentId, method } = operation;
    if (contentId === undefined)
      throw refuse("Content-ID header not present in the change set operation.");
    if (seen.has(contentId))
      throw refuse(
        `The content ID '${contentId}' was found more than once in the same change set or same batch request. Content IDs have to be unique across all operations of a change set for OData V4.0.`,
      );
    seen.add(contentId);
    if (!/^(POST|PUT|PATCH|DELETE)$/.test(method))
      throw refuse(
        `An invalid HTTP method '${method}' was detected for a request in a change set. Requests in change sets only support the HTTP methods 'POST', 'PUT', 'DELETE', and 'PATCH'.`,
      );
    return operation;
  });
}

interface Outcome {
  readonly content: Buffer;
  /** Status of the refusal, if it was one. */
  readonly failure: number | undefined;
}

const failureOf = (response: WebResponse) => (response.status >= 400 ? response.status : undefined);

function runSingle(operation: Operation, outer: WebRequest, world: World): Outcome {
  const response = run(operation, outer, world, (text) => text);
  return {
    content: httpPart(operation, response),
    failure: failureOf(response),
  };
}

/** All or nothing: the first refusal undoes the set and is its only answer. */
function runChangeSet(operations: readonly Operation[], outer: WebRequest, world: World): Outcome {
  const name = `changesetresponse_${randomUUID()}`;
  const made = new Map<string, string>();
  let failure: number | undefined;
  let parts: Buffer[] = [];
  const boundary = Buffer.from(`--${name}\r\n`);
  try {
    world.db.transaction(() => {
      for (const operation of operations) {
        const response = run(operation, outer, world, (text) => resolve(text, made));
        const part = [boundary, httpPart(operation, response)];
        failure = failureOf(response);
        if (failure !== undefined) {
          parts = part;
          throw new Rollback();
        }
        parts.push(...part);
        remember(made, operation, response);
      }
    });
  } catch (error) {
    reloadDefinitions(world);
    if (!(error instanceof Rollback)) throw error;
  }
  const head = Buffer.from(`Content-Type: multipart/mixed; boundary=${name}\r\n\r\n`);
  return { content: Buffer.concat([head, ...parts, Buffer.from(`--${name}--\r\n`)]), failure };
}

/** What `$1` stands for afterwards: the row that the operation made or changed. */
function remember(made: Map<string, string>, operation: Operation, response: WebResponse): void {
  const address = response.headers?.["OData-EntityId"] ?? rowAddress(response.body);
  const target = address === undefined ? undefined : targetOf(address);
  if (target !== undefined && operation.contentId !== undefined)
    made.set(operation.contentId, target);
}

/** With `return=representation` no header names the row; the answer's context and key do. */
function rowAddress(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const row = body as Record<string, unknown>;
  const set = /\$metadata#(\w+)(?:\(.*\))?\/\$entity$/.exec(String(row["@odata.context"]))?.[1];
  const id = Object.entries(row).find(
    ([name, value]) => name.endsWith("id") && !name.startsWith("_") && typeof value === "string",
  )?.[1];
  return set === undefined || id === undefined ? undefined : `${set}(${String(id)})`;
}

class Rollback extends Error {}

/** A change of definitions inside a set that was undone must be forgotten, too. */
function reloadDefinitions(world: World): void {
  const catalog = world.catalog as { reload?: () => void };
  catalog.reload?.();
}

/** Puts the address of an earlier operation where `$1` begins an address. */
function resolve(text: string, made: ReadonlyMap<string, string>): string {
  const [whole, before = "", name] =
    /^((?:[a-z][a-z0-9+.-]*:\/\/[^/]*)?(?:\/api\/data\/v9\.\d+)?\/?)\$([\w.~-]+)/i.exec(text) ?? [];
  if (whole === undefined || name === undefined || name === "batch") return text;
  const target = made.get(name);
  if (target === undefined)
    throw refuse(`Content-ID Reference: '$${name}' does not exist in the batch context.`);
  return `${before}${target}${text.slice(whole.length)}`;
}

/** `$1` means an earlier part only where an address stands; in any other text it is text. */
function resolveLinks(value: unknown, replace: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => resolveLinks(each, replace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const isLink = name.endsWith("@odata.bind") || name === "@odata.id";
      if (isLink && typeof each === "string") return [name, replace(each)];
      if (isLink && Array.isArray(each))
        return [name, each.map((one) => (typeof one === "string" ? replace(one) : one))];
      return [name, resolveLinks(each, replace)];
    }),
  );
}

function run(
  operation: Operation,
  outer: WebRequest,
  world: World,
  replace: (text: string) => string,
): WebResponse {
  let request: WebRequest | undefined;
  try {
    if (operation.isBare && operation.body.toString("utf8").trim() !== "")
      throw unreadable(operation);
    request = innerRequest(outer, operation, replace(operation.url), world);
    return world.dispatch({ ...request, body: resolveLinks(request.body, replace) });
  } catch (error) {
    if (error instanceof DataverseError) return errorResponse(error, request);
    throw error;
  }
}

/** A body whose head does not end in CRLF is not found. */
function unreadable({ url }: Operation): DataverseError {
  const set = /(?:^|\/)(\w+)(?:\([^/]*\))?(?:\?.*)?$/.exec(url)?.[1] ?? "";
  return new DataverseError(
    400,
    "0x80048d19",
    `Error identified in Payload provided by the user for Entity :'${set}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : System.ArgumentException: Stream was not readable.`,
  );
}

function innerRequest(
  outer: WebRequest,
  operation: Operation,
  url: string,
  world: World,
): WebRequest {
  const target = targetOf(url);
  if (target === undefined || /^\/?\$batch/.test(target)) {
    throw refuse(`The batch names an address that is not of this service: '${url.slice(0, 200)}'.`);
  }
  return createRequest({
    method: operation.method,
    target,
    headers: operation.headers,
    rawBody: operation.body,
    principal: authenticatePart(outer.principal, operation.headers, world),
    serviceRoot: outer.serviceRoot,
  });
}

const httpHeaders = (contentId?: string) =>
  `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n${contentId === undefined ? "" : `Content-ID: ${contentId}\r\n`}\r\n`;

const reasons: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  206: "Partial Content",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  412: "Precondition Failed",
  429: "Too Many Requests",
  500: "Internal Server Error",
};

function httpPart({ contentId }: Operation, response: WebResponse): Buffer {
  const body = contentOf(response);
  const address = response.headers?.["OData-EntityId"];
  const headers = {
    ...(body.length === 0 ? {} : { "Content-Type": "application/json; odata.metadata=minimal" }),
    "OData-Version": "4.0",
    // An error inside a batch can be asked about by its own id.
    ...(response.status >= 400 ? { REQ_ID: randomUUID() } : {}),
    ...(address === undefined ? {} : { Location: address }),
    ...response.headers,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value.split("\n").map((line) => `${name}: ${line}\r\n`),
  );
  const status = `HTTP/1.1 ${response.status} ${reasons[response.status] ?? "Error"}\r\n`;
  return Buffer.concat([
    Buffer.from(`${httpHeaders(contentId)}${status}${lines.join("")}\r\n`),
    body,
    Buffer.from("\r\n"),
  ]);
}
