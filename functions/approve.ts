import { app, type HttpRequest } from "@azure/functions";
import { answerApproval, refuseAll } from "../shared/compose";
import type { Log } from "../shared/log";

app.http("approve", {
  route: "approve/{*path}",
  methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
  authLevel: "anonymous",
  handler: approve,
});

/** /approve: where a person says yes or no. It has a sign-in of its own. */
export async function approve(request: HttpRequest, log: Log): Promise<Response> {
  try {
    return await answerApproval(request as unknown as Request, log);
  } catch (error) {
    return refuseAll(error, log);
  }
}
