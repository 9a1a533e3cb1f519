import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { JWTPayload } from "jose";

/** What a browser came to be signed in for. */
export interface AuthorizationRequest {
  readonly challenge: string;
  readonly nonce: string;
  readonly client: string;
  readonly redirectUri: string;
  readonly person: Person;
  readonly acrs: readonly string[];
}

export interface Person {
  readonly objectId: string;
  readonly name: string;
}

/** Signs the tokens of a sign-in. */
export interface Signer {
  sign(claims?: JWTPayload, options?: { expiresIn?: number }): Promise<string>;
}

/** The issuer's own pages: authorization code with PKCE, as Entra has it. */
export interface SignIns {
  /** Who sits at the browser, unless a request says it by the header `x-test-person`. */
  person: Person;
  /** Claims that the id token says otherwise; undefined removes one. */
  changed: JWTPayload;
  /** Authentication contexts that this sign-in satisfies. */
  acrs: readonly string[];
  /** Answers in place of the token endpoint, when set. */
  failure: ((response: ServerResponse) => void) | undefined;
  /** What clients proved themselves by at the token endpoint. */
  readonly proofs: (string | null)[];
  answer(
    signer: Signer,
    request: IncomingMessage,
    response: ServerResponse,
    codes: Map<string, AuthorizationRequest>,
  ): Promise<void>;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  return text;
}

export function createSignIns(): SignIns {
  const signIns: SignIns = {
    person: { objectId: "0b000000-0000-4000-8000-000000000001", name: "Avery Lindholm" },
    changed: {},
    acrs: [],
    failure: undefined,
    proofs: [],
    async answer(signer, request, response, codes) {
      const url = new URL(request.url ?? "/", "http://localhost");
      if (url.pathname.endsWith("/authorize")) {
        const of = (name: string) => url.searchParams.get(name) ?? "";
        const code = randomBytes(16).toString("hex");
        const named = request.headers["x-test-person"];
        const person = typeof named === "string" ? (JSON.parse(named) as Person) : signIns.person;
        codes.set(code, {
          challenge: of("code_challenge"),
          nonce: of("nonce"),
          client: of("client_id"),
          redirectUri: of("redirect_uri"),
          person,
          acrs: signIns.acrs,
        });
        const back = new URL(of("redirect_uri"));
        back.searchParams.set("code", code);
        back.searchParams.set("state", of("state"));
        response.writeHead(302, { location: back.href }).end();
        return;
      }
      if (signIns.failure) return signIns.failure(response);
      const form = new URLSearchParams(await textOf(request));
      const asked = codes.get(form.get("code") ?? "");
      codes.delete(form.get("code") ?? "");
      signIns.proofs.push(form.get("client_assertion"));
      const challenge = createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url");
      const isRight =
        asked?.challenge === challenge &&
        form.get("redirect_uri") === asked.redirectUri &&
        form.get("client_id") === asked.client;
      const json = { "content-type": "application/json" };
      if (!isRight || asked === undefined) {
        response.writeHead(400, json).end(JSON.stringify({ error: "invalid_grant" }));
        return;
      }
      const now = Math.floor(Date.now() / 1_000);
      const idToken = await signer.sign({
        aud: asked.client,
        oid: asked.person.objectId,
        name: asked.person.name,
        sub: asked.person.objectId,
        nonce: asked.nonce,
        auth_time: now,
        azp: undefined,
        scp: undefined,
        ...(asked.acrs.length === 0 ? {} : { acrs: asked.acrs }),
        ...signIns.changed,
      });
      response.writeHead(200, json).end(
        JSON.stringify({
          token_type: "Bearer",
          access_token: "opaque",
          expires_in: 3_600,
          id_token: idToken,
        }),
      );
    },
  };
  return signIns;
}
