extension microsoftGraphV1

@description('Immutable key of the registration.')
param uniqueName string

@description('Name that people see when they sign in to approve.')
param displayName string

@description('Host name of the function app.')
param hostName string

@description('Origin by which clients reach the endpoint where that is another one, without a slash at the end. Empty: the host name.')
param publicUrl string

@description('Object id of the managed identity that stands in for a client secret.')
param identityPrincipalId string

@description('Where the tenant signs people in, and by which its tokens name their issuer: an address with a slash at the end.')
param loginEndpoint string

@description('Audience of the identity\'s token in this cloud when it stands in for a client secret.')
param exchangeAudience string

@description('Reference into the organisation\'s service catalogue, where the tenant demands one.')
param serviceManagementReference string

// A registration of its own: with the API's, the tokens that its clients hold would have the audience that the page asks for. It
// has no scope and is no client of the API, so that what it gets opens nothing else.
resource approval 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  description: 'Sign-in of the approval page of the customer service MCP endpoint'
  signInAudience: 'AzureADMyOrg'
  serviceManagementReference: empty(serviceManagementReference) ? null : serviceManagementReference
  web: {
    redirectUris: concat(
      ['https://${hostName}/approve/callback'],
      empty(publicUrl) ? [] : ['${publicUrl}/approve/callback']
    )
    implicitGrantSettings: { enableIdTokenIssuance: false, enableAccessTokenIssuance: false }
  }
  // Without these the page cannot tell a fresh sign-in, or a stronger one, from an old session.
  optionalClaims: {
    idToken: [{ name: 'auth_time', essential: false }, { name: 'acrs', essential: false }]
  }

  resource identityTrust 'federatedIdentityCredentials@v1.0' = {
    name: '${approval.uniqueName}/function-app-identity'
    issuer: '${loginEndpoint}${tenant().tenantId}/v2.0'
    subject: identityPrincipalId
    audiences: [exchangeAudience]
    description: 'The function app proves itself by its managed identity instead of a client secret'
  }
}

resource approvalPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: approval.appId
}

@description('Client id of the registration.')
output clientId string = approval.appId

@description('Object id of the registration.')
output objectId string = approval.id
