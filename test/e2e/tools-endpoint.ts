import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { startEmulator } from "../../packages/dataverse-emulator/src";
import { addPlugIn, type PlugIn } from "../../packages/dataverse-emulator/src/plug-ins";
import { type Switches, setSwitches } from "../../packages/dataverse-emulator/src/switches";
import { createConsentDesk, createDataverseEnvironment } from "../../shared/compose";
import { readConfig } from "../../shared/config";
import { answer, createFlow, createPerformer, type ToolEndpoint } from "../../shared/mcp";
import { buildSurface } from "../../shared/mcp/surface";
import { permissionOf, unrestricted } from "../../shared/policy/access";
import { tools } from "../../shared/tools";
import { createTrace } from "../../shared/trace";
import { agreeing } from "../support/agreeing";
import { openBrowser } from "../support/browser-person";
import { roomy } from "../support/flow";
import { startIssuer } from "../support/issuer";
import { approvalClientId, headersOf } from "../support/service-desk";

const tenantId = "0f000000-0000-4000-8000-000000000001";

/** Personas of the sample company, by the last digit of their ids. */
export const people = { representative: 1, manager: 2, administrator: 3, withoutRoles: 4 } as const;
export const systemUserId = (person: keyof typeof people) =>
  `0a000000-0000-4000-8000-00000000000${people[person]}`;

export interface ToolAnswer {
  /** All blocks. */
  readonly text: string;
  /** The first block, where agents tuned to Microsoft's server look. */
  readonly first: string;
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape of its tool
  readonly data: any;
}

export interface Person {
  /** Calls a tool, and agrees to what is asked for. */
  call(tool: string, args: Record<string, unknown>): Promise<ToolAnswer>;
  /** The same, and nobody answers anything. */
  ask(tool: string, args: Record<string, unknown>): Promise<ToolAnswer>;
  /** Rows of a SELECT; fails the test when the query is refused. */
  // biome-ignore lint/suspicious/noExplicitAny: rows have whatever columns the test asked for
  rows(sql: string): Promise<any[]>;
}

export interface ToolsEndpoint {
  as(person: keyof typeof people): Promise<Person>;
  readonly bugs: unknown[];
  /** Writes past the tools, as other programs of an environment do. */
  store(table: string, key: string, id: string, values: Readonly<Record<string, string>>): void;
  /** Registers a rule of the company's own. */
  plugIn(rule: PlugIn): void;
  /** A request of another program, as the administrator; fails the test when it is refused. Gives the answer's JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: rows and definitions of any shape
  elsewhere(method: string, path: string, body?: unknown): Promise<any>;
  /** Status of every HTTP answer of the MCP endpoint. */
  readonly statuses: number[];
  close(): Promise<void>;
}

/** The embedded Dataverse and the real endpoint before it, both over HTTP; callers use the official MCP client. */
export async function startTools(
  cases = 40,
  switches: Partial<Switches> = {},
): Promise<ToolsEndpoint> {
  const emulator = await startEmulator({ port: 0, data: ":memory:", cases });
  setSwitches(emulator.world, switches);
  process.env.IDENTITY_ENDPOINT = `${emulator.url}/msi/token`;
  process.env.IDENTITY_HEADER = "test";
  const bugs: unknown[] = [];
  const statuses: number[] = [];
  const list = buildSurface(tools);
  const flow = createFlow(roomy);
  const server = createServer(async (incoming, outgoing) => {
    const hasBody = incoming.method !== "GET" && incoming.method !== "HEAD";
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: incoming.headers as Record<string, string>,
      ...(hasBody ? { body: incoming as unknown as ReadableStream, duplex: "half" } : {}),
    } as RequestInit);
    const { pathname } = new URL(request.url);
    const response = pathname.startsWith("/approve")
      ? await (consent.answerPage(request, createPerformer(runtime)) ?? Response.error())
      : await answer(request, runtime);
    statuses.push(response.status);
    outgoing.writeHead(response.status, headersOf(response));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  const issuer = await startIssuer(tenantId);
  const folder = await mkdtemp(join(tmpdir(), "approvals-"));
  const settings = readConfig({
    DATAVERSE_URL: emulator.url,
    DATAVERSE_CREDENTIAL: "managed-identity",
    MCP_AUTH_MODE: "dev",
    MCP_TENANT_ID: tenantId,
    MCP_DEV_USER_OBJECT_ID: "0b000000-0000-4000-8000-000000000001",
    MCP_PUBLIC_URL: url.origin,
    MCP_AUTHORITY: issuer.authority,
    CONSENT_CLIENT_ID: approvalClientId,
    CONSENT_STORE: folder,
  });
  const environment = createDataverseEnvironment(settings, () => undefined);
  const consent = createConsentDesk({
    config: settings,
    token: (scope) => environment.token(scope),
    warn: () => undefined,
  });
  const runtime: ToolEndpoint = {
    tools,
    list,
    allowedOrigins: [],
    authenticate: async (asked) => ({
      objectId: asked.headers.get("x-test-person") ?? "",
      tenantId,
      name: undefined,
      roles: [],
      clientId: undefined,
    }),
    flow,
    permissionOf: () => permissionOf([], unrestricted),
    timeoutMs: (tool) => tool.timeoutMs ?? 45_000,
    contextFor: (caller, _tool, { signal, beforeWrite }, door) => {
      const trace = createTrace();
      const dataverse = environment.as(caller, signal, trace, { beforeWrite, door });
      const intelligence = environment.intelligence(dataverse);
      const now = () => new Date();
      return { trace, context: { caller, signal, settings, dataverse, intelligence, now } };
    },
    consent: consent.runtime,
    onCall: () => undefined,
    onBug: (error) => void bugs.push(error),
  };
  const clients: Client[] = [];

  return {
    bugs,
    store(table, key, id, values) {
      for (const [column, value] of Object.entries(values)) {
        const { changes } = emulator.world.db
          .prepare(`UPDATE "${table}" SET "${column}" = ? WHERE "${key}" = ?`)
          .run(value, id);
        if (Number(changes) !== 1) throw new Error(`There is no ${table} ${id}.`);
      }
    },
    plugIn: (rule) => addPlugIn(emulator.world, rule),
    async elsewhere(method, path, body) {
      const asked = `${emulator.url}/msi/token?api-version=2019-08-01&resource=${emulator.url}`;
      const signed = await fetch(asked, { headers: { "X-IDENTITY-HEADER": "test" } });
      const { access_token } = (await signed.json()) as { access_token: string };
      const response = await fetch(`${emulator.url}/api/data/v9.2/${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${access_token}`,
          CallerObjectId: `0b000000-0000-4000-8000-00000000000${people.administrator}`,
          "Content-Type": "application/json",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
    statuses,
    async as(person) {
      const client = new Client({ name: "tools-test", version: "1" });
      const headers = { "x-test-person": `0b000000-0000-4000-8000-00000000000${people[person]}` };
      const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
      await client.connect(transport as Parameters<Client["connect"]>[0]);
      clients.push(client);
      const ask: Person["call"] = async (name, args) => {
        const result = await client.callTool({ name, arguments: args });
        const blocks = (result.content as { text: string }[]).map(({ text }) => text);
        return {
          text: blocks.join("\n"),
          first: blocks[0] ?? "",
          isError: result.isError === true,
          data: result.structuredContent,
        };
      };
      const objectId = `0b000000-0000-4000-8000-00000000000${people[person]}`;
      const call: Person["call"] = (name, args) =>
        agreeing(
          (given) => ask(name, given),
          args,
          ({ data }) => data?.approval,
          () => openBrowser({ objectId, name: person }),
        );
      return {
        call,
        ask,
        async rows(querytext) {
          const { text, isError, data } = await call("read_query", { querytext });
          if (isError) throw new Error(text);
          return data.rows;
        },
      };
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      await emulator.close();
      await issuer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
