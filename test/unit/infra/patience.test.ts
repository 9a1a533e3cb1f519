import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { endingModels, models } from "../../../infra/check/models";
import { guardChoices, guardRegion } from "../../../infra/hooks/guards";
import type { HookInput } from "../../../infra/hooks/hook";
import { isLater, patiently, retryAfter } from "../../../infra/hooks/patience";
import { postdown } from "../../../infra/hooks/postdown";
import { postprovision } from "../../../infra/hooks/postprovision";
import { predown, toRemove } from "../../../infra/hooks/predown";

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
type Handler = (method: string, path: string, body: unknown) => Answer | undefined;

/** A tenant's services on loopback: Dataverse's Web API and Microsoft Graph, as the handler answers. */
let server: Server;
let url: string;
let handler: Handler = () => undefined;
const asked: string[] = [];

const bodyOf = async (request: IncomingMessage) => {
  let text = "";
  for await (const part of request) text += part;
  return text === "" ? undefined : (JSON.parse(text) as unknown);
};

let folder: string;
let cli: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    asked.push(`${request.method} ${path.split("?")[0]}`);
    const answer = handler(request.method ?? "", path, await bodyOf(request)) ?? { status: 404 };
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), "patience-"));
  cli = join(folder, "az.mjs");
  writeFileSync(
    cli,
    `const words = process.argv.slice(2).join(" ");
if (words.startsWith("account get-access-token")) console.log(JSON.stringify({ accessToken: "t" }));
else if (words.startsWith("functionapp list-flexconsumption-locations")) console.log(JSON.stringify([{ name: "westeurope" }, { name: "northeurope" }]));
else if (words.startsWith("provider show")) console.log(JSON.stringify("NotRegistered"));
else { console.error("ERROR: unknown command"); process.exit(2); }`,
  );
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  asked.length = 0;
});

const kept = new Map<string, string>();
async function run(
  hook: (input: HookInput) => Promise<void>,
  environment: Record<string, string>,
): Promise<string> {
  const lines: string[] = [];
  kept.clear();
  await hook({
    environment: { MCP_AZURE_CLI: cli, MCP_GRAPH_URL: url, ...environment },
    print: (line) => void lines.push(line),
    keep: (name, value) => void kept.set(name, value),
    waitMs: 1,
  });
  return lines.join("\n");
}

const applicationId = "0c000000-0000-4000-8000-0000000000ee";
const api = "/api/data/v9.2/";
const row = (value: object): Answer => ({ status: 200, body: { value: [value] } });

/** A Dataverse in which all stands already, but for what the test says first. */
function dataverse(first: Handler): Handler {
  let users = 0;
  return (method, path, body) => {
    const special = first(method, path, body);
    if (special !== undefined) return special;
    if (path.startsWith(`${api}businessunits`)) return row({ businessunitid: "b1" });
    if (method === "POST" && path.startsWith(`${api}systemusers?`)) {
      users++;
      return { status: 201, body: { systemuserid: "u1" } };
    }
    if (path.includes("systemuserroles_association")) return row({ roleid: "r1" });
    if (path.startsWith(`${api}systemusers?`))
      return users > 0 ? row({ systemuserid: "u1" }) : { status: 200, body: { value: [] } };
    if (path.startsWith(`${api}roles?`)) return row({ roleid: "r1" });
    if (path.startsWith(`${api}RetrieveRolePrivilegesRole`))
      return { status: 200, body: { RolePrivileges: [] } };
    if (path.startsWith(`${api}EntityDefinitions`) || path.startsWith(`${api}privileges`))
      return { status: 200, body: { value: [] } };
    return undefined;
  };
}

/** Answers so the first `times` times that the request comes. */
function at(times: number, request: RegExp, answer: Answer): Handler {
  let left = times;
  return (method, path) =>
    left > 0 && request.test(`${method} ${path}`) && left-- > 0 ? answer : undefined;
}

const provision = (more: Record<string, string> = {}) =>
  run(postprovision, {
    DATAVERSE_URL: url,
    MANAGED_IDENTITY_CLIENT_ID: applicationId,
    MCP_ENDPOINT: "https://func-mcp-x.azurewebsites.net/mcp",
    ...more,
  });

describe("postprovision meets a tenant that is", () => {
  test.each<[string, number, RegExp, Answer, RegExp]>([
    [
      "young: the identity is not known yet",
      3,
      /^POST .*systemusers/,
      { status: 400, body: { error: { message: "The application was not found in the tenant" } } },
      /does not find the new identity yet/,
    ],
    ["young, by 404", 2, /^POST .*systemusers/, { status: 404 }, /does not find the new identity/],
    ["young, by 403", 2, /^POST .*systemusers/, { status: 403 }, /does not find the new identity/],
    [
      "throttled",
      2,
      /^GET .*businessunits/,
      { status: 429, headers: { "retry-after": "0" } },
      /Dataverse answers 429/,
    ],
    ["not well", 2, /^GET .*roles/, { status: 503 }, /Dataverse answers 503/],
    ["half provisioned", 1, /^GET .*EntityDefinitions/, { status: 500 }, /Dataverse answers 500/],
  ])("%s", async (_, times, request, answer, words) => {
    handler = dataverse(at(times, request, answer));
    const text = await provision();
    expect(text).toMatch(words);
    expect(text).toMatch(/is an application user of .* with the role/);
    // Nothing is made twice.
    expect(asked.filter((each) => each === `POST ${api}systemusers`).length).toBeLessThanOrEqual(
      times + 1,
    );
  });

  test("forbidden: it does not try for ever, and says what an administrator does", async () => {
    handler = dataverse(at(99, /^GET .*businessunits/, { status: 403 }));
    const text = await provision();
    expect(text).toMatch(/Dataverse was not set up: GET businessunits: 403/);
    expect(text).toMatch(/azd hooks run postprovision/);
    expect(asked).toHaveLength(1);
  });

  test("not well for long: it ends, and the rest is told", async () => {
    handler = dataverse(at(99, /businessunits/, { status: 503 }));
    const text = await provision();
    expect(text).toMatch(/Dataverse was not set up: .*503/);
    expect(text).toContain("https://func-mcp-x.azurewebsites.net/mcp");
    expect(asked.length).toBe(8);
  });
});

describe("the connector's redirect address", () => {
  const connector = {
    CONNECTOR_CLIENT_ID: "0c000000-0000-4000-8000-0000000000cc",
    CONNECTOR_APPLICATION_OBJECT_ID: "0d000000-0000-4000-8000-0000000000dd",
    AZURE_TENANT_ID: "0f000000-0000-4000-8000-000000000001",
    MCP_IDENTIFIER_URI: "api://t/x-api",
    MCP_SCOPE: "api://t/x-api/user_impersonation",
    OAUTH_AUTHORIZE_URL: "https://login.microsoftonline.com/t/oauth2/v2.0/authorize",
    OAUTH_TOKEN_URL: "https://login.microsoftonline.com/t/oauth2/v2.0/token",
  };
  const address = "https://global.consent.azure-apim.net/redirect/new-5fcustomer-5f1a2b";
  const connectors =
    (host: string): Handler =>
    (method, path) =>
      method === "GET" && path.startsWith(`${api}connectors`)
        ? row({
            openapidefinition: JSON.stringify({ host }),
            connectionparameters: JSON.stringify({
              token: { oAuthSettings: { redirectUrl: address } },
            }),
          })
        : undefined;

  test("is found in Dataverse, put beside those that are there, and kept", async () => {
    let patched: unknown;
    const rows = connectors("func-mcp-x.azurewebsites.net");
    handler = dataverse((method, path, body) => {
      if (path.startsWith("/v1.0/applications/0d") && method === "GET")
        return { status: 200, body: { web: { redirectUris: ["https://kept.example/cb"] } } };
      if (path.startsWith("/v1.0/applications/0d") && method === "PATCH") {
        patched = body;
        return { status: 204 };
      }
      return rows(method, path, body);
    });
    const text = await provision(connector);
    expect(text).toContain(`Redirect address of the connector registered: ${address}`);
    expect(patched).toEqual({ web: { redirectUris: ["https://kept.example/cb", address] } });
    expect(kept.get("CONNECTOR_REDIRECT_URIS")).toBe(address);
  });

  test("of another endpoint's connector is left alone", async () => {
    handler = dataverse(connectors("elsewhere.example"));
    expect(await provision(connector)).toMatch(/No connector for this endpoint/);
    expect(asked.filter((each) => each.includes("/v1.0/"))).toEqual([]);
  });

  test("that may not be registered is told by hand", async () => {
    const rows = connectors("func-mcp-x.azurewebsites.net");
    handler = dataverse((method, path, body) =>
      path.startsWith("/v1.0/") ? { status: 403 } : rows(method, path, body),
    );
    expect(await provision(connector)).toMatch(
      /not registered: .*403[\s\S]*CONNECTOR_REDIRECT_URIS/,
    );
    expect(kept.size).toBe(0);
  });
});

describe("going away", () => {
  const ids = ["0d000000-0000-4000-8000-000000000001", "0d000000-0000-4000-8000-000000000002"];

  test("predown notes the registrations, whatever they are for", async () => {
    await run(predown, {
      API_APPLICATION_OBJECT_ID: ids[0] ?? "",
      CONNECTOR_APPLICATION_OBJECT_ID: "",
      APPROVAL_APPLICATION_OBJECT_ID: ids[1] ?? "",
    });
    expect(kept.get(toRemove)).toBe(ids.join(","));
    expect(await run(predown, {})).toMatch(/No registration/);
    expect(kept.size).toBe(0);
  });

  test("postdown deletes and purges each, waiting until Entra has moved it", async () => {
    const deleted = new Map<string, number>();
    handler = (method, path) => {
      const id = path.split("/").at(-1) ?? "";
      if (method !== "DELETE") return undefined;
      if (path.startsWith("/v1.0/applications/")) {
        deleted.set(id, 0);
        return { status: 204 };
      }
      const looks = (deleted.get(id) ?? 0) + 1;
      deleted.set(id, looks);
      return looks > 2 ? { status: 204 } : { status: 404 };
    };
    const text = await run(postdown, { [toRemove]: ids.join(",") });
    expect(text.match(/deleted, for good/g)).toHaveLength(2);
    expect(kept.get(toRemove)).toBe("");
  });

  test("postdown is content with what is gone, and tells what it may not do", async () => {
    handler = () => ({ status: 404 });
    expect(await run(postdown, { [toRemove]: ids[0] ?? "" })).toMatch(/was gone already/);
    handler = () => ({ status: 403, body: { error: { code: "Authorization_RequestDenied" } } });
    const words = await run(postdown, { [toRemove]: ids.join(",") });
    expect(words).toMatch(/were not taken away: .*403/);
    expect(words).toContain(ids.join(", "));
    // What was not done is not forgotten.
    expect(kept.has(toRemove)).toBe(false);
    expect(await run(postdown, {})).toMatch(/nothing to take away/);
  });
});

describe("preprovision's guards", () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ MONTHLY_BUDGET: "50" }, /ALERT_EMAIL/],
    [{ MORE_IDENTITIES: "2", DATAVERSE_PERSON_BY: "on-behalf-of" }, /MORE_IDENTITIES 0/],
    [{ ZONE_REDUNDANT: "true", ALWAYS_READY_INSTANCES: "1" }, /ALWAYS_READY_INSTANCES 2/],
    [{ ALWAYS_READY_INSTANCES: "20", MAXIMUM_INSTANCE_COUNT: "10" }, /more than MAXIMUM/],
    [
      { ALWAYS_READY_INSTANCES: "150", MAXIMUM_INSTANCE_COUNT: "500", INSTANCE_MEMORY_MB: "4096" },
      /300 cores/,
    ],
  ])("%j is refused before anything is made", (environment, words) => {
    expect(() => guardChoices(environment)).toThrow(words);
  });

  test.each<Record<string, string>>([
    {},
    { MONTHLY_BUDGET: "50", ALERT_EMAIL: "a@b.example" },
    // As a pipeline hands over what nobody set.
    { MONTHLY_BUDGET: "", ALWAYS_READY_INSTANCES: "2", MAXIMUM_INSTANCE_COUNT: "" },
  ])("%j passes", (environment) => {
    expect(() => guardChoices(environment)).not.toThrow();
  });

  const input = (environment: Record<string, string>): HookInput => ({
    environment: { MCP_AZURE_CLI: cli, ...environment },
    print: () => {},
  });
  test("a region without Flex Consumption is named with those that have it", async () => {
    await expect(guardRegion(input({ AZURE_LOCATION: "westeurope" }))).resolves.toBeUndefined();
    await expect(guardRegion(input({ AZURE_LOCATION: "West Europe" }))).resolves.toBeUndefined();
    await expect(guardRegion(input({ AZURE_LOCATION: "atlantis" }))).rejects.toThrow(
      /atlantis does not offer Flex Consumption\. These do: northeurope, westeurope/,
    );
    await expect(
      guardRegion(input({ AZURE_LOCATION: "westeurope", VNET_ENABLED: "true" })),
    ).rejects.toThrow(/Microsoft\.App, which is NotRegistered/);
  });
});

describe("patience", () => {
  const print = () => {};
  test("waits as long as the service asks, and no longer than two minutes", () => {
    const of = (value: string) => retryAfter(new Headers({ "retry-after": value }), 0);
    expect([of("7"), of("0"), of("soon"), of("Thu, 01 Jan 1970 00:00:05 GMT")]).toEqual([
      7,
      undefined,
      undefined,
      5,
    ]);
    expect(retryAfter(new Headers())).toBeUndefined();
  });

  test("does not repeat what no other try cures", async () => {
    let tries = 0;
    const work = async () => {
      tries++;
      throw new Error("no");
    };
    await expect(patiently(work, () => undefined, { tries: 5, waitMs: 1, print })).rejects.toThrow(
      "no",
    );
    expect(tries).toBe(1);
    await expect(
      patiently(work, () => ({ words: "later" }), { tries: 5, waitMs: 1, print }),
    ).rejects.toThrow("no");
    expect(tries).toBe(6);
    expect([200, 400, 404, 408, 429, 500, 503].filter(isLater)).toEqual([408, 429, 500, 503]);
  });
});

describe("a model that ends", () => {
  test("is told from ninety days before, by the date that is given", () => {
    const [model] = models;
    expect(endingModels("2026-11-30")).toEqual([]);
    expect(endingModels("2027-06-22")).toEqual([]);
    expect(endingModels("2027-06-23")[0]).toMatch(/ends on 2027-09-21, in 90 days/);
    expect(endingModels("2027-12-01")[0]).toMatch(/ended on 2027-09-21/);
    expect(model?.name).toBe("gpt-5.4-mini");
  });
});
