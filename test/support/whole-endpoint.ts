import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Emulator, startEmulator } from "../../packages/dataverse-emulator/src";
import { applicationUser } from "../../packages/dataverse-emulator/src/sample/identities";
import { setSwitches } from "../../packages/dataverse-emulator/src/switches";
import { answerApprovalOf, endpointOf, profileAt } from "../../shared/compose";
import { readConfig } from "../../shared/config";
import { answer } from "../../shared/mcp";
import { agreeing } from "./agreeing";
import { type BlobService, startBlobService } from "./blob-service";
import { type BrowserPerson, openBrowser } from "./browser-person";
import {
  audience,
  clientId,
  personObjectId,
  startIssuer,
  type TestIssuer,
  tenantId,
} from "./issuer";
import { approvalClientId, headersOf as responseHeaders } from "./service-desk";

export interface Answer {
  readonly status: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape differs from tool to tool
  readonly structured: any;
  readonly isError: boolean;
}

export interface CallOptions {
  /** Claims of the person's token; `roles` among them. */
  readonly claims?: Record<string, unknown>;
  readonly path?: string;
  readonly era?: "legacy" | "modern";
}

/** The endpoint as the function of the app has it, but for the Functions host: settings, tokens, policy, tools, Dataverse. */
export interface WholeEndpoint {
  readonly emulator: Emulator;
  readonly issuer: TestIssuer;
  /** Lines of the log that are JSON. */
  readonly lines: Record<string, unknown>[];
  /** What is set from now on. */
  set(settings: Readonly<Record<string, string>>): void;
  /** Sends JSON-RPC as somebody, and gives the answer's status and body. */
  send(body: unknown, options?: CallOptions): Promise<{ status: number; body: unknown }>;
  /** Calls a tool, and agrees to what is asked for: at the page where a person is asked. */
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
  /** The same, and nobody answers anything. */
  ask(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
  /** A browser of somebody's, for the approval page. */
  browser(claims?: Record<string, unknown>): BrowserPerson;
  /** Where approvals are kept. */
  readonly blobs: BlobService;
  list(options?: CallOptions): Promise<readonly string[]>;
  close(): Promise<void>;
}

const modern = "2026-07-28";

/** Meta data and headers by which the modern era says what a request is. */
const modernOf = (method: string, params: Record<string, unknown>) => ({
  headers: {
    "mcp-protocol-version": modern,
    "mcp-method": method,
    ...(typeof params.name === "string" ? { "mcp-name": params.name } : {}),
  },
  params: {
    ...params,
    _meta: {
      "io.modelcontextprotocol/protocolVersion": modern,
      "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": {},
    },
  },
});

export async function startWholeEndpoint(
  settings: Readonly<Record<string, string>> = {},
  { cases = 20 }: { readonly cases?: number } = {},
): Promise<WholeEndpoint> {
  const [emulator, issuer, blobs] = await Promise.all([
    startEmulator({ cases, faults: true }),
    startIssuer(),
    startBlobService(),
  ]);
  setSwitches(emulator.world, { searchesPerSecond: 0 });
  // The identity library looks here by itself.
  Object.assign(process.env, {
    IDENTITY_ENDPOINT: `${emulator.url}/msi/token`,
    IDENTITY_HEADER: "local",
  });
  const configOf = (more: Readonly<Record<string, string>>) =>
    readConfig({
      DATAVERSE_URL: emulator.url,
      MCP_AUTH_MODE: "jwt",
      MCP_TENANT_ID: tenantId,
      MCP_AUDIENCES: audience,
      MCP_AUTHORITY: issuer.authority,
      MCP_ALLOWED_CLIENTS: clientId,
      IDENTITY_ENDPOINT: `${emulator.url}/msi/token`,
      AZURE_CLIENT_ID: applicationUser.applicationId,
      MCP_PUBLIC_URL: `http://127.0.0.1:${(page.address() as AddressInfo).port}`,
      CONSENT_CLIENT_ID: approvalClientId,
      CONSENT_STORE: blobs.container,
      ...more,
    });
  const page = createServer(async (incoming, outgoing) => {
    const hasBody = incoming.method === "POST";
    const request = new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: incoming.headers as Record<string, string>,
      ...(hasBody ? { body: incoming as unknown as ReadableStream, duplex: "half" } : {}),
    } as RequestInit);
    const response = await answerApprovalOf(config, request, log);
    outgoing.writeHead(response.status, responseHeaders(response));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((done) => page.listen(0, "127.0.0.1", done));
  let config = configOf(settings);
  const lines: Record<string, unknown>[] = [];
  const keep = (line: unknown) => {
    if (typeof line === "string" && line.startsWith("{")) lines.push(JSON.parse(line));
  };
  const log = { log: keep, warn: keep, error: keep };
  const headersOf = async (claims: Record<string, unknown> = {}) => ({
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    authorization: `Bearer ${await issuer.sign(claims)}`,
  });

  async function post(body: unknown, headers: Record<string, string>, path = "/mcp") {
    const profile = profileAt(path.split("/")[2]);
    if (profile instanceof Response) return { status: profile.status, body: await profile.json() };
    const request = new Request(`https://mcp.example.org${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    const response = await answer(request, endpointOf(config, log, profile));
    return { status: response.status, body: (await response.json()) as unknown };
  }
  async function request(method: string, params: Record<string, unknown>, options: CallOptions) {
    const { claims, path, era = "legacy" } = options;
    const form = era === "modern" ? modernOf(method, params) : { headers: {}, params };
    const { status, body } = await post(
      { jsonrpc: "2.0", id: 1, method, params: form.params },
      { ...(await headersOf(claims)), ...form.headers },
      path,
    );
    const { result, error } = body as {
      result?: Record<string, unknown>;
      error?: { message: string };
    };
    return { status, result, error };
  }

  const whole: WholeEndpoint = {
    emulator,
    issuer,
    blobs,
    lines,
    set(more) {
      config = configOf(more);
    },
    send: async (body, { claims, path } = {}) => post(body, await headersOf(claims), path),
    browser: (claims = {}) =>
      openBrowser({ objectId: String(claims.oid ?? personObjectId), name: "Avery" }),
    call: (name, args, options = {}) =>
      agreeing(
        (given) => whole.ask(name, given, options),
        args,
        ({ structured }) => structured?.approval,
        () => whole.browser(options.claims),
      ),
    async ask(name, args, options = {}) {
      const { status, result, error } = await request(
        "tools/call",
        { name, arguments: args },
        options,
      );
      const content = (result?.content ?? []) as { text: string }[];
      return {
        status,
        text: error?.message ?? content.map((block) => block.text).join("\n"),
        structured: result?.structuredContent,
        isError: error !== undefined || result?.isError === true,
      };
    },
    async list(options = {}) {
      const { result } = await request("tools/list", {}, options);
      return ((result?.tools ?? []) as { name: string }[]).map(({ name }) => name);
    },
    close: async () => {
      await new Promise<void>((done) => {
        page.close(() => done());
        page.closeAllConnections();
      });
      await Promise.all([emulator.close(), issuer.close(), blobs.close()]);
    },
  };
  return whole;
}
