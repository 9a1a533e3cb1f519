/** Of national clouds, by the origin of their issuer. */
const ofNationalClouds: Readonly<Record<string, string>> = {
  "https://login.microsoftonline.us": "api://AzureADTokenExchangeUSGov",
  "https://login.partner.microsoftonline.cn": "api://AzureADTokenExchangeChina",
  "https://login.chinacloudapi.cn": "api://AzureADTokenExchangeChina",
};

/**
 * What the app's identity asks a token for that stands in for a client secret: the one audience that the federated credential of
 * the registration accepts, which each cloud names in its own way.
 *
 * @param authority origin of the issuer
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export const exchangeAudience = (authority: string): string =>
  ofNationalClouds[authority] ?? "api://AzureADTokenExchange";

/** That token's scope. */
export const exchangeScope = (authority: string): string =>
  `${exchangeAudience(authority)}/.default`;
