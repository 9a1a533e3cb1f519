import { type Mutation, mutation } from "./mutation";

/** Mistakes in the private network, the model and the identity. */
export const networkAndIdentityMistakes: readonly Mutation[] = [
  mutation(
    "a subnet without delegation",
    "modules/network.bicep",
    "          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]\n",
    "",
    "private-network",
  ),
  mutation(
    "a subnet too small",
    "modules/network.bicep",
    "addressPrefix: '10.42.1.0/24'",
    "addressPrefix: '10.42.1.0/28'",
    "private-network",
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
    "a version that ends in silence",
    "modules/openai.bicep",
    "'OnceCurrentVersionExpired'",
    "'NoAutoUpgrade'",
    "openai",
  ),
  mutation(
    "another model than asked",
    "modules/openai.bicep",
    "name: modelName, version: modelVersion",
    "name: 'gpt-4o', version: modelVersion",
    "openai",
  ),
  mutation(
    "a fence open to an address",
    "modules/openai.bicep",
    "networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow' }",
    "networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow', ipRules: [{ value: '8.8.8.8' }] }",
    "everything",
  ),
  mutation("a resource untagged", "modules/identity.bicep", "  tags: tags\n", ""),
  mutation(
    "the service tag lost",
    "main.bicep",
    "serviceTag: { 'azd-service-name': 'mcp' }",
    "serviceTag: { 'azd-service-name': 'app' }",
  ),
  mutation(
    "a preview version",
    "modules/identity.bicep",
    "userAssignedIdentities@2024-11-30",
    "userAssignedIdentities@2025-01-31-preview",
  ),
  mutation(
    "a resource that nobody judges",
    "modules/identity.bicep",
    "@description('Object id: what roles are given to, and the subject of the federated credential.')",
    "resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {\n  name: name\n  location: location\n  tags: tags\n  properties: { tenantId: tenant().tenantId, sku: { family: 'A', name: 'standard' }, accessPolicies: [] }\n}\n\n@description('Object id: what roles are given to, and the subject of the federated credential.')",
  ),
  mutation(
    "a stranger's role of the whole group",
    "modules/identity.bicep",
    "@description('Object id: what roles are given to, and the subject of the federated credential.')",
    "resource owner 'Microsoft.Authorization/roleAssignments@2022-04-01' = {\n  name: guid(resourceGroup().id, name)\n  properties: {\n    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'b24988ac-6180-42a0-ab88-20f7382dd24c')\n    principalId: identity.properties.principalId\n    principalType: 'ServicePrincipal'\n  }\n}\n\n@description('Object id: what roles are given to, and the subject of the federated credential.')",
  ),
];
