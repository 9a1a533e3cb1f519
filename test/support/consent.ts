import { createConsentDesk } from "../../shared/compose";
import { readConfig } from "../../shared/config";
import type { WriteDoor } from "../../shared/dataverse";
import type { ConsentRuntime } from "../../shared/mcp";

/** Lets every write pass, for what is tried beneath the door. */
export const openDoor: WriteDoor = { admit: async () => undefined };

/** What asks for a yes where no settings name a page or a store. */
export const consentWithoutPage = (): ConsentRuntime =>
  createConsentDesk({
    config: readConfig({
      DATAVERSE_URL: "http://127.0.0.1:1",
      MCP_AUTH_MODE: "dev",
      MCP_DEV_USER_OBJECT_ID: "0b000000-0000-4000-8000-000000000001",
    }),
    token: async () => "no token is needed",
    warn: () => undefined,
  }).runtime;
