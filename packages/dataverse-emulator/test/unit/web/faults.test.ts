import { readFileSync } from "node:fs";
import { request } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { faultKinds } from "../../../src/web/faults/faults";
import { type RunningEmulator, runEmulator } from "../../support/running-emulator";

let emulator: RunningEmulator;
beforeAll(async () => {
  emulator = await runEmulator();
});
afterEach(() => emulator.door("DELETE fault"));
afterAll(() => emulator.close());

const order = async (fault: object) => {
  expect((await emulator.door("POST fault", fault)).status).toBe(204);
};
const accounts = async () => Number((await emulator.get("accounts/$count")).body);

test("every kind of fault is tried in this file", () => {
  const own = readFileSync(__filename, "utf8");
  expect(faultKinds.filter((kind) => !own.includes(`"${kind}"`))).toEqual([]);
});

describe("faults on demand", () => {
  test.each([
    [
      "requests",
      "0x80072322",
      "Number of requests exceeded the limit of 6000 over time window of 300 seconds.",
    ],
    [
      "time",
      "0x80072321",
      "Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.",
    ],
    ["concurrency", "0x80072326", "Number of concurrent requests exceeded the limit of 52."],
  ])("throttle by %s as service protection does", async (limit, code, message) => {
    await order({ kind: "throttle", limit, retryAfter: 7 });
    const { status, headers, body } = await emulator.get("WhoAmI");
    expect(status).toBe(429);
    expect(headers.get("retry-after")).toBe("7");
    expect(body).toEqual({ error: { code, message } });
    expect((await emulator.get("WhoAmI")).status).toBe(200);
  });

  test("answer 503, 401 once, a gateway's page, or what is asked", async () => {
    await order({ kind: "unavailable", retryAfter: 2 });
    const unavailable = await emulator.get("WhoAmI");
    expect([unavailable.status, unavailable.headers.get("retry-after")]).toEqual([503, "2"]);

    await order({ kind: "unauthorized" });
    const unauthorized = await emulator.get("WhoAmI");
    expect(unauthorized.status).toBe(401);
    expect(unauthorized.headers.get("www-authenticate")).toMatch(
      /^Bearer authorization_uri=https:\/\/\S+, resource_id=https:\/\/\S+$/,
    );

    await order({ kind: "html" });
    const page = await emulator.get("WhoAmI");
    expect([page.status, page.headers.get("content-type")]).toEqual([502, "text/html"]);
    expect(page.body).toMatch(/^<!DOCTYPE html>/);

    await order({ kind: "status", status: 500, code: "0x80044150", message: "Generic SQL error." });
    expect(await emulator.get("WhoAmI")).toMatchObject({
      status: 500,
      body: { error: { code: "0x80044150", message: "Generic SQL error." } },
    });
    expect((await emulator.get("WhoAmI")).status).toBe(200);
  });

  test("cut the connection before the work, or after it", async () => {
    const before = await accounts();
    await order({ kind: "reset-before", match: "^POST" });
    await expect(emulator.post("accounts", { name: "Never" })).rejects.toThrow();
    expect(await accounts()).toBe(before);
    await order({ kind: "reset-after", match: "^POST" });
    await expect(emulator.post("accounts", { name: "Written" })).rejects.toThrow();
    expect(await accounts()).toBe(before + 1);
  });

  test("cut a body half way, or stall it, or never begin", async () => {
    await order({ kind: "cut" });
    await expect(emulator.get("accounts")).rejects.toThrow();
    for (const [kind, status] of [
      ["stall-body", 200],
      ["stall", undefined],
    ] as const) {
      await order({ kind });
      expect(await readFor(150, status !== undefined)).toEqual({ status, ended: false });
    }
  });

  test("wait, and then do as if nothing were", async () => {
    await order({ kind: "latency", ms: 120 });
    const startedAt = performance.now();
    expect((await emulator.get("WhoAmI")).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115);
  });

  test("strike only what they name, as often as told, after as many as told", async () => {
    await order({ kind: "unavailable", match: "GET .*/accounts", times: 2, after: 1 });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) {
      statuses.push((await emulator.get("accounts?$top=1")).status);
      expect((await emulator.get("contacts?$top=1")).status).toBe(200);
    }
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
  });

  /** Reads WhoAmI for so many milliseconds: what came, and whether it came to an end. */
  function readFor(
    ms: number,
    begins: boolean,
  ): Promise<{ status: number | undefined; ended: boolean }> {
    return new Promise((done) => {
      let status: number | undefined;
      const call = request(`${emulator.url}/api/data/v9.2/WhoAmI`, (response) => {
        status = response.statusCode === 401 ? 200 : response.statusCode;
        response.on("error", () => {});
        response.once("end", () => done({ status, ended: true }));
        response.resume();
        giveUpAfter(ms);
      });
      const giveUpAfter = (wait: number) =>
        setTimeout(() => {
          done({ status, ended: false });
          call.destroy();
        }, wait);
      call.on("error", () => {});
      call.end();
      if (!begins) giveUpAfter(ms);
    });
  }
});

describe("the doors", () => {
  test.each([
    ["POST fault", "{", "JSON"],
    ["POST fault", "[]", "object"],
    ["POST fault", "null", "object"],
    ["POST fault", { kind: "explode" }, "'kind' must be one of"],
    ["POST fault", { kind: "status", match: "(" }, "'match' is no regular expression"],
    ["POST fault", { kind: "status", status: 99 }, "'status' must be a whole number"],
    ["POST fault", { kind: "status", times: "often" }, "'times' must be a whole number"],
    ["POST fault", { kind: "status", colour: "red" }, "A fault has no 'colour'"],
    ["POST fault", { kind: "throttle", limit: "patience" }, "'limit' must be one of"],
    ["POST snapshot", { name: "../x" }, "'name' must be"],
    ["POST switches", { gravity: false }, "There is no switch 'gravity'"],
    ["POST switches", { search: "off" }, "takes a boolean"],
    ["POST switches", { searchesPerSecond: -1 }, "takes a number"],
  ])("%s refuses %j in words", async (name, body, words) => {
    const answer = await emulator.door(name, body);
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: "EmulatorDoor", message: expect.stringContaining(words) } },
    });
    expect((await emulator.get("WhoAmI")).status).toBe(200);
  });

  test("list what there is for an unknown name", async () => {
    const answer = await emulator.door("POST sesame", {});
    expect(answer.status).toBe(404);
    expect(answer.body.error.message).toContain("POST restore");
  });

  test("stay shut unless asked for, and shut to pages and other hosts", async () => {
    const shut = await runEmulator({ cases: 0, faults: false });
    expect((await shut.door("POST fault", { kind: "stall" })).status).toBe(404);
    expect((await shut.door("GET trace")).status).toBe(404);
    await shut.close();
    const page = await emulator.send(
      "POST",
      "/_emulator/reset",
      {},
      {
        headers: { origin: "https://evil.example" },
      },
    );
    expect(page.status).toBe(403);
    const rebound = await new Promise<number | undefined>((done, fail) => {
      const call = request(
        `${emulator.url}/_emulator/trace`,
        { headers: { host: "evil.example" } },
        (response) => {
          response.resume();
          done(response.statusCode);
        },
      );
      call.on("error", fail);
      call.end();
    });
    expect(rebound).toBe(403);
  });

  test("tell what was asked, without its content", async () => {
    await emulator.door("DELETE trace");
    await emulator.get("contacts?$filter=fullname eq 'secret'&$top=1");
    await emulator.get("nothings");
    await order({ kind: "unavailable" });
    await emulator.get("WhoAmI");
    const { body } = await emulator.door("GET trace");
    expect(body).toMatchObject([
      { method: "GET", path: "/api/data/v9.2/contacts", status: 200 },
      { path: "/api/data/v9.2/nothings", status: 404, code: "0x80060888" },
      { status: 503, fault: "unavailable" },
    ]);
    expect(JSON.stringify(body)).not.toContain("secret");
  });
});
