import { tenantId } from "../deployment";
import { apiRegistration, appSettings, at, identitiesOf, ofType, type Rule, texts } from "./rule";

/** What a person or a hook needs next. */
export const outputs: Rule = {
  name: "outputs",
  check(deployment) {
    const site = ofType(deployment, "Microsoft.Web/sites")[0]?.name;
    const identity = identitiesOf(deployment)[0]?.name;
    const [identifierUri = ""] = texts(
      at(apiRegistration(deployment)?.body, "properties.identifierUris"),
    );
    const settings = appSettings(deployment);
    const host = `https://‹${site}.defaultHostName›`;
    const login = `${deployment.cloud.issuer}${tenantId}/oauth2/v2.0`;
    const expected: Record<string, string | undefined> = {
      API_APPLICATION_OBJECT_ID: "‹api.id›",
      APPROVAL_APPLICATION_OBJECT_ID: "‹approval.id›",
      CONNECTOR_APPLICATION_OBJECT_ID:
        deployment.parameters.connectorEnabled === true ? "‹connector.id›" : "",
      APPLICATIONINSIGHTS_NAME: ofType(deployment, "Microsoft.Insights/components")[0]?.name,
      AZURE_FUNCTION_NAME: site,
      AZURE_LOCATION: String(deployment.parameters.location),
      AZURE_OPENAI_DEPLOYMENT: settings.AZURE_OPENAI_DEPLOYMENT ?? "",
      AZURE_OPENAI_ENDPOINT: settings.AZURE_OPENAI_ENDPOINT ?? "",
      AZURE_RESOURCE_GROUP: ofType(deployment, "Microsoft.Resources/resourceGroups")[0]?.name,
      AZURE_TENANT_ID: tenantId,
      CONNECTOR_CLIENT_ID:
        deployment.parameters.connectorEnabled === true ? "‹connector.appId›" : "",
      DATAVERSE_URL: settings.DATAVERSE_URL,
      MANAGED_IDENTITY_CLIENT_ID: `‹${identity}.clientId›`,
      MORE_IDENTITY_CLIENT_IDS: settings.DATAVERSE_MORE_CLIENT_IDS ?? "",
      MANAGED_IDENTITY_PRINCIPAL_ID: `‹${identity}.principalId›`,
      MCP_CLIENT_ID: "‹api.appId›",
      MCP_ENDPOINT: `${host}/mcp`,
      MCP_HEALTH_URL: `${host}/health`,
      MCP_IDENTIFIER_URI: identifierUri,
      MCP_RESOURCE_METADATA_URL: `${host}/.well-known/oauth-protected-resource`,
      MCP_SCOPE: `${identifierUri}/${settings.MCP_REQUIRED_SCOPE}`,
      OAUTH_AUTHORIZE_URL: `${login}/authorize`,
      OAUTH_TOKEN_URL: `${login}/token`,
      WORKBOOK_ID: ofType(deployment, "Microsoft.Insights/workbooks")[0]?.id,
    };
    return [
      ...Object.entries(expected)
        .filter(([name, value]) => deployment.outputs[name] !== value)
        .map(
          ([name, value]) =>
            `The output ${name} is ${JSON.stringify(deployment.outputs[name])}, must be ${JSON.stringify(value)}.`,
        ),
      ...Object.keys(deployment.outputs)
        .filter((name) => !(name in expected))
        .map((name) => `The output ${name} is not known to rules/outputs.ts.`),
    ];
  },
};
