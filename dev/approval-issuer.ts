import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { admitLoopbackOnly } from "./loopback";

/** Stands in for Entra where the approval page signs in: it is sure of nobody, and says so. */
export interface ApprovalIssuer {
  /** `http://127.0.0.1:<port>`, for MCP_AUTHORITY. */
  readonly authority: string;
  close(): void;
}

export interface ApprovalIssuerOptions {
  readonly tenantId: string;
  /** Client id of the approval page. */
  readonly clientId: string;
  readonly person: { readonly objectId: string; readonly name: string };
}

const keyId = "laptop";
const longestForm = 20_000;
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const escapeText = (text: string) =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Authorization code with PKCE, with the addresses and tokens of Entra, for the one person of mode dev. Whoever sits at this
 * machine is that person; what it is good for is to see the page and to try it.
 */
export async function startApprovalIssuer({
  tenantId,
  clientId,
  person,
}: ApprovalIssuerOptions): Promise<ApprovalIssuer> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = { ...publicKey.export({ format: "jwk" }), kid: keyId, use: "sig", alg: "RS256" };
  const codes = new Map<string, { challenge: string; nonce: string; redirectUri: string }>();
  let authority = "";

  function tokenFor(nonce: string): string {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: `${authority}/${tenantId}/v2.0`,
      aud: clientId,
      oid: person.objectId,
      sub: person.objectId,
      tid: tenantId,
      name: person.name,
      nonce,
      iat: now,
      exp: now + 3_600,
      auth_time: now,
    };
    const text = `${base64({ alg: "RS256", kid: keyId, typ: "JWT" })}.${base64(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
  }

  function authorize(url: URL, response: ServerResponse): void {
    const of = (name: string) => url.searchParams.get(name) ?? "";
    const back = URL.canParse(of("redirect_uri")) ? new URL(of("redirect_uri")) : undefined;
    const isOurs = back?.hostname === "localhost" && back.pathname === "/approve/callback";
    if (!isOurs || of("client_id") !== clientId) {
      response.writeHead(400).end("This sign-in was not asked for by the approval page.");
      return;
    }
    const code = randomBytes(24).toString("base64url");
    codes.set(code, {
      challenge: of("code_challenge"),
      nonce: of("nonce"),
      redirectUri: back.href,
    });
    back.searchParams.set("code", code);
    back.searchParams.set("state", of("state"));
    response
      .writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" })
      .end(
        `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Sign in</title><body style="font:1.1rem/1.5 system-ui;max-width:36rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark"><h1>You are ${escapeText(person.name)}</h1><p>This stands in for the sign-in of Microsoft Entra on a developer's machine. It proves nobody.</p><p><a href="${escapeText(back.href)}">Continue as ${escapeText(person.name)}</a></p></body></html>`,
      );
  }

  async function redeem(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const part of request.setEncoding("utf8")) {
      text += part;
      if (text.length > longestForm) break;
    }
    const form = new URLSearchParams(text);
    const code = form.get("code") ?? "";
    const asked = codes.get(code);
    codes.delete(code);
    const verifier = form.get("code_verifier") ?? "";
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const isRight =
      asked?.challenge === challenge && form.get("redirect_uri") === asked.redirectUri;
    response.writeHead(isRight ? 200 : 400, { "content-type": "application/json" }).end(
      JSON.stringify(
        isRight
          ? {
              token_type: "Bearer",
              expires_in: 3_600,
              access_token: "opens nothing",
              id_token: tokenFor(asked.nonce),
            }
          : { error: "invalid_grant" },
      ),
    );
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (url.pathname === `/${tenantId}/discovery/v2.0/keys`)
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ keys: [key] }));
    else if (url.pathname === `/${tenantId}/oauth2/v2.0/authorize`) authorize(url, response);
    else if (url.pathname === `/${tenantId}/oauth2/v2.0/token` && request.method === "POST")
      redeem(request, response).catch(() => response.destroy());
    else response.writeHead(404).end();
  });
  admitLoopbackOnly(server);
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(0, "127.0.0.1", done);
  });
  authority = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    authority,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
