import type { Config } from "../config";

/** Why a request was turned away, in words for the person who set up the client. No setting is named: a stranger reads this. */
export interface Refusal {
  readonly status: 401 | 403 | 503;
  /** @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1 */
  readonly error: "invalid_request" | "invalid_token" | "insufficient_scope" | undefined;
  readonly description: string;
  readonly retryAfterSeconds?: number;
}

export const invalid = (description: string): Refusal => ({
  status: 401,
  error: "invalid_token",
  description,
});
export const forbidden = (description: string): Refusal => ({
  status: 403,
  error: "insufficient_scope",
  description,
});
/** Nothing is wrong with the token, so nothing may make a client throw it away. */
export const unavailable = (retryAfterSeconds: number): Refusal => ({
  status: 503,
  error: undefined,
  description: `No token can be checked now, because the keys of the token issuer cannot be read. Keep the token and try again after ${retryAfterSeconds} s.`,
  retryAfterSeconds,
});

/**
 * 401 with the challenge that tells an MCP client where to sign in, 403, or 503. The token itself is never repeated, and the
 * address is the configured one: what a request says of its own host is whatever the caller writes there.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export function refuse(refusal: Refusal, config: Config): Response {
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: null,
    error: { code: -32000, message: refusal.description },
  });
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (refusal.retryAfterSeconds !== undefined)
    headers["retry-after"] = String(refusal.retryAfterSeconds);
  if (refusal.status !== 503) headers["www-authenticate"] = challenge(refusal, config);
  return new Response(body, { status: refusal.status, headers });
}

function challenge({ error, description }: Refusal, config: Config): string {
  const parts: string[] = [];
  if (config.publicUrl !== undefined)
    parts.push(`resource_metadata="${config.publicUrl}/.well-known/oauth-protected-resource"`);
  if (error) parts.push(`error="${error}"`, `error_description="${description}"`);
  if (error === "insufficient_scope") parts.push(`scope="${config.requiredScope}"`);
  return parts.length === 0 ? "Bearer" : `Bearer ${parts.join(", ")}`;
}

/** The address of the metadata with and without the endpoint's own path, as RFC 9728 (3.1) forms both. */
const metadataPath =
  /^\/\.well-known\/oauth-protected-resource(\/|\/mcp(\/(read|service|data|full))?\/?)?$/i;

/**
 * What a client reads to learn where to sign in and which scope to ask for (RFC 9728); undefined for another resource's
 * path. `resource` agrees with the audience that Entra issues, which is what makes a sign-in succeed instead of ending in
 * AADSTS9010010.
 *
 * @param path path of the request
 */
export function protectedResourceMetadata(
  config: Config,
  path: string,
): Readonly<Record<string, unknown>> | undefined {
  if (config.authMode !== "jwt" || !metadataPath.test(path)) return undefined;
  const identifier = config.audiences.find((audience) => audience.startsWith("api://"));
  const resource =
    identifier ?? (config.publicUrl === undefined ? undefined : `${config.publicUrl}/mcp`);
  return {
    ...(resource === undefined ? {} : { resource }),
    authorization_servers: [`${config.authority}/${config.tenantId ?? "organizations"}/v2.0`],
    scopes_supported: [identifier ? `${identifier}/${config.requiredScope}` : config.requiredScope],
    bearer_methods_supported: ["header"],
    resource_name: "Customer Service MCP endpoint",
  };
}
