import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

/** Tables of rights and identity, written to by an administrator of Dataverse, whom Dataverse itself would let. */
const guarding = (tables: string, settings: Record<string, string> = {}) =>
  startServiceDesk({ cases: 20, settings: { MCP_GUARDED_TABLES: tables, ...settings } });

const rows = async (at: ServiceDesk, path: string) =>
  ((await at.read(path)) as { value: Record<string, unknown>[] }).value;
const someone = async (at: ServiceDesk) =>
  (
    await rows(
      at,
      "systemusers?$select=systemuserid,isdisabled,title&$filter=isdisabled eq false&$top=1",
    )
  )[0] as {
    systemuserid: string;
    title: string | null;
  };

describe("a guarded table", () => {
  let desk: ServiceDesk;
  beforeAll(async () => {
    desk = await guarding("default, contact");
  }, 60_000);
  afterAll(() => desk?.close());

  test.each(["systemuser", "SystemUser", "systemusers", "User"])(
    "is not changed under the name %s, and the answer says why",
    async (tablename) => {
      const user = await someone(desk);
      const { text, isError } = await desk.call(
        "update_record",
        { tablename, recordId: user.systemuserid, item: { title: "Led astray" } },
        "administrator",
      );
      expect(isError).toBe(true);
      expect(text).toMatch(/writes nothing to the table systemuser\.\n.*rights, identity/);
      expect(await someone(desk)).toEqual(user);
    },
  );

  test("takes no new row and loses none", async () => {
    const before = await rows(desk, "teams?$select=teamid");
    const made = await desk.call(
      "create_record",
      { tablename: "team", item: { name: "Everybody" } },
      "administrator",
    );
    expect([made.isError, made.text]).toEqual([true, expect.stringContaining("table team.")]);
    const gone = await desk.call(
      "delete_record",
      { tablename: "team", recordId: String(before[0]?.teamid), hasUserApproved: true },
      "administrator",
    );
    expect(gone.isError).toBe(true);
    expect(await rows(desk, "teams?$select=teamid")).toEqual(before);
  });

  test("is guarded where the administrator of the endpoint named it", async () => {
    const { text, isError } = await desk.call(
      "create_record",
      { tablename: "contact", item: { lastname: "Nobody" } },
      "administrator",
    );
    expect([isError, text]).toEqual([true, expect.stringContaining("the table contact.")]);
  });

  test("may be pointed to: an owner and a queue are no change of theirs", async () => {
    const user = await someone(desk);
    const { isError, text } = await desk.call(
      "create_record",
      { tablename: "account", item: { name: "Lookup to a user", ownerid: user.systemuserid } },
      "administrator",
    );
    expect([isError, text]).toEqual([false, expect.stringContaining("Created record")]);
  });
});

test("is open where nothing is guarded and a person may approve, so it is these that refused", async () => {
  const open = await guarding("none", { CONSENT_GRADES: "rights=person" });
  const user = await someone(open);
  const args = {
    tablename: "systemuser",
    recordId: user.systemuserid,
    item: { title: "Promoted" },
  };
  const asked = await open.ask("update_record", args, "administrator");
  expect(asked.structured.approval).toMatchObject({ state: "needed", grade: "person" });
  expect(await someone(open)).toEqual(user);
  const { isError, text } = await open.call("update_record", args, "administrator");
  expect([isError, text]).toEqual([false, expect.anything()]);
  expect((await someone(open)).title).toBe("Promoted");
  await open.close();
});
