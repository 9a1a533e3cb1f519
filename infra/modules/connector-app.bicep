extension microsoftGraphV1

@description('Immutable key of the registration.')
param uniqueName string

@description('Name that people see when they sign in.')
param displayName string

@description('Redirect addresses of the connector, known only once it exists.')
param redirectUris array

@description('Reference into the organisation\'s service catalogue, where the tenant demands one.')
param serviceManagementReference string

// The connectors of Power Platform sign people in by it, without a word, at the connector's own scope.
var apiConnections = 'fe053c5f-3692-4f14-aef2-ee34fc081cae'
var scopeName = 'access_as_user'
var scopeId = guid(uniqueName, scopeName)

// A registration of its own: one that asks for a token for itself is refused (AADSTS90009). The API's registration
// authorises it beforehand, so it lists no permission here, which would make each need the other's id.
resource connector 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  description: 'Client of the customer service MCP endpoint, used by the Power Platform connector'
  signInAudience: 'AzureADMyOrg'
  serviceManagementReference: empty(serviceManagementReference) ? null : serviceManagementReference
  identifierUris: ['api://${tenant().tenantId}/${uniqueName}']
  api: {
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [
      {
        id: scopeId
        value: scopeName
        type: 'User'
        isEnabled: true
        adminConsentDisplayName: 'Use the customer service MCP connector'
        adminConsentDescription: 'Lets Power Platform pass the sign-in of a person on to the connector.'
        userConsentDisplayName: 'Use the customer service MCP connector'
        userConsentDescription: 'Lets Power Platform pass your sign-in on to the connector.'
      }
    ]
    preAuthorizedApplications: [{ appId: apiConnections, delegatedPermissionIds: [scopeId] }]
  }
  web: { redirectUris: redirectUris }
}

resource connectorPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: connector.appId
}

@description('Object id of the connector\'s registration.')
output objectId string = connector.id

@description('Object id of the registration\'s service principal.')
output principalId string = connectorPrincipal.id

@description('Client id of the connector\'s registration.')
output clientId string = connector.appId
