import type { TokenCredential } from "@azure/core-auth";
import type { Config } from "../config";
import { createManagedIdentity } from "./managed-identity";

/**
 * The one credential of this deployment, chosen by configuration and not by trial.
 *
 * @see https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/best-practices
 */
export async function createCredential(
  config: Pick<Config, "credential" | "identityClientId">,
): Promise<TokenCredential> {
  if (config.credential === "managed-identity")
    return createManagedIdentity(config.identityClientId);
  const identity = await import("@azure/identity");
  return new identity.ChainedTokenCredential(
    new identity.AzureCliCredential(),
    new identity.AzureDeveloperCliCredential(),
  );
}
