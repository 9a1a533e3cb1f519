import type { Config } from "../config";
import type { Caller } from "../context";
import { isLoopback } from "../setting-reader";
import { refuse } from "./refusal";
import { createVerifier, type Verifier } from "./verify";

export { protectedResourceMetadata } from "./refusal";

const verifiers = new WeakMap<Config, Verifier>();

/**
 * Says who is calling, or gives the answer that turns the request away. What the platform did before does not count:
 * a header that a front door adds is whatever the caller sends once that door is open.
 *
 * @param request headers (any case) and the full address of the request
 * @throws AppError `upstream` when the issuer's keys cannot be read
 */
export async function authenticate(
  request: { readonly headers: { get(name: string): string | null }; readonly url: string },
  config: Config,
): Promise<Caller | Response> {
  const url = new URL(request.url);
  if (config.authMode === "dev") return devCaller(url, config);

  const header = request.headers.get("authorization");
  if (header === null) {
    return refuse(
      {
        status: 401,
        error: undefined,
        description: "Sign in first: the request carries no bearer token.",
      },
      url,
      config,
    );
  }
  const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(header)?.[1];
  if (token === undefined) {
    return refuse(
      {
        status: 401,
        error: "invalid_request",
        description: "The Authorization header must read: Bearer, a blank, the token.",
      },
      url,
      config,
    );
  }
  let verifier = verifiers.get(config);
  if (verifier === undefined) {
    verifier = createVerifier(config);
    verifiers.set(config, verifier);
  }
  const result = await verifier.verify(token);
  return "status" in result ? refuse(result, url, config) : result;
}

function devCaller(url: URL, config: Config): Caller | Response {
  if (!isLoopback(url) || config.devUser === undefined) {
    return refuse(
      {
        status: 403,
        error: undefined,
        description:
          "Mode dev answers on loopback only. Use 127.0.0.1, or set MCP_AUTH_MODE to jwt.",
      },
      url,
      config,
    );
  }
  return {
    objectId: config.devUser.objectId,
    tenantId: config.tenantId ?? "",
    name: config.devUser.name,
    roles: [],
    clientId: undefined,
  };
}
