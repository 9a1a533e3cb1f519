import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Variables } from "../../shared/config";

const template = resolve(__dirname, "../connector");
const target = resolve(__dirname, "../../out/connector");

/**
 * Fills the connector's files in from the outputs of the deployment and writes them to out/connector.
 *
 * @returns undefined when no connector was asked for (CONNECTOR_CLIENT_ID is empty)
 * @throws Error naming the outputs that are missing
 */
export function writeConnector(
  environment: Variables,
  folder = target,
): { readonly folder: string } | undefined {
  if (!environment.CONNECTOR_CLIENT_ID?.trim()) return undefined;
  const values: Record<string, string | undefined> = {
    HOST:
      environment.MCP_ENDPOINT && URL.canParse(environment.MCP_ENDPOINT)
        ? new URL(environment.MCP_ENDPOINT).host
        : undefined,
    TENANT_ID: environment.AZURE_TENANT_ID,
    CONNECTOR_CLIENT_ID: environment.CONNECTOR_CLIENT_ID,
    IDENTIFIER_URI: environment.MCP_IDENTIFIER_URI,
    SCOPE: environment.MCP_SCOPE,
    AUTHORIZE_URL: environment.OAUTH_AUTHORIZE_URL,
    TOKEN_URL: environment.OAUTH_TOKEN_URL,
    // Unknown until the connector exists; Power Platform puts its own in place of it.
    REDIRECT_URL:
      environment.CONNECTOR_REDIRECT_URIS?.split(",")[0]?.trim() ||
      "https://global.consent.azure-apim.net/redirect",
  };
  const missing = Object.keys(values).filter((name) => !values[name]);
  if (missing.length > 0)
    throw new Error(
      `The connector cannot be filled in; the deployment gave no ${missing.join(", ")}.`,
    );
  mkdirSync(folder, { recursive: true });
  for (const name of ["apiDefinition.swagger.json", "apiProperties.json"]) {
    const text = readFileSync(join(template, name), "utf8").replace(
      /\$\{(\w+)\}/g,
      (_, key: string) => JSON.stringify(values[key] ?? "").slice(1, -1),
    );
    writeFileSync(join(folder, name), text);
  }
  copyFileSync(join(template, "icon.png"), join(folder, "icon.png"));
  return { folder };
}
