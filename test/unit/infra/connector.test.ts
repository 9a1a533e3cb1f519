import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SwaggerParser from "@apidevtools/swagger-parser";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { writeConnector } from "../../../infra/hooks/connector";

const outputs = {
  CONNECTOR_CLIENT_ID: "0c000000-0000-4000-8000-0000000000cc",
  MCP_ENDPOINT: "https://func-mcp-x.azurewebsites.net/mcp",
  AZURE_TENANT_ID: "0f000000-0000-4000-8000-000000000001",
  MCP_IDENTIFIER_URI: "api://0f000000-0000-4000-8000-000000000001/func-mcp-x-api",
  MCP_SCOPE: "api://0f000000-0000-4000-8000-000000000001/func-mcp-x-api/user_impersonation",
  OAUTH_AUTHORIZE_URL: "https://login.microsoftonline.com/t/oauth2/v2.0/authorize",
  OAUTH_TOKEN_URL: "https://login.microsoftonline.com/t/oauth2/v2.0/token",
};
// biome-ignore lint/suspicious/noExplicitAny: files of a foreign form are looked into.
type Loose = any;
let folder: string;
const read = (name: string): Loose => JSON.parse(readFileSync(join(folder, name), "utf8"));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "connector-"));
  writeConnector(outputs, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the connector's definition", () => {
  test("is Swagger 2.0 by a parser of it", async () => {
    await expect(SwaggerParser.validate(read("apiDefinition.swagger.json"))).resolves.toMatchObject(
      { swagger: "2.0" },
    );
  });

  test("has one path that knows POST only, speaks MCP, and nothing that the platform refuses", () => {
    const definition = read("apiDefinition.swagger.json");
    expect(Object.keys(definition.paths)).toEqual(["/mcp"]);
    expect(Object.keys(definition.paths["/mcp"])).toEqual(["post"]);
    const { post } = definition.paths["/mcp"];
    expect(post["x-ms-agentic-protocol"]).toBe("mcp-streamable-1.0");
    expect(post.operationId).toBe("InvokeMCP");
    expect(post.tags ?? definition.tags).toBeUndefined();
    expect(definition.host).toBe("func-mcp-x.azurewebsites.net");
    expect([definition.basePath, definition.schemes]).toEqual(["/", ["https"]]);
    const [name, scheme] = Object.entries<Loose>(definition.securityDefinitions)[0] ?? [];
    expect(definition.security).toEqual([{ [String(name)]: [outputs.MCP_SCOPE] }]);
    expect([scheme.type, scheme.flow, Object.keys(scheme.scopes)]).toEqual([
      "oauth2",
      "accessCode",
      [outputs.MCP_SCOPE],
    ]);
    expect(JSON.stringify(definition)).not.toMatch(/\$\{|\$ref|null/);
  });
});

describe("the connector's properties", () => {
  test("sign in on behalf of the person, as another client than the API, without a secret", () => {
    const { properties } = read("apiProperties.json");
    const settings = properties.connectionParameters.token.oAuthSettings;
    expect(settings).toMatchObject({
      identityProvider: "aad",
      clientId: outputs.CONNECTOR_CLIENT_ID,
      scopes: [outputs.MCP_SCOPE, "offline_access"],
      redirectMode: "GlobalPerConnector",
      properties: {
        IsOnbehalfofLoginSupported: true,
        AzureActiveDirectoryResourceId: outputs.MCP_IDENTIFIER_URI,
      },
      customParameters: {
        resourceUri: { value: outputs.MCP_IDENTIFIER_URI },
        tenantId: { value: outputs.AZURE_TENANT_ID },
        enableOnbehalfOfLogin: { value: "true" },
      },
    });
    expect(properties.iconBrandColor).toMatch(/^#[0-9A-F]{6}$/);
    expect(JSON.stringify(properties)).not.toMatch(/secret|\$\{/i);
  });
});

test("the icon is a square PNG that the platform takes (1 MB at most)", () => {
  const icon = readFileSync(join(folder, "icon.png"));
  expect(icon.subarray(1, 4).toString()).toBe("PNG");
  expect(icon.readUInt32BE(16)).toBe(icon.readUInt32BE(20));
  expect(icon.readUInt32BE(16)).toBeGreaterThanOrEqual(100);
  expect(icon.length).toBeLessThan(1_000_000);
});

test("nothing is written when no connector was asked for, and outputs that are missing are named", () => {
  expect(writeConnector({ ...outputs, CONNECTOR_CLIENT_ID: "" }, folder)).toBeUndefined();
  expect(() => writeConnector({ CONNECTOR_CLIENT_ID: "x" }, folder)).toThrow(/HOST, TENANT_ID/);
});
