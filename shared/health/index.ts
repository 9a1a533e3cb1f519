import { authenticate } from "../auth";
import { deploymentOf } from "../compose";
import { type Inspection, inspectProcess } from "../config";
import { type Log, reportKeys, stackOf } from "../log";
import { protocolVersions, serverInfo } from "../mcp/server-info";
import { createTrace } from "../trace";
import { examine, type Health, isSignInProblem } from "./examine";

/** Longest wait for Dataverse, in milliseconds: whoever asks wants to know now. */
const dataverseTimeoutMs = 10_000;

/**
 * GET /health. A stranger learns that the app is alive, and nothing else; who is signed in, whether Dataverse answers the
 * app's identity. What is set, what is missing and why is for the log, for callers with the role of administrators, and in
 * mode dev for the developer, who is the operator. 503 when something is wrong.
 */
export async function answerHealth(request: Request, log: Log): Promise<Response> {
  try {
    if (request.method !== "GET")
      return new Response(null, { status: 405, headers: { allow: "GET" } });
    return await answer(request, inspectProcess(), log);
  } catch (error) {
    log.error(JSON.stringify({ event: "bug", function: "health", stack: stackOf(error) }));
    return json(500, { status: "failing" });
  }
}

async function answer(request: Request, inspection: Inspection, log: Log): Promise<Response> {
  const { config, problems } = inspection;
  const hasToken = request.headers.has("authorization");
  if (!hasToken && config?.authMode !== "dev") return alive();
  if (config === undefined || problems.some(isSignInProblem)) {
    log.error(
      JSON.stringify({
        event: "refused",
        reason: problems.map(({ message }) => message).join(" "),
      }),
    );
    const reason =
      "Nobody can be told more, because sign-in is not configured; the log of the app says what is missing.";
    return hasToken ? json(503, { status: "failing", reason }) : alive();
  }
  const caller = await authenticate(request, config, { report: reportKeys(log) });
  if (caller instanceof Response) return hasToken ? caller : alive();
  const found = await examine({
    inspection,
    versions: { server: serverInfo.version, node: process.version, mcp: protocolVersions },
    telemetry: () => deploymentOf(config, log).telemetry.state(),
    whoAmI: () =>
      deploymentOf(config, log)
        .environment.as("app", AbortSignal.timeout(dataverseTimeoutMs), createTrace())
        .whoAmI(),
  });
  if (found.status !== "ok") log.error(JSON.stringify({ event: "health", ...found }));
  const { roles } = config.access;
  const isOperator =
    config.authMode === "dev" || (roles !== undefined && caller.roles.includes(roles.admin));
  const said = isOperator ? found : brief(found);
  const access = roles ? {} : { roles: "not configured: Dataverse alone decides who may do what" };
  // Whoever looks must not take it for the rule.
  const consent = config.consent.trustsClient
    ? { consent: "trust-client: no person is asked from here, but for rights" }
    : {};
  return json(found.status === "ok" ? 200 : 503, { ...said, ...access, ...consent });
}

/** What any signed-in person may know. The reason of a failure can name settings and ids, so it stays in the log. */
const brief = ({ status, dataverse }: Health) => ({
  status,
  dataverse: { status: dataverse.status },
});

const alive = () => json(200, { status: "alive" });

const json = (status: number, body: unknown) =>
  Response.json(body, { status, headers: { "cache-control": "no-store" } });
