using '../../main.bicep'

// Two warm instances, smaller ones, less concurrency.
param environmentName = 'prod'
param location = 'westeurope'
param dataverseUrl = 'https://contoso.crm4.dynamics.com'
param principalId = '0a000000-0000-4000-8000-0000000000aa'
param alwaysReadyInstances = 2
param instanceMemoryMB = 4096
param maximumInstanceCount = 100
param httpConcurrency = 32
param functionNodeVersion = '24'
param zoneRedundant = true
param rollingUpdates = true
param budgetStartDate = '2026-11-01'
param moreIdentities = 2
