@description('Name of the virtual network.')
param name string

@description('Region of the network.')
param location string

@description('Tags of every resource.')
param tags object

@description('Also make the DNS zone of Azure OpenAI.')
param openAiEnabled bool

// Azure Government and Azure China name the OpenAI zone differently from the public cloud.
var openAiZones = {
  AzureCloud: 'privatelink.openai.azure.com'
  AzureUSGovernment: 'privatelink.openai.azure.us'
  AzureChinaCloud: 'privatelink.openai.azure.cn'
}

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.42.0.0/16'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.42.1.0/24'
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: '10.42.2.0/24', privateEndpointNetworkPolicies: 'Disabled' }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource blobZone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.blob.${environment().suffixes.storage}'
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: name
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
}

resource openAiZone 'Microsoft.Network/privateDnsZones@2024-06-01' = if (openAiEnabled) {
  name: openAiZones[environment().name]
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: name
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
}

@description('Subnet that the app\'s outgoing calls leave from.')
output appSubnetId string = network::appSubnet.id

@description('Subnet of the private endpoints.')
output endpointSubnetId string = network::endpointSubnet.id

@description('Private DNS zone of blob storage.')
output blobDnsZoneId string = blobZone.id

@description('Private DNS zone of Azure OpenAI; empty without it.')
output openAiDnsZoneId string = openAiEnabled ? openAiZone.id : ''
