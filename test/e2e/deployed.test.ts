import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { postdeploy } from "../../infra/hooks/postdeploy";
import { postprovision } from "../../infra/hooks/postprovision";
import { demoCases } from "../../packages/dataverse-emulator/src/sample/identities";
import {
  type Dataverse,
  personaOf,
  startDataverse,
} from "../../packages/dataverse-emulator/test/support/dataverse";
import { tools } from "../../shared/tools";
import { agreeing } from "../support/agreeing";
import { type RunningHost, startHost } from "../support/host";
import { audience, startIssuer, type TestIssuer, tenantId } from "../support/issuer";
import { likeCopilotStudio } from "../support/mcp-clients";

/**
 * A deployment as `azd up` leaves it, but for Azure: the built app behind real tokens, its identity an application user
 * with the role that the hook gave it, and the hooks themselves run against it.
 */
const identity = "0c000000-0000-4000-8000-0000000000ed";
const scope = `api://${tenantId}/func-mcp-x-api/user_impersonation`;
let dataverse: Dataverse;
let issuer: TestIssuer;
let host: RunningHost;
let folder: string;
let cli: string;
let environment: Record<string, string>;

/** The Azure CLI as a program of its own: a token for Dataverse, and one for the endpoint's scope. */
const fakeCli = (forDataverse: string, forScope: string) => `
const at = (flag) => process.argv[process.argv.indexOf(flag) + 1];
const has = (flag) => process.argv.includes(flag);
if (process.argv.slice(2, 4).join(" ") !== "account get-access-token") { console.error("ERROR: unknown command"); process.exit(2); }
if (has("--scope") && at("--scope") !== ${JSON.stringify(scope)}) { console.error("AADSTS65001: consent"); process.exit(1); }
console.log(JSON.stringify({ accessToken: has("--scope") ? ${JSON.stringify(forScope)} : ${JSON.stringify(forDataverse)}, tokenType: "Bearer" }));
`;

beforeAll(async () => {
  [dataverse, issuer] = await Promise.all([startDataverse({ cases: 60 }), startIssuer()]);
  folder = mkdtempSync(join(tmpdir(), "deployed-"));
  cli = join(folder, "az.mjs");
  writeFileSync(cli, fakeCli(await dataverse.token(), await issuer.sign()));
  host = await startHost({
    DATAVERSE_URL: dataverse.url,
    DATAVERSE_CREDENTIAL: "managed-identity",
    MCP_AUTH_MODE: "jwt",
    MCP_TENANT_ID: tenantId,
    MCP_AUDIENCES: audience,
    MCP_AUTHORITY: issuer.authority,
    MCP_ALLOWED_CLIENTS: "aebc6443-996d-45c2-90f0-388ff96faa56",
    AZURE_CLIENT_ID: identity,
    CONSENT: "trust-client",
    IDENTITY_ENDPOINT: `${dataverse.url}/msi/token`,
    IDENTITY_HEADER: "local",
  });
  environment = {
    DATAVERSE_URL: dataverse.url,
    MANAGED_IDENTITY_CLIENT_ID: identity,
    MCP_AZURE_CLI: cli,
    MCP_ENDPOINT: `${host.url}/mcp`,
    MCP_SCOPE: scope,
  };
}, 60_000);
afterAll(async () => {
  await host?.close();
  await Promise.all([issuer?.close(), dataverse?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function run(
  hook: (input: {
    environment: Record<string, string>;
    print: (line: string) => void;
    waitMs: number;
  }) => Promise<void>,
  more: Record<string, string> = {},
): Promise<string> {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await hook({ environment: { ...environment, ...more }, print, waitMs: 1 }).catch((error: Error) =>
    print(`stopped: ${error.message}`),
  );
  return lines.join("\n");
}

describe("the smoke test after a deployment", () => {
  test("before the identity is known to Dataverse, says so and stops", async () => {
    const words = await run(postdeploy);
    expect(words).toMatch(/^passed {2}alive$/m);
    expect(words).toMatch(/^passed {2}401 with a challenge, and its metadata$/m);
    expect(words).toMatch(
      /^FAILED {2}WhoAmI through the identity: .*(not a member|application user)/m,
    );
    expect(words).toMatch(/^passed {2}tools\/list$/m);
    expect(words).toMatch(/stopped: 1 of 4 checks/);
  }, 60_000);

  test("after postprovision, passes whole", async () => {
    expect(await run(postprovision)).toMatch(/application user made, role made/);
    const words = await run(postdeploy);
    expect(words.split("\n")).toEqual([
      "passed  alive",
      "passed  401 with a challenge, and its metadata",
      "passed  WhoAmI through the identity",
      "passed  tools/list",
    ]);
  }, 60_000);

  test("runs as azd runs it: a program of its own, words on the way, an exit code at the end", async () => {
    const asAzd = (hook: string, more: Record<string, string>) =>
      new Promise<{ code: number; words: string }>((done) => {
        execFile(
          process.execPath,
          ["--import", "tsx", resolve(`infra/hooks/${hook}.ts`)],
          { env: { PATH: process.env.PATH, ...environment, ...more } },
          (error, stdout, stderr) =>
            done({ code: error === null ? 0 : Number(error.code), words: stdout + stderr }),
        );
      });
    const [good, bad] = await Promise.all([
      asAzd("postdeploy", {}),
      asAzd("postdeploy", { MCP_ENDPOINT: "" }),
    ]);
    expect([good.code, good.words]).toEqual([0, expect.stringMatching(/^(passed {2}.+\n){4}$/)]);
    expect([bad.code, bad.words]).toEqual([1, "MCP_ENDPOINT is not set. Run azd up first.\n"]);
  }, 60_000);

  test("tries what it can without a token, and says why not the rest", async () => {
    const words = await run(postdeploy, { MCP_SCOPE: "api://another/user_impersonation" });
    expect(words).toMatch(/The rest is not tried: .*PRE_AUTHORIZED_CLIENT_IDS/);
    expect(words).not.toMatch(/WhoAmI|FAILED/);
  });

  test("fails where nothing answers, and names the incident sheet", async () => {
    const words = await run(postdeploy, { MCP_ENDPOINT: "http://127.0.0.1:9/mcp" });
    expect(words).toMatch(/^FAILED {2}alive/m);
    expect(words).toMatch(/stopped: 4 of 4 checks .*docs\/operate\.md/);
  });
});

describe("a client with the habits of Copilot Studio, as the representative", () => {
  test("works a case: list, read, suggestion, draft, send, resolve", async () => {
    const authorization = `Bearer ${await issuer.sign()}`;
    const copilot = await likeCopilotStudio({ authorization })(`${host.url}/mcp`);
    expect(copilot.protocol).toBe("2024-11-05");
    expect((await copilot.tools()).sort()).toEqual(tools.map(({ name }) => name).sort());
    const call = async (name: string, args: Record<string, unknown>) => {
      const { text, isError, data } = await agreeing(
        (given) => copilot.call(name, given),
        args,
        (answer) => answer.data?.approval,
        () => {
          throw new Error("A client that is trusted to ask needs no page.");
        },
      );
      expect([name, isError ? text : ""]).toEqual([name, ""]);
      return { text, data };
    };
    const [{ id, ticketNumber }] = demoCases;
    const read = await call("read_query", {
      querytext: `SELECT incidentid, title FROM incident WHERE ticketnumber = '${ticketNumber}' AND ownerid = CURRENT_USER`,
    });
    expect(read.data.rows).toHaveLength(1);
    const suggested = await call("get_next_suggestion_on_case", { caseNumber: ticketNumber });
    expect(suggested.data.steps.length).toBeGreaterThan(0);
    const due = { $kind: "DateTime", value: "2026-12-01T09:00:00Z" };
    const task = await call("create_record", {
      tablename: "task",
      item: {
        subject: "Call back",
        scheduledend: due,
        regardingobjectid: { relatedTable: "incident", recordId: id },
      },
    });
    const draft = await call("draft_email_with_suggested_response", { incidentId: id });
    const sent = await call("send_email", { emailId: draft.data.emailId });
    expect(sent.data.sent).toBe(true);
    await call("update_record", {
      tablename: "task",
      recordId: task.data.recordId,
      item: { statecode: "Completed" },
    });
    const resolved = await call("resolve_incident", {
      incidentId: id,
      resolutionNote: "Firmware 4.3 was installed.",
    });
    expect(resolved.data).toMatchObject({ resolved: true, incidentId: id });
    const { json } = await dataverse.send(
      "GET",
      `incidents(${id})?$select=statecode,_modifiedby_value,_modifiedonbehalfby_value`,
    );
    // The person's work, done through the identity.
    expect(json).toMatchObject({
      statecode: 1,
      _modifiedby_value: "0a000000-0000-4000-8000-000000000001",
    });
  }, 60_000);

  test("sees no more here than Dataverse shows that person", async () => {
    const as = async (oid: string) => {
      const authorization = `Bearer ${await issuer.sign({ oid })}`;
      const copilot = await likeCopilotStudio({ authorization })(`${host.url}/mcp`);
      return copilot.call("read_query", { querytext: "SELECT COUNT(*) AS n FROM incident" });
    };
    const [mine, all, nothing] = await Promise.all(
      (["representative", "administrator", "without-roles"] as const).map((key) =>
        as(personaOf(key).objectId),
      ),
    );
    expect(mine?.data.rows[0].n).toBeGreaterThan(0);
    expect(mine?.data.rows[0].n).toBeLessThan(all?.data.rows[0].n);
    expect([nothing?.isError, nothing?.text]).toEqual([true, expect.stringMatching(/role/)]);
  }, 60_000);

  test("without a token is told where to sign in, and a GET is refused before that", async () => {
    const stranger = await fetch(`${host.url}/mcp`, { method: "POST", body: "{}" });
    expect(stranger.status).toBe(401);
    expect((await fetch(`${host.url}/mcp`)).status).toBe(405);
  });

  test.each([
    ["of another application", { azp: "0a000000-0000-4000-8000-0000000000ff" }, 403, /allowed/i],
    ["for another API", { aud: "api://another" }, 401, /another API/i],
    [
      "without a person behind it",
      { scp: undefined, roles: ["CSR"], idtyp: "app" },
      403,
      /person/i,
    ],
  ])("%s is turned away, in words", async (_, claims, status, words) => {
    const response = await fetch(`${host.url}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${await issuer.sign(claims)}`,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: "1", method: "tools/list" }),
    });
    const said = `${response.headers.get("www-authenticate")} ${await response.text()}`;
    expect([response.status, said]).toEqual([status, expect.stringMatching(words)]);
  });
});
