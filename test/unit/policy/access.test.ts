import { describe, expect, test } from "@jest/globals";
import {
  type Access,
  type Profile,
  permissionOf,
  profiles,
  refuseWrite,
  toolAccess,
  unrestricted,
} from "../../../shared/policy/access";
import { tools } from "../../../shared/tools";

const names = { csr: "Rep", manager: "Lead", admin: "Boss" };
const access = (more: Partial<Access> = {}): Access => ({ ...unrestricted, roles: names, ...more });
const offered = (held: readonly string[], given: Access, asked?: Profile) => {
  const permission = permissionOf(held, given, asked);
  return tools.filter((tool) => permission.refuse(tool) === undefined).map(({ name }) => name);
};

const looking = [
  "list_tables",
  "describe_table",
  "get_case",
  "list_cases",
  "read_query",
  "list_knowledge_sources",
  "retrieve_knowledge",
].sort();
const all = tools.map(({ name }) => name).sort();
const schema = ["create_table", "update_table", "delete_table"];
const ofManager = all.filter((name) => !schema.includes(name));
const ofRep = ofManager.filter((name) => name !== "delete_record");

test("every tool has its line, and nothing else has", () => {
  expect(Object.keys(toolAccess).sort()).toEqual(all);
});

describe("roles", () => {
  test.each([
    ["none, and none is the setting", [], access(), []],
    ["a foreign one", ["Somebody", "csr", "REP"], access(), []],
    ["none, and reading is the setting", [], access({ noRole: "read" }), looking],
    ["the representative's", ["Rep"], access(), ofRep],
    ["the manager's", ["Lead"], access(), ofManager],
    ["the administrator's", ["Boss"], access(), all],
    ["two of them", ["Lead", "Rep"], access(), ofManager],
    ["all, where they are not looked at", [], unrestricted, all],
  ])("a caller with %s", (_, held, given, expected) => {
    expect(offered(held, given).sort()).toEqual(expected);
  });

  test("a refusal names the roles that would do and who gives them", () => {
    const find = (name: string) =>
      tools.find((tool) => tool.name === name) as (typeof tools)[number];
    const refusal = permissionOf(["Rep"], access()).refuse(find("delete_record"));
    expect(refusal).toMatchObject({
      kind: "forbidden",
      message: "delete_record needs the app role Lead or Boss, and you do not have it.",
      hint: expect.stringContaining("An administrator gives it in Entra"),
    });
    expect(permissionOf(["Lead"], access()).refuse(find("delete_table"))?.message).toContain(
      "the app role Boss,",
    );
  });

  test("whoever has none is told so once, and nobody else is", () => {
    expect(permissionOf([], access()).lack).toMatch(/none of the app roles Rep, Lead, Boss/);
    expect(permissionOf([], access({ noRole: "read" })).lack).toBeUndefined();
    expect(permissionOf(["Rep"], access()).lack).toBeUndefined();
    expect(permissionOf([], unrestricted).lack).toBeUndefined();
  });

  test("a tool that nobody listed is offered to nobody once roles are looked at", () => {
    const unknown = { name: "new_tool", effect: "read" } as const;
    expect(permissionOf(["Boss"], access()).refuse(unknown)).toBeDefined();
    // Nor is what every object has by its birth.
    expect(permissionOf(["Boss"], access()).refuse({ ...unknown, name: "toString" })).toBeDefined();
  });
});

describe("profiles", () => {
  test("each offers its part, by setting and by address", () => {
    const expected: Record<Profile, readonly string[]> = {
      read: looking,
      service: all.filter((name) => name !== "delete_record" && !schema.includes(name)),
      data: [
        "list_tables",
        "describe_table",
        "read_query",
        "create_record",
        "update_record",
        "delete_record",
        ...schema,
      ].sort(),
      full: all,
    };
    for (const profile of profiles) {
      expect(offered([], { ...unrestricted, profile }).sort()).toEqual(expected[profile]);
      expect(offered([], unrestricted, profile).sort()).toEqual(expected[profile]);
    }
  });

  test("an address never offers more than the setting, nor more than the role", () => {
    for (const setting of profiles)
      for (const asked of profiles)
        for (const held of [[], ["Rep"], ["Lead"], ["Boss"]]) {
          const given = access({ profile: setting });
          const both = offered(held, given, asked);
          expect(both).toEqual(
            offered(held, access()).filter(
              (name) =>
                offered([], { ...unrestricted, profile: setting }).includes(name) &&
                offered([], unrestricted, asked).includes(name),
            ),
          );
        }
  });
});

test("where the deployment only reads, nothing that acts is offered, and no tool may send a change", () => {
  const given = access({ isReadOnly: true });
  expect(offered(["Boss"], given).sort()).toEqual(looking);
  for (const tool of tools) {
    expect(refuseWrite(tool, given)?.kind).toBe("forbidden");
    expect(refuseWrite(tool, unrestricted) === undefined).toBe(tool.effect !== "read");
  }
});
