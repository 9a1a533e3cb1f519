using '../../main.bicep'

// Another cloud: every host name follows it.
// cloud: AzureUSGovernment
param environmentName = 'gov'
param location = 'usgovvirginia'
param dataverseUrl = 'https://contoso.crm9.dynamics.com'
param vnetEnabled = true
param openAiEnabled = true
param budgetStartDate = '2026-11-01'
