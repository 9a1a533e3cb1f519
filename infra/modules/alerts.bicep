@description('Resource id of the Application Insights component that is watched.')
param componentId string

@description('Name of the action group.')
param actionGroupName string

@description('Prefix of the alerts\' names.')
param namePrefix string

@description('Region of the alerts.')
param location string

@description('Tags of every resource.')
param tags object

@description('Mail address that is told. Empty: alerts show in the portal only.')
param email string

@description('Percent of tool calls that may fail for a reason of ours or Dataverse\'s within 15 minutes.')
@minValue(1)
@maxValue(100)
param errorPercent int = 5

@description('Longest 95th percentile of tool calls, in milliseconds.')
@minValue(500)
param p95Milliseconds int = 8000

@description('Answers 429 of Dataverse within 15 minutes that are borne.')
@minValue(1)
param throttledAnswers int = 20

// The same files that docs/operate.md shows and the workbook draws.
var rules = [
  {
    name: 'error-rate'
    title: 'Tool calls fail'
    text: 'More than the borne share of tool calls failed inside the server or at Dataverse.'
    severity: 1
    query: loadTextContent('../queries/error-rate.kql')
    column: 'FailedPercent'
    threshold: errorPercent
  }
  {
    name: 'p95'
    title: 'Tool calls are slow'
    text: 'The 95th percentile of tool calls is over the limit.'
    severity: 2
    query: loadTextContent('../queries/latency-now.kql')
    column: 'P95Ms'
    threshold: p95Milliseconds
  }
  {
    name: 'throttling'
    title: 'Dataverse throttles'
    text: 'Dataverse answered 429 more often than is borne: its service protection limits are reached.'
    severity: 2
    query: loadTextContent('../queries/throttling-now.kql')
    column: 'Throttled'
    threshold: throttledAnswers
  }
  {
    name: 'identity'
    title: 'The identity gets no token'
    text: 'The managed identity could not get a token for Dataverse, or Dataverse refused it.'
    severity: 1
    query: loadTextContent('../queries/identity-failures.kql')
    column: 'Failures'
    threshold: 0
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'mcp'
    emailReceivers: [{ name: 'operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${namePrefix}${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.text
      severity: rule.severity
      enabled: true
      scopes: [componentId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Maximum'
            metricMeasureColumn: rule.column
            operator: 'GreaterThan'
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      // A workspace that is new has none of the tables yet: the query would be refused before the first telemetry comes.
      skipQueryValidation: true
      actions: { actionGroups: empty(email) ? [] : [people.id] }
    }
  }
]
