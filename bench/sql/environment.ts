import { applicationUser, type personas, tenantId } from "dataverse-emulator";
import { createDataverseEnvironment } from "../../shared/compose";
import { readConfig } from "../../shared/config";

export const isHere = (url: string): boolean =>
  ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);

/** The embedded Dataverse at an address and its identity endpoint, which are for this computer alone. */
export function environmentOf(url: string, person: (typeof personas)[number]) {
  const identity = {
    IDENTITY_ENDPOINT: `${url}/msi/token`,
    IDENTITY_HEADER: "local-development-only",
  };
  Object.assign(process.env, identity);
  const config = readConfig({
    ...identity,
    DATAVERSE_URL: url,
    MCP_AUTH_MODE: "dev",
    MCP_TENANT_ID: tenantId,
    MCP_DEV_USER_OBJECT_ID: person.objectId,
    MCP_DEV_USER_NAME: person.firstName,
    AZURE_CLIENT_ID: applicationUser.applicationId,
  });
  return createDataverseEnvironment(config, (message) => console.error(message));
}
