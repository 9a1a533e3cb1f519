import { AzureCliError, createAzureCli } from "./azure-cli";
import { DataverseRefusal, type Row, WebApi } from "./dataverse/web-api";
import { Graph, GraphRefusal, graphOf, hopeAtGraph } from "./graph";
import { cliOf, type HookInput, patienceOf } from "./hook";
import { patiently } from "./patience";

interface Settings {
  readonly token?: { readonly oAuthSettings?: { readonly redirectUrl?: unknown } };
}

const listed = (text = ""): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/**
 * Power Platform gives a connector its redirect address when it makes it: with the name of the connector and of the
 * environment in it, so that nobody knows it before. It stands in the connector's row of Dataverse; here it is put into the
 * connector's registration, and kept for the next provisioning, which describes the registration whole.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/connector
 * @returns what was found and done, in words
 */
export async function registerRedirects(input: HookInput, url: string): Promise<string[]> {
  const { environment } = input;
  const objectId = environment.CONNECTOR_APPLICATION_OBJECT_ID?.trim();
  const endpoint = environment.MCP_ENDPOINT ?? "";
  if (!objectId || !URL.canParse(endpoint)) return [];
  try {
    const az = createAzureCli(cliOf(input));
    const found = await redirectsOf(
      new URL(endpoint).host,
      new WebApi(url, await az.token({ resource: url })),
    );
    if (found.length === 0) return ["  No connector for this endpoint is in the environment yet."];
    const known = listed(environment.CONNECTOR_REDIRECT_URIS);
    const wanted = [...new Set([...known, ...found])];
    const origin = graphOf(environment);
    const graph = new Graph(origin, await az.token({ resource: origin }));
    const path = `applications/${objectId}`;
    const row = await patiently(
      () => graph.call("GET", `${path}?$select=web`),
      hopeAtGraph,
      patienceOf(input),
    );
    const web = (row?.web ?? {}) as { redirectUris?: string[] };
    const held = web.redirectUris ?? [];
    const missing = wanted.filter((each) => !held.includes(each));
    if (missing.length > 0)
      await patiently(
        () => graph.call("PATCH", path, { web: { redirectUris: [...held, ...missing] } }),
        hopeAtGraph,
        patienceOf(input),
      );
    if (wanted.length > known.length) input.keep?.("CONNECTOR_REDIRECT_URIS", wanted.join(","));
    return [
      missing.length > 0
        ? `  Redirect address of the connector registered: ${missing.join(", ")}`
        : "  The redirect address of the connector is registered.",
    ];
  } catch (error) {
    const isPolite =
      error instanceof AzureCliError ||
      error instanceof DataverseRefusal ||
      error instanceof GraphRefusal ||
      error instanceof TypeError;
    if (!isPolite) throw error;
    return [
      `  The redirect address of the connector was not registered: ${error.message}`,
      "  By hand: azd env set CONNECTOR_REDIRECT_URIS <the redirect URL that the connector's page shows>, then azd provision.",
    ];
  }
}

/** Redirect addresses of the connectors in this environment whose definition names the endpoint's host. */
async function redirectsOf(host: string, api: WebApi): Promise<string[]> {
  const rows = await api.rows("connectors?$select=name,openapidefinition,connectionparameters");
  return rows
    .filter((row) => (parsed(row, "openapidefinition") as { host?: unknown }).host === host)
    .map(
      (row) => (parsed(row, "connectionparameters") as Settings).token?.oAuthSettings?.redirectUrl,
    )
    .filter((each): each is string => typeof each === "string" && each.startsWith("https://"));
}

/** The JSON in a column; an empty object where there is none or it is damaged, for then it names no host of ours. */
function parsed(row: Row, column: string): object {
  try {
    return (JSON.parse(String(row[column] ?? "{}")) as object | null) ?? {};
  } catch {
    return {};
  }
}
