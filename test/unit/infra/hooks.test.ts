import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { needsOf } from "../../../infra/hooks/dataverse/privileges";
import { resolvePrivileges } from "../../../infra/hooks/dataverse/role-privileges";
import { WebApi } from "../../../infra/hooks/dataverse/web-api";
import { postprovision } from "../../../infra/hooks/postprovision";
import { checkUrl, preprovision } from "../../../infra/hooks/preprovision";
import { applicationUser } from "../../../packages/dataverse-emulator/src/sample/identities";
import {
  type Dataverse,
  startDataverse,
} from "../../../packages/dataverse-emulator/test/support/dataverse";
import { tools } from "../../../shared/tools";

const applicationId = "0c000000-0000-4000-8000-0000000000ee";
let dataverse: Dataverse;
let folder: string;
let cli: string;

/** The Azure CLI as a program of its own, which asks for a token on loopback and fails as `az` does. */
beforeAll(async () => {
  dataverse = await startDataverse();
  // The token at hand is the application user's: here it deploys, so it is made an administrator.
  const [role] = await rowsOf("roles?$select=roleid&$filter=name eq 'System Administrator'");
  await dataverse.send(
    "POST",
    `systemusers(${applicationUser.systemUserId})/systemuserroles_association/$ref`,
    { "@odata.id": `${dataverse.root}roles(${role?.roleid})` },
  );
  folder = mkdtempSync(join(tmpdir(), "hooks-"));
  cli = join(folder, "az.mjs");
  const script = `
const at = (flag) => process.argv[process.argv.indexOf(flag) + 1];
if (process.argv[2] !== "account" || process.argv[3] !== "get-access-token") { console.error("ERROR: unknown command"); process.exit(2); }
console.log(JSON.stringify({ accessToken: ${JSON.stringify(await dataverse.token())}, resource: at("--resource"), tokenType: "Bearer" }));
`;
  writeFileSync(cli, script);
});
afterAll(async () => {
  await dataverse.close();
  rmSync(folder, { recursive: true, force: true });
});

const environment = (more: Record<string, string> = {}) => ({
  DATAVERSE_URL: dataverse.url,
  MANAGED_IDENTITY_CLIENT_ID: applicationId,
  MCP_AZURE_CLI: cli,
  MCP_ENDPOINT: "https://func-mcp-x.azurewebsites.net/mcp",
  ...more,
});

async function run(hook: typeof postprovision, more?: Record<string, string>): Promise<string> {
  const lines: string[] = [];
  await hook({ environment: environment(more), print: (line) => void lines.push(line) });
  return lines.join("\n");
}

const rowsOf = async (path: string) =>
  (await dataverse.send("GET", path)).json.value as Record<string, unknown>[];

describe("postprovision", () => {
  test("makes the application user with a role of just the tools' privileges, and changes nothing the second time", async () => {
    const first = await run(postprovision);
    expect(first).toMatch(/application user made, role made, \d+ privileges added, role given/);
    const [user] = await rowsOf(
      `systemusers?$select=systemuserid&$filter=applicationid eq ${applicationId}`,
    );
    const roles = await rowsOf(
      `systemusers(${user?.systemuserid})/systemuserroles_association?$select=name,roleid`,
    );
    expect(roles.map(({ name }) => name)).toContain("Customer Service MCP endpoint");
    const roleId = roles.find(({ name }) => name === "Customer Service MCP endpoint")?.roleid;
    const { RolePrivileges } = (
      await dataverse.send("GET", `RetrieveRolePrivilegesRole(RoleId=${roleId})`)
    ).json as {
      RolePrivileges: { PrivilegeName: string; Depth: string }[];
    };
    const api = new WebApi(dataverse.url, await dataverse.token());
    const wanted = await resolvePrivileges(api, needsOf(tools, { schemaTools: false }));
    const held = RolePrivileges.map(({ PrivilegeName }) => PrivilegeName);
    expect([...held].sort()).toEqual(wanted.privileges.map(({ name }) => name).sort());
    expect(held).toEqual(
      expect.arrayContaining([
        "prvActOnBehalfOfAnotherUser",
        "prvReadIncident",
        "prvWriteIncident",
        "prvReadNote",
      ]),
    );
    expect(held).not.toContain("prvDeleteEntity");
    expect(new Set(RolePrivileges.map(({ Depth }) => Depth))).toEqual(new Set(["Global"]));
    expect(await run(postprovision)).toMatch(/nothing to change/);
  });

  test("makes each further identity an application user with the same role", async () => {
    const more = [7, 8].map((nth) => `0c000000-0000-4000-8000-0000000000f${nth}`);
    const words = await run(postprovision, { MORE_IDENTITY_CLIENT_IDS: more.join(",") });
    for (const id of more) {
      expect(words).toContain(`Dataverse: ${id} is an application user`);
      const [user] = await rowsOf(
        `systemusers?$select=systemuserid&$filter=applicationid eq ${id}`,
      );
      const roles = await rowsOf(
        `systemusers(${user?.systemuserid})/systemuserroles_association?$select=name`,
      );
      expect(roles.map(({ name }) => name)).toEqual(["Customer Service MCP endpoint"]);
    }
  });

  test("is polite to a person who is not signed in, and says what an administrator does", async () => {
    const failing = join(folder, "az-signed-out.mjs");
    writeFileSync(
      failing,
      `console.error("ERROR: Please run 'az login' to setup account."); process.exit(1);`,
    );
    const words = await run(postprovision, { MCP_AZURE_CLI: failing });
    expect(words).toMatch(/Dataverse was not set up: .*az login/);
    expect(words).toMatch(/azd hooks run postprovision/);
    expect(words).toMatch(/prvActOnBehalfOfAnotherUser/);
    expect(words).toContain("https://func-mcp-x.azurewebsites.net/mcp");
  });

  test("is polite when there is no Azure CLI", async () => {
    expect(await run(postprovision, { MCP_AZURE_CLI: join(folder, "no-such-az") })).toMatch(
      /is not installed/,
    );
  });

  test("gives the organisation's own tables, takes them back, and says what is not there", async () => {
    const roleOf = async () => {
      const [role] = await rowsOf(
        "roles?$select=roleid&$filter=name eq 'Customer Service MCP endpoint'",
      );
      const { json } = await dataverse.send(
        "GET",
        `RetrieveRolePrivilegesRole(RoleId=${role?.roleid})`,
      );
      return (json.RolePrivileges as { PrivilegeName: string }[]).map((each) => each.PrivilegeName);
    };
    const words = await run(postprovision, {
      DATAVERSE_TABLES: "lead, new_nowhere",
      DATAVERSE_PRIVILEGES: "prvReadOrganization,prvNothing",
    });
    expect(words).toMatch(/no table .*new_nowhere/);
    expect(words).toMatch(/does not know prvNothing/);
    expect(await roleOf()).toEqual(
      expect.arrayContaining(["prvCreateLead", "prvReadLead", "prvReadOrganization"]),
    );
    expect(await run(postprovision)).toMatch(/\d privileges taken away/);
    expect(await roleOf()).not.toContain("prvCreateLead");
  });
});

test("a privilege that cannot reach the whole organisation gets as deep as it may", async () => {
  const { db } = dataverse.emulator.world;
  const set = (value: number) =>
    db
      .prepare("UPDATE privilege SET canbeglobal = ? WHERE name = 'prvActOnBehalfOfAnotherUser'")
      .run(value);
  set(0);
  try {
    const api = new WebApi(dataverse.url, await dataverse.token());
    const { privileges } = await resolvePrivileges(api, needsOf([], { schemaTools: false }));
    expect(privileges.map(({ name, depth }) => [name, depth])).toEqual([
      ["prvActOnBehalfOfAnotherUser", "Deep"],
      ["prvReadAttribute", "Global"],
      ["prvReadEntity", "Global"],
      ["prvReadRelationship", "Global"],
    ]);
  } finally {
    set(1);
  }
});

describe("the privileges", () => {
  const needs = { named: ["Read", "Delete"] } as const;

  test("come from what the tools say, and a tool that says nothing stops the hook", () => {
    const reading = needsOf([{ name: "read_query", needs: { named: ["Read"] } }], {
      schemaTools: false,
    });
    expect(new Set([...reading.tables.values()].flatMap((rights) => [...rights]))).toEqual(
      new Set(["Read"]),
    );
    const deleting = needsOf([{ name: "delete_record", needs }], { schemaTools: false });
    expect(deleting.tables.get("incident")).toEqual(new Set(["Read", "Delete"]));
    expect(deleting.tables.get("subject")).toEqual(new Set(["Read"]));
    expect(() => needsOf([{ name: "new_tool" }], { schemaTools: false })).toThrow(
      /new_tool does not say what it needs/,
    );
  });

  test("of the schema are given only when asked", () => {
    expect(needsOf(tools, { schemaTools: false }).privileges.has("prvCreateEntity")).toBe(false);
    expect(needsOf(tools, { schemaTools: true }).privileges.has("prvCreateEntity")).toBe(true);
  });
});

describe("preprovision", () => {
  const ask = async () => "https://contoso.crm4.dynamics.com/main.aspx";

  test("asks for the environment, keeps its origin and names the rights", async () => {
    const kept: Record<string, string> = {};
    const lines: string[] = [];
    const keep = (name: string, value: string) => {
      kept[name] = value;
    };
    const print = (line: string) => void lines.push(line);
    await preprovision({
      environment: {
        MCP_AZURE_CLI: join(folder, "no-such-az"),
        MONTHLY_BUDGET: "50",
        ALERT_EMAIL: "a@b.example",
      },
      keep,
      print,
      ask,
    });
    expect(kept.DATAVERSE_URL).toBe("https://contoso.crm4.dynamics.com");
    expect(kept.BUDGET_START_DATE).toMatch(/^\d{4}-\d{2}-01$/);
    expect(lines.join("\n")).toMatch(/Owner.*\n.*Application Developer.*\n.*System Administrator/);
  });

  test("tells an administrator that all is well", async () => {
    const lines: string[] = [];
    await preprovision({
      environment: environment(),
      keep: () => {},
      print: (line) => void lines.push(line),
    });
    expect(lines.join("\n")).toMatch(/System Administrator of http/);
  });

  test.each(["contoso", "http://contoso.crm.dynamics.com", "https://make.powerapps.com"])(
    "refuses %s",
    (text) => {
      expect(() => checkUrl(text)).toThrow(/DATAVERSE_URL|no Dataverse environment/);
    },
  );

  test("stops where nobody can be asked", async () => {
    await expect(
      preprovision({ environment: {}, keep: () => {}, print: () => {} }),
    ).rejects.toThrow(/azd env set DATAVERSE_URL/);
  });
});
