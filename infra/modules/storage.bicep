@description('Name of the storage account: 3 to 24 lower-case letters and digits.')
@minLength(3)
@maxLength(24)
param name string

@description('Region of the account.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the blob container that holds the deployed package.')
param containerName string

@description('Name of the blob container that holds what was approved.')
param approvalsContainerName string

@description('Name of the app\'s identity. It makes the names of role assignments known beforehand.')
param identityName string

@description('Object id of the app\'s identity. The Functions host needs Owner on its own storage.')
param identityPrincipalId string

@description('Object id of the person or pipeline that deploys; may look into the package container. Empty: nobody.')
param deployerPrincipalId string

@description('Kind of that principal.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param deployerPrincipalType string

@description('Reach the account through a private endpoint. Otherwise it has a public address that takes Entra tokens only.')
param isPrivate bool

@description('Subnet of the private endpoint; used when isPrivate.')
param endpointSubnetId string

@description('Private DNS zone of the endpoint; used when isPrivate.')
param dnsZoneId string

var blobDataOwner = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
)
var blobDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
)

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      bypass: isPrivate ? 'None' : 'AzureServices'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    deleteRetentionPolicy: { enabled: true, days: 7 }
    containerDeleteRetentionPolicy: { enabled: true, days: 7 }
  }
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: containerName
  properties: { publicAccess: 'None' }
}

// The identity owns the account's blobs, and nobody else reads here: that is the fence around the keys of approvals.
resource approvals 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: approvalsContainerName
  properties: { publicAccess: 'None' }
}

// An approval counts for ten minutes and can be asked after for a day; a key for its week and the next.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'approvals'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob', 'appendBlob']
              prefixMatch: [
                '${approvalsContainerName}/approvals/'
                '${approvalsContainerName}/pending/'
                '${approvalsContainerName}/acts/'
                '${approvalsContainerName}/counts/'
              ]
            }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 1 } } }
          }
        }
        {
          name: 'keys'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${approvalsContainerName}/keys/'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 21 } } }
          }
        }
      ]
    }
  }
}

resource identityOwnsBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, identityName, blobDataOwner)
  scope: account
  properties: {
    roleDefinitionId: blobDataOwner
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource deployerWritesPackages 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  name: guid(packages.id, deployerPrincipalId, blobDataContributor)
  scope: packages
  properties: {
    roleDefinitionId: blobDataContributor
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
  }
}

resource blobEndpoint 'Microsoft.Network/privateEndpoints@2024-07-01' = if (isPrivate) {
  name: 'pe-${name}-blob'
  location: location
  tags: tags
  properties: {
    subnet: { id: endpointSubnetId }
    privateLinkServiceConnections: [
      { name: 'blob', properties: { privateLinkServiceId: account.id, groupIds: ['blob'] } }
    ]
  }
}

resource blobDns 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = if (isPrivate) {
  parent: blobEndpoint
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: 'blob', properties: { privateDnsZoneId: dnsZoneId } }] }
}

@description('Address of the blob service, with a slash at its end.')
output blobEndpoint string = account.properties.primaryEndpoints.blob

@description('Address of the container of approvals.')
output approvalsAddress string = '${account.properties.primaryEndpoints.blob}${approvals.name}'

@description('Name of the package container.')
output containerName string = packages.name
