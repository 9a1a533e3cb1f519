import type { Cloud } from "./arm-expression";

/** What `environment()` says in each cloud, and the host names that belong to one cloud alone. */
export interface CloudFacts extends Cloud {
  readonly sites: string;
  readonly openAi: string;
  /** Before the tenant in the issuer of a token. */
  readonly issuer: string;
  /** Audience of an identity's token that stands in for a client secret. */
  readonly exchange: string;
}

/**
 * @see https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-deployment#environment
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export const clouds: Readonly<Record<string, CloudFacts>> = {
  AzureCloud: {
    name: "AzureCloud",
    authentication: { loginEndpoint: "https://login.microsoftonline.com/" },
    suffixes: { storage: "core.windows.net" },
    sites: "azurewebsites.net",
    openAi: "openai.azure.com",
    issuer: "https://login.microsoftonline.com/",
    exchange: "api://AzureADTokenExchange",
  },
  AzureUSGovernment: {
    name: "AzureUSGovernment",
    authentication: { loginEndpoint: "https://login.microsoftonline.us/" },
    suffixes: { storage: "core.usgovcloudapi.net" },
    sites: "azurewebsites.us",
    openAi: "openai.azure.us",
    issuer: "https://login.microsoftonline.us/",
    exchange: "api://AzureADTokenExchangeUSGov",
  },
  AzureChinaCloud: {
    name: "AzureChinaCloud",
    authentication: { loginEndpoint: "https://login.chinacloudapi.cn/" },
    suffixes: { storage: "core.chinacloudapi.cn" },
    sites: "chinacloudsites.cn",
    openAi: "openai.azure.cn",
    issuer: "https://login.partner.microsoftonline.cn/",
    exchange: "api://AzureADTokenExchangeChina",
  },
};
