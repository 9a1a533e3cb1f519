using '../../main.bicep'

// Every option at once.
param environmentName = 'full'
param location = 'westeurope'
param dataverseUrl = 'https://contoso.crm4.dynamics.com'
param principalId = '0a000000-0000-4000-8000-0000000000aa'
param vnetEnabled = true
param openAiEnabled = true
param alwaysReadyInstances = 1
param connectorEnabled = true
param connectorRedirectUris = 'https://global.consent.azure-apim.net/redirect/new-5fcustomer-20service-20mcp'
param extraRedirectUris = 'https://vscode.dev/redirect,http://127.0.0.1:33418/'
param allowedOrigins = 'https://apps.contoso.example'
param serviceManagementReference = 'service-4711'
param assignmentRequired = true
param csrGroupId = '0a000000-0000-4000-8000-000000000001'
param managerGroupId = '0a000000-0000-4000-8000-000000000002'
param adminGroupId = '0a000000-0000-4000-8000-000000000003'
param alertEmail = 'operators@contoso.example'
param monthlyBudget = 200
param budgetStartDate = '2026-11-01'
param logRetentionDays = 90
param logDailyQuotaGb = 5
param dataverseMaxConcurrency = '12'
param dataverseRetryWaitSeconds = '10'
param publicUrl = 'https://mcp.contoso.example'
param toolTimeoutSeconds = '60'
param maxCalls = '48'
param maxDataverseRequests = '250'
param maxWaitingCalls = '300'
param maxBodyMegabytes = '32'
param caseFields = '{"incident":{"subjectid":{"mode":"recommend"}}}'
param aiProviders = 'azure-openai,embedded'
param aiBudgetSeconds = '30'
param draftLinkHosts = 'help.contoso.example'
param knowledgeArticleUrl = 'https://help.contoso.example/articles/{number}'
