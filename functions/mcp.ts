import { app, type HttpRequest } from "@azure/functions";
import {
  arrivalOf,
  endpointFor,
  prepareBehind,
  profileAt,
  refuseAll,
  shutDown,
  signInMetadata,
} from "../shared/compose";
import type { Log } from "../shared/log";
import { answer, refuseVerb } from "../shared/mcp";

// Registration comes first: an entry that throws before it leaves the host without a function and every route a 404.
app.setup({ enableHttpStream: true });

app.http("mcp", {
  route: "mcp/{profile?}",
  methods: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
  authLevel: "anonymous",
  handler: mcp,
});

app.http("protected-resource-metadata", {
  route: ".well-known/oauth-protected-resource/{*path}",
  methods: ["GET"],
  authLevel: "anonymous",
  handler: metadata,
});

app.hook.appTerminate(shutDown);

/** POST /mcp, or /mcp/{profile} for a part of the tools. Nothing thrown here would ever answer the caller in stream mode, so nothing is. */
export async function mcp(request: HttpRequest, log: Log): Promise<Response> {
  try {
    const web = request as unknown as Request;
    const wrongVerb = refuseVerb(request.method);
    if (wrongVerb) return wrongVerb;
    const profile = profileAt(request.params.profile);
    if (profile instanceof Response) return profile;
    const answered = await answer(web, endpointFor(log, profile), arrivalOf(log.invocationId));
    if (answered.ok) prepareBehind(log);
    return answered;
  } catch (error) {
    return refuseAll(error, log);
  }
}

/** Where a client signs in (RFC 9728); public by its nature. */
export async function metadata(request: HttpRequest, log: Log): Promise<Response> {
  try {
    return signInMetadata(request.url);
  } catch (error) {
    return refuseAll(error, log);
  }
}
