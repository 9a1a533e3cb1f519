import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { authenticate } from "../../../shared/auth";
import { type Config, readConfig } from "../../../shared/config";
import {
  audience,
  clientId,
  personObjectId,
  startIssuer,
  type TestIssuer,
  tenantId,
} from "../../support/issuer";

let issuer: TestIssuer;
let config: Config;
let reports: string[];
/** Milliseconds by which the app's clock is ahead. */
let ahead: number;

/** Reads of the keys before the test. */
let earlier: number;

beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());
beforeEach(() => {
  issuer.failure = undefined;
  earlier = issuer.keyRequests();
  reports = [];
  ahead = 0;
  config = configFor(issuer.authority);
});

/** A configuration of its own has keys and remembered tokens of its own. */
const configFor = (authority: string): Config =>
  readConfig({
    DATAVERSE_URL: "https://contoso.crm.dynamics.com",
    MCP_AUTH_MODE: "jwt",
    MCP_TENANT_ID: tenantId,
    MCP_AUDIENCES: audience,
    MCP_AUTHORITY: authority,
    MCP_ALLOWED_CLIENTS: clientId,
  });
const reads = () => issuer.keyRequests() - earlier;

const second = 1_000;
const hour = 3_600 * second;

/** The status that a token gets, 200 for one that is let in. */
async function statusOf(token: string): Promise<number> {
  const answer = await ask(token);
  return answer instanceof Response ? answer.status : 200;
}
const ask = (token: string) =>
  authenticate(
    { url: "http://x.example/mcp", headers: new Headers({ authorization: `Bearer ${token}` }) },
    config,
    { report: (reason) => void reports.push(reason), now: () => Date.now() + ahead },
  );
const lasting = { expiresIn: 3 * 86_400 };
const json = (text: string) => (response: ServerResponse) =>
  void response.writeHead(200, { "content-type": "application/json" }).end(text);
const unknownKid = () => issuer.forge({ alg: "RS256", kid: "nobody" }, issuer.claims());

describe("keys that cannot be read say nothing about the token: 503, and when to come again, where the issuer", () => {
  const failures: readonly (readonly [string, (response: ServerResponse) => void, RegExp])[] = [
    ["answers 500", (response) => void response.writeHead(500).end("broken"), /answers 500/],
    ["answers 404", (response) => void response.writeHead(404).end(), /answers 404/],
    ["answers 429", (response) => void response.writeHead(429).end(), /answers 429/],
    [
      "redirects",
      (response) => void response.writeHead(302, { location: "/elsewhere" }).end(),
      /302/,
    ],
    ["answers HTML", json("<html>sign in</html>"), /not JSON/],
    ["answers nothing", json(""), /not JSON/],
    ["answers null", json("null"), /no list of keys/],
    ["answers a list", json("[]"), /no list of keys/],
    ["answers no list", json('{"keys":{}}'), /no list of keys/],
    ["has no keys", json('{"keys":[]}'), /no key for RS256/],
    [
      "has others' keys alone",
      json('{"keys":[null,1,{"kty":"EC","kid":"own"},{"kty":"RSA","kid":"own","n":"!","e":"?"}]}'),
      /no key/,
    ],
    [
      "has short keys alone",
      json(`{"keys":[{"kty":"RSA","kid":"own","n":"${"v".repeat(171)}","e":"AQAB"}]}`),
      /no key/,
    ],
    ["hangs up", (response) => void response.destroy(), /cannot be reached/],
    [
      "breaks off",
      (response) => {
        response.writeHead(200, { "content-length": "1000" }).write("{");
        setImmediate(() => response.destroy());
      },
      /breaks off/,
    ],
    ["never ends", json(`{"keys":"${"x".repeat(1_100_000)}"}`), /too long/],
  ];
  test.each(failures)("%s", async (_, failure, words) => {
    issuer.failure = failure;
    const token = await issuer.sign();
    const answer = (await ask(token)) as Response;
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(answer.headers.get("www-authenticate")).toBeNull();
    const text = await answer.text();
    expect(text).toContain("Keep the token and try again after");
    expect(text).not.toMatch(/MCP_|malformed/);
    expect(reports).toEqual([expect.stringMatching(words)]);

    issuer.failure = undefined;
    ahead += 2 * second;
    expect(await statusOf(token)).toBe(200);
  });

  test("cannot be reached at all", async () => {
    const closed = await startIssuer();
    await closed.close();
    config = configFor(closed.authority);
    const claims = issuer.claims({ iss: `${closed.authority}/${tenantId}/v2.0` });
    expect(await statusOf(issuer.forge({ alg: "RS256", kid: "own" }, claims))).toBe(503);
    expect(reports).toEqual([expect.stringContaining("ECONNREFUSED")]);
  });

  test("hangs: everybody waits for one read, and for no second one", async () => {
    issuer.failure = () => {};
    const token = await issuer.sign();
    const before = Date.now();
    const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(token)));
    expect(new Set(statuses)).toEqual(new Set([503]));
    expect(reads()).toBe(1);
    expect(Date.now() - before).toBeLessThan(25 * second);
    expect(reports).toEqual([expect.stringContaining("no answer within 5 s")]);
  }, 30_000);
});

describe("the issuer is spared", () => {
  test("by tokens that are wrong on their face", async () => {
    for (const claims of [{ iss: "https://evil.example" }, { iss: 5 }])
      await statusOf(issuer.forge({ alg: "RS256", kid: issuer.keyName() }, issuer.claims(claims)));
    await statusOf(issuer.forge({ alg: "none", kid: "own" }, issuer.claims(), "nobody"));
    await statusOf("a.b.c");
    expect(reads()).toBe(0);
  });

  test("by a flood of names that nobody knows, in which good tokens pass", async () => {
    const good = await issuer.sign();
    const flood = Array.from({ length: 200 }, (_, index) =>
      statusOf(issuer.forge({ alg: "RS256", kid: `k${index}` }, issuer.claims())),
    );
    expect(new Set(await Promise.all(flood))).toEqual(new Set([401]));
    expect(await statusOf(good)).toBe(200);
    expect(reads()).toBe(1);
    ahead += 31 * second;
    await Promise.all(Array.from({ length: 50 }, () => statusOf(unknownKid())));
    expect(reads()).toBe(2);
  });

  test("by waiting longer from one failed read to the next", async () => {
    issuer.failure = (response) => void response.writeHead(500).end();
    const token = await issuer.sign();
    const waits: number[] = [];
    for (let round = 0; round < 7; round++) {
      const answer = (await ask(token)) as Response;
      waits.push(Number(answer.headers.get("retry-after")));
      expect(await statusOf(token)).toBe(503);
      ahead += (waits.at(-1) ?? 0) * second;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(reads()).toBe(7);
  });
});

describe("while the issuer is down", () => {
  test("keys that were read go on being used for a day, and nobody waits for it", async () => {
    const token = await issuer.sign({}, lasting);
    expect(await statusOf(token)).toBe(200);
    issuer.failure = (response) => void response.writeHead(500).end();
    ahead += 2 * hour;
    expect(await statusOf(token)).toBe(200);
    expect(await statusOf(await issuer.sign({ name: "another" }, lasting))).toBe(200);
    ahead += 21 * hour;
    expect(await statusOf(token)).toBe(200);
    ahead += 2 * hour;
    expect(await statusOf(token)).toBe(503);
  });

  test("a key that is not among them may be a new one: 503, not 401", async () => {
    expect(await statusOf(await issuer.sign())).toBe(200);
    expect(await statusOf(unknownKid())).toBe(401);
    issuer.failure = (response) => void response.writeHead(500).end();
    ahead += 31 * second;
    expect(await statusOf(unknownKid())).toBe(503);
    expect(await statusOf(await issuer.sign())).toBe(200);
  });
});

describe("a key that turns", () => {
  test("is found at the first token of the new one", async () => {
    expect(await statusOf(await issuer.sign())).toBe(200);
    await issuer.rotate();
    ahead += 31 * second;
    expect(await statusOf(await issuer.sign())).toBe(200);
    expect(reads()).toBe(2);
  });

  test("takes the tokens with it that were let in by the old one", async () => {
    const old = await issuer.sign({}, lasting);
    expect(await statusOf(old)).toBe(200);
    await issuer.rotate();
    ahead += 31 * second;
    expect(await statusOf(await issuer.sign())).toBe(200);
    expect(await statusOf(old)).toBe(401);
  });

  test("takes them also when no new token comes, an hour later", async () => {
    const old = await issuer.sign({}, lasting);
    expect(await statusOf(old)).toBe(200);
    await issuer.rotate();
    ahead += 0.9 * hour;
    expect(await statusOf(old)).toBe(200);
    ahead += 0.2 * hour;
    expect(await statusOf(old)).toBe(401);
  });

  test("takes them also when the new one has its name", async () => {
    const old = await issuer.sign({}, lasting);
    expect(await statusOf(old)).toBe(200);
    await issuer.rotate(issuer.keyName());
    ahead += 31 * second;
    expect(await statusOf(unknownKid())).toBe(401);
    expect(await statusOf(old)).toBe(401);
  });
});

describe("a token that was let in", () => {
  test("is remembered: the same again is answered with the same person", async () => {
    const token = await issuer.sign();
    const [first, again] = [await ask(token), await ask(token)];
    expect(first).toMatchObject({ objectId: personObjectId });
    expect(again).toBe(first);
  });

  test("is not remembered beyond its end", async () => {
    const token = await issuer.sign({}, { expiresIn: 600 });
    expect(await statusOf(token)).toBe(200);
    ahead += 599 * second;
    expect(await statusOf(token)).toBe(200);
    ahead += 62 * second;
    expect(await statusOf(token)).toBe(401);
  });

  test("is looked at anew after an hour, however long it is good for", async () => {
    const token = await issuer.sign({}, lasting);
    const first = await ask(token);
    ahead += 0.99 * hour;
    expect(await ask(token)).toBe(first);
    ahead += 0.02 * hour;
    const later = await ask(token);
    expect(later).toEqual(first);
    expect(later).not.toBe(first);
  });
});
