import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
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

/**
 * What is tried at the door, one table. Every case is turned away in the same shape, without a word of the token, and none
 * makes the issuer's keys be read a second time.
 */
let issuer: TestIssuer;
let config: Config;
const reports: string[] = [];

beforeAll(async () => {
  // Nothing here is about waiting: on a busy machine the table takes longer than a token's minute of grace.
  const moment = performance.now();
  jest.spyOn(Date, "now").mockReturnValue(now() * 1_000);
  jest.spyOn(performance, "now").mockReturnValue(moment);
  issuer = await startIssuer();
  config = readConfig({
    DATAVERSE_URL: "https://contoso.crm.dynamics.com",
    MCP_AUTH_MODE: "jwt",
    MCP_TENANT_ID: tenantId,
    MCP_AUDIENCES: `${audience},api://${tenantId}/customer-service-mcp`,
    MCP_AUTHORITY: issuer.authority,
    MCP_ALLOWED_CLIENTS: clientId,
    WEBSITE_HOSTNAME: "host.example",
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await issuer.close();
});

const ask = (authorization: string) =>
  authenticate(
    { url: "http://anything.example/mcp", headers: new Headers({ authorization }) },
    config,
    { report: (reason) => void reports.push(reason) },
  );

type Case = readonly [name: string, token: () => string, status?: number];

const header = { alg: "RS256", kid: "own", typ: "JWT" };
const show = (value: unknown) =>
  value === undefined ? "absent" : JSON.stringify(value).slice(0, 120);
/** A token that is good but for one claim. */
const claim = (name: string, values: readonly unknown[], status = 401): Case[] =>
  values.map((value) => [
    `${name} ${show(value)}`,
    () => issuer.forge(header, issuer.claims({ [name]: value })),
    status,
  ]);
/** A token that is good but for its header. */
const headed = (
  name: string,
  changed: Record<string, unknown>,
  by?: "nobody" | "public-as-secret" | "stranger",
): Case => [`header: ${name}`, () => issuer.forge({ ...header, ...changed }, issuer.claims(), by)];
const raw = (name: string, token: (good: string) => string): Case => [
  name,
  () => token(issuer.forge(header, issuer.claims())),
];

const now = () => Math.floor(Date.now() / 1_000);
const other = "11111111-1111-4111-8111-111111111111";
const upper = personObjectId.toUpperCase();

const notGuids = [
  undefined,
  null,
  "",
  " ",
  "admin",
  0,
  1,
  -1,
  1.5,
  true,
  false,
  [],
  {},
  [personObjectId],
  [[personObjectId]],
  { oid: personObjectId },
  "00000000-0000-0000-0000-000000000000",
  `{${personObjectId}}`,
  ` ${personObjectId}`,
  `${personObjectId} `,
  `${personObjectId}\n`,
  `(${personObjectId})`,
  personObjectId.replaceAll("-", ""),
  personObjectId.slice(1),
  `${personObjectId}0`,
  personObjectId.replace("b", "g"),
  `urn:uuid:${personObjectId}`,
  personObjectId.replaceAll("-", "\u2010"),
  personObjectId.replace("0", "\uff10"),
  `${personObjectId},${other}`,
  "null",
  "undefined",
  "x".repeat(3_000),
];

const claims: Case[] = [
  ...claim("oid", notGuids),
  ...claim("tid", [
    undefined,
    null,
    "",
    1,
    [tenantId],
    { tid: tenantId },
    other,
    "common",
    `${tenantId} `,
    `{${tenantId}}`,
  ]),
  ...claim("iss", [
    undefined,
    null,
    "",
    1,
    {},
    "https://login.microsoftonline.com/common/v2.0",
    `https://login.microsoftonline.com/${other}/v2.0`,
    `https://sts.windows.net/${other}/`,
    `https://sts.windows.net/${tenantId}`,
    "https://evil.example",
  ]),
  [
    "iss with a slash",
    () => issuer.forge(header, issuer.claims({ iss: `${issuer.authority}/${tenantId}/v2.0/` })),
  ],
  [
    "iss of version 1 at our authority",
    () => issuer.forge(header, issuer.claims({ iss: `${issuer.authority}/${tenantId}/` })),
  ],
  [
    "iss in a list",
    () => issuer.forge(header, issuer.claims({ iss: [`${issuer.authority}/${tenantId}/v2.0`] })),
  ],
  [
    "iss in capitals",
    () => issuer.forge(header, issuer.claims({ iss: `${issuer.authority}/${tenantId}/V2.0` })),
  ],
  ...claim("aud", [
    undefined,
    null,
    "",
    1,
    true,
    {},
    [],
    ["other"],
    [[audience]],
    { aud: audience },
    "https://graph.microsoft.com",
    "00000003-0000-0000-c000-000000000000",
    `${audience} `,
    audience.toUpperCase(),
    `${audience},x`,
    "*",
    `api://${tenantId}`,
    `api://${tenantId}/customer-service-mcp/`,
    `api://${tenantId}/customer-service-mcp/user_impersonation`,
  ]),
  ...claim("exp", [undefined, null, "", "9999999999", true, [], {}, 0, -1, 1, now() - 61, 1_000]),
  [
    "exp beyond numbers",
    () => issuer.forge(header, JSON.stringify(issuer.claims()).replace(/"exp":\d+/, '"exp":1e400')),
  ],
  [
    "exp NaN",
    () => issuer.forge(header, JSON.stringify(issuer.claims()).replace(/"exp":\d+/, '"exp":NaN')),
  ],
  [
    "exp twice, the last one past",
    () => issuer.forge(header, JSON.stringify(issuer.claims()).replace(/}$/, ',"exp":1}')),
  ],
  ...claim("nbf", [now() + 600, 9_999_999_999, "0", "soon", null, true, {}, []]),
  ...claim("iat", ["0", null, {}]),
  ...claim(
    "scp",
    [
      undefined,
      null,
      "",
      1,
      true,
      [],
      ["user_impersonation"],
      {},
      "openid profile",
      "user_impersonation.read",
      "xuser_impersonation",
      "user_impersonation2",
      "User_Impersonation",
      "user_impersonation,openid",
      "user\u00a0impersonation",
      "api://x/user_impersonation",
      "user_impersonation\n",
      "\tuser_impersonation",
    ],
    403,
  ),
  ...claim("cnf", [{ kid: "x" }, { jwk: {} }, {}, null, ""], 401),
  ...claim("iat", [now() + 120, now() + 86_400, 1e300], 401),
  ...claim("idtyp", ["app", "device", "App", "", 1, null, ["app"], {}], 403),
  [
    "an application with a role",
    () => issuer.forge(header, issuer.claims({ scp: undefined, idtyp: "app", roles: ["Admin"] })),
    403,
  ],
  ...claim(
    "azp",
    [
      undefined,
      null,
      "",
      1,
      true,
      [],
      [clientId],
      {},
      other,
      `${clientId} `,
      ` ${clientId}`,
      `{${clientId}}`,
      `${clientId},${other}`,
      "*",
      personObjectId,
      audience,
    ],
    403,
  ),
  [
    "azp a list, appid another",
    () => issuer.forge(header, issuer.claims({ azp: [clientId], appid: other })),
    403,
  ],
  [
    "azp another, appid ours",
    () => issuer.forge(header, issuer.claims({ azp: other, appid: clientId })),
    403,
  ],
  [
    "azp twice, the last another",
    () => issuer.forge(header, JSON.stringify(issuer.claims()).replace(/}$/, `,"azp":"${other}"}`)),
    403,
  ],
  [
    "claims in another's place",
    () => issuer.forge(header, { __proto__: null, claims: issuer.claims() }),
  ],
  [
    "claims in the prototype",
    () => issuer.forge(header, `{"__proto__":${JSON.stringify(issuer.claims())}}`),
  ],
  ["claims a list", () => issuer.forge(header, "[]")],
  ["claims null", () => issuer.forge(header, "null")],
  ["claims a text", () => issuer.forge(header, '"x"')],
  ["claims empty", () => issuer.forge(header, "")],
  ["claims not JSON", () => issuer.forge(header, "{")],
];

const headers: Case[] = [
  headed("alg none, unsigned", { alg: "none" }, "nobody"),
  headed("alg none, signed", { alg: "none" }),
  headed("alg None", { alg: "None" }, "nobody"),
  headed("alg absent", { alg: undefined }),
  headed("alg null", { alg: null }),
  headed("alg a list", { alg: ["RS256"] }),
  headed("alg rs256", { alg: "rs256" }),
  headed("alg RS384", { alg: "RS384" }),
  headed("alg RS1", { alg: "RS1" }),
  headed("alg PS256", { alg: "PS256" }),
  headed("alg ES256", { alg: "ES256" }),
  headed("alg EdDSA", { alg: "EdDSA" }),
  headed("HS256 with the public key as the secret", { alg: "HS256" }, "public-as-secret"),
  headed("HS512 with the public key as the secret", { alg: "HS512" }, "public-as-secret"),
  headed("RS256 said, HMAC made", {}, "public-as-secret"),
  headed("unsigned, RS256 said", {}, "nobody"),
  headed("signed by a stranger", {}, "stranger"),
  headed("kid unknown", { kid: "other" }),
  headed("kid absent", { kid: undefined }),
  headed("kid null", { kid: null }),
  headed("kid empty", { kid: "" }),
  headed("kid a number", { kid: 1 }),
  headed("kid a list", { kid: ["own"] }),
  headed("kid a path", { kid: "../../../../dev/null" }),
  headed("kid a query", { kid: "' OR 1=1 --" }),
  headed("kid of the prototype", { kid: "__proto__" }),
  headed("kid of the constructor", { kid: "constructor" }),
  headed("kid of 10,000 characters", { kid: "k".repeat(10_000) }),
  headed("kid in capitals", { kid: "OWN" }),
  headed("jku of a stranger", { kid: "x", jku: "https://evil.example/keys" }),
  headed("x5u of a stranger", { kid: "x", x5u: "https://evil.example/cert" }),
  headed("x5c of a stranger", { kid: "x", x5c: ["MIIB"] }),
  headed("crit unknown", { crit: ["exp"], exp: 1 }),
  headed("crit empty", { crit: [] }),
  headed("crit not a list", { crit: "exp" }),
  headed("b64 false", { b64: false, crit: ["b64"] }),
  headed("b64 false, not critical", { b64: false }),
  headed("typ of a logout token", { typ: "logout+jwt" }),
  headed("typ of a proof of possession", { typ: "dpop+jwt" }),
  headed("typ of an id token's wrapper", { typ: "JWE" }),
  headed("typ a list", { typ: ["JWT"] }),
  headed("typ null", { typ: null }),
  headed("typ empty", { typ: "" }),
  [
    "jwk of a stranger",
    () => issuer.forge({ ...header, jwk: issuer.publicKey() }, issuer.claims(), "stranger"),
  ],
  [
    "jwk of a stranger, no kid",
    () => issuer.forge({ alg: "RS256", jwk: issuer.publicKey() }, issuer.claims(), "stranger"),
  ],
  [
    "alg twice, the last none",
    () => issuer.forge('{"alg":"RS256","kid":"own","alg":"none"}', issuer.claims()),
  ],
  ["header a list", () => issuer.forge("[]", issuer.claims())],
  ["header null", () => issuer.forge("null", issuer.claims())],
  ["header empty", () => issuer.forge("", issuer.claims())],
  ["header not JSON", () => issuer.forge("{", issuer.claims())],
];

const shapes: Case[] = [
  raw("one part", (good) => good.split(".")[0] ?? ""),
  raw("two parts", (good) => good.split(".").slice(0, 2).join(".")),
  raw("four parts", (good) => `${good}.x`),
  raw("five parts, as if encrypted", (good) => `${good}.x.y`),
  raw("no signature", (good) => good.replace(/[^.]+$/, "")),
  raw("a signature cut", (good) => good.slice(0, -4)),
  raw("a signature longer", (good) => `${good}AAAA`),
  raw("a signature of one letter", (good) => good.replace(/[^.]+$/, "A")),
  raw("another's signature", (good) =>
    good.replace(/[^.]+$/, issuer.forge(header, { a: 1 }).split(".")[2] ?? ""),
  ),
  raw("a letter of the claims changed", (good) =>
    good.replace(/\.(.)/, (_, letter) => `.${letter === "e" ? "f" : "e"}`),
  ),
  raw("padding", (good) => `${good}==`),
  raw("letters of plain base64", (good) => good.replace(".", ".+/")),
  raw("dots alone", () => ".."),
  raw("a point", () => "."),
  raw("17,000 characters", (good) => good + "A".repeat(17_000)),
  raw("claims of 17,000 characters, well signed", () =>
    issuer.forge(header, issuer.claims({ x: "y".repeat(17_000) })),
  ),
  raw("10,000 points", () => ".".repeat(10_000)),
  ["deep claims", () => issuer.forge(header, `${"[".repeat(4_000)}${"]".repeat(4_000)}`)],
];

const lines: readonly (readonly [name: string, header: (good: string) => string])[] = [
  ["Basic", (good) => `Basic ${good}`],
  ["no scheme", (good) => good],
  ["Bearer alone", () => "Bearer"],
  ["Bearer and a blank", () => "Bearer "],
  ["no blank", (good) => `Bearer${good}`],
  ["a tab", (good) => `Bearer\t${good}`],
  ["a colon", (good) => `Bearer: ${good}`],
  ["an equals sign", (good) => `Bearer=${good}`],
  ["quoted", (good) => `Bearer "${good}"`],
  ["two schemes", (good) => `Bearer Bearer ${good}`],
  ["Basic before", (good) => `Basic x, Bearer ${good}`],
  ["two tokens", (good) => `Bearer ${good} ${good}`],
  ["two headers joined", (good) => `Bearer ${good}, Bearer ${good}`],
  ["a comma behind", (good) => `Bearer ${good},`],
  ["a semicolon behind", (good) => `Bearer ${good};x=1`],
  ["token= before", (good) => `Bearer token=${good}`],
  ["a letter beyond ASCII", (good) => `Bearer ${good}\u00e9`],
  ["a no-break space", (good) => `Bearer\u00a0${good}`],
  ["DPoP", (good) => `DPoP ${good}`],
  ["percent signs", (good) => `Bearer ${encodeURIComponent(`${good} `)}`],
  ["many blanks and no token", () => `Bearer ${" ".repeat(10_000)}`],
];

async function refused(authorization: string) {
  const answer = await ask(authorization);
  if (!(answer instanceof Response)) throw new Error("The request was let in.");
  const body = (await answer.json()) as { error: { code: number; message: string } };
  return { status: answer.status, challenge: answer.headers.get("www-authenticate") ?? "", body };
}

const cases: readonly Case[] = [...claims, ...headers, ...shapes];

test("there are more than 200 attacks, each another", () => {
  expect(cases.length + lines.length).toBeGreaterThanOrEqual(200);
  expect(new Set(cases.map(([name]) => name)).size).toBe(cases.length);
});

describe("a token is turned away for", () => {
  test.each(cases)("%s", async (_, token, expected = 401) => {
    const text = token();
    const { status, challenge, body } = await refused(`Bearer ${text}`);
    expect(status).toBe(expected);
    expect(challenge).toMatch(
      /^Bearer resource_metadata="https:\/\/host\.example\/[^"]+", error="/,
    );
    expect(body).toMatchObject({
      error: { code: -32000, message: expect.stringMatching(/^[A-Z].*\.$/) },
    });
    expect(body.error.message).not.toMatch(/[A-Z]+_[A-Z]+|\bat .*:\d/);
    for (const part of text.split(".").filter((each) => each.length > 8))
      expect(challenge + body.error.message).not.toContain(part);
  });
});

describe("an Authorization header is turned away for", () => {
  test.each(lines)("%s", async (_, line) => {
    const { status } = await refused(line(issuer.forge(header, issuer.claims())));
    expect(status).toBe(401);
  });
});

describe("a good token is let in", () => {
  const good: readonly (readonly [string, Record<string, unknown>])[] = [
    ["as it is", {}],
    ["with an oid in capitals", { oid: upper }],
    ["with a tid in capitals", { tid: tenantId.toUpperCase() }],
    ["with several scopes", { scp: "openid user_impersonation profile" }],
    ["with idtyp user", { idtyp: "user" }],
    ["with azp in capitals", { azp: clientId.toUpperCase() }],
    ["with azp of a wrong type and appid", { azp: 7, appid: clientId }],
    ["with azp empty and appid", { azp: "", appid: clientId }],
    ["with an audience among others", { aud: ["other", audience] }],
    ["a minute after its end, for clocks differ", { exp: now() - 30 }],
    ["issued half a minute ahead, for clocks differ", { iat: now() + 30 }],
    ["with claims that nobody knows", { ver: [], groups: {}, xms: null, name: 5 }],
    ["with roles of a wrong type", { roles: "Admin" }],
  ];
  test.each(good)("%s", async (_, changed) => {
    const caller = await ask(`bearer  ${issuer.forge(header, issuer.claims(changed))} `);
    expect(caller).toMatchObject({ objectId: personObjectId, tenantId });
  });

  test.each(["jwt", "at+jwt", "application/at+jwt", undefined])("of typ %s", async (typ) => {
    const caller = await ask(`Bearer ${issuer.forge({ ...header, typ }, issuer.claims())}`);
    expect(caller).toMatchObject({ objectId: personObjectId });
  });

  test("with roles, of which those that are no text do not count", async () => {
    const token = issuer.forge(header, issuer.claims({ roles: ["CSR", 1, null, ["Admin"]] }));
    expect(await ask(`Bearer ${token}`)).toMatchObject({ roles: ["CSR"] });
    const text = issuer.forge(header, issuer.claims({ roles: "Admin" }));
    expect(await ask(`Bearer ${text}`)).toMatchObject({ roles: [] });
  });
});

test("all of it cost one read of the keys, whatever names of keys were said", () => {
  expect(issuer.keyRequests()).toBe(1);
  expect(reports).toEqual([]);
});
