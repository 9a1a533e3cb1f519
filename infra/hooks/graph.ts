import { type Hope, isLater, retryAfter } from "./patience";

/** Microsoft Graph refused; `status` says how. */
export class GraphRefusal extends Error {
  readonly status: number;
  readonly afterSeconds: number | undefined;
  constructor(status: number, message: string, afterSeconds?: number) {
    super(message);
    this.name = "GraphRefusal";
    this.status = status;
    this.afterSeconds = afterSeconds;
  }
}

export function hopeAtGraph(error: unknown): Hope | undefined {
  if (error instanceof TypeError) return { words: "Microsoft Graph did not answer" };
  return error instanceof GraphRefusal && isLater(error.status)
    ? { words: `Microsoft Graph answers ${error.status}`, afterSeconds: error.afterSeconds }
    : undefined;
}

/** Microsoft Graph of the cloud whose sign-in page is at this address. `MCP_GRAPH_URL` (tests) counts more. */
export function graphOf(environment: Readonly<Record<string, string | undefined>>): string {
  if (environment.MCP_GRAPH_URL) return environment.MCP_GRAPH_URL;
  const authorize = environment.OAUTH_AUTHORIZE_URL ?? "";
  const host = URL.canParse(authorize) ? new URL(authorize).hostname : "";
  if (host.endsWith(".us")) return "https://graph.microsoft.us";
  return host.endsWith(".cn")
    ? "https://microsoftgraph.chinacloudapi.cn"
    : "https://graph.microsoft.com";
}

/** The few calls of Microsoft Graph that a hook makes, as the person whose token is used. */
export class Graph {
  readonly #token: string;
  readonly #root: string;

  constructor(origin: string, token: string) {
    this.#token = token;
    this.#root = `${origin}/v1.0`;
  }

  /**
   * @returns the row, empty where Graph answers without one; undefined when there is no such thing (404)
   * @throws GraphRefusal
   */
  async call(
    method: "GET" | "PATCH" | "DELETE",
    path: string,
    body?: unknown,
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const response = await fetch(`${this.#root}/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok)
      throw new GraphRefusal(
        response.status,
        `${method} ${path}: ${response.status} ${text.slice(0, 300)}`,
        retryAfter(response.headers),
      );
    return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  }
}
