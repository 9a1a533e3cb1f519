import type { Cloud } from "./arm-expression";

/** What `environment()` says in each cloud, and the host names that belong to one cloud alone. */
export interface CloudFacts extends Cloud {
  readonly sites: string;
  readonly openAi: string;
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-deployment#environment */
export const clouds: Readonly<Record<string, CloudFacts>> = {
  AzureCloud: {
    name: "AzureCloud",
    authentication: { loginEndpoint: "https://login.microsoftonline.com/" },
    suffixes: { storage: "core.windows.net" },
    sites: "azurewebsites.net",
    openAi: "openai.azure.com",
  },
  AzureUSGovernment: {
    name: "AzureUSGovernment",
    authentication: { loginEndpoint: "https://login.microsoftonline.us/" },
    suffixes: { storage: "core.usgovcloudapi.net" },
    sites: "azurewebsites.us",
    openAi: "openai.azure.us",
  },
  AzureChinaCloud: {
    name: "AzureChinaCloud",
    authentication: { loginEndpoint: "https://login.chinacloudapi.cn/" },
    suffixes: { storage: "core.chinacloudapi.cn" },
    sites: "chinacloudsites.cn",
    openAi: "openai.azure.cn",
  },
};
