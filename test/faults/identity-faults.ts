import type { ServerResponse } from "node:http";

/** How the identity endpoint is, when it is not as it should be. */
export type IdentityMode =
  | "down"
  | "failing"
  | "slow"
  | "stalled"
  | "page"
  | "expired"
  | "garbage"
  | "empty";

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token in the right form, signed by nobody whom Dataverse knows. */
const strange = (resource: string, expires: number) =>
  `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ aud: resource, exp: expires })}.${"A".repeat(43)}`;

/** Answers in the identity endpoint's place, or not at all. */
export function answerAs(
  mode: Exclude<IdentityMode, "slow">,
  resource: string,
  response: ServerResponse,
): void {
  const json = { "content-type": "application/json", connection: "close" };
  const now = Math.floor(Date.now() / 1_000);
  const token = (expires: number) =>
    response.writeHead(200, json).end(
      JSON.stringify({
        access_token: strange(resource, expires),
        expires_on: String(expires),
        resource,
        token_type: "Bearer",
      }),
    );
  switch (mode) {
    case "down":
      response.socket?.destroy();
      return;
    case "failing":
      response.writeHead(500, json).end('{"error":"down"}');
      return;
    case "page":
      response.writeHead(200, { "content-type": "text/html", connection: "close" }).end("<html>");
      return;
    case "empty":
      response.writeHead(200, json).end("{}");
      return;
    case "expired":
      token(now - 60);
      return;
    case "garbage":
      token(now + 3_600);
      return;
    default:
      // `stalled`: nobody answers.
      return;
  }
}
