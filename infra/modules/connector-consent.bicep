extension microsoftGraphV1

@description('Object id of the service principal of the connector\'s registration.')
param connectorPrincipalId string

@description('Object id of the service principal of the API\'s registration.')
param apiPrincipalId string

@description('Delegated scope of the API.')
param scopeName string

// On-behalf-of asks nobody: an administrator has to have said yes for all beforehand. A module of its own, because it
// needs a right that making registrations does not (connectorConsent).
resource consent 'Microsoft.Graph/oauth2PermissionGrants@v1.0' = {
  clientId: connectorPrincipalId
  consentType: 'AllPrincipals'
  resourceId: apiPrincipalId
  scope: scopeName
}
