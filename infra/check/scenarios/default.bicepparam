using '../../main.bicep'

// What `azd up` gives to one who answers only what must be asked.
param environmentName = 'dev'
param location = 'westeurope'
param dataverseUrl = 'https://contoso.crm4.dynamics.com'
param principalId = '0a000000-0000-4000-8000-0000000000aa'
param budgetStartDate = '2026-11-01'
