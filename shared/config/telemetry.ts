import type { Reader } from "./setting-reader";

export interface TelemetryConfig {
  /** Names the Application Insights component; sending takes an Entra token beside it. */
  readonly connectionString: string;
  /** The identity that sends; undefined where the component takes telemetry without a token. */
  readonly identity: { readonly clientId: string | undefined } | undefined;
}

/** The form that the Functions host reads as well: `ClientId=<guid>;Authorization=AAD`, the first part only for a user-assigned identity. */
export function readTelemetry(read: Reader): TelemetryConfig | undefined {
  const connectionString = read.text("APPLICATIONINSIGHTS_CONNECTION_STRING");
  if (connectionString === "") return undefined;
  const name = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";
  const parts = new Map(
    read
      .text(name)
      .split(";")
      .filter((part) => part.trim() !== "")
      .map((part): [string, string] => {
        const equals = part.indexOf("=");
        return [part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()];
      }),
  );
  if (parts.size === 0) return { connectionString, identity: undefined };
  if (parts.get("authorization")?.toUpperCase() !== "AAD")
    read.report(name, `must read ClientId=<guid>;Authorization=AAD.`);
  return { connectionString, identity: { clientId: parts.get("clientid") || undefined } };
}
