import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { readConfig } from "../../../shared/config";
import { settings } from "../../../shared/config/settings";
import { AppError } from "../../../shared/errors";

const jwt = {
  DATAVERSE_URL: "https://contoso.crm.dynamics.com/",
  MCP_AUTH_MODE: "jwt",
  MCP_TENANT_ID: "0F000000-0000-4000-8000-000000000001",
  MCP_AUDIENCES: "one, api://two ,",
  MCP_ALLOWED_CLIENTS: "AAAAAAAA-0000-4000-8000-000000000001, second",
};
const dev = {
  DATAVERSE_URL: "http://127.0.0.1:7072",
  MCP_AUTH_MODE: "dev",
  MCP_DEV_USER_OBJECT_ID: "0b000000-0000-4000-8000-000000000001",
};

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof AppError) return error.problems;
    throw error;
  }
  return [];
}

describe("a good configuration", () => {
  test("has an origin without a slash, trimmed lists and the documented fallbacks", () => {
    expect(readConfig(jwt)).toMatchObject({
      dataverseUrl: "https://contoso.crm.dynamics.com",
      tenantId: "0f000000-0000-4000-8000-000000000001",
      audiences: ["one", "api://two"],
      allowedClients: ["aaaaaaaa-0000-4000-8000-000000000001", "second"],
      publicUrl: undefined,
      requiredScope: "user_impersonation",
      authority: "https://login.microsoftonline.com",
      credential: "developer",
      maxConcurrency: 24,
      retryWaitSeconds: 20,
      toolTimeoutSeconds: 45,
      devUser: undefined,
    });
  });

  test("uses the managed identity wherever the platform offers one", () => {
    expect(readConfig({ ...jwt, IDENTITY_ENDPOINT: "http://127.0.0.1/msi" }).credential).toBe(
      "managed-identity",
    );
    expect(
      readConfig({ ...jwt, IDENTITY_ENDPOINT: "x", DATAVERSE_CREDENTIAL: "developer" }).credential,
    ).toBe("developer");
  });
});

describe("telemetry", () => {
  const connection = "InstrumentationKey=0;IngestionEndpoint=https://example.com/";
  const read = (authentication?: string) =>
    readConfig({
      ...jwt,
      APPLICATIONINSIGHTS_CONNECTION_STRING: connection,
      ...(authentication && { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: authentication }),
    }).telemetry;

  test("is off without a connection string, whatever else is set", () => {
    const setting = { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "Authorization=AAD" };
    expect(readConfig({ ...jwt, ...setting }).telemetry).toBeUndefined();
  });

  test.each([
    ["ClientId=abc;Authorization=AAD", { clientId: "abc" }],
    ["authorization=aad; clientid=abc;", { clientId: "abc" }],
    ["Authorization=AAD", { clientId: undefined }],
    [undefined, undefined],
  ])("%s is sent by %j", (authentication, identity) => {
    expect(read(authentication)).toEqual({ connectionString: connection, identity });
  });

  test("with a sign-in that is not understood is a bad configuration", () => {
    expect(() => read("ClientId=abc")).toThrow("not configured");
  });
});

describe("a bad configuration is refused", () => {
  test("when nothing is set: no mode means no entry", () => {
    expect(problemsOf({})).toEqual([
      "MCP_AUTH_MODE is missing: without it every call is refused.",
      "DATAVERSE_URL is missing.",
    ]);
  });

  test("with every problem at once, and without repeating a value", () => {
    const problems = problemsOf({
      ...jwt,
      MCP_AUTH_MODE: "s3cret",
      MCP_TENANT_ID: "s3cret",
      DATAVERSE_MAX_CONCURRENCY: "s3cret",
    });
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain("s3cret");
  });

  test.each([
    [
      "plain http off loopback",
      { ...jwt, DATAVERSE_URL: "http://contoso.crm.dynamics.com" },
      /DATAVERSE_URL/,
    ],
    [
      "an address with a path",
      { ...jwt, DATAVERSE_URL: "https://contoso.crm.dynamics.com/main.aspx" },
      /DATAVERSE_URL/,
    ],
    [
      "an issuer over plain http",
      { ...jwt, MCP_AUTHORITY: "http://login.example" },
      /MCP_AUTHORITY/,
    ],
    ["no tenant", { ...jwt, MCP_TENANT_ID: "" }, /MCP_TENANT_ID is missing/],
    ["no audience", { ...jwt, MCP_AUDIENCES: " " }, /MCP_AUDIENCES is missing/],
    [
      "further identities that are none",
      { ...jwt, AZURE_CLIENT_ID: jwt.MCP_TENANT_ID, DATAVERSE_MORE_CLIENT_IDS: "one,two" },
      /DATAVERSE_MORE_CLIENT_IDS must hold GUIDs/,
    ],
    [
      "a further identity that is the first",
      {
        ...jwt,
        AZURE_CLIENT_ID: jwt.MCP_TENANT_ID,
        DATAVERSE_MORE_CLIENT_IDS: jwt.MCP_TENANT_ID,
      },
      /DATAVERSE_MORE_CLIENT_IDS must name identities beside/,
    ],
    ["more than Dataverse's 52 at once", { ...jwt, DATAVERSE_MAX_CONCURRENCY: "60" }, /1 to 50/],
    ["half a second", { ...jwt, MCP_TOOL_TIMEOUT_SECONDS: "0.5" }, /whole number/],
    ["no client", { ...jwt, MCP_ALLOWED_CLIENTS: "" }, /MCP_ALLOWED_CLIENTS is missing/],
    ["a list of no client", { ...jwt, MCP_ALLOWED_CLIENTS: " , ," }, /MCP_ALLOWED_CLIENTS/],
    ["a list of no audience", { ...jwt, MCP_AUDIENCES: "," }, /MCP_AUDIENCES is missing/],
    [
      "a public address over http",
      { ...jwt, MCP_PUBLIC_URL: "http://a.example" },
      /MCP_PUBLIC_URL/,
    ],
    [
      "a public address with a path",
      { ...jwt, MCP_PUBLIC_URL: "https://a.example/x" },
      /MCP_PUBLIC_URL/,
    ],
    ["mode dev in Azure", { ...dev, WEBSITE_INSTANCE_ID: "abc" }, /this is Azure/],
    ["mode dev on an app's site", { ...dev, WEBSITE_SITE_NAME: "app" }, /WEBSITE_SITE_NAME/],
    ["mode dev in a container app", { ...dev, CONTAINER_APP_NAME: "app" }, /CONTAINER_APP_NAME/],
    ["mode dev in a cluster", { ...dev, KUBERNETES_SERVICE_HOST: "10.0.0.1" }, /KUBERNETES/],
    ["mode dev under a public name", { ...dev, WEBSITE_HOSTNAME: "a.example" }, /WEBSITE_HOSTNAME/],
    ["mode dev under a like name", { ...dev, WEBSITE_HOSTNAME: "localhost.a.example" }, /HOSTNAME/],
    ["mode dev under a name with a path", { ...dev, WEBSITE_HOSTNAME: "localhost/x" }, /HOSTNAME/],
    ["mode dev under an address", { ...dev, WEBSITE_HOSTNAME: "10.0.0.1:7071" }, /HOSTNAME/],
    [
      "mode dev as nobody",
      { ...dev, MCP_DEV_USER_OBJECT_ID: "00000000-0000-0000-0000-000000000000" },
      /empty GUID/,
    ],
    [
      "mode dev against a real environment",
      { ...dev, DATAVERSE_URL: jwt.DATAVERSE_URL },
      /loopback only/,
    ],
    [
      "mode dev without a person",
      { ...dev, MCP_DEV_USER_OBJECT_ID: "" },
      /MCP_DEV_USER_OBJECT_ID is missing/,
    ],
  ])("for %s", (_, environment, words) => {
    expect(problemsOf(environment)).toEqual([expect.stringMatching(words)]);
  });
});

test.each(["localhost:7071", "127.0.0.1:7071", "[::1]:7071", "localhost", " ", ""])(
  "mode dev starts where func start says WEBSITE_HOSTNAME=%s",
  (name) => {
    expect(readConfig({ ...dev, WEBSITE_HOSTNAME: name }).authMode).toBe("dev");
  },
);

test("the sample settings start the endpoint, and name only settings that exist", () => {
  const text = readFileSync(resolve(__dirname, "../../../local.settings.sample.json"), "utf8");
  const { Values: values } = JSON.parse(text) as { Values: Record<string, string> };
  expect(readConfig(values).devUser?.name).toBe("Avery Lindholm");
  const platform = new Set([
    "AzureWebJobsStorage",
    "FUNCTIONS_WORKER_RUNTIME",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
  ]);
  const known = new Set<string>(settings.map((setting) => setting.name));
  const own = Object.keys(values).filter((name) => !platform.has(name));
  expect(own.length).toBeGreaterThan(5);
  expect(own.filter((name) => !known.has(name))).toEqual([]);
});
