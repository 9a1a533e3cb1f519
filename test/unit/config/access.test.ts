import { describe, expect, test } from "@jest/globals";
import { inspectConfig } from "../../../shared/config/inspect";

const dev = {
  DATAVERSE_URL: "http://127.0.0.1:7072",
  MCP_AUTH_MODE: "dev",
  MCP_DEV_USER_OBJECT_ID: "0b000000-0000-4000-8000-000000000001",
};
const inspect = (more: Record<string, string>) => inspectConfig({ ...dev, ...more });

test("nothing set: roles are not looked at, all tools are offered, the tables of rights are guarded", () => {
  const { config, problems } = inspect({});
  expect(problems).toEqual([]);
  expect(config?.access).toEqual({
    roles: undefined,
    noRole: "none",
    profile: "full",
    isReadOnly: false,
  });
  expect(config?.guardedTables).toEqual(expect.arrayContaining(["systemuser", "role", "workflow"]));
});

test("names of roles in any order, a profile, reading only, further tables", () => {
  const { config, problems } = inspect({
    MCP_ROLES: " admin = Boss, csr=Rep ,manager=Team.Lead",
    MCP_NO_ROLE: "Read",
    MCP_PROFILE: "SERVICE",
    MCP_READ_ONLY: "true",
    MCP_GUARDED_TABLES: "contact, Default",
    MCP_DEV_USER_ROLES: "Rep, Boss",
  });
  expect(problems).toEqual([]);
  expect(config?.access).toEqual({
    roles: { admin: "Boss", csr: "Rep", manager: "Team.Lead" },
    noRole: "read",
    profile: "service",
    isReadOnly: true,
  });
  expect(config?.guardedTables.slice(0, 2)).toEqual(["contact", "systemuser"]);
  expect(config?.devUser?.roles).toEqual(["Rep", "Boss"]);
  expect(inspect({ MCP_GUARDED_TABLES: "none" }).config?.guardedTables).toEqual([]);
});

describe("a slip is reported and opens nothing", () => {
  test.each([
    ["MCP_ROLES", "CSR,CSR.Manager,Admin"],
    ["MCP_ROLES", "csr=Rep,manager=Lead"],
    ["MCP_ROLES", "csr=CSR,manager=CSR,admin=Admin"],
    ["MCP_ROLES", "csr=CSR,manager=,admin=Admin"],
    ["MCP_ROLES", "csr=CSR,manager=M,admin=A,boss=B"],
    ["MCP_ROLES", "csr=CSR,manager=M,admin=A=B"],
    ["MCP_ROLES", "csr=CSR,csr=M,admin=A"],
    ["MCP_NO_ROLE", "all"],
    ["MCP_PROFILE", "everything"],
    ["MCP_READ_ONLY", "yes"],
    ["MCP_GUARDED_TABLES", "contact; account"],
    ["MCP_GUARDED_TABLES", "none, contact"],
    ["MCP_GUARDED_TABLES", "constructor()"],
    ["MCP_SHOWN_TABLES", "incident contact"],
    ["MCP_HIDDEN_TABLES", "contact.familyname"],
    ["MCP_HIDDEN_COLUMNS", "familyname"],
    ["MCP_HIDDEN_COLUMNS", "lead.*"],
    ["MCP_SHOWN_COLUMNS", "*.familyname"],
  ])("%s=%s", (name, value) => {
    const { config, problems } = inspect({ [name]: value });
    expect(problems.map(({ setting }) => setting)).toEqual([name]);
    expect(problems[0]?.message).not.toContain(value);
    expect(config?.access.noRole).toBe("none");
    expect(config?.guardedTables).toContain("systemuser");
    if (name === "MCP_PROFILE") expect(config?.access.profile).toBe("read");
    if (name === "MCP_READ_ONLY") expect(config?.access.isReadOnly).toBe(true);
  });
});

test("lists of what is shown and hidden are read in any case; what stands in both is a mistake", () => {
  expect(
    inspect({ MCP_HIDDEN_TABLES: " Audit, audit,account", MCP_HIDDEN_COLUMNS: "*.GovernmentId" })
      .config?.exposure,
  ).toEqual({
    shownTables: [],
    hiddenTables: ["audit", "account"],
    shownColumns: [],
    hiddenColumns: ["*.governmentid"],
  });
  const { problems } = inspect({
    MCP_SHOWN_TABLES: "account,contact",
    MCP_HIDDEN_TABLES: "contact",
    MCP_SHOWN_COLUMNS: "contact.fullname",
    MCP_HIDDEN_COLUMNS: "contact.fullname",
    MCP_MAX_CALLS: "none",
  });
  expect(problems.map(({ setting }) => setting).sort()).toEqual([
    "MCP_HIDDEN_COLUMNS",
    "MCP_HIDDEN_TABLES",
    "MCP_MAX_CALLS",
  ]);
});
