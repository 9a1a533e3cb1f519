import type { Config } from "../config";
import { isLoopback } from "../setting-reader";

/** Why a request was turned away, in words for the person who set up the client. */
export interface Refusal {
  readonly status: 401 | 403;
  /** @see https://www.rfc-editor.org/rfc/rfc6750#section-3.1 */
  readonly error: "invalid_request" | "invalid_token" | "insufficient_scope" | undefined;
  readonly description: string;
}

/** Address of the protected-resource metadata (RFC 9728) of the endpoint that `url` belongs to. */
export const metadataUrl = (url: URL): string =>
  `${publicOrigin(url)}/.well-known/oauth-protected-resource`;

/** Azure's front end ends TLS, so only a loopback address is really plain http. */
export const publicOrigin = (url: URL): string =>
  isLoopback(url) ? url.origin : `https://${url.host}`;

/**
 * 401 with the challenge that tells an MCP client where to sign in, or 403. The token itself is never repeated.
 *
 * @see https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export function refuse(refusal: Refusal, url: URL, config: Config): Response {
  const parts = [`resource_metadata="${metadataUrl(url)}"`];
  if (refusal.error)
    parts.push(`error="${refusal.error}"`, `error_description="${refusal.description}"`);
  if (refusal.error === "insufficient_scope") parts.push(`scope="${config.requiredScope}"`);
  const body = {
    jsonrpc: "2.0",
    id: null,
    error: { code: -32000, message: refusal.description },
  };
  return new Response(JSON.stringify(body), {
    status: refusal.status,
    headers: {
      "content-type": "application/json",
      "www-authenticate": `Bearer ${parts.join(", ")}`,
    },
  });
}

/**
 * What a client reads to learn where to sign in and which scope to ask for (RFC 9728). `resource` agrees with the audience
 * that Entra issues, which is what makes a sign-in succeed instead of ending in AADSTS9010010.
 */
export function protectedResourceMetadata(
  config: Config,
  url: URL,
): Readonly<Record<string, unknown>> {
  const identifier = config.audiences.find((audience) => audience.startsWith("api://"));
  return {
    resource: identifier ?? `${publicOrigin(url)}/mcp`,
    authorization_servers: [`${config.authority}/${config.tenantId ?? "organizations"}/v2.0`],
    scopes_supported: [identifier ? `${identifier}/${config.requiredScope}` : config.requiredScope],
    bearer_methods_supported: ["header"],
    resource_name: "Customer Service MCP endpoint",
  };
}
