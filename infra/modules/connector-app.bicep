extension microsoftGraphV1

@description('Immutable key of the registration.')
param uniqueName string

@description('Name that people see when they sign in.')
param displayName string

@description('Redirect addresses of the connector, known only once it exists.')
param redirectUris array

@description('Reference into the organisation\'s service catalogue, where the tenant demands one.')
param serviceManagementReference string

// A registration of its own: one that asks for a token for itself is refused (AADSTS90009). The API's registration
// authorises it beforehand, so it lists no permission here, which would make each need the other's id.
resource connector 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  description: 'Client of the customer service MCP endpoint, used by the Power Platform connector'
  signInAudience: 'AzureADMyOrg'
  serviceManagementReference: empty(serviceManagementReference) ? null : serviceManagementReference
  web: { redirectUris: redirectUris }
}

resource connectorPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: connector.appId
}

@description('Client id of the connector\'s registration.')
output clientId string = connector.appId
