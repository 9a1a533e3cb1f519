@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Name of the Application Insights component.')
param componentName string

@description('Region of both.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the app\'s identity. It makes the names of role assignments known beforehand.')
param identityName string

@description('Object id of the app\'s identity, which sends telemetry.')
param identityPrincipalId string

@description('Days that telemetry is kept.')
@minValue(30)
@maxValue(730)
param retentionInDays int

@description('Gigabytes a day after which the workspace takes no more: a fence for the bill.')
@minValue(1)
param dailyQuotaGb int

var monitoringMetricsPublisher = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '3913510d-42f4-4e42-8a64-420c390055eb'
)

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionInDays
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true }
    workspaceCapping: { dailyQuotaGb: dailyQuotaGb }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

resource identityPublishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, identityName, monitoringMetricsPublisher)
  scope: component
  properties: {
    roleDefinitionId: monitoringMetricsPublisher
    principalId: identityPrincipalId
    principalType: 'ServicePrincipal'
  }
}

@description('Where telemetry is sent. It names the component; sending takes an Entra token beside it.')
output connectionString string = component.properties.ConnectionString

@description('Resource id of the component.')
output componentId string = component.id

@description('Name of the component.')
output componentName string = component.name
