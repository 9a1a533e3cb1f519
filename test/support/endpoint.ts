import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import type { Caller, Context } from "../../shared/context";
import { AppError } from "../../shared/errors";
import { answer, createFlow } from "../../shared/mcp";
import type { Call, Flow, FlowLimits } from "../../shared/mcp/flow";
import { buildSurface } from "../../shared/mcp/surface";
import { type Access, type Profile, permissionOf, unrestricted } from "../../shared/policy/access";
import { defineTool, type Tool } from "../../shared/tools/define";
import { type CallRecord, createTrace, type Trace } from "../../shared/trace";
import { consentWithoutPage } from "./consent";
import { roomy } from "./flow";

const output = z.object({ said: z.string() });

/** Tools that touch nothing, for tests of the protocol. */
export const protocolTools = [
  defineTool({
    name: "say",
    title: "Say",
    description: "Says a word as often as asked.",
    effect: "read",
    needs: {},
    input: z.strictObject({
      word: z.string().max(20),
      times: z.int().min(1).max(1_000_000).optional(),
      tone: z.enum(["calm", "loud"]).optional(),
    }),
    output,
    run: async ({ word, times = 1 }) => {
      const said = Array(times).fill(word).join(" ");
      return { text: said, structured: { said } };
    },
  }),
  defineTool({
    name: "fail",
    title: "Fail",
    description: "Fails in the way asked.",
    effect: "delete",
    needs: {},
    input: z.strictObject({ how: z.string() }),
    output,
    run: async ({ how }, { signal }) => {
      if (how === "hang") return new Promise<never>(() => {});
      if (how === "wait") await wait(60_000, undefined, { signal });
      if (how === "last words") {
        await wait(60_000, undefined, { signal }).catch(() => undefined);
        throw new AppError("timeout", "It is not known whether the row 17 was made.");
      }
      if (how === "bug") throw new TypeError("secret of the record");
      throw new AppError("throttled", "Too many requests.", {
        hint: "Wait.",
        problems: ["one", "two"],
        retryAfterSeconds: 2.2,
        cause: "secret of the record",
      });
    },
  }),
] as unknown as readonly Tool[];

export interface TestEndpoint {
  readonly url: string;
  readonly bugs: unknown[];
  readonly calls: CallRecord[];
  /** Posts JSON; `headers` replace the usual ones, undefined removes one. */
  post(body: unknown, headers?: Record<string, string | undefined>): Promise<Response>;
  readonly flow: Flow;
  close(): Promise<void>;
}

const person: Caller = {
  objectId: "0b000000-0000-4000-8000-000000000001",
  tenantId: "",
  name: "Avery",
  roles: [],
  clientId: undefined,
};

/** The endpoint's real code behind a real server on loopback. */
export async function startEndpoint(
  options: {
    isSignedIn?: boolean;
    contextFails?: boolean;
    tools?: readonly Tool[];
    limits?: FlowLimits;
    timeoutMs?: number;
    access?: Access;
  } = {},
): Promise<TestEndpoint> {
  const bugs: unknown[] = [];
  const calls: CallRecord[] = [];
  const { tools = protocolTools, limits = roomy, timeoutMs = 300 } = options;
  const flow = createFlow(limits);
  const endpoint = {
    tools,
    list: buildSurface(tools),
    allowedOrigins: ["https://friend.example"],
    // Whom the header names, else the one person of most tests.
    authenticate: async ({ headers }: Request) =>
      options.isSignedIn === false
        ? new Response(null, { status: 401 })
        : {
            ...person,
            objectId: headers.get("x-test-person") ?? person.objectId,
            roles: (headers.get("x-test-roles") ?? "").split(",").filter(Boolean),
          },
    flow,
    consent: consentWithoutPage(),
    timeoutMs: () => timeoutMs,
    contextFor: (caller: Caller, _tool: Tool, call: Call): { context: Context; trace: Trace } => {
      if (options.contextFails) throw new TypeError("secret of the set-up");
      return {
        trace: createTrace(),
        context: {
          caller,
          signal: call.signal,
          now: () => new Date(0),
          settings: {
            caseFields: {},
            dataverseUrl: "https://contoso.example",
            articleUrl: undefined,
          },
          get intelligence(): never {
            throw new Error("These tools predict nothing.");
          },
          get dataverse(): never {
            throw new Error("These tools touch no Dataverse.");
          },
        },
      };
    },
    onCall: (record: CallRecord) => void calls.push(record),
    onBug: (error: unknown) => void bugs.push(error),
  };
  const server = createServer(async (incoming, outgoing) => {
    const at = performance.now();
    const gone = new AbortController();
    outgoing.once("close", () => outgoing.writableFinished || gone.abort());
    const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: incoming.headers as Record<string, string>,
      ...(hasBody ? { body: incoming as unknown as ReadableStream, duplex: "half" } : {}),
    } as RequestInit);
    // What the path says in the product.
    const profile = (request.headers.get("x-test-profile") ?? undefined) as Profile | undefined;
    const response = await answer(
      request,
      {
        ...endpoint,
        permissionOf: ({ roles }: Caller) =>
          permissionOf(roles, options.access ?? unrestricted, profile),
      },
      { at, hangUp: gone.signal },
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  return {
    url,
    bugs,
    calls,
    flow,
    post(body, headers = {}) {
      const all = {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      };
      const kept = Object.entries(all).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      return fetch(url, {
        method: "POST",
        headers: kept,
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
