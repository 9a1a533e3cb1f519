using '../../main.bicep'

// A model beside the embedded predictor.
param environmentName = 'dev'
param location = 'westeurope'
param dataverseUrl = 'https://contoso.crm4.dynamics.com'
param principalId = '0a000000-0000-4000-8000-0000000000aa'
param openAiEnabled = true
param openAiReasoningEffort = ''
param connectorEnabled = true
param connectorConsent = false
param budgetStartDate = '2026-11-01'
