import { app, type HttpRequest } from "@azure/functions";
import { answerHealth } from "../shared/health";
import type { Log } from "../shared/log";

app.http("health", {
  route: "health",
  methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
  authLevel: "anonymous",
  handler: health,
});

/** GET /health. Who may know what is said where it is answered. */
export function health(request: HttpRequest, log: Log): Promise<Response> {
  return answerHealth(request as unknown as Request, log);
}
