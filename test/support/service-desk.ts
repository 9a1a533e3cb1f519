import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { type Emulator, startEmulator } from "../../packages/dataverse-emulator/src";
import {
  applicationUser,
  type Persona,
  personas,
  tenantId,
} from "../../packages/dataverse-emulator/src/sample/identities";
import { setSwitches } from "../../packages/dataverse-emulator/src/switches";
import { sampleDay } from "../../packages/dataverse-emulator/test/support/emulated";
import { authenticate } from "../../shared/auth";
import { createConsentDesk, createDataverseEnvironment } from "../../shared/compose";
import { readConfig } from "../../shared/config";
import type { Dataverse } from "../../shared/dataverse";
import { answer, createFlow, createPerformer, type ToolEndpoint } from "../../shared/mcp";
import { buildSurface } from "../../shared/mcp/surface";
import { permissionOf } from "../../shared/policy/access";
import type { Store } from "../../shared/storage";
import { tools } from "../../shared/tools";
import type { Tool } from "../../shared/tools/define";
import { type CallRecord, createTrace } from "../../shared/trace";
import { agreeing } from "./agreeing";
import { type BrowserPerson, openBrowser } from "./browser-person";
import { openDoor } from "./consent";
import { roomy } from "./flow";
import { startIssuer, type TestIssuer } from "./issuer";
import type { Person } from "./issuer-sign-ins";

export interface ToolAnswer {
  readonly text: string;
  // The shape differs from tool to tool; tests say what they expect.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly structured: any;
  readonly isError: boolean;
}

export interface ServiceDesk {
  readonly emulator: Emulator;
  /** Where MCP clients connect; who says nothing else is the representative. */
  readonly url: string;
  /** Errors that were not thrown on purpose. */
  readonly bugs: unknown[];
  /** Every call that is over. */
  readonly calls: CallRecord[];
  /** How long each HTTP request to the app took, those to the approval page too, in milliseconds. */
  readonly answeredIn: number[];
  /** Calls a tool over HTTP, as the persona, and answers what is asked for: the persona says yes, at the page or by the call. */
  call(tool: string, args?: Record<string, unknown>, as?: Persona["key"]): Promise<ToolAnswer>;
  /** The same, and nobody answers anything. */
  ask(tool: string, args?: Record<string, unknown>, as?: Persona["key"]): Promise<ToolAnswer>;
  /** A browser of the persona's, for the approval page. */
  browser(as?: Persona["key"]): BrowserPerson;
  /** As whom the persona signs in. */
  person(as: Persona["key"]): Person;
  readonly issuer: TestIssuer;
  /** The product's own way to Dataverse, as the representative. */
  dataverse(): Dataverse;
  /** Reads Dataverse itself, past the tools, as the administrator. */
  read(path: string): Promise<Record<string, unknown>>;
  /** Sends to Dataverse itself, as the administrator. */
  write(method: string, path: string, body: unknown): Promise<number>;
  /** As after a restart: nothing that was read before is kept. */
  forget(): void;
  close(): Promise<void>;
}

/** What stands between the app and its Dataverse and identity. */
export interface Front {
  /** The address that the app knows; it may change, and `forget()` tells the app. */
  readonly url: string;
  /** Answers in the identity endpoint's place; false leaves the answer to it. */
  identity(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  close(): Promise<void>;
}

export interface DeskOptions {
  readonly cases?: number;
  readonly front?: (emulatorUrl: string) => Promise<Front>;
  /** Deadline of a tool; its own, or long enough for a busy machine, unless told. */
  readonly timeoutMs?: (tool: Tool) => number;
  /** Tokens of the identity for other services than Dataverse: a token for the resource asked for. */
  readonly tokenFor?: (resource: string) => Promise<string>;
  readonly settings?: Readonly<Record<string, string>>;
  /** Clock of the approvals, in milliseconds since 1970. */
  readonly approvalsNow?: () => number;
  /** Where approvals are kept, in place of a folder. */
  readonly approvalsStore?: Store;
}

const personaOf = (key: Persona["key"]): Persona => {
  const persona = personas.find((each) => each.key === key);
  if (persona === undefined) throw new Error(`There is no persona ${key}.`);
  return persona;
};

let identityUrl: Promise<string> | undefined;
let issuing = "";
let otherTokens: DeskOptions["tokenFor"];
/** Fronts of the desks of this process, each with the emulator behind it. */
const fronts = new Map<Front, string>();

/**
 * The identity library keeps the first endpoint it sees for the life of the process, so all desks of a process share one,
 * which passes requests on to the emulator of the desk whose address is asked for, or of the newest desk.
 */
async function identityFor(emulatorUrl: string): Promise<string> {
  issuing = emulatorUrl;
  identityUrl ??= new Promise((done) => {
    const server = createServer(async (request, response) => {
      const { search, searchParams } = new URL(request.url ?? "/", "http://localhost");
      const resource = searchParams.get("resource") ?? "";
      const front = [...fronts.keys()].find(({ url }) => url === resource);
      if (await front?.identity(request, response)) return;
      try {
        if (otherTokens !== undefined && resource !== issuing) {
          const expires = String(Math.floor(Date.now() / 1_000) + 3_600);
          const token = { access_token: await otherTokens(resource), expires_on: expires };
          response
            .writeHead(200, { "content-type": "application/json", connection: "close" })
            .end(JSON.stringify({ ...token, resource, token_type: "Bearer" }));
          return;
        }
        const issuer = (front && fronts.get(front)) ?? issuing;
        const answered = await fetch(`${issuer}/msi/token${search}`, {
          headers: {
            "x-identity-header": String(request.headers["x-identity-header"] ?? ""),
            // One that is kept may be closed by the other side at the moment of its next use.
            connection: "close",
          },
        });
        const type = { "content-type": "application/json", connection: "close" };
        response.writeHead(answered.status, type).end(await answered.text());
      } catch {
        // The emulator behind it is gone, as an identity endpoint can be.
        response.writeHead(503, { connection: "close" }).end();
      }
    });
    server.listen(0, "127.0.0.1", () => {
      server.unref();
      done(`http://127.0.0.1:${(server.address() as AddressInfo).port}/msi/token`);
    });
  });
  const url = await identityUrl;
  Object.assign(process.env, { IDENTITY_ENDPOINT: url, IDENTITY_HEADER: "local-development-only" });
  return url;
}

/** The whole product but the Functions host: MCP client, HTTP, tools, the Dataverse client, the embedded Dataverse. */
export async function startServiceDesk(options: DeskOptions = {}): Promise<ServiceDesk> {
  const emulator = await startEmulator({
    cases: options.cases ?? 200,
    asOf: sampleDay,
    now: () => sampleDay,
  });
  // Waiting for a turn to search is tried where searches are; here it would cost a second a call.
  setSwitches(emulator.world, { searchesPerSecond: 0 });
  otherTokens = options.tokenFor;
  const identity = await identityFor(emulator.url);
  const front = await options.front?.(emulator.url);
  if (front !== undefined) fronts.set(front, emulator.url);
  const issuer = await startIssuer(tenantId);
  const folder = await mkdtemp(join(tmpdir(), "approvals-"));
  const configNow = () =>
    readConfig({
      DATAVERSE_URL: front?.url ?? emulator.url,
      MCP_AUTH_MODE: "dev",
      MCP_TENANT_ID: tenantId,
      MCP_DEV_USER_OBJECT_ID: personaOf("representative").objectId,
      AZURE_CLIENT_ID: applicationUser.applicationId,
      IDENTITY_ENDPOINT: identity,
      MCP_PUBLIC_URL: new URL(url.href).origin,
      MCP_AUTHORITY: issuer.authority,
      CONSENT_CLIENT_ID: approvalClientId,
      CONSENT_STORE: folder,
      ...options.settings,
    });
  const bugs: unknown[] = [];
  const calls: CallRecord[] = [];
  const answeredIn: number[] = [];
  const list = buildSurface(tools);
  const flow = createFlow(roomy);
  const server = createServer(async (incoming, outgoing) => {
    const startedAt = performance.now();
    const persona = (incoming.headers["x-persona"] as Persona["key"]) ?? "representative";
    const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: incoming.headers as Record<string, string>,
      ...(hasBody ? { body: incoming as unknown as ReadableStream, duplex: "half" } : {}),
    } as RequestInit);
    const runtime = runtimeFor(persona);
    const { pathname } = new URL(request.url);
    const response = pathname.startsWith("/approve")
      ? await (consent.answerPage(request, createPerformer(runtime)) ??
          new Response(null, { status: 404 }))
      : await answer(request, runtime);
    const body = Buffer.from(await response.arrayBuffer());
    answeredIn.push(performance.now() - startedAt);
    outgoing.writeHead(response.status, headersOf(response));
    outgoing.end(body);
  });
  const runtimeFor = (persona: Persona["key"]): ToolEndpoint => {
    const batch = environment.batchBudget();
    return {
      tools,
      list,
      allowedOrigins: [],
      async authenticate(web) {
        const caller = await authenticate(web, config);
        return caller instanceof Response
          ? caller
          : { ...caller, objectId: personaOf(persona).objectId };
      },
      flow,
      consent: consent.runtime,
      permissionOf: (caller) => permissionOf(caller.roles, config.access),
      timeoutMs: options.timeoutMs ?? ((tool: Tool) => tool.timeoutMs ?? 120_000),
      contextFor(caller, _tool, { signal, beforeWrite, endsAt }, door) {
        const trace = createTrace();
        const dataverse = environment.as(caller, signal, trace, {
          beforeWrite,
          budget: environment.callBudget(batch),
          door,
        });
        return {
          trace,
          context: {
            caller,
            signal,
            endsAt,
            now: () => sampleDay,
            settings: config,
            dataverse,
            intelligence: environment.intelligence(dataverse),
          },
        };
      },
      onCall: (record) => void calls.push(record),
      onBug: (error) => void bugs.push(error),
    };
  };
  // A client that has been busy for some seconds must not meet a connection that is closed at that moment.
  server.keepAliveTimeout = 0;
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);

  let config = configNow();
  let environment = createDataverseEnvironment(config, () => {});
  const consentNow = () =>
    createConsentDesk({
      config,
      token: (scope) => environment.token(scope),
      warn: () => {},
      ...(options.approvalsNow === undefined ? {} : { now: options.approvalsNow }),
      ...(options.approvalsStore === undefined ? {} : { store: options.approvalsStore }),
    });
  let consent = consentNow();

  const clients = new Map<string, Promise<Client>>();
  const connect = async (key: string) => {
    const client = new Client({ name: "test", version: "1" });
    const transport = new StreamableHTTPClientTransport(url, {
      requestInit: { headers: { "x-persona": key } },
    });
    await client.connect(transport as Parameters<Client["connect"]>[0]);
    return client;
  };

  let known: Promise<string> | undefined;
  const token = () => {
    known ??= newToken();
    return known;
  };
  const newToken = async () => {
    const asked = await fetch(
      `${emulator.url}/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(emulator.url)}&client_id=${applicationUser.applicationId}`,
      { headers: { "x-identity-header": "local-development-only" } },
    );
    return ((await asked.json()) as { access_token: string }).access_token;
  };
  const send = async (method: string, path: string, body?: unknown) =>
    fetch(`${emulator.url}/api/data/v9.2/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await token()}`,
        callerobjectid: personaOf("administrator").objectId,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  const desk: ServiceDesk = {
    emulator,
    url: url.href,
    bugs,
    calls,
    answeredIn,
    issuer,
    browser: (as = "representative") => openBrowser(personOf(as)),
    person: personOf,
    call(tool, args = {}, as = "representative") {
      return agreeing(
        (given) => desk.ask(tool, given, as),
        args,
        ({ structured }) => structured?.approval,
        () => desk.browser(as),
      );
    },
    async ask(tool, args = {}, as = "representative") {
      let client = clients.get(as);
      if (client === undefined) {
        client = connect(as);
        clients.set(as, client);
      }
      const result = await (await client).callTool({ name: tool, arguments: args }, undefined, {
        timeout: 600_000,
      });
      const content = result.content as { text: string }[];
      return {
        text: content.map((block) => block.text).join("\n"),
        structured: result.structuredContent,
        isError: result.isError === true,
      };
    },
    dataverse: () =>
      environment.as(personaOf("representative"), AbortSignal.timeout(60_000), createTrace(), {
        door: openDoor,
      }),
    async read(path) {
      const response = await send("GET", path);
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    },
    async write(method, path, body) {
      const response = await send(method, path, body);
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return response.status;
    },
    forget() {
      config = configNow();
      environment = createDataverseEnvironment(config, () => {});
      consent = consentNow();
    },
    async close() {
      for (const client of clients.values()) await (await client).close();
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      if (front !== undefined) {
        fronts.delete(front);
        await front.close();
      }
      await emulator.close();
      await issuer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return desk;
}

/** The approval page's own registration. */
export const approvalClientId = "0c000000-0000-4000-8000-0000000000c2";

const personOf = (key: Persona["key"]): Person => {
  const { objectId, firstName, lastName } = personaOf(key);
  return { objectId, name: `${firstName} ${lastName}` };
};

/** Several cookies are several headers. */
export function headersOf(response: Response): Record<string, string | string[]> {
  const { "set-cookie": _, ...others } = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  return cookies.length === 0 ? others : { ...others, "set-cookie": cookies };
}
