import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createCredential } from "../../../shared/auth/credential";
import { createTokenSource } from "../../../shared/auth/token-source";
import { readConfig } from "../../../shared/config";
import { type IdentityEndpoint, startIdentityEndpoint } from "../../support/identity-endpoint";

const clientId = "0c000000-0000-4000-8000-000000000001";
let identity: IdentityEndpoint;
let number = 0;
let clock = 0;
let failures: unknown[];

beforeAll(async () => {
  identity = await startIdentityEndpoint();
  process.env.IDENTITY_ENDPOINT = identity.url;
  process.env.IDENTITY_HEADER = "only-for-this-test";
});
afterAll(async () => {
  delete process.env.IDENTITY_ENDPOINT;
  delete process.env.IDENTITY_HEADER;
  await identity.close();
});
beforeEach(() => {
  identity.requests.length = 0;
  identity.mode = { livesSeconds: 86_400 };
  clock = Date.now();
  failures = [];
});

const start = () =>
  createTokenSource({
    credential: () =>
      createCredential(
        readConfig({
          DATAVERSE_URL: "http://127.0.0.1:7072",
          MCP_AUTH_MODE: "dev",
          MCP_DEV_USER_OBJECT_ID: clientId,
          AZURE_CLIENT_ID: clientId,
          IDENTITY_ENDPOINT: identity.url,
        }),
      ),
    onRenewalFailed: (error) => failures.push(error),
    now: () => clock,
  });

/** Each test has a resource of its own. */
const freshScope = () => `https://org${++number}.crm.dynamics.com/.default`;

describe("the token source on a real managed identity endpoint", () => {
  test("asks once for a burst of first calls, for the right resource and identity", async () => {
    const source = start();
    const scope = freshScope();
    const tokens = await Promise.all(Array.from({ length: 10 }, () => source.getToken(scope)));
    expect(identity.requests).toEqual([
      { resource: scope.replace("/.default", ""), clientId, secret: "only-for-this-test" },
    ]);
    expect(new Set(tokens.map((each) => each.token))).toEqual(new Set(["token-1"]));
  });

  test("serves what it has without asking again, and scopes apart", async () => {
    const source = start();
    const [one, two] = [freshScope(), freshScope()];
    await source.getToken(one);
    await source.getToken(one);
    await source.getToken(two);
    expect(identity.requests).toHaveLength(2);
  });

  test("asks the endpoint itself after a refusal, whatever its library remembers", async () => {
    const source = start();
    const scope = freshScope();
    const { token } = await source.getToken(scope);
    const renewed = await source.renew(scope, token);
    expect([token, renewed?.token]).toEqual(["token-1", "token-2"]);
    expect(identity.requests).toHaveLength(2);
    expect((await source.getToken(scope)).token).toBe("token-2");
  });

  test.each<[string, IdentityEndpoint["mode"]]>([
    ["a page of HTML", { says: "<html>please wait</html>" }],
    ["no token", { says: "{}" }],
    ["null", { says: "null" }],
    ["a redirect", { redirectsTo: "/elsewhere" }],
  ])("takes %s for no token, and the next answer for what it is", async (_, mode) => {
    const source = start();
    const scope = freshScope();
    identity.mode = mode;
    await expect(source.getToken(scope)).rejects.toMatchObject({ kind: "upstream" });
    const asked = identity.requests.length;
    identity.mode = { livesSeconds: 86_400 };
    expect((await source.getToken(scope)).token).toBe(`token-${asked + 1}`);
  });

  test("says what to check when there is no token and none can be had", async () => {
    identity.mode = { failsWith: 400 };
    const broken = start().getToken(freshScope());
    await expect(broken).rejects.toMatchObject({
      kind: "upstream",
      hint: expect.stringContaining("AZURE_CLIENT_ID"),
    });
  });
});

describe("renewal", () => {
  const minute = 60_000;
  function startWith(
    answers: (() => Promise<{ token: string; expiresOnTimestamp: number } | null>)[],
  ) {
    let asked = 0;
    const source = createTokenSource({
      credential: async () => ({
        getToken: () => answers[asked++]?.() ?? Promise.reject(new Error("asked too often")),
      }),
      onRenewalFailed: (error) => failures.push(error),
      now: () => clock,
    });
    return { source, asked: () => asked };
  }
  const token = (name: string, minutes: number) => async () => ({
    token: name,
    expiresOnTimestamp: clock + minutes * minute,
  });

  test("happens behind the caller's back after half of the token's life", async () => {
    const { source, asked } = startWith([token("first", 60), token("second", 60)]);
    await source.getToken("s");
    clock += 20 * minute;
    expect((await source.getToken("s")).token).toBe("first");
    expect(asked()).toBe(1);
    clock += 20 * minute;
    expect((await source.getToken("s")).token).toBe("first");
    await new Promise(setImmediate);
    expect((await source.getToken("s")).token).toBe("second");
  });

  test("that fails is told, not felt, and tried again a minute later", async () => {
    const { source, asked } = startWith([
      token("first", 60),
      () => Promise.reject(new Error("down")),
      token("second", 60),
    ]);
    await source.getToken("s");
    clock += 40 * minute;
    for (let i = 0; i < 5; i++) {
      expect((await source.getToken("s")).token).toBe("first");
      await new Promise(setImmediate);
    }
    expect([asked(), failures.length]).toEqual([2, 1]);
    clock += minute;
    await source.getToken("s");
    await new Promise(setImmediate);
    expect((await source.getToken("s")).token).toBe("second");
  });

  test("is waited for when less than five minutes are left", async () => {
    const { source } = startWith([token("first", 60), token("second", 60)]);
    await source.getToken("s");
    clock += 56 * minute;
    expect((await source.getToken("s")).token).toBe("second");
  });

  test("follows when a service refused the token, once for all that were refused with it", async () => {
    const { source, asked } = startWith([token("first", 60), token("second", 60)]);
    await source.getToken("s");
    const renewed = await Promise.all([1, 2, 3].map(() => source.renew("s", "first")));
    const late = await source.renew("s", "first");
    expect([...renewed, late].map((each) => each?.token)).toEqual(Array(4).fill("second"));
    expect(asked()).toBe(2);
  });

  test("after refusals is asked for so often and no oftener, and a minute later again", async () => {
    const names = Array.from({ length: 40 }, (_, n) => token(`${n}`, 600));
    const { source, asked } = startWith(names);
    let { token: current } = await source.getToken("s");
    let gave = 0;
    for (let n = 0; n < 30; n++) {
      const renewed = await source.renew("s", current);
      if (renewed === undefined) continue;
      gave++;
      current = renewed.token;
    }
    expect([gave, asked()]).toEqual([20, 21]);
    clock += 1.1 * minute;
    expect((await source.renew("s", current))?.token).toBe("21");
  });

  test("that fails after a refusal leaves the token, for the service may have been wrong", async () => {
    const { source } = startWith([
      token("first", 60),
      () => Promise.reject(new Error("down")),
      token("second", 60),
    ]);
    await source.getToken("s");
    await expect(source.renew("s", "first")).rejects.toMatchObject({ kind: "upstream" });
    expect((await source.getToken("s")).token).toBe("first");
    expect((await source.renew("s", "first"))?.token).toBe("second");
  });
});
