import type { JWTPayload } from "jose";
import type { Config } from "../config";
import type { Caller } from "../context";
import { forbidden, invalid, type Refusal } from "./refusal";

const guidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const noGuid = "00000000-0000-0000-0000-000000000000";

/** An object id as Dataverse takes it, in lower case; undefined for anything but a GUID that names somebody. */
function objectIdOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !guidForm.test(value) || value === noGuid) return undefined;
  return value.toLowerCase();
}

/**
 * The person that a token whose signature, issuer, audience and time are right stands for, or why it stands for none. A claim
 * of a type that Entra does not give it counts as absent; an idtyp that is not "user" is somebody else's, whatever it is.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function readCaller(payload: JWTPayload, config: Config): Caller | Refusal {
  const text = (name: string): string | undefined => {
    const value = Object.hasOwn(payload, name) ? payload[name] : undefined;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  if (text("tid")?.toLowerCase() !== config.tenantId)
    return invalid("The token belongs to another tenant.");
  // Whoever has such a token without the key stole it; a bearer token is not bound to one.
  if (payload.cnf !== undefined)
    return invalid(
      "The token is bound to a key (its claim cnf), which nothing here proves: ask for a bearer token.",
    );
  // Before the person is looked for: an application's token has an oid, too, that of its service principal.
  const scope = text("scp");
  if (scope === undefined || (payload.idtyp !== undefined && payload.idtyp !== "user")) {
    return forbidden(
      "The token stands for an application. Calls run as a person, so sign in as one.",
    );
  }
  const objectId = objectIdOf(payload.oid);
  if (objectId === undefined)
    return invalid("The token names no person: its claim oid is not an object id.");
  if (!scope.split(" ").includes(config.requiredScope))
    return forbidden(`The token lacks the scope ${config.requiredScope}.`);
  const clientId = text("azp") ?? text("appid");
  if (clientId === undefined || !config.allowedClients.includes(clientId.toLowerCase()))
    return forbidden("This client application is not on the list of allowed clients.");
  const roles = Array.isArray(payload.roles)
    ? payload.roles.filter((role): role is string => typeof role === "string")
    : [];
  return {
    objectId,
    tenantId: config.tenantId ?? "",
    name: text("name") ?? text("preferred_username"),
    roles,
    clientId,
  };
}
