@description('Name of the function app, also its host name.')
@minLength(2)
@maxLength(60)
param name string

@description('Name of the plan.')
param planName string

@description('Region of both.')
param location string

@description('Tags of the plan.')
param tags object

@description('Tag that azd finds the app by.')
param serviceTag object

@description('Resource id of the app\'s identity.')
param identityId string

@description('Client id of the app\'s identity.')
param identityClientId string

@description('Identities beside it that act at Dataverse: objects {id, clientId}.')
param moreIdentities array

@description('Blob service of the app\'s storage, with a slash at its end.')
param blobEndpoint string

@description('Container of the deployed package.')
param containerName string

@description('Subnet that outgoing calls leave from. Empty: the platform\'s own addresses.')
param subnetId string

@description('Major version of Node.')
param nodeVersion string

@description('Replace instances a few at a time when something changes.')
param rollingUpdates bool

@description('Spread instances over zones.')
param zoneRedundant bool

@description('Memory of an instance in MB; 2048 has one core.')
param instanceMemoryMB int

@description('Most instances.')
param maximumInstanceCount int

@description('Instances that are kept warm.')
param alwaysReadyInstances int

@description('Requests that one instance takes at a time before another is added.')
param httpConcurrency int

@description('Where the tenant signs people in, and by which its tokens name their issuer: an address with a slash at the end.')
param loginEndpoint string

@description('Client id of the API\'s registration.')
param authClientId string

@description('Identifier URI of the API\'s registration.')
param authIdentifierUri string

@description('Client ids that may call.')
param allowedClientIds array

@description('Browser origins that may call.')
param allowedOrigins array

@description('Settings of the app, beside those of the platform.')
param appSettings object

var moreClientIds = join(map(moreIdentities, identity => identity.clientId), ',')

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, serviceTag)
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: union(
      { '${identityId}': {} },
      toObject(moreIdentities, identity => identity.id, identity => {})
    )
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    // /admin of the Functions host, which the master key opens, answers nobody. The compiler does not know the property yet.
    ...any({ functionsRuntimeAdminIsolationEnabled: true })
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      cors: { allowedOrigins: allowedOrigins, supportCredentials: false }
    }
    functionAppConfig: {
      runtime: { name: 'node', version: nodeVersion }
      ...any({ siteUpdateStrategy: { type: rollingUpdates ? 'RollingUpdate' : 'Recreate' } })
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${containerName}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances > 0 ? [{ name: 'http', instanceCount: alwaysReadyInstances }] : []
        triggers: { http: { perInstanceConcurrency: httpConcurrency } }
      }
    }
  }

  // Deployment takes an Entra token; publishing passwords are off.
  resource scmPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource ftpPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: union(appSettings, empty(moreIdentities) ? {} : { DATAVERSE_MORE_CLIENT_IDS: moreClientIds }, {
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identityClientId
      AzureWebJobsStorage__blobServiceUri: blobEndpoint
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
      WEBSITE_AUTH_PRM_DEFAULT_WITH_SCOPES: '${authIdentifierUri}/${appSettings.MCP_REQUIRED_SCOPE}'
      WEBSITE_AUTH_AAD_ALLOWED_TENANTS: tenant().tenantId
      OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identityClientId
    })
  }

  resource auth 'config' = {
    name: 'authsettingsV2'
    dependsOn: [settings]
    properties: {
      platform: { enabled: true, runtimeVersion: '~1' }
      globalValidation: {
        requireAuthentication: true
        unauthenticatedClientAction: 'Return401'
        redirectToProvider: 'azureactivedirectory'
        // Tells a stranger that the app is alive, nothing else; the app verifies the token of whoever wants more. The approval page
        // signs people in by itself, and takes nothing that the platform says of them.
        excludedPaths: ['/health', '/approve', '/approve/*']
      }
      httpSettings: { requireHttps: true, routes: { apiPrefix: '/.auth' }, forwardProxy: { convention: 'NoProxy' } }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            openIdIssuer: '${loginEndpoint}${tenant().tenantId}/v2.0'
            clientId: authClientId
            // Holds the client id of the identity: the registration trusts it in place of a secret.
            clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
          }
          validation: {
            allowedAudiences: [authClientId, authIdentifierUri]
            defaultAuthorizationPolicy: { allowedApplications: union([authClientId], allowedClientIds) }
          }
        }
      }
      login: { tokenStore: { enabled: false } }
    }
  }
}

@description('Name of the app.')
output name string = app.name

@description('Host name of the app.')
output hostName string = app.properties.defaultHostName

@description('Client ids of the identities beside the app\'s own, separated by commas.')
output moreIdentityClientIds string = moreClientIds
