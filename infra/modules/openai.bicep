@description('Name of the Azure OpenAI account, also its host name.')
@minLength(2)
@maxLength(64)
param name string

@description('Region of the account.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the app\'s identity. It makes the names of role assignments known beforehand.')
param identityName string

@description('Object id of the app\'s identity, which calls the model.')
param identityPrincipalId string

@description('Name of the deployment that the app calls.')
param deploymentName string

@description('Model of the deployment.')
param modelName string

@description('Version of the model.')
param modelVersion string

@description('Thousands of tokens a minute.')
@minValue(1)
param capacity int

@description('Reach the account through a private endpoint. Otherwise it has a public address that takes Entra tokens only.')
param isPrivate bool

@description('Subnet of the private endpoint; used when isPrivate.')
param endpointSubnetId string

@description('Private DNS zone of the endpoint; used when isPrivate.')
param dnsZoneId string

var openAiUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'
)

resource account 'Microsoft.CognitiveServices/accounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: { name: 'S0' }
  properties: {
    // Entra tokens need a host name of one's own.
    customSubDomainName: name
    disableLocalAuth: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow' }
  }
}

resource chat 'Microsoft.CognitiveServices/accounts/deployments@2025-06-01' = {
  parent: account
  name: deploymentName
  sku: { name: 'GlobalStandard', capacity: capacity }
  properties: {
    model: { format: 'OpenAI', name: modelName, version: modelVersion }
    versionUpgradeOption: 'OnceCurrentVersionExpired'
  }
}

resource identityCallsModel 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, identityName, openAiUser)
  scope: account
  properties: {
    roleDefinitionId: openAiUser
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource accountEndpoint 'Microsoft.Network/privateEndpoints@2024-07-01' = if (isPrivate) {
  name: 'pe-${name}'
  location: location
  tags: tags
  properties: {
    subnet: { id: endpointSubnetId }
    privateLinkServiceConnections: [
      { name: 'account', properties: { privateLinkServiceId: account.id, groupIds: ['account'] } }
    ]
  }
}

resource accountDns 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = if (isPrivate) {
  parent: accountEndpoint
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: 'account', properties: { privateDnsZoneId: dnsZoneId } }] }
}

@description('Address of the account.')
output endpoint string = account.properties.endpoint

@description('Name of the deployment.')
output deploymentName string = chat.name
