using '../../main.bicep'

// The least that works: no alert, no client allowed beforehand, nobody in the package container.
param environmentName = 'dev'
param location = 'westeurope'
param dataverseUrl = 'https://contoso.crm4.dynamics.com'
param alertsEnabled = false
param preAuthorizedClientIds = ''
param budgetStartDate = '2026-11-01'
