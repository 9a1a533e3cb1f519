@description('Name of the user-assigned identity.')
param name string

@description('Region of the identity.')
param location string

@description('Tags of every resource.')
param tags object

// User-assigned, so that roles, the federated credential and the Dataverse user can exist before the app does.
// For this app alone: whoever holds it may speak for the app's registration.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the identity.')
output id string = identity.id

@description('Client id: what Dataverse calls the application id, and what the app asks tokens for.')
output clientId string = identity.properties.clientId

@description('Object id: what roles are given to, and the subject of the federated credential.')
output principalId string = identity.properties.principalId
