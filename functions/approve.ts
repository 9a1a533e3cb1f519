import { app, type Cookie, type HttpRequest, type HttpResponseInit } from "@azure/functions";
import { answerApproval, refuseAll } from "../shared/compose";
import type { Log } from "../shared/log";

app.http("approve", {
  route: "approve/{*path}",
  methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
  authLevel: "anonymous",
  handler: approve,
});

/** /approve: where a person says yes or no. It has a sign-in of its own. */
export async function approve(request: HttpRequest, log: Log): Promise<HttpResponseInit> {
  try {
    return withCookies(await answerApproval(request as unknown as Request, log));
  } catch (error) {
    return withCookies(refuseAll(error, log));
  }
}

/**
 * In stream mode the library keeps only the last of several headers of one name, so that of two cookies one would be lost; those
 * that are handed to it as cookies it sends all.
 */
function withCookies(response: Response): HttpResponseInit {
  const headers = new Headers(response.headers);
  headers.delete("set-cookie");
  return {
    status: response.status,
    headers: Object.fromEntries(headers),
    ...(response.body === null
      ? {}
      : { body: response.body as NonNullable<HttpResponseInit["body"]> }),
    cookies: response.headers.getSetCookie().map(cookieOf),
  };
}

function cookieOf(line: string): Cookie {
  const [pair = "", ...rest] = line.split(";").map((part) => part.trim());
  const [name, value] = halves(pair);
  const attributes = new Map(
    rest.map(halves).map(([attribute, is]) => [attribute.toLowerCase(), is]),
  );
  const { path, "max-age": maxAge, samesite } = Object.fromEntries(attributes);
  return {
    name,
    value,
    secure: attributes.has("secure"),
    httpOnly: attributes.has("httponly"),
    ...(path === undefined ? {} : { path }),
    ...(maxAge === undefined ? {} : { maxAge: Number(maxAge) }),
    ...(samesite === undefined ? {} : { sameSite: samesite as NonNullable<Cookie["sameSite"]> }),
  };
}

function halves(pair: string): [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}
