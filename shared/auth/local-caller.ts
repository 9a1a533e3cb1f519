import type { Config } from "../config";
import type { Caller } from "../context";
import { isLoopbackHost } from "../loopback";
import type { Refusal } from "./refusal";

type Headers = Iterable<readonly [name: string, value: string]> & {
  get(name: string): string | null;
};

/** What proxies, networks of delivery, tunnels and Azure's front end add to a request that came from elsewhere. */
const forwarding =
  /^(forwarded|via|cdn-loop|cf-.*|tailscale-.*|x-(vercel-)?forwarded(-.*)?|x-(original|rewrite)-.*|x-(real|originating|remote|proxyuser|appengine-user)-ip|x-remote-addr|x-amzn-trace-id|x-host|(x-|x-cluster-|true-|fastly-|fly-)?client-ip|x-(arr|azure|appservice|envoy|waws)-.*|disguised-host|was-default-hostname|x-site-deployment-id)$/;

const refused = (description: string): Refusal => ({ status: 403, error: undefined, description });

/**
 * The persona of mode dev, for a request that names this machine and that nobody passed on. A page in the developer's
 * browser can reach loopback by a name of its own (DNS rebinding), and a tunnel brings in strangers: neither can hide it.
 * In front of this stands whoever listens: on loopback only, and of its peers only those of this machine.
 */
export function localCaller(
  request: { readonly headers: Headers; readonly url: string },
  config: Config,
): Caller | Refusal {
  const { host } = new URL(request.url);
  const hosts = [host, request.headers.get("host") ?? host];
  if (config.devUser === undefined || !hosts.every(isLoopbackHost))
    return refused("Mode dev answers on loopback only: use http://127.0.0.1 or http://localhost.");
  for (const [name] of request.headers) {
    if (forwarding.test(name.toLowerCase()))
      return refused(
        `Mode dev answers requests of this machine only, and this one was passed on (header ${name}).`,
      );
  }
  return {
    objectId: config.devUser.objectId,
    tenantId: config.tenantId ?? "",
    name: config.devUser.name,
    roles: config.devUser.roles,
    clientId: undefined,
  };
}
