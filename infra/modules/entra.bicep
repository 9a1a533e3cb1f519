extension microsoftGraphV1

@description('Immutable key of the registration: the same key finds the same registration at every deployment.')
param uniqueName string

@description('Name that people see when they sign in.')
param displayName string

@description('Host name of the function app.')
param hostName string

@description('Object id of the managed identity that stands in for a client secret.')
param identityPrincipalId string

@description('Where the tenant signs people in, and by which its tokens name their issuer: an address with a slash at the end.')
param loginEndpoint string

@description('Audience of the identity\'s token in this cloud when it stands in for a client secret.')
param exchangeAudience string

@description('Client ids that may ask for the scope without a question to the person.')
param preAuthorizedClientIds array

@description('Browser redirect addresses beside the platform\'s own. A list that is not passed again is removed.')
param extraRedirectUris array

@description('Addresses of the endpoint that the registration is named by, beside its identifier URI.')
param serverUrls array

@description('Reference into the organisation\'s service catalogue, where the tenant demands one.')
param serviceManagementReference string

@description('Only people (or groups) with an app role may get a token at all.')
param assignmentRequired bool

@description('The app gets tokens for Dataverse on behalf of the people who call.')
param dataverseAsPerson bool

@description('Groups that are given an app role: objects {role, groupId}, role being CSR, CSR.Manager or Admin.')
param roleGroups array

// One of the forms that a tenant with restricted identifier URIs accepts, and, unlike api://<appId>, known beforehand.
var identifierUri = 'api://${tenant().tenantId}/${uniqueName}'
var scopeName = 'user_impersonation'
var scopeId = guid(uniqueName, scopeName)
var roles = [
  { value: 'CSR', name: 'Service representative', text: 'Works cases: reads, creates and updates as Dataverse allows.' }
  { value: 'CSR.Manager', name: 'Service manager', text: 'Works cases of a team, and what managers may do.' }
  { value: 'Admin', name: 'Administrator', text: 'Also changes the schema.' }
]

resource api 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: uniqueName
  displayName: displayName
  description: 'MCP endpoint for Dynamics 365 Customer Service and Dataverse'
  signInAudience: 'AzureADMyOrg'
  identifierUris: concat([identifierUri], serverUrls)
  serviceManagementReference: empty(serviceManagementReference) ? null : serviceManagementReference
  // Dynamics CRM, user_impersonation: an administrator consents to it once for everybody.
  requiredResourceAccess: dataverseAsPerson
    ? [
        {
          resourceAppId: '00000007-0000-0000-c000-000000000000'
          resourceAccess: [{ id: '78ce3f0f-a1ce-49c2-8cde-64b5c0896db4', type: 'Scope' }]
        }
      ]
    : []
  api: {
    // Version 2: the audience of a token is the client id, its issuer ends in /v2.0.
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [
      {
        id: scopeId
        value: scopeName
        type: 'User'
        isEnabled: true
        adminConsentDisplayName: 'Use the customer service MCP endpoint'
        adminConsentDescription: 'Lets the client call the endpoint as the person who is signed in.'
        userConsentDisplayName: 'Use the customer service MCP endpoint'
        userConsentDescription: 'Lets the client call the endpoint as you.'
      }
    ]
    preAuthorizedApplications: [for id in preAuthorizedClientIds: { appId: id, delegatedPermissionIds: [scopeId] }]
  }
  appRoles: [
    for role in roles: {
      id: guid(uniqueName, role.value)
      value: role.value
      displayName: role.name
      description: role.text
      allowedMemberTypes: ['User']
      isEnabled: true
    }
  ]
  web: {
    redirectUris: concat(['https://${hostName}/.auth/login/aad/callback'], extraRedirectUris)
    implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false }
  }

  resource identityTrust 'federatedIdentityCredentials@v1.0' = {
    name: '${api.uniqueName}/function-app-identity'
    issuer: '${loginEndpoint}${tenant().tenantId}/v2.0'
    subject: identityPrincipalId
    audiences: [exchangeAudience]
    description: 'The function app proves itself by its managed identity instead of a client secret'
  }
}

resource apiPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: api.appId
  appRoleAssignmentRequired: assignmentRequired
}

resource groupRoles 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for group in roleGroups: {
    appRoleId: guid(uniqueName, group.role)
    principalId: group.groupId
    resourceId: apiPrincipal.id
  }
]

@description('Client id of the registration.')
output clientId string = api.appId

@description('Object id of the registration.')
output objectId string = api.id

@description('Object id of the registration\'s service principal.')
output principalId string = apiPrincipal.id

@description('Identifier URI of the registration.')
output identifierUri string = identifierUri

@description('Name of the delegated scope.')
output scopeName string = scopeName
