import { AzureCliError, createAzureCli } from "./azure-cli";
import { cliOf, type HookInput, HookProblem, need, patienceOf, runHook } from "./hook";
import { type Hope, isLater, patiently, retryAfter } from "./patience";

interface Step {
  readonly name: string;
  /** Undefined: passed. */
  readonly problem: string | undefined;
}

const afterDeploy = "Run azd up first.";
/** Tries of one check: what was deployed a moment ago is routed to, and its identity known, within a minute or two. */
const tries = 6;
const inLog = 'the app logs why: traces with the event "health" or "refused"';

/** azd hook: the smoke test of what was just deployed, as a client would meet it. */
export async function postdeploy(input: HookInput): Promise<void> {
  const endpoint = need(input, "MCP_ENDPOINT", afterDeploy);
  const scope = need(input, "MCP_SCOPE", afterDeploy);
  const step = (name: string, work: () => Promise<string | undefined>) => tried(name, work, input);
  const steps: Step[] = [await step("alive", () => checkAlive(new URL("/health", endpoint).href))];
  steps.push(await step("401 with a challenge, and its metadata", () => checkChallenge(endpoint)));
  const token = await createAzureCli(cliOf(input))
    .token({ scope })
    .catch((error: unknown) => {
      if (!(error instanceof AzureCliError)) throw error;
      input.print(`The rest is not tried: ${error.message}`);
      return undefined;
    });
  if (token !== undefined) {
    steps.push(await step("WhoAmI through the identity", () => checkHealth(endpoint, token)));
    steps.push(await step("tools/list", () => checkTools(endpoint, token)));
  }
  for (const { name, problem } of steps)
    input.print(
      `${problem === undefined ? "passed" : "FAILED"}  ${name}${problem ? `: ${problem}` : ""}`,
    );
  const failed = steps.filter(({ problem }) => problem !== undefined).length;
  if (failed > 0)
    throw new HookProblem(
      `${failed} of ${steps.length} checks of ${endpoint} failed; docs/operate.md has the incident sheet.`,
    );
}

/** What a check meets that passes by itself with a young deployment. */
class Later extends Error {
  readonly afterSeconds: number | undefined;
  constructor(words: string, response?: Response) {
    super(words);
    this.afterSeconds = response && retryAfter(response.headers);
  }
}

const hopeOf = (error: unknown): Hope | undefined => {
  if (error instanceof Later) return { words: error.message, afterSeconds: error.afterSeconds };
  // What fetch throws when no answer came: refused, reset, timed out, no such host yet.
  if (error instanceof TypeError || (error as { name?: unknown })?.name === "TimeoutError")
    return { words: String((error as Error).message) };
  return undefined;
};

async function tried(
  name: string,
  work: () => Promise<string | undefined>,
  input: HookInput,
): Promise<Step> {
  try {
    return { name, problem: await patiently(work, hopeOf, { ...patienceOf(input), tries }) };
  } catch (error) {
    return { name, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The answer, unless it is one of a platform that has not got there yet. */
async function settled(asked: Promise<Response>, isYoung: (status: number) => boolean = isLater) {
  const response = await asked;
  if (isYoung(response.status))
    throw new Later(`${response.url} answers ${response.status}`, response);
  return response;
}

const get = (url: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers, signal: AbortSignal.timeout(30_000) });

/** A fresh deployment needs some moments until the platform routes to it. */
async function checkAlive(url: string): Promise<string | undefined> {
  await settled(get(url), (status) => status !== 200);
  return undefined;
}

const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }),
    signal: AbortSignal.timeout(60_000),
  });

async function checkChallenge(endpoint: string): Promise<string | undefined> {
  const response = await settled(
    post(endpoint, { method: "tools/list" }),
    (status) => status === 404 || isLater(status),
  );
  if (response.status !== 401) return `a stranger gets ${response.status}, must be 401`;
  const address = /resource_metadata="?([^",]+)/.exec(
    response.headers.get("www-authenticate") ?? "",
  )?.[1];
  if (address === undefined) return "the challenge names no resource_metadata";
  const metadata = await settled(get(address));
  if (!metadata.ok) return `${address} answers ${metadata.status}`;
  const { authorization_servers: servers } = (await metadata.json()) as {
    authorization_servers?: string[];
  };
  return servers?.length ? undefined : `${address} names no authorization server`;
}

async function checkHealth(endpoint: string, token: string): Promise<string | undefined> {
  const url = new URL("/health", endpoint).href;
  const response = await get(url, { authorization: `Bearer ${token}` });
  const health = healthIn(await response.text());
  if (health.dataverse?.status === "ok") return undefined;
  // A role or a user that was made a minute ago may not be known everywhere.
  if (health.dataverse?.status === "failed")
    throw new Later(`${await wordsOfTool(endpoint, token)} (${inLog})`);
  if (isLater(response.status)) throw new Later(`${url} answers ${response.status}`, response);
  return health.reason ?? `${url} answers ${response.status}; ${inLog}`;
}

/** What /health says; nothing where a page of the platform answers in its place. */
function healthIn(text: string): { dataverse?: { status?: string }; reason?: string } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

/** /health says that Dataverse does not answer, not why; a tool that meets the same tells whoever calls it. */
async function wordsOfTool(endpoint: string, token: string): Promise<string> {
  const response = await post(
    endpoint,
    { method: "tools/call", params: { name: "list_tables", arguments: {} } },
    { authorization: `Bearer ${token}` },
  );
  const { result } = (await response.json()) as {
    result?: { isError?: boolean; content?: { text: string }[] };
  };
  const words = result?.isError ? result.content?.[0]?.text : undefined;
  return words?.replaceAll("\n", " ") ?? "Dataverse does not answer the app's identity";
}

async function checkTools(endpoint: string, token: string): Promise<string | undefined> {
  const response = await settled(
    post(endpoint, { method: "tools/list" }, { authorization: `Bearer ${token}` }),
  );
  if (!response.ok) return `answers ${response.status}`;
  const { result } = (await response.json()) as { result?: { tools?: unknown[] } };
  if (result?.tools?.length) return undefined;
  // Once roles are given, a deployer without one rightly sees nothing, and the endpoint says so.
  const words = await instructionsFor(endpoint, token);
  if (/app roles/.test(words)) {
    process.stdout.write(`  The tools are not shown to whoever deployed: ${words}\n`);
    return undefined;
  }
  return "the list is empty";
}

async function instructionsFor(endpoint: string, token: string): Promise<string> {
  const response = await post(
    endpoint,
    {
      method: "initialize",
      params: {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "postdeploy", version: "1" },
      },
    },
    { authorization: `Bearer ${token}` },
  );
  const { result } = (await response.json()) as { result?: { instructions?: string } };
  return result?.instructions ?? "";
}

if (require.main === module) runHook(postdeploy);
