using '../../main.bicep'

// The longest and oddest environment name, lists with blanks in them, a pipeline that deploys.
param environmentName = 'Team_Blue-(Customer.Service)_2026-with-a-name-as-long-as-can-be.'
param location = 'westeurope'
param dataverseUrl = 'https://contoso-long-organisation-name.crm4.dynamics.com'
param principalId = '0a000000-0000-4000-8000-0000000000ab'
param principalType = 'ServicePrincipal'
param preAuthorizedClientIds = ' AEBC6443-996D-45C2-90F0-388FF96FAA56 , ,fe053c5f-3692-4f14-aef2-ee34fc081cae,'
param allowedOrigins = ' https://apps.contoso.example , https://portal.contoso.example'
param budgetStartDate = '2026-11-01'
