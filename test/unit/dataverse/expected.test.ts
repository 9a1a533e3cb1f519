import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { DataverseRequest } from "../../../shared/dataverse";
import { createGate } from "../../../shared/dataverse/transport/gate";
import { createSender } from "../../../shared/dataverse/transport/sender";
import { AppError } from "../../../shared/errors";
import { createTrace } from "../../../shared/trace";
import { startWebApi, type WebApi } from "../../support/web-api";

/** Whatever stands in the place of the one answer that a request expects is a fault: never done, never nothing found. */

const id = "0a000000-0000-4000-8000-000000000001";
const json = "application/json; odata.metadata=minimal";
const context = "https://org/api/data/v9.2/$metadata#";

interface Plain {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Without the headers that OData demands. */
  readonly isStrange?: boolean;
}

/** Of each kind of request: what it expects, the answer that is right, and those that are wrong for it alone. */
const kinds: Readonly<
  Record<
    string,
    {
      readonly request: DataverseRequest;
      readonly right: Plain;
      readonly wrong?: Readonly<Record<string, Plain>>;
    }
  >
> = {
  page: {
    request: { method: "GET", path: "incidents", expects: "page" },
    right: { body: `{"@odata.context":"${context}incidents","value":[]}` },
    wrong: {
      "one row": { body: `{"@odata.context":"${context}incidents/$entity","title":"x"}` },
      "rows of numbers": { body: `{"@odata.context":"${context}incidents","value":[1]}` },
      "an object for rows": { body: `{"@odata.context":"${context}incidents","value":{}}` },
      "null for rows": { body: `{"@odata.context":"${context}incidents","value":null}` },
      "a page without its context": { body: '{"value":[]}' },
    },
  },
  record: {
    request: { method: "GET", path: `incidents(${id})`, expects: "record" },
    right: { body: `{"@odata.context":"${context}incidents/$entity","title":"x"}` },
    wrong: { "a page": { body: `{"@odata.context":"${context}incidents","value":[]}` } },
  },
  "page of a set": {
    request: { method: "GET", path: "incidents", expects: { pageOf: "incidents" } },
    right: { body: `{"@odata.context":"${context}incidents(title)","value":[]}` },
    wrong: {
      "rows of another set": { body: `{"@odata.context":"${context}contacts","value":[]}` },
      "a set of a longer name": { body: `{"@odata.context":"${context}incidentsx","value":[]}` },
      "one row": { body: `{"@odata.context":"${context}incidents/$entity","title":"x"}` },
    },
  },
  "record of a set": {
    request: {
      method: "GET",
      path: `incidents(${id})`,
      expects: { recordOf: { set: "incidents", key: "incidentid", id } },
    },
    right: {
      body: `{"@odata.context":"${context}incidents(incidentid)/$entity","incidentid":"${id.toUpperCase()}"}`,
    },
    wrong: {
      "another row": {
        body: `{"@odata.context":"${context}incidents/$entity","incidentid":"${id.replace("1", "2")}"}`,
      },
      "no id in the key": {
        body: `{"@odata.context":"${context}incidents/$entity","incidentid":null}`,
      },
      "a row of another set": {
        body: `{"@odata.context":"${context}contacts/$entity","title":"x"}`,
      },
      "a page": { body: `{"@odata.context":"${context}incidents","value":[]}` },
    },
  },
  "change of a row": {
    request: {
      method: "PATCH",
      path: `incidents(${id})`,
      body: {},
      headers: { "If-Match": "*" },
      expects: { changeOf: id },
    },
    right: { status: 204, headers: { "OData-EntityId": `https://org/incidents(${id})` } },
    wrong: {
      "no id": { status: 204 },
      "another row's id": {
        status: 204,
        headers: { "OData-EntityId": `https://org/incidents(${id.replace("1", "2")})` },
      },
    },
  },
  definitions: {
    request: { method: "GET", path: "RetrieveMetadataChanges()", expects: "definitions" },
    right: {
      body: `{"@odata.context":"${context}x","ServerVersionStamp":"1","EntityMetadata":[{"LogicalName":"a"}]}`,
    },
    wrong: {
      "no stamp": { body: `{"@odata.context":"${context}x","EntityMetadata":[]}` },
      "no list": { body: `{"@odata.context":"${context}x","ServerVersionStamp":"1"}` },
      "a table without a name": {
        body: `{"@odata.context":"${context}x","ServerVersionStamp":"1","EntityMetadata":[{}]}`,
      },
    },
  },
  definition: {
    request: { method: "GET", path: "EntityDefinitions(x)", expects: "definition" },
    right: {
      body: `{"@odata.context":"${context}x/$entity","LogicalName":"a","MetadataId":"${id}"}`,
    },
  },
  "result of an action": {
    request: {
      method: "POST",
      path: `emails(${id})/Microsoft.Dynamics.CRM.SendEmail`,
      body: {},
      expects: { result: { Subject: "optional" } },
    },
    right: { body: `{"@odata.context":"${context}x","Subject":null}` },
    wrong: {
      "another result": { body: `{"@odata.context":"${context}x","Other":1}` },
      "nothing, which is another action's": { status: 204 },
    },
  },
  change: {
    request: {
      method: "PATCH",
      path: `incidents(${id})`,
      body: {},
      headers: { "If-Match": "*" },
      expects: "noContent",
    },
    right: { status: 204 },
    wrong: {
      "a row": { body: `{"@odata.context":"${context}incidents/$entity","title":"x"}` },
      "a stranger's 204": { status: 204, isStrange: true },
    },
  },
  creation: {
    request: {
      method: "PATCH",
      path: `incidents(${id})`,
      body: {},
      headers: { "If-None-Match": "*" },
      expects: { entityId: id },
    },
    right: { status: 204, headers: { "OData-EntityId": `https://org/incidents(${id})` } },
    wrong: {
      "no id": { status: 204 },
      "another id": {
        status: 204,
        headers: { "OData-EntityId": `https://org/incidents(${id.replace("1", "2")})` },
      },
    },
  },
  "creation of a definition": {
    request: { method: "POST", path: "EntityDefinitions", body: {}, expects: "entityId" },
    right: { status: 204, headers: { "OData-EntityId": `https://org/EntityDefinitions(${id})` } },
    wrong: { "no id": { status: 204 } },
  },
  deletion: {
    request: { method: "DELETE", path: `incidents(${id})`, expects: "noContent" },
    right: { status: 204 },
    wrong: {
      "a row's address": {
        status: 204,
        headers: { "OData-EntityId": `https://org/incidents(${id})` },
      },
    },
  },
};

const html = "<!DOCTYPE html><html><body>Please sign in</body></html>";

/** What no request of any kind expects. */
const strange: Readonly<Record<string, Plain>> = {
  "an empty 200": {},
  "an empty object": { body: "{}" },
  "an empty list": { body: "[]" },
  null: { body: "null" },
  "a text": { body: '"ok"' },
  "a number": { body: "1" },
  true: { body: "true" },
  "a page of HTML": { type: "text/html", body: html, isStrange: true },
  "HTML that calls itself JSON": { body: html },
  "JSON that calls itself text": { type: "text/plain", body: '{"value":[]}' },
  garbage: { type: "application/octet-stream", body: "\u0000\u0001\u0002" },
  "half of an object": { body: '{"value":[' },
  "an error with status 200": { body: '{"error":{"code":"0x80040217","message":"x"}}' },
  "201 without a body": { status: 201 },
  "202": { status: 202 },
  "304": { status: 304 },
  "a redirect": { status: 302, headers: { location: "/elsewhere" }, isStrange: true },
  "400 in HTML": { status: 400, type: "text/html", body: html },
  "403 in HTML": { status: 403, type: "text/html", body: html },
  "404 in HTML": { status: 404, type: "text/html", body: html },
  "404 with an empty object": { status: 404, body: "{}" },
  "412 without a body": { status: 412 },
};

function say(response: ServerResponse, { status = 200, type = json, ...answer }: Plain): void {
  response
    .writeHead(status, {
      "content-type": type,
      ...(answer.isStrange ? {} : { "OData-Version": "4.0" }),
      ...answer.headers,
    })
    .end(answer.body);
}

const part = ({ status = 200, type = json, ...answer }: Plain) =>
  [
    "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n",
    `HTTP/1.1 ${status} X`,
    `Content-Type: ${type}`,
    ...(answer.isStrange ? [] : ["OData-Version: 4.0"]),
    ...Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    "",
    answer.body ?? "",
  ].join("\r\n");
const batchOf = (...parts: readonly Plain[]): Plain => ({
  type: "multipart/mixed; boundary=b",
  body: `${parts.map((each) => `--b\r\n${part(each)}\r\n`).join("")}--b--\r\n`,
});
const changeSetOf = (...parts: readonly Plain[]): Plain => ({
  type: "multipart/mixed; boundary=b",
  body: `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${parts.map((each) => `--c\r\n${part(each)}\r\n`).join("")}--c--\r\n--b--\r\n`,
});

let api: WebApi;
const plans = new Map<string, Plain>();
let send: (request: DataverseRequest, answer: Plain) => Promise<unknown>;

beforeAll(async () => {
  api = await startWebApi();
  api.script = [({ headers }, response) => say(response, plans.get(headers["x-plan"] ?? "") ?? {})];
  const sender = createSender({
    url: api.url,
    tokens: { getToken: async () => ({ token: "t" }), renew: async () => undefined },
    gate: createGate({ places: 500 }),
    retryWaitSeconds: 1,
    longestUrl: 500,
  });
  send = (request, answer) => {
    const plan = String(plans.size);
    plans.set(plan, answer);
    const asked = { ...request, headers: { ...request.headers, "x-plan": plan } };
    const identity = { objectId: "0b000000-0000-4000-8000-000000000001" };
    const signal = AbortSignal.timeout(30_000);
    return sender(asked, { identity, signal, trace: createTrace(), budget: undefined }).catch(
      (error: unknown) => error,
    );
  };
});
afterAll(() => api.close());

const isRead = ({ method }: DataverseRequest) => method === "GET";

/** All at once, because reads are sent again after a wait. */
async function faultsOf(request: DataverseRequest, wrong: Readonly<Record<string, Plain>>) {
  const outcomes = await Promise.all(
    Object.entries(wrong).map(async ([name, answer]) => {
      const error = await send(request, answer);
      return error instanceof AppError
        ? [name, error.kind, error.request?.outcome, error.request?.lastTry]
        : [name, "an answer", error];
    }),
  );
  const outcome = isRead(request) ? "notDone" : "notKnown";
  expect(outcomes).toEqual(
    Object.keys(wrong).map((name) => [name, "upstream", outcome, "malformed"]),
  );
}

describe.each(Object.entries(kinds))("a %s", (_, { request, right, wrong }) => {
  test("is what its answer says", async () => {
    expect(await send(request, right)).toMatchObject({ status: right.status ?? 200 });
  });

  test("is nothing else", () => faultsOf(request, { ...strange, ...wrong }), 30_000);
});

describe("a change set", () => {
  const { creation, change } = kinds;
  if (creation === undefined || change === undefined) throw new Error("unreachable");
  const request: DataverseRequest = {
    method: "POST",
    path: "$batch",
    expects: "noContent",
    changeSet: [change.request, creation.request],
  };

  test("is done when each of its parts is answered as that part expects", async () => {
    expect(await send(request, changeSetOf(change.right, creation.right))).toMatchObject({
      status: 204,
    });
  });

  test("is nothing else", async () => {
    const whole = changeSetOf(change.right, creation.right);
    await faultsOf(request, {
      ...strange,
      "one part of two": changeSetOf(change.right),
      "three parts of two": changeSetOf(change.right, creation.right, change.right),
      "parts in another order": changeSetOf(creation.right, change.right),
      "a cut one": { ...whole, body: whole.body?.slice(0, -20) ?? "" },
      "one of another type": { ...whole, type: json },
      ...Object.fromEntries(
        Object.entries(strange).map(([name, answer]) => [
          `${name} as a part`,
          changeSetOf(answer, creation.right),
        ]),
      ),
    });
  }, 30_000);

  test("that was refused was not done", async () => {
    const body = '{"error":{"code":"0x80060882","message":"x"}}';
    expect(await send(request, batchOf({ status: 412, body }))).toMatchObject({
      kind: "conflict",
      request: { effect: "write", outcome: "notDone", lastTry: "refused" },
    });
  });
});

test("a long query is held against what it expects inside its batch", async () => {
  const { page } = kinds;
  if (page === undefined) throw new Error("unreachable");
  const request = { ...page.request, query: { fetchXml: "x".repeat(600) } };
  expect(await send(request, batchOf(page.right))).toMatchObject({ status: 200 });
  const inside = Object.entries(strange).map(([name, answer]) => [name, batchOf(answer)] as const);
  await faultsOf(request, { ...strange, ...Object.fromEntries(inside) });
}, 30_000);

describe("a refusal in Dataverse's own words", () => {
  const refusal = (status: number, code: string): Plain => ({
    status,
    body: `{"error":{"code":"${code}","message":"x"}}`,
  });
  const { change } = kinds;
  if (change === undefined) throw new Error("unreachable");

  test.each([400, 401, 403, 404, 405, 412, 429])(
    "of status %i was not done",
    async (status) => {
      const error = await send(change.request, { ...refusal(status, "0x80040203"), headers: {} });
      expect(error).toMatchObject({ request: { outcome: "notDone", lastTry: "refused" } });
    },
    30_000,
  );

  test.each([500, 502, 503, 504])("of status %i leaves it open", async (status) => {
    expect(await send(change.request, refusal(status, "0x80040216"))).toMatchObject({
      kind: "upstream",
      request: { outcome: "notKnown", lastTry: "lost" },
    });
  });

  test.each([401, 500, 503])(
    "of status %i says nothing of roles, whatever its code",
    async (status) => {
      const error = await send(change.request, refusal(status, "0x80040220"));
      expect(error).toMatchObject({ kind: "upstream" });
      expect((error as AppError).message + (error as AppError).hint).not.toMatch(/role|privilege/i);
    },
  );
});
