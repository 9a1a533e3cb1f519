import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createLocalJWKSet, jwtVerify } from "jose";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { audience } from "../support/issuer";
import { startWholeEndpoint, type WholeEndpoint } from "../support/whole-endpoint";

/** The exchange of a person's token for one of theirs for Dataverse, with everything real but Entra's own machines. */
let whole: WholeEndpoint;
let exchanges: Record<string, string>[];
/** The next refusal of the token endpoint. */
let refusal: Record<string, unknown> | undefined;
let livesSeconds = 3_600;

const [representative, , administrator] = personas;
const as = (persona: (typeof personas)[number] | undefined) => ({ oid: persona?.objectId });
const query = { querytext: "SELECT TOP 1 ticketnumber FROM incident" };

async function exchange(form: URLSearchParams) {
  const given = Object.fromEntries(form);
  exchanges.push(given);
  const { payload } = await jwtVerify(
    given.assertion ?? "",
    createLocalJWKSet({ keys: [whole.issuer.publicKey() as never] }),
    { audience },
  );
  if (refusal !== undefined) return { status: 400, body: refusal };
  // The embedded Dataverse has an issuer of its own, which knows a person by the object id.
  const resource = String(given.scope).replace(/\/\.default$/, "");
  const asked = await fetch(
    `${whole.emulator.url}/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(resource)}&client_id=${payload.oid}`,
    { headers: { "x-identity-header": "local" } },
  );
  const { access_token } = (await asked.json()) as { access_token: string };
  return {
    status: 200,
    body: { token_type: "Bearer", access_token, expires_in: livesSeconds, scope: given.scope },
  };
}

beforeAll(async () => {
  whole = await startWholeEndpoint({ DATAVERSE_PERSON_BY: "on-behalf-of" });
  whole.issuer.exchange = exchange;
}, 60_000);
afterAll(() => whole?.close());
beforeEach(() => {
  exchanges = [];
  refusal = undefined;
  livesSeconds = 3_600;
});

const claimsOf = (assertion = "") =>
  JSON.parse(Buffer.from(assertion.split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;

describe("a call", () => {
  test("acts by the person's own token, which the identity's stands surety for, and names nobody else", async () => {
    const { text, isError } = await whole.call("read_query", query, { claims: as(representative) });
    expect([isError, text]).toEqual([false, expect.stringContaining("CAS-")]);
    const [form] = exchanges;
    expect(form).toMatchObject({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      requested_token_use: "on_behalf_of",
      client_id: audience,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      scope: `${whole.emulator.url}/.default`,
    });
    expect(claimsOf(form?.client_assertion).aud).toBe("api://AzureADTokenExchange");
    expect(claimsOf(form?.assertion).oid).toBe(representative?.objectId);
    expect(JSON.stringify(form)).not.toContain("client_secret");
  });

  test("is made by the person alone: what they create has no other maker", async () => {
    const made = await whole.call(
      "create_record",
      { tablename: "contact", item: { lastname: "Ito" } },
      { claims: as(administrator) },
    );
    expect([made.isError, made.text]).toEqual([false, expect.anything()]);
    const row = whole.emulator.world.db
      .prepare("SELECT createdby, createdonbehalfby FROM contact WHERE contactid = ?")
      .get(made.structured.recordId) as Record<string, unknown>;
    expect(row).toEqual({ createdby: administrator?.systemUserId, createdonbehalfby: null });
  });

  test("of the same token asks once, of another person or token again", async () => {
    const { issuer } = whole;
    const now = Math.floor(Date.now() / 1_000) - 30;
    const first = { ...as(representative), iat: now };
    for (const claims of [
      first,
      first,
      { ...first, iat: now + 1 },
      { ...as(administrator), iat: now },
    ])
      await whole.call("list_tables", { filter: "x" }, { claims: { ...claims, exp: now + 1_800 } });
    // Definitions are the app's to read: nobody's token is needed for them.
    expect(exchanges).toHaveLength(0);
    expect(issuer.keyRequests()).toBeGreaterThan(0);
    for (const claims of [
      first,
      first,
      { ...first, iat: now + 1 },
      { ...as(administrator), iat: now },
    ])
      await whole.call("read_query", query, { claims: { ...claims, exp: now + 1_800 } });
    expect(exchanges.map(({ assertion }) => claimsOf(assertion).oid)).toEqual([
      representative?.objectId,
      representative?.objectId,
      administrator?.objectId,
    ]);
  });

  test("does not go on with a token that is about to end", async () => {
    livesSeconds = 240;
    const claims = { ...as(representative), nonce: "short" };
    await whole.call("read_query", query, { claims });
    await whole.call("read_query", query, { claims });
    expect(exchanges.length).toBeGreaterThanOrEqual(2);
  });
});

describe("a refusal says who must do what:", () => {
  const refused = (number: number, more: Record<string, unknown> = {}) => ({
    error: "invalid_grant",
    error_description: `AADSTS${number}: Zanzibar`,
    error_codes: [number],
    ...more,
  });
  test.each<[string, Record<string, unknown>, RegExp]>([
    ["no consent", refused(65001), /consented.*\n.*administrator of Entra.*\(AADSTS65001\)/],
    [
      "conditional access",
      refused(50076, { error: "interaction_required", claims: '{"access_token":{}}' }),
      /asks for more.*\n.*Sign out.*\(AADSTS50076\)/,
    ],
    [
      "claims without a known number",
      refused(99, { error: "interaction_required", claims: "{}" }),
      /asks for more/,
    ],
    ["a disabled account", refused(50057), /disabled in Entra.*\n.*enables it/],
    ["not assigned", refused(50105), /not assigned.*\n.*assigns you/],
    ["sessions ended", refused(50173), /no longer valid.*\n.*Sign in again/],
    ["no trust", refused(700213), /does not trust.*\n.*azd provision/],
    ["anything else", refused(1), /gave no token.*\n.*sign-in logs/],
  ])("%s", async (_, body, words) => {
    refusal = body;
    const claims = { ...as(representative), jti: String(_) };
    const { text, isError } = await whole.call("read_query", query, { claims });
    expect([isError, text]).toEqual([true, expect.stringMatching(words)]);
    expect(text).not.toContain("Zanzibar");
  });

  test.each<[string, string, RegExp]>([
    [
      "disabled in Dataverse",
      "UPDATE systemuser SET isdisabled = 1 WHERE systemuserid = ?",
      /disabled/,
    ],
    ["no user of it", "DELETE FROM systemuser WHERE systemuserid = ?", /not a user.*\n.*add you/],
  ])("a person %s", async (name, change, words) => {
    const { db } = whole.emulator.world;
    db.exec("SAVEPOINT before");
    db.prepare(change).run(representative?.systemUserId ?? "");
    const { text, isError } = await whole.call("read_query", query, {
      claims: { ...as(representative), jti: name },
    });
    db.exec("ROLLBACK TO before");
    db.exec("RELEASE before");
    expect([isError, text]).toEqual([true, expect.stringMatching(words)]);
  });
});
