/** A mistake as a person makes it: in `file`, `from` becomes `to`. Each must be caught without the golden files. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Scenario that shows it. */
  readonly scenario: string;
}

const mutation = (name: string, file: string, from: string, to: string, scenario = "default") => ({
  name,
  file,
  from,
  to,
  scenario,
});

export const mutations: readonly Mutation[] = [
  mutation(
    "storage keys on",
    "modules/storage.bicep",
    "allowSharedKeyAccess: false",
    "allowSharedKeyAccess: true",
  ),
  mutation(
    "public blobs",
    "modules/storage.bicep",
    "allowBlobPublicAccess: false",
    "allowBlobPublicAccess: true",
  ),
  mutation(
    "public container",
    "modules/storage.bicep",
    "publicAccess: 'None'",
    "publicAccess: 'Blob'",
  ),
  mutation(
    "old TLS on storage",
    "modules/storage.bicep",
    "minimumTlsVersion: 'TLS1_2'",
    "minimumTlsVersion: 'TLS1_0'",
  ),
  mutation(
    "old TLS on the app",
    "modules/function-app.bicep",
    "      minTlsVersion: '1.2'",
    "      minTlsVersion: '1.0'",
  ),
  mutation("http allowed", "modules/function-app.bicep", "httpsOnly: true", "httpsOnly: false"),
  mutation(
    "publishing password",
    "modules/function-app.bicep",
    "    name: 'scm'\n    properties: { allow: false }",
    "    name: 'scm'\n    properties: { allow: true }",
  ),
  mutation(
    "local auth of telemetry",
    "modules/monitoring.bicep",
    "    DisableLocalAuth: true",
    "    DisableLocalAuth: false",
  ),
  mutation(
    "keys of Azure OpenAI",
    "modules/openai.bicep",
    "disableLocalAuth: true",
    "disableLocalAuth: false",
    "openai",
  ),
  mutation(
    "a role too wide",
    "modules/openai.bicep",
    "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
    "25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68",
    "openai",
  ),
  mutation(
    "a scope too wide",
    "modules/storage.bicep",
    "  scope: packages\n",
    "  scope: account\n",
  ),
  mutation(
    "the deployer owns blobs",
    "modules/storage.bicep",
    "    roleDefinitionId: blobDataContributor",
    "    roleDefinitionId: blobDataOwner",
  ),
  mutation("a setting misspelt", "main.bicep", "MCP_AUDIENCES:", "MCP_AUDIENCE:"),
  mutation(
    "a required setting forgotten",
    "main.bicep",
    "        MCP_TENANT_ID: tenant().tenantId\n",
    "",
  ),
  mutation("mode dev in Azure", "main.bicep", "MCP_AUTH_MODE: 'jwt'", "MCP_AUTH_MODE: 'dev'"),
  mutation(
    "a wrong audience",
    "modules/function-app.bicep",
    "allowedAudiences: [authClientId, authIdentifierUri]",
    "allowedAudiences: [authClientId, 'https://management.core.example']",
  ),
  mutation(
    "tokens of version 1",
    "modules/entra.bicep",
    "requestedAccessTokenVersion: 2",
    "requestedAccessTokenVersion: 1",
  ),
  mutation(
    "any organisation's tokens",
    "modules/function-app.bicep",
    "openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'",
    "openIdIssuer: '${environment().authentication.loginEndpoint}common/v2.0'",
  ),
  mutation(
    "a registration for every tenant",
    "modules/entra.bicep",
    "signInAudience: 'AzureADMyOrg'",
    "signInAudience: 'AzureADMultipleOrgs'",
  ),
  mutation(
    "strangers let in",
    "modules/function-app.bicep",
    "requireAuthentication: true",
    "requireAuthentication: false",
  ),
  mutation(
    "the endpoint excluded from sign-in",
    "modules/function-app.bicep",
    "excludedPaths: ['/health']",
    "excludedPaths: ['/health', '/mcp']",
  ),
  mutation(
    "a missing app role",
    "modules/entra.bicep",
    "  { value: 'Admin', name: 'Administrator', text: 'Also changes the schema.' }\n",
    "",
  ),
  mutation(
    "another scope than demanded",
    "modules/entra.bicep",
    "        value: scopeName\n",
    "        value: 'access'\n",
  ),
  mutation(
    "the wrong subject trusted",
    "main.bicep",
    "    hostName: hostName\n    identityPrincipalId: identity.outputs.principalId",
    "    hostName: hostName\n    identityPrincipalId: identity.outputs.clientId",
  ),
  mutation(
    "a client forgotten by EasyAuth",
    "modules/function-app.bicep",
    "union([authClientId], allowedClientIds)",
    "[authClientId]",
  ),
  mutation(
    "a key in a setting",
    "main.bicep",
    "        DATAVERSE_CREDENTIAL: 'managed-identity'\n",
    "        DATAVERSE_CREDENTIAL: 'managed-identity'\n        AzureWebJobsStorage: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b'\n",
  ),
  mutation(
    "a connection string put out",
    "main.bicep",
    "output AZURE_LOCATION string = location",
    "output AZURE_LOCATION string = monitoring.outputs.connectionString",
  ),
  mutation(
    "a setting that Flex refuses",
    "main.bicep",
    "        DATAVERSE_CREDENTIAL: 'managed-identity'\n",
    "        DATAVERSE_CREDENTIAL: 'managed-identity'\n        FUNCTIONS_WORKER_RUNTIME: 'node'\n",
  ),
  mutation(
    "a name too long",
    "main.bicep",
    "var functionAppName = '${abbreviations.functionApp}mcp-${token}'",
    "var functionAppName = '${abbreviations.functionApp}mcp-${environmentName}-${token}'",
    "odd-name",
  ),
  mutation("a resource untagged", "modules/identity.bicep", "  tags: tags\n", ""),
  mutation(
    "the service tag lost",
    "main.bicep",
    "serviceTag: { 'azd-service-name': 'mcp' }",
    "serviceTag: { 'azd-service-name': 'app' }",
  ),
  mutation(
    "storage open beside its endpoint",
    "modules/storage.bicep",
    "publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'",
    "publicNetworkAccess: 'Enabled'",
    "private-network",
  ),
  mutation(
    "a subnet without delegation",
    "modules/network.bicep",
    "          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]\n",
    "",
    "private-network",
  ),
  mutation(
    "a host of the public cloud written down",
    "main.bicep",
    "AzureUSGovernment: 'azurewebsites.us'",
    "AzureUSGovernment: 'azurewebsites.net'",
    "us-government",
  ),
  mutation(
    "an alert that is off",
    "modules/alerts.bicep",
    "      enabled: true\n      scopes",
    "      enabled: false\n      scopes",
  ),
  mutation(
    "an alert on another column",
    "modules/alerts.bicep",
    "column: 'FailedPercent'",
    "column: 'Failed'",
  ),
  mutation(
    "always-ready ignored",
    "modules/function-app.bicep",
    "alwaysReadyInstances > 0 ?",
    "alwaysReadyInstances > 5 ?",
    "always-ready",
  ),
  mutation(
    "an output lost",
    "main.bicep",
    "output MCP_SCOPE string = '${entra.outputs.identifierUri}/${entra.outputs.scopeName}'",
    "output MCP_SCOPE string = entra.outputs.scopeName",
  ),
  mutation(
    "a property misspelt",
    "modules/storage.bicep",
    "supportsHttpsTrafficOnly: true",
    "supportsHttpTrafficOnly: true",
  ),
  mutation(
    "a parameter undescribed",
    "main.bicep",
    "@description('Region of every resource.')\n",
    "",
  ),
  mutation(
    "a parameter not handed over",
    "main.parameters.json",
    '    "alertEmail": { "value": "${ALERT_EMAIL=}" },\n',
    "",
  ),
  mutation(
    "the linter lowered",
    "bicepconfig.json",
    '"no-unused-params": { "level": "error" }',
    '"no-unused-params": { "level": "off" }',
  ),
];
