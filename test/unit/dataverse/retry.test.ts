import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
  retryPolicy,
} from "@azure/core-rest-pipeline";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { dataverseRetry } from "../../../shared/dataverse/transport/retry";

/** What the server does with the next requests, in turn; afterwards it answers 204. */
type Fault = { status: number; retryAfter?: string } | "reset";
let faults: Fault[] = [];
let hits = 0;
let url = "";

const server = createServer((request, response: ServerResponse) => {
  hits++;
  const fault = faults.shift();
  if (fault === "reset") {
    request.socket.destroy();
    return;
  }
  const headers = fault?.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter };
  request.resume().on("end", () => response.writeHead(fault?.status ?? 204, headers).end());
});

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => new Promise<void>((done) => void server.close(() => done())));
beforeEach(() => {
  faults = [];
  hits = 0;
});

function send(
  method: HttpMethods,
  headers: Record<string, string> = {},
  changes = true,
): Promise<PipelineResponse> {
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(retryPolicy([dataverseRetry(2, changes)], { maxRetries: 3 }), {
    phase: "Retry",
  });
  const request = createPipelineRequest({
    url,
    method,
    headers: createHttpHeaders(headers),
    allowInsecureConnection: true,
  });
  return pipeline.sendRequest(createDefaultHttpClient(), request);
}

describe("a request is sent again", () => {
  test.each<HttpMethods>(["GET", "POST", "PATCH", "DELETE"])(
    "%s after 429, since nothing was done",
    async (method) => {
      faults = [
        { status: 429, retryAfter: "0" },
        { status: 429, retryAfter: "0" },
      ];
      expect([(await send(method)).status, hits]).toEqual([204, 3]);
    },
  );

  test.each<[HttpMethods, Record<string, string>]>([
    ["GET", {}],
    ["DELETE", {}],
    ["PATCH", { "If-Match": 'W/"7"' }],
    ["PATCH", { "If-None-Match": "*" }],
  ])("%s %j after a reset or a gateway's fault", async (method, headers) => {
    faults = ["reset", { status: 502 }];
    expect([(await send(method, headers)).status, hits]).toEqual([204, 3]);
  });
});

describe("a request that changes nothing twice is sent again", () => {
  test.each<[HttpMethods, Record<string, string>, string | undefined]>([
    ["GET", {}, undefined],
    ["GET", {}, "0"],
    ["DELETE", {}, "0"],
    ["PATCH", { "If-Match": 'W/"7"' }, "0"],
  ])("%s %j after 503 with Retry-After %s", async (method, headers, retryAfter) => {
    faults = [{ status: 503, ...(retryAfter === undefined ? {} : { retryAfter }) }];
    expect([(await send(method, headers)).status, hits]).toEqual([204, 2]);
  });
});

test("a POST that changes nothing, a search, is sent again like a GET", async () => {
  faults = ["reset", { status: 502 }, { status: 503, retryAfter: "0" }];
  expect([(await send("POST", {}, false)).status, hits]).toEqual([204, 4]);
});

describe("a request is not sent again", () => {
  test("POST after a reset: the first may have been carried out", async () => {
    faults = ["reset"];
    await expect(send("POST")).rejects.toMatchObject({ code: expect.any(String) });
    expect(hits).toBe(1);
  });

  test.each<[HttpMethods, number]>([
    ["POST", 500],
    ["POST", 502],
    ["POST", 503],
    ["PATCH", 504],
    ["DELETE", 500],
    ["GET", 500],
    ["GET", 404],
  ])("%s after %i", async (method, status) => {
    faults = [{ status }];
    expect([(await send(method)).status, hits]).toEqual([status, 1]);
  });

  test.each([{ status: 502 }, { status: 503 }, { status: 504 }])(
    "PATCH of any version after %j: it would undo what somebody else wrote in between",
    async (fault) => {
      faults = [fault];
      expect([(await send("PATCH", { "If-Match": "*" })).status, hits]).toEqual([fault.status, 1]);
    },
  );

  test("when Retry-After is longer than the caller may wait", async () => {
    faults = [{ status: 429, retryAfter: "30" }];
    expect([(await send("GET")).status, hits]).toEqual([429, 1]);
  });

  test("more than three times", async () => {
    faults = Array.from({ length: 9 }, () => ({ status: 429, retryAfter: "0" }));
    expect([(await send("GET")).status, hits]).toEqual([429, 4]);
  });
});
