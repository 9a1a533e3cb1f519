import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface IdentityEndpoint {
  readonly url: string;
  readonly requests: {
    resource: string | null;
    clientId: string | null;
    secret: string | undefined;
  }[];
  /** What the next answers are: seconds a token lives, a status to fail with, the text of a 200, an address where a token would be had, or none. */
  mode:
    | { readonly livesSeconds: number }
    | { readonly failsWith: number }
    | { readonly says: string }
    | { readonly redirectsTo: string }
    | { readonly stalls: true };
  close(): Promise<void>;
}

/** A real App Service managed-identity endpoint on loopback (api-version 2019-08-01). */
export async function startIdentityEndpoint(): Promise<IdentityEndpoint> {
  const endpoint: Pick<IdentityEndpoint, "requests" | "mode"> = {
    requests: [],
    mode: { livesSeconds: 86_400 },
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const resource = url.searchParams.get("resource");
    endpoint.requests.push({
      resource,
      clientId: url.searchParams.get("client_id"),
      secret: request.headers["x-identity-header"] as string | undefined,
    });
    const { mode } = endpoint;
    if ("failsWith" in mode) {
      response
        .writeHead(mode.failsWith, { "content-type": "application/json" })
        .end('{"error":"down"}');
      return;
    }
    if ("says" in mode) {
      response.writeHead(200).end(mode.says);
      return;
    }
    if ("stalls" in mode) return;
    if ("redirectsTo" in mode && url.pathname !== mode.redirectsTo) {
      response.writeHead(302, { location: mode.redirectsTo }).end();
      return;
    }
    const expiresOn =
      Math.floor(Date.now() / 1_000) + ("livesSeconds" in mode ? mode.livesSeconds : 3_600);
    const body = {
      access_token: `token-${endpoint.requests.length}`,
      expires_on: String(expiresOn),
      resource,
      token_type: "Bearer",
      client_id: url.searchParams.get("client_id"),
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(endpoint, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
}
