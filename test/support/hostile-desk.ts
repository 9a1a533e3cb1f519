import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { type Emulator, startEmulator } from "../../packages/dataverse-emulator/src";
import type { MutableCatalog } from "../../packages/dataverse-emulator/src/metadata/catalog";
import {
  applicationUser,
  personas,
  tenantId,
} from "../../packages/dataverse-emulator/src/sample/identities";
import { setSwitches } from "../../packages/dataverse-emulator/src/switches";
import { sampleDay } from "../../packages/dataverse-emulator/test/support/emulated";
import { type Approval, agreeing } from "./agreeing";
import { openBrowser } from "./browser-person";
import { type RunningHost, startHost } from "./host";
import { startIssuer } from "./issuer";
import { approvalClientId } from "./service-desk";

/** A call of a tool, and what it may be answered with beside an answer that is well. */
export interface HostileCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The refusal in words that is as good as an answer. Anything else that fails is a fault. */
  readonly refusal?: RegExp;
}

export interface Measured {
  readonly cpuMs: number;
  readonly longestHoldMs: number;
  /** The longest that `/health` took meanwhile. */
  readonly healthMs: number;
  /** What is wrong with the answer; undefined when nothing is. */
  readonly fault: string | undefined;
}

/** The built app in a process of its own before the embedded Dataverse, whose records somebody else fills. */
export interface HostileDesk {
  readonly emulator: Emulator;
  /** Puts the text past all rules into every record that the tools read, as long as it is. */
  place(text: string): void;
  /** Puts the text into the names and descriptions of a table, and lets the app notice. */
  placeInDefinitions(text: string): Promise<void>;
  /** Every tool that reads text, with this one in what it sends and in what it finds. */
  calls(text: string): readonly HostileCall[];
  /** Those that read definitions. */
  readonly definitionCalls: readonly HostileCall[];
  /** Calls with `/health` watched, and says yes where that is asked for: the page that shows the text is measured as well. */
  measure(call: HostileCall): Promise<Measured>;
  /** The answer as it came, JSON. */
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

const ids = {
  case: "6a000000-0000-4000-8000-000000000001",
  mail: "6a000000-0000-4000-8000-000000000002",
  article: "6a000000-0000-4000-8000-000000000003",
  other: "6a000000-0000-4000-8000-000000000004",
  note: "6a000000-0000-4000-8000-000000000005",
  draft: "6a000000-0000-4000-8000-000000000006",
  toResolve: "6a000000-0000-4000-8000-000000000007",
} as const;
/** Found by its title, whatever else is put into the records. */
const name = "Quorvex lens is dull";
const [persona] = personas;
const administrator = personas.find(({ key }) => key === "administrator");
const owned = { "ownerid@odata.bind": `/systemusers(${persona?.systemUserId})` };
const tooLong = /\d+ characters|larger than 1 MiB/i;
/** Far beyond what the service takes for a label. */
const longestLabel = 4_000;
const longestDescription = 100_000;
/** Columns of one line hold no more than this, whoever made them wider. */
const longestLine = 4_000;

export async function startHostileDesk(): Promise<HostileDesk> {
  const emulator = await startEmulator({ cases: 60, asOf: sampleDay, now: () => sampleDay });
  // A turn to search is waited for in the service; here it would cost a second a call.
  setSwitches(emulator.world, { searchesPerSecond: 0 });
  const [issuer, folder] = await Promise.all([
    startIssuer(tenantId),
    mkdtemp(join(tmpdir(), "approvals-")),
  ]);
  const host = await startHost({
    MCP_AUTHORITY: issuer.authority,
    CONSENT_CLIENT_ID: approvalClientId,
    CONSENT_STORE: folder,
    DATAVERSE_URL: emulator.url,
    MCP_AUTH_MODE: "dev",
    MCP_TENANT_ID: tenantId,
    MCP_DEV_USER_OBJECT_ID: administrator?.objectId ?? "",
    AZURE_CLIENT_ID: applicationUser.applicationId,
    IDENTITY_ENDPOINT: `${emulator.url}/msi/token`,
    IDENTITY_HEADER: "local-development-only",
  });
  const desk = deskOf(emulator, host, async () => {
    await issuer.close();
    await rm(folder, { recursive: true });
  });
  await fill(emulator);
  desk.place("Nothing yet.");
  return desk;
}

/** What the tools look for: a case with a mail, a note and a draft, an article and a resolved case about the same. */
async function fill({ url }: Emulator): Promise<void> {
  const identity = await fetch(
    `${url}/msi/token?api-version=2019-08-01&resource=${url}&client_id=${applicationUser.applicationId}`,
    { headers: { "X-IDENTITY-HEADER": "x" } },
  );
  const { access_token } = (await identity.json()) as { access_token: string };
  const headers = {
    Authorization: `Bearer ${access_token}`,
    CallerObjectId: administrator?.objectId ?? "",
    "Content-Type": "application/json",
  };
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/api/data/v9.2/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  const contacts = "contacts?$select=contactid&$filter=emailaddress1 ne null&$top=1";
  const contact = (await send("GET", contacts)).value[0].contactid;
  const customer = { "customerid_contact@odata.bind": `/contacts(${contact})`, ...owned };
  for (const id of [ids.case, ids.other, ids.toResolve])
    await send("PATCH", `incidents(${id})`, { title: name, description: "x", ...customer });
  const about = { "regardingobjectid_incident_email@odata.bind": `/incidents(${ids.case})` };
  await send("PATCH", `emails(${ids.mail})`, {
    subject: name,
    description: "x",
    directioncode: false,
    ...about,
    ...owned,
  });
  await send("PATCH", `emails(${ids.draft})`, {
    subject: name,
    description: "x",
    directioncode: true,
    ...about,
    ...owned,
    email_activity_parties: [
      {
        "partyid_systemuser@odata.bind": `/systemusers(${persona?.systemUserId})`,
        participationtypemask: 1,
      },
      { "partyid_contact@odata.bind": `/contacts(${contact})`, participationtypemask: 2 },
    ],
  });
  await send("PATCH", `annotations(${ids.note})`, {
    subject: name,
    notetext: "x",
    "objectid_incident@odata.bind": `/incidents(${ids.case})`,
  });
  await send("PATCH", `knowledgearticles(${ids.article})`, {
    title: name,
    content: "<p>Polish the Quorvex lens.</p>",
    isinternal: false,
    islatestversion: true,
  });
  await send("PATCH", `knowledgearticles(${ids.article})`, { statecode: 3, statuscode: 7 });
  await send("POST", "CloseIncident", {
    IncidentResolution: {
      "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
      subject: "Solved",
      description: "x",
      "incidentid@odata.bind": `/incidents(${ids.other})`,
    },
    Status: 5,
  });
}

/** Asks `/health` until what it returns is called, which tells the longest that it took. */
function watchHealth(url: string): () => Promise<number> {
  const thread = new Worker(resolve(__dirname, "watch-health.mjs"), {
    workerData: { url: `${url}/health` },
  });
  const told = new Promise<{ readonly slowest: number; readonly failure?: string }>(
    (done, fail) => {
      thread.once("message", done);
      thread.once("error", fail);
    },
  );
  return async () => {
    thread.postMessage("end");
    const { slowest, failure } = await told;
    if (failure !== undefined) throw new Error(`/health: ${failure}`);
    return slowest;
  };
}

/** What is left of an answer that asks for a yes, as its JSON has it. */
const approvalOf = (text: string): Approval | undefined =>
  JSON.parse(text).result?.structuredContent?.approval;

/** Of the administrator, whom the endpoint takes every caller for. */
const newBrowser = () => openBrowser({ objectId: administrator?.objectId ?? "", name: "Robin" });

function deskOf(emulator: Emulator, host: RunningHost, end: () => Promise<void>): HostileDesk {
  const { db } = emulator.world;
  const put = (table: string, key: string, id: string, values: Record<string, unknown>) => {
    const names = Object.keys(values);
    const { changes } = db
      .prepare(
        `UPDATE "${table}" SET ${names.map((each) => `"${each}" = ?`).join(", ")} WHERE "${key}" = ?`,
      )
      .run(...(Object.values(values) as string[]), id);
    if (Number(changes) < 1) throw new Error(`There is no ${table} ${id}.`);
  };
  async function call(tool: string, args: Readonly<Record<string, unknown>>): Promise<string> {
    const answer = await fetch(`${host.url}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        // A connection that is kept may be closed by the other side while this process is busy.
        connection: "close",
        "mcp-protocol-version": "2025-11-25",
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method: "tools/call",
        params: { name: tool, arguments: args },
      }),
    });
    return answer.text();
  }
  return {
    emulator,
    call,
    place(text) {
      const titled = `${name} ${text}`.slice(0, longestLine);
      put("email", "activityid", ids.mail, { subject: titled, description: text });
      put("email", "activityid", ids.draft, {
        subject: titled,
        description: text,
        // As it was before it was sent, if it was.
        statecode: 0,
        statuscode: 1,
      });
      put("annotation", "annotationid", ids.note, { subject: titled, notetext: text });
      for (const id of [ids.case, ids.other])
        put("incident", "incidentid", id, { title: titled, description: text });
      put("incident", "incidentid", ids.toResolve, { title: titled, statecode: 0, statuscode: 1 });
      put("knowledgearticle", "knowledgearticleid", ids.article, { content: text });
      put("incidentresolution", "incidentid", ids.other, { description: text });
    },
    async placeInDefinitions(text) {
      const catalog = emulator.world.catalog as MutableCatalog;
      const table = catalog.byName("incident");
      if (table === undefined) throw new Error("There is no table of cases.");
      const label = text.slice(0, longestLabel);
      const labels = {
        displayName: label,
        displayCollectionName: label,
        description: text.slice(0, longestDescription),
      };
      const attributes = table.attributes.map((each, at) =>
        at % 20 === 0 ? { ...each, displayName: text.slice(0, longestLabel) } : each,
      );
      catalog.change((change) => change.putEntity({ ...table, ...labels, attributes }));
      await call("read_query", { querytext: "SELECT TOP 1 title FROM incident" });
    },
    calls: (text) => [
      { tool: "get_next_suggestion_on_case", args: { incidentId: ids.case } },
      {
        tool: "draft_email_with_suggested_response",
        args: { incidentId: ids.case, sourceContextEntityId: ids.mail, another: true },
      },
      {
        tool: "draft_email_with_suggested_response",
        args: { incidentId: ids.case, sourceContextEntityId: ids.note, another: true },
      },
      { tool: "enrich_case", args: { incidentId: ids.case, dryRun: true } },
      { tool: "retrieve_knowledge", args: { question: `${name} ${text}`.slice(0, 2_000) } },
      {
        tool: "read_query",
        args: {
          querytext: `SELECT subject, description FROM email WHERE activityid = '${ids.mail}' AND description LIKE '%red%light%'`,
        },
      },
      {
        tool: "create_record",
        args: {
          tablename: "annotation",
          item: {
            subject: "Note",
            notetext: text,
            "objectid_incident@odata.bind": `/incidents(${ids.case})`,
          },
        },
        refusal: tooLong,
      },
      {
        tool: "update_record",
        args: { tablename: "incident", recordId: ids.case, item: { description: text } },
        refusal: tooLong,
      },
      { tool: "send_email", args: { emailId: ids.draft }, refusal: tooLong },
      {
        tool: "resolve_incident",
        args: { incidentId: ids.toResolve, resolutionNote: text },
        refusal: tooLong,
      },
      { tool: "list_knowledge_sources", args: {} },
    ],
    definitionCalls: [
      { tool: "list_tables", args: {} },
      { tool: "describe_table", args: { tablename: "incident" } },
    ],
    async measure({ tool, args, refusal }) {
      await host.usage();
      const watch = watchHealth(host.url);
      const text = await agreeing((given) => call(tool, given), args, approvalOf, newBrowser);
      const usage = await host.usage();
      const healthMs = await watch();
      // A yes that was not taken leaves the call undone.
      const isRefused =
        text.includes('"isError":true') ||
        text.includes('"error":{') ||
        (approvalOf(text) !== undefined && args.dryRun !== true);
      const isExpected = !isRefused || refusal?.test(text) === true;
      return {
        ...usage,
        healthMs,
        fault: isExpected ? undefined : `${tool}: ${text.slice(0, 400)}`,
      };
    },
    async close() {
      await host.close();
      await emulator.close();
      await end();
    },
  };
}
