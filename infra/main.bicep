targetScope = 'subscription'

metadata name = 'Customer Service MCP endpoint'
metadata description = 'A serverless MCP endpoint for Dynamics 365 Customer Service and Dataverse, with its Entra registration.'

@description('Name of the azd environment. It names the resource group and seeds every other name.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of every resource.')
@minLength(1)
@metadata({ azd: { type: 'location' } })
param location string

@description('Address of the Dataverse environment, for example https://contoso.crm.dynamics.com.')
@minLength(12)
param dataverseUrl string

@description('Object id of whoever deploys; may look into the package container. Empty: nobody.')
param principalId string = ''

@description('Kind of that principal: User for a person, ServicePrincipal for a pipeline.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string = 'User'

@description('Client ids, separated by commas, that may call and need no consent: VS Code, Power Platform connectors (Azure API Connections) and the Azure CLI (smoke test) unless told otherwise.')
param preAuthorizedClientIds string = 'aebc6443-996d-45c2-90f0-388ff96faa56,fe053c5f-3692-4f14-aef2-ee34fc081cae,04b07795-8ddb-461a-bbee-02f9e1bf7b46'

@description('Browser origins, separated by commas, that may call. Empty: no browser.')
param allowedOrigins string = ''

@description('Redirect addresses, separated by commas, of clients that share the API\'s registration.')
param extraRedirectUris string = ''

@description('Register a client for the Power Platform connector.')
param connectorEnabled bool = false

@description('Redirect address that Power Platform shows once the connector exists. Separate several by commas.')
param connectorRedirectUris string = ''

@description('Consent, for everybody in the tenant, that the connector calls the API as them: without it each person is asked once. The deployer needs the right to consent (Cloud Application Administrator).')
param connectorConsent bool = true

@description('Also name the API\'s registration by the address of the endpoint, for clients that ask for a token by it (AADSTS9010010). The tenant must allow such identifiers.')
param serverUrlAsIdentifier bool = false

@description('Reference into the organisation\'s service catalogue, where the tenant demands one.')
param serviceManagementReference string = ''

@description('Only people with an app role may get a token at all. When false, the app itself says who lacks which role.')
param assignmentRequired bool = false

@description('Object id of the group that gets the app role CSR. Empty: assign by hand.')
param csrGroupId string = ''

@description('Object id of the group that gets the app role CSR.Manager. Empty: assign by hand.')
param managerGroupId string = ''

@description('Object id of the group that gets the app role Admin. Empty: assign by hand.')
param adminGroupId string = ''

@description('Whoever deploys (principalId) gets the app role Admin as well.')
param deployerIsAdmin bool = false

@description('What a caller without an app role gets, once roles are given here: none, or read. Empty: none.')
@allowed(['', 'none', 'read'])
param noRole string = ''

@description('Tools that are offered at most: read, service, data or full. Empty: full.')
@allowed(['', 'read', 'service', 'data', 'full'])
param toolProfile string = ''

@description('true: the endpoint changes nothing, whoever asks. Empty: false.')
@allowed(['', 'true', 'false'])
param readOnly string = ''

@description('Tables that nothing is written to, by logical name, separated by commas: default stands for those of rights, identity and automation. Empty: default.')
param guardedTables string = ''

@description('ask, or trust-client where every client asks its user before it acts: the model\'s yes is enough then for all but rights. Empty: ask.')
@allowed(['', 'ask', 'trust-client'])
param consent string = ''

@description('Whose yes an effect takes where that differs from the default, for example delete=client,reply=model. Empty: the defaults.')
param consentGrades string = ''

@description('Authentication context of Entra that the sign-in of the approval page has to satisfy, for example c1. Empty: none.')
param consentStepUp string = ''

@description('Custom table that keeps a row of every call that acts, by logical name, as contoso_mcpact; the hook makes it. Empty: none.')
param auditTable string = ''

@description('How Dataverse is told who calls: impersonation (the app acts for them) or on-behalf-of (a token of their own). Empty: impersonation.')
@allowed(['', 'impersonation', 'on-behalf-of'])
param personBy string = ''

@description('Rows in one answer of a query, 1 to 1,000. Empty: 1,000.')
param maxRows string = ''

@description('Characters of rows in one answer of a query, 2,000 to 36,000. Empty: 36,000.')
param maxAnswerCharacters string = ''

@description('Tables that are shown, by logical name, separated by commas, and no other. Empty: all that are not hidden.')
param shownTables string = ''

@description('Tables that no tool reads, joins, searches, names or writes, by logical name, separated by commas. Empty: none.')
param hiddenTables string = ''

@description('Columns that are shown of the tables named here, as contact.fullname, separated by commas, and no other of those. Empty: all that are not hidden.')
param shownColumns string = ''

@description('Columns that no tool reads, compares, searches, names or writes, as contact.birthdate or *.birthdate, separated by commas. Empty: none.')
param hiddenColumns string = ''

@description('Major version of Node that the function app runs on.')
@allowed(['22', '24'])
param functionNodeVersion string = '22'

@description('Replace instances a few at a time when the app or a setting changes, so that running calls end (a preview of Azure). When false, all start anew at once.')
param rollingUpdates bool = false

@description('Spread instances over zones, in regions that have them. Needs at least two instances kept warm.')
param zoneRedundant bool = false

@description('Memory of an instance in MB; 2048 has one core.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances that are added under load.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that are kept warm, and paid for. 0: the first call after a pause starts one.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

@description('Requests that one instance takes at a time before another is added.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 16

@description('Put storage and Azure OpenAI behind private endpoints. The provider Microsoft.App must be registered.')
param vnetEnabled bool = false

@description('Make an Azure OpenAI account with one deployment, which predicts and drafts.')
param openAiEnabled bool = false

@description('Model of the deployment.')
param openAiModel string = 'gpt-5.4-mini'

@description('Version of the model.')
param openAiModelVersion string = '2026-03-17'

@description('How long the model thinks before it answers: none, minimal, low, medium or high. Empty: not said, for a model that cannot be told.')
@allowed(['', 'none', 'minimal', 'low', 'medium', 'high'])
param openAiReasoningEffort string = 'none'

@description('Thousands of tokens a minute.')
@minValue(1)
param openAiCapacity int = 20

@description('Identities beside the first that act at Dataverse, 0 to 9: each is an application user with Dataverse\'s limits to itself, and people are spread over all of them.')
@minValue(0)
@maxValue(9)
param moreIdentities int = 0

@description('Requests to Dataverse at the same time, 1 to 50. Empty: as the app has it.')
param dataverseMaxConcurrency string = ''

@description('Longest wait for Dataverse\'s Retry-After, in seconds. Empty: as the app has it.')
param dataverseRetryWaitSeconds string = ''

@description('Origin of a custom domain, such as https://mcp.contoso.com, which challenges and metadata then name. Empty: the host name of the app.')
param publicUrl string = ''

@description('Requests to Dataverse that a tool call may make before its first change. Empty: as the app has it.')
param maxDataverseRequests string = ''

@description('Deadline of a tool call, in seconds. Empty: as the app has it.')
param toolTimeoutSeconds string = ''

@description('Tool calls of one instance that run at the same time. Empty: as the app has it.')
param maxCalls string = ''

@description('Tool calls of one instance that wait for a place. Empty: as the app has it.')
param maxWaitingCalls string = ''

@description('Memory for the bodies of requests of one instance together, in MiB. Empty: as the app has it.')
param maxBodyMegabytes string = ''

@description('Fields that enrich_case may fill, as JSON; every " written as \\". Empty: as the app has it.')
param caseFields string = ''

@description('Order of the providers of predictions and drafts: auto, or embedded, azure-openai, dataverse-ai. Empty: as the app has it.')
param aiProviders string = ''

@description('Longest time for one answer of all providers together, in seconds. Empty: as the app has it.')
param aiBudgetSeconds string = ''

@description('Hosts, separated by commas, that drafted mails may link to. Empty: those of the articles alone.')
param draftLinkHosts string = ''

@description('Address of a published article for customers, with {number} or {id}. Empty: none.')
param knowledgeArticleUrl string = ''

@description('Days that telemetry is kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Gigabytes of telemetry a day after which no more is taken.')
@minValue(1)
param logDailyQuotaGb int = 1

@description('Alert on errors, slowness, throttling and identity failures.')
param alertsEnabled bool = true

@description('Mail address that alerts and budget tell. Empty: alerts show in the portal only, and there can be no budget.')
param alertEmail string = ''

@description('Budget a month, in the currency of the subscription. 0: none.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month in which the budget begins, as yyyy-MM-01. Keep it: it cannot be changed later.')
param budgetStartDate string = utcNow('yyyy-MM-01')

var abbreviations = loadJsonContent('abbreviations.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName, version: loadJsonContent('../package.json', 'version') }
// A resource group's name may not end in a full stop.
var groupName = '${abbreviations.resourceGroup}${environmentName}${endsWith(environmentName, '.') ? '0' : ''}'
var identityName = '${abbreviations.managedIdentity}mcp-${token}'
var componentName = '${abbreviations.applicationInsights}${token}'
var functionAppName = '${abbreviations.functionApp}mcp-${token}'
var siteSuffixes = {
  AzureCloud: 'azurewebsites.net'
  AzureUSGovernment: 'azurewebsites.us'
  AzureChinaCloud: 'chinacloudsites.cn'
}
var hostName = '${functionAppName}.${siteSuffixes[environment().name]}'
// The tokens of the cloud in China name another host as their issuer than environment() does: the newer name of the same endpoint.
var loginEndpoints = {
  AzureCloud: environment().authentication.loginEndpoint
  AzureUSGovernment: environment().authentication.loginEndpoint
  AzureChinaCloud: 'https://login.partner.microsoftonline.cn/'
}
var loginEndpoint = loginEndpoints[environment().name]
// What a managed identity's token is for that stands in for a client secret.
var exchangeAudiences = {
  AzureCloud: 'api://AzureADTokenExchange'
  AzureUSGovernment: 'api://AzureADTokenExchangeUSGov'
  AzureChinaCloud: 'api://AzureADTokenExchangeChina'
}
var exchangeAudience = exchangeAudiences[environment().name]
var deploymentName = 'chat'
var clients = filter(map(split(preAuthorizedClientIds, ','), id => toLower(trim(id))), id => !empty(id))
var origins = filter(map(split(allowedOrigins, ','), origin => trim(origin)), origin => !empty(origin))
var redirects = filter(map(split(extraRedirectUris, ','), uri => trim(uri)), uri => !empty(uri))
var connectorRedirects = filter(map(split(connectorRedirectUris, ','), uri => trim(uri)), uri => !empty(uri))
// The API's scope, known before the registration is there: what a consent is for must be.
var consentedScope = 'user_impersonation'
// The address that a client is given is the one that it asks for a token by.
var serverUrls = serverUrlAsIdentifier ? ['${empty(publicUrl) ? 'https://${hostName}' : publicUrl}/mcp'] : []
var roleGroups = filter(
  [
    { role: 'CSR', groupId: csrGroupId }
    { role: 'CSR.Manager', groupId: managerGroupId }
    { role: 'Admin', groupId: adminGroupId }
    { role: 'Admin', groupId: deployerIsAdmin ? principalId : '' }
  ],
  group => !empty(group.groupId)
)

// What is empty is left to the app's own defaults.
var chosenSettings = toObject(
  filter(
    items({
      AI_BUDGET_SECONDS: aiBudgetSeconds
      AI_PROVIDERS: aiProviders
      CASE_FIELDS: caseFields
      CONSENT: consent
      CONSENT_GRADES: consentGrades
      CONSENT_STEP_UP: consentStepUp
      DATAVERSE_MAX_CONCURRENCY: dataverseMaxConcurrency
      DATAVERSE_PERSON_BY: personBy
      DATAVERSE_RETRY_WAIT_SECONDS: dataverseRetryWaitSeconds
      DRAFT_LINK_HOSTS: draftLinkHosts
      KNOWLEDGE_ARTICLE_URL: knowledgeArticleUrl
      MCP_GUARDED_TABLES: guardedTables
      MCP_AUDIT_TABLE: auditTable
      MCP_HIDDEN_COLUMNS: hiddenColumns
      MCP_HIDDEN_TABLES: hiddenTables
      MCP_MAX_ANSWER_CHARACTERS: maxAnswerCharacters
      MCP_MAX_BODY_MEGABYTES: maxBodyMegabytes
      MCP_MAX_CALLS: maxCalls
      MCP_MAX_DATAVERSE_REQUESTS: maxDataverseRequests
      MCP_MAX_ROWS: maxRows
      MCP_MAX_WAITING_CALLS: maxWaitingCalls
      MCP_NO_ROLE: noRole
      MCP_PROFILE: toolProfile
      MCP_PUBLIC_URL: publicUrl
      MCP_READ_ONLY: readOnly
      MCP_SHOWN_COLUMNS: shownColumns
      MCP_SHOWN_TABLES: shownTables
      // Where nobody is given a role here, roles are not looked at: the tokens would carry none.
      MCP_ROLES: empty(roleGroups) ? '' : 'csr=CSR,manager=CSR.Manager,admin=Admin'
      MCP_TOOL_TIMEOUT_SECONDS: toolTimeoutSeconds
    }),
    setting => !empty(setting.value)
  ),
  setting => setting.key,
  setting => setting.value
)

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: groupName
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: identityName, location: location, tags: tags }
}

module moreIdentity 'modules/identity.bicep' = [
  for index in range(0, moreIdentities): {
    scope: group
    params: { name: '${identityName}-${index + 2}', location: location, tags: tags }
  }
]

module network 'modules/network.bicep' = if (vnetEnabled) {
  scope: group
  params: {
    name: '${abbreviations.virtualNetwork}${token}'
    location: location
    tags: tags
    openAiEnabled: openAiEnabled
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: '${abbreviations.logAnalytics}${token}'
    componentName: componentName
    location: location
    tags: tags
    identityName: identityName
    identityPrincipalId: identity.outputs.principalId
    retentionInDays: logRetentionDays
    dailyQuotaGb: logDailyQuotaGb
  }
}

module alerts 'modules/alerts.bicep' = if (alertsEnabled) {
  scope: group
  params: {
    componentId: monitoring.outputs.componentId
    actionGroupName: '${abbreviations.actionGroup}mcp-${token}'
    namePrefix: 'mcp-'
    location: location
    tags: tags
    email: alertEmail
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  dependsOn: [monitoring]
  params: {
    componentName: componentName
    location: location
    tags: tags
    title: 'Customer Service MCP (${environmentName})'
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  scope: group
  params: {
    name: '${abbreviations.budget}${token}'
    amount: max(monthlyBudget, 1)
    startDate: budgetStartDate
    email: alertEmail
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.storage}${token}'
    location: location
    tags: tags
    containerName: 'app-package'
    approvalsContainerName: 'consent'
    identityName: identityName
    identityPrincipalId: identity.outputs.principalId
    deployerPrincipalId: principalId
    deployerPrincipalType: principalType
    isPrivate: vnetEnabled
    endpointSubnetId: vnetEnabled ? network!.outputs.endpointSubnetId : ''
    dnsZoneId: vnetEnabled ? network!.outputs.blobDnsZoneId : ''
  }
}

// Known only when the connector's registration exists, so it cannot stand among the variables above.
var callers = concat(clients, connectorEnabled ? [connectorApp!.outputs.clientId] : [])

module entra 'modules/entra.bicep' = {
  scope: group
  params: {
    uniqueName: '${functionAppName}-api'
    displayName: 'Customer Service MCP (${environmentName})'
    hostName: hostName
    identityPrincipalId: identity.outputs.principalId
    loginEndpoint: loginEndpoint
    exchangeAudience: exchangeAudience
    preAuthorizedClientIds: callers
    extraRedirectUris: redirects
    serverUrls: serverUrls
    serviceManagementReference: serviceManagementReference
    assignmentRequired: assignmentRequired
    roleGroups: roleGroups
    dataverseAsPerson: personBy == 'on-behalf-of'
  }
}

module approvalApp 'modules/approval-app.bicep' = {
  scope: group
  params: {
    uniqueName: '${functionAppName}-approval'
    displayName: 'Customer Service MCP approvals (${environmentName})'
    hostName: hostName
    publicUrl: publicUrl
    identityPrincipalId: identity.outputs.principalId
    loginEndpoint: loginEndpoint
    exchangeAudience: exchangeAudience
    serviceManagementReference: serviceManagementReference
  }
}

module connectorApp 'modules/connector-app.bicep' = if (connectorEnabled) {
  scope: group
  params: {
    uniqueName: '${functionAppName}-connector'
    displayName: 'Customer Service MCP connector (${environmentName})'
    redirectUris: connectorRedirects
    serviceManagementReference: serviceManagementReference
  }
}

module connectorGrant 'modules/connector-consent.bicep' = if (connectorEnabled && connectorConsent) {
  scope: group
  params: {
    connectorPrincipalId: connectorEnabled ? connectorApp!.outputs.principalId : ''
    apiPrincipalId: entra.outputs.principalId
    scopeName: consentedScope
  }
}

module openAi 'modules/openai.bicep' = if (openAiEnabled) {
  scope: group
  params: {
    name: '${abbreviations.openAi}${token}'
    location: location
    tags: tags
    identityName: identityName
    identityPrincipalId: identity.outputs.principalId
    deploymentName: deploymentName
    modelName: openAiModel
    modelVersion: openAiModelVersion
    capacity: openAiCapacity
    isPrivate: vnetEnabled
    endpointSubnetId: vnetEnabled ? network!.outputs.endpointSubnetId : ''
    dnsZoneId: vnetEnabled ? network!.outputs.openAiDnsZoneId : ''
  }
}

module app 'modules/function-app.bicep' = {
  scope: group
  params: {
    name: functionAppName
    planName: '${abbreviations.plan}${token}'
    location: location
    tags: tags
    serviceTag: { 'azd-service-name': 'mcp' }
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    moreIdentities: [
      for index in range(0, moreIdentities): {
        id: moreIdentity[index].outputs.id
        clientId: moreIdentity[index].outputs.clientId
      }
    ]
    blobEndpoint: storage.outputs.blobEndpoint
    containerName: storage.outputs.containerName
    subnetId: vnetEnabled ? network!.outputs.appSubnetId : ''
    nodeVersion: functionNodeVersion
    rollingUpdates: rollingUpdates
    zoneRedundant: zoneRedundant
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    httpConcurrency: httpConcurrency
    loginEndpoint: loginEndpoint
    authClientId: entra.outputs.clientId
    authIdentifierUri: entra.outputs.identifierUri
    allowedClientIds: callers
    allowedOrigins: origins
    appSettings: union(
      {
        APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
        AZURE_CLIENT_ID: identity.outputs.clientId
        CONSENT_CLIENT_ID: approvalApp.outputs.clientId
        CONSENT_STORE: storage.outputs.approvalsAddress
        DATAVERSE_CREDENTIAL: 'managed-identity'
        DATAVERSE_URL: dataverseUrl
        MCP_ALLOWED_CLIENTS: join(concat([entra.outputs.clientId], callers), ',')
        MCP_ALLOWED_ORIGINS: join(origins, ',')
        MCP_AUDIENCES: '${entra.outputs.clientId},${entra.outputs.identifierUri}'
        MCP_AUTH_MODE: 'jwt'
        MCP_AUTHORITY: loginEndpoint
        MCP_REQUIRED_SCOPE: entra.outputs.scopeName
        MCP_TENANT_ID: tenant().tenantId
      },
      openAiEnabled
        ? {
            AZURE_OPENAI_ENDPOINT: openAi!.outputs.endpoint
            AZURE_OPENAI_DEPLOYMENT: openAi!.outputs.deploymentName
          }
        : {},
      openAiEnabled && !empty(openAiReasoningEffort) ? { AZURE_OPENAI_REASONING_EFFORT: openAiReasoningEffort } : {},
      chosenSettings
    )
  }
}

@description('Region of the deployment.')
output AZURE_LOCATION string = location

@description('Tenant that signs people in.')
output AZURE_TENANT_ID string = tenant().tenantId

@description('Resource group of everything.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output AZURE_FUNCTION_NAME string = app.outputs.name

@description('Name of the Application Insights component.')
output APPLICATIONINSIGHTS_NAME string = monitoring.outputs.componentName

@description('Resource id of the workbook.')
output WORKBOOK_ID string = workbook.outputs.id

@description('Address that MCP clients are given.')
output MCP_ENDPOINT string = 'https://${app.outputs.hostName}/mcp'

@description('Address that says whether the app is alive.')
output MCP_HEALTH_URL string = 'https://${app.outputs.hostName}/health'

@description('Where clients read who signs people in (RFC 9728).')
output MCP_RESOURCE_METADATA_URL string = 'https://${app.outputs.hostName}/.well-known/oauth-protected-resource'

@description('Client id of the API\'s registration.')
output MCP_CLIENT_ID string = entra.outputs.clientId

@description('Identifier URI of the API\'s registration.')
output MCP_IDENTIFIER_URI string = entra.outputs.identifierUri

@description('Scope that clients ask for.')
output MCP_SCOPE string = '${entra.outputs.identifierUri}/${entra.outputs.scopeName}'

@description('Where a client signs a person in.')
output OAUTH_AUTHORIZE_URL string = '${loginEndpoint}${tenant().tenantId}/oauth2/v2.0/authorize'

@description('Where a client gets and renews tokens.')
output OAUTH_TOKEN_URL string = '${loginEndpoint}${tenant().tenantId}/oauth2/v2.0/token'

@description('Client id of the connector\'s registration; empty without it.')
output CONNECTOR_CLIENT_ID string = connectorEnabled ? connectorApp!.outputs.clientId : ''

@description('Object id of the API\'s registration, which azd down does not take away by itself.')
output API_APPLICATION_OBJECT_ID string = entra.outputs.objectId

@description('Object id of the connector\'s registration; empty without it.')
output CONNECTOR_APPLICATION_OBJECT_ID string = connectorEnabled ? connectorApp!.outputs.objectId : ''

@description('Object id of the approval page\'s registration.')
output APPROVAL_APPLICATION_OBJECT_ID string = approvalApp.outputs.objectId

@description('Client id of the managed identity: the application user of Dataverse.')
output MANAGED_IDENTITY_CLIENT_ID string = identity.outputs.clientId

@description('Client ids of the identities beside it, separated by commas: application users as well. Empty: none.')
output MORE_IDENTITY_CLIENT_IDS string = app.outputs.moreIdentityClientIds

@description('Object id of the managed identity.')
output MANAGED_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Dataverse environment.')
output DATAVERSE_URL string = dataverseUrl

@description('Azure OpenAI; empty without it.')
output AZURE_OPENAI_ENDPOINT string = openAiEnabled ? openAi!.outputs.endpoint : ''

@description('Deployment of Azure OpenAI; empty without it.')
output AZURE_OPENAI_DEPLOYMENT string = openAiEnabled ? openAi!.outputs.deploymentName : ''
