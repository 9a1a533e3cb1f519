using '../../main.bicep'

// Another cloud: every host name follows it.
// cloud: AzureChinaCloud
param environmentName = 'cn'
param location = 'chinanorth3'
param dataverseUrl = 'https://contoso.crm.dynamics.cn'
param vnetEnabled = true
param budgetStartDate = '2026-11-01'
