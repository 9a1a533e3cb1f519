import type { TokenCredential } from "@azure/core-auth";
import type { Config } from "../config";

/**
 * The one credential of this deployment, chosen by configuration and not by trial.
 *
 * @see https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/best-practices
 */
export async function createCredential(
  config: Pick<Config, "credential" | "identityClientId">,
): Promise<TokenCredential> {
  const identity = await import("@azure/identity");
  if (config.credential === "managed-identity") {
    const { identityClientId: clientId } = config;
    return clientId === undefined
      ? new identity.ManagedIdentityCredential()
      : new identity.ManagedIdentityCredential({ clientId });
  }
  return new identity.ChainedTokenCredential(
    new identity.AzureCliCredential(),
    new identity.AzureDeveloperCliCredential(),
  );
}
