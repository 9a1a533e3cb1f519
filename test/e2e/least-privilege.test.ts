import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { setUpApplicationUser } from "../../infra/hooks/dataverse/dataverse-admin";
import { needsOf } from "../../infra/hooks/dataverse/privileges";
import {
  type Privilege,
  type Resolved,
  resolvePrivileges,
} from "../../infra/hooks/dataverse/role-privileges";
import { WebApi } from "../../infra/hooks/dataverse/web-api";
import type { Security } from "../../packages/dataverse-emulator/src/model";
import { applicationUser } from "../../packages/dataverse-emulator/src/sample/identities";
import { privilegeName } from "../../packages/dataverse-emulator/src/security";
import { tools } from "../../shared/tools";
import type { Tool } from "../../shared/tools/define";
import { serviceTables } from "../../shared/tools/needs";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";
import { type HappyPath, happyPaths } from "./happy-paths";
import { setTheTable } from "./happy-paths-data";

/** The managed identity of a deployment: its application user holds what the hook gives it, and nothing else. */
const identity = "0c000000-0000-4000-8000-0000000000ab";
const whole = needsOf(tools, { schemaTools: true });
/** What every call needs; no table is behind it. */
const ofAll = needsOf([], { schemaTools: true }).privileges;

let desk: ServiceDesk;
let api: WebApi;
let roleId: string;
let role: Resolved;
let paths: HappyPath[];
/** Privileges that Dataverse asked the application user for, by path. */
const asked = new Map<HappyPath, Set<string>>();
let current: HappyPath | undefined;

/** Milliseconds that each took: the quickest is asked first. */
const took = new Map<HappyPath, number>();

async function run(path: HappyPath): Promise<void> {
  current = path;
  const start = performance.now();
  try {
    await path.run();
    took.set(path, performance.now() - start);
  } finally {
    current = undefined;
  }
}

function listen(security: Security, userId: string): void {
  const demand = security.demand.bind(security);
  jest.spyOn(security, "demand").mockImplementation((principal, right, table) => {
    const entity = desk.emulator.world.catalog.byName(table);
    // A table that a test made is nobody's need: the role is made before it.
    if (current && entity && !entity.isCustom && !entity.isIntersect) {
      if (principal.onBehalfOf === userId || principal.systemUserId === userId) {
        const known = asked.get(current) ?? new Set();
        asked.set(current, known.add(privilegeName(right, entity)));
      }
    }
    demand(principal, right, table);
  });
}

beforeAll(async () => {
  const sure = { mode: "auto", selectAt: 0.05, autoAt: 0.05 };
  desk = await startServiceDesk({
    cases: 400,
    settings: {
      AZURE_CLIENT_ID: identity,
      CASE_FIELDS: JSON.stringify({ incident: { subjectid: sure, productid: sure } }),
    },
  });
  const answer = await fetch(
    `${desk.emulator.url}/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(desk.emulator.url)}&client_id=${applicationUser.applicationId}`,
    { headers: { "x-identity-header": "local-development-only" } },
  );
  const { access_token: token } = (await answer.json()) as { access_token: string };
  api = new WebApi(desk.emulator.url, token);
  ({ role } = await setUpApplicationUser({
    url: desk.emulator.url,
    token,
    applicationId: identity,
    roleName: "Least",
    needs: whole,
  }));
  const [user] = await api.rows<{ systemuserid: string }>(
    `systemusers?$select=systemuserid&$filter=applicationid eq ${identity}`,
  );
  const roles = await api.rows<{ roleid: string; name: string }>(
    `systemusers(${user?.systemuserid})/systemuserroles_association?$select=roleid,name`,
  );
  expect(roles.map(({ name }) => name)).toEqual(["Least"]);
  roleId = roles[0]?.roleid ?? "";
  await setTheTable(desk);
  paths = happyPaths(desk, Object.keys(serviceTables));
  listen(desk.emulator.world.security, user?.systemuserid ?? "");
}, 120_000);
afterAll(() => desk?.close());

describe("with exactly the role that the hook makes", () => {
  test.each(tools.map(({ name }) => name))(
    "%s does its work",
    async (name) => {
      const own = paths.filter(({ tool }) => tool === name);
      expect(own.length).toBeGreaterThan(0);
      const failed: string[] = [];
      for (const path of own)
        await run(path).catch((error: Error) => failed.push(`${path.name}: ${error.message}`));
      expect([failed, desk.bugs]).toEqual([[], []]);
    },
    60_000,
  );
});

/** The embedded Dataverse's table has none of the columns by which a signature is found. */
const notAskedHere = new Set(["prvReadEmailSignature"]);
/** What goes with a deleted record is counted as far as these allow; that it is not known is shown otherwise. */
const merelyShown = new Set([
  "prvReadCustomerAddress",
  "prvReadFeedback",
  "prvReadOpportunity",
  "prvReadSLAKPIInstance",
  "prvReadSocialProfile",
  "prvReadmsdyn_nextaction",
]);
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
const askedOf = (name: string) =>
  paths
    .filter(({ tool }) => tool === name)
    .flatMap((path) => [...(asked.get(path) ?? [])])
    .filter((each) => name !== "delete_record" || !merelyShown.has(each));
/** Privileges of tables that the tools say they need. */
async function declaredBy(...some: readonly Tool[]): Promise<string[]> {
  const { privileges } = await resolvePrivileges(api, needsOf(some, { schemaTools: true }));
  const others = new Set<string>([
    ...ofAll,
    ...some.flatMap(({ needs }) => needs.privileges ?? []),
  ]);
  return sorted(
    privileges
      .map(({ name }) => name)
      .filter((name) => !others.has(name) && !notAskedHere.has(name)),
  );
}

describe("what a tool says that it needs", () => {
  const [naming, own] = [true, false].map((takesNames) =>
    tools.filter(({ needs }) => (needs.named !== undefined) === takesNames),
  ) as [Tool[], Tool[]];

  test.each(own.map((tool) => [tool.name, tool] as const))(
    "%s: Dataverse asks for that, no less and no more",
    async (name, tool) => {
      expect(sorted(askedOf(name))).toEqual(await declaredBy(tool));
    },
  );

  test.each(naming.map((tool) => [tool.name, tool] as const))(
    "%s, which takes any table: Dataverse asks for no more",
    async (name, tool) => {
      const declared = await declaredBy(tool);
      expect(sorted(askedOf(name)).filter((each) => !declared.includes(each))).toEqual([]);
    },
  );

  test("all of them together: no less and no more", async () => {
    const all = sorted(tools.flatMap(({ name }) => askedOf(name)));
    expect(all).toEqual(await declaredBy(...tools));
  });
});

describe("without any one of them", () => {
  const without = async ({ id }: Privilege, work: () => Promise<void>) => {
    await api.call("POST", `roles(${roleId})/Microsoft.Dynamics.CRM.RemovePrivilegeRole`, {
      PrivilegeId: id,
    });
    try {
      await work();
    } finally {
      await api.call("POST", `roles(${roleId})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, {
        Privileges: [{ PrivilegeId: id, Depth: "Global" }],
      });
    }
  };

  /** Read once and kept, by the endpoint as a whole. */
  const definitions = /^prvRead(Entity|Attribute|Relationship)$/;
  const kept = /^prvRead(Entity|Attribute|Relationship|Solution|Publisher)$/;
  /** Articles that were linked to similar cases rank higher, an intent's own answer goes first; without them no answer fails. */
  const merelyHelps = new Set([
    "prvReadKnowledgeArticleIncident",
    "prvReadmsdyn_intentsolutionmap",
    ...notAskedHere,
  ]);
  /** `LEAST_PRIVILEGE=all` tries every privilege (a minute); by default those that a quick tool shows to be missing. */
  const isWhole = process.env.LEAST_PRIVILEGE === "all";
  const quick = new Set([
    "describe_table",
    "read_query",
    "create_record",
    "update_record",
    "delete_record",
    "send_email",
    "resolve_incident",
  ]);
  const usersOf = ({ name }: Privilege): HappyPath[] =>
    paths
      .filter(({ tool }) => isWhole || quick.has(tool))
      .filter(
        (path) =>
          (asked.get(path)?.has(name) &&
            !(path.tool === "delete_record" && merelyShown.has(name))) ||
          tools.some((tool) => tool.name === path.tool && tool.needs.privileges?.includes(name)) ||
          (definitions.test(name) && path.tool === "describe_table") ||
          (name === "prvActOnBehalfOfAnotherUser" && path.tool === "read_query"),
      )
      .sort((left, right) => (took.get(left) ?? 0) - (took.get(right) ?? 0));

  test("a tool fails: the role is not too wide", async () => {
    const idle: string[] = [];
    let tried = 0;
    for (const privilege of role.privileges) {
      const users = usersOf(privilege).slice(0, 3);
      if (merelyHelps.has(privilege.name) || (users.length === 0 && !isWhole)) continue;
      tried++;
      let isMissed = false;
      await without(privilege, async () => {
        if (kept.test(privilege.name)) desk.forget();
        for (const path of users) {
          if (isMissed) break;
          await run(path).catch(() => {
            isMissed = true;
          });
        }
      });
      if (!isMissed) idle.push(privilege.name);
    }
    expect(idle).toEqual([]);
    expect(tried).toBeGreaterThan(isWhole ? 85 : 50);
  }, 300_000);
});
