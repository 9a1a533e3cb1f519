import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Person, startTools, systemUserId, type ToolsEndpoint } from "./tools-endpoint";

const guid = /[0-9a-f]{8}-[0-9a-f-]{27}/;
let endpoint: ToolsEndpoint;
let me: Person;
let accountId: string;

const create = async (tablename: string, item: Record<string, unknown>): Promise<string> => {
  const { text, isError, data } = await me.call("create_record", { tablename, item });
  if (isError) throw new Error(text);
  return data.recordId;
};

beforeAll(async () => {
  endpoint = await startTools();
  me = await endpoint.as("representative");
  accountId = await create("account", { name: "Quill & Anchor GmbH" });
}, 60_000);
afterAll(() => endpoint?.close());

describe("looking at tables", () => {
  test("list_tables begins with cases and says how many there are", async () => {
    const { text, data } = await me.call("list_tables", {});
    expect(data.tables[0]).toEqual({ name: "incident", displayName: "Case", setName: "incidents" });
    expect(text).toContain(`of ${data.total} tables`);
    expect(Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(data))).toBeLessThan(40_000);
  });

  test("list_tables finds by filter and pages", async () => {
    const found = await me.call("list_tables", { filter: "case" });
    expect(found.data.tables.map((each: { name: string }) => each.name)).toContain("incident");
    const first = await me.call("list_tables", { top: 3 });
    const next = await me.call("list_tables", { top: 3, cursor: first.data.nextCursor });
    expect(next.data.tables[0]).not.toEqual(first.data.tables[0]);
  });

  test.each(["incident", "Incidents", "case", "CASES"])(
    "describe_table understands %s",
    async (tablename) => {
      const { text, data } = await me.call("describe_table", { tablename });
      expect(data.tablename).toBe("incident");
      expect(text).toMatch(/^DESCRIBE TABLE incident \(\n/);
      expect(text).toMatch(/title NVARCHAR\(200\) NOT NULL/);
      expect(text).toMatch(/customerid LOOKUP \(GUID\) \( Related table : account, contact\)/);
      expect(text).toMatch(/prioritycode CHOICE \(Options: High \(1\), Normal \(2\), Low \(3\)\)/);
      expect(text).toMatch(/\n {2}createdon DATETIME,/);
      expect(text).toMatch(/Read-only: .*createdon/);
    },
  );

  test("describe_table names what is near to an unknown table", async () => {
    const { text, isError } = await me.call("describe_table", { tablename: "incidnt" });
    expect(isError).toBe(true);
    expect(text).toMatch(/Did you mean incident/);
  });
});

describe("creating a case", () => {
  test.each([
    ["a GUID of one of two tables", () => accountId],
    ["related table and id", () => ({ relatedTable: "account", recordId: accountId })],
    ["related table and name", () => ({ relatedTable: "account", name: "Quill & Anchor GmbH" })],
    ["a name", () => "quill & anchor gmbh"],
    ["a path", () => `/accounts(${accountId})`],
  ])("takes a customer by %s", async (_, customer) => {
    const item = { title: "A lamp flickers", customerid: customer() };
    const { text, data, isError } = await me.call("create_record", { tablename: "incident", item });
    expect([isError, text]).toEqual([false, text]);
    expect(text).toMatch(new RegExp(`^Created record with ID ${guid.source}`));
    const [row] = await me.rows(
      `SELECT customerid, ownerid FROM incident WHERE incidentid = '${data.recordId}'`,
    );
    expect(row.customerid).toBe(accountId);
    expect(row.ownerid).toBe(systemUserId("representative"));
  });

  test.each(["customerid_account@odata.bind", "CUSTOMERID_Account@odata.bind"])(
    "takes %s",
    async (key) => {
      const id = await create("incident", { title: "x", [key]: `/accounts(${accountId})` });
      expect(id).toMatch(guid);
    },
  );

  test("takes choices by label, numbers as text, dates and booleans as people write them", async () => {
    const id = await create("incident", {
      "Case Title": "Many values",
      customerid: accountId,
      prioritycode: "high",
      caseorigincode: "2",
      followupby: { $kind: "DateTime", value: "2026-05-04T10:00:00+02:00" },
      isescalated: "yes",
    });
    const [row] = await me.rows(
      `SELECT title, prioritycode, caseorigincode, isescalated FROM incident WHERE incidentid = '${id}'`,
    );
    expect(row).toMatchObject({ title: "Many values", prioritycode: 1, caseorigincode: 2 });
  });

  test("reports everything that is wrong at once and writes nothing", async () => {
    const [before] = await me.rows("SELECT COUNT(*) AS n FROM incident");
    const { text, isError } = await me.call("create_record", {
      tablename: "incident",
      item: {
        title: "x".repeat(201),
        prioritycode: "Urgent",
        priortycode: 1,
        createdon: "2026-01-01",
        followupby: "soon",
        customerid: { relatedTable: "email", recordId: accountId },
        statuscode: 5,
      },
    });
    expect(isError).toBe(true);
    expect(text).toMatch(/title: the text has 201 characters; at most 200/);
    expect(text).toMatch(
      /prioritycode: "Urgent" is not an option. Options: \[\[data \w+: "High" \(1\)/,
    );
    expect(text).toMatch(/"priortycode" is not a column of incident. Did you mean prioritycode/);
    expect(text).toMatch(/createdon is read-only/);
    expect(text).toMatch(/followupby: "soon" is no date/);
    expect(text).toMatch(/customerid: refers to account or contact, not to "email"/);
    expect(text).toMatch(/resolve_incident/);
    const [after] = await me.rows("SELECT COUNT(*) AS n FROM incident");
    expect(after).toEqual(before);
  });

  test.each([
    [
      "create_record",
      {
        title: "x",
        customerid: "Twin",
        "customerid_account@odata.bind": `/accounts(${systemUserId("manager")})`,
      },
      "customerid",
    ],
    ["create_record", { title: "x", "Case Title": "y", customerid: "Twin" }, "title"],
    ["update_record", { description: "x", Description: "y" }, "description"],
  ])("%s refuses a column that is given under two names", async (tool, item, column) => {
    const { text, isError } = await me.call(tool, {
      tablename: "incident",
      item,
      ...(tool === "update_record" ? { recordId: crypto.randomUUID() } : {}),
    });
    expect(isError).toBe(true);
    expect(text).toContain(`${column} is given more than once, under several names.`);
  });

  test("names the candidates when a name is ambiguous", async () => {
    const ids = [
      await create("account", { name: "Twin" }),
      await create("account", { name: "Twin" }),
    ];
    const { text, isError } = await me.call("create_record", {
      tablename: "incident",
      item: { title: "x", customerid: "Twin" },
    });
    expect(isError).toBe(true);
    for (const id of ids) expect(text).toContain(id);
  });

  test("takes the number of a case and the address of a person for a name", async () => {
    const [{ ticketnumber }] = await me.rows(
      "SELECT TOP 1 ticketnumber FROM incident WHERE ownerid = CURRENT_USER",
    );
    const taskId = await create("task", {
      subject: "Call back",
      regardingobjectid: { relatedTable: "incident", name: ticketnumber },
    });
    expect(
      await me.rows(
        `SELECT i.ticketnumber FROM task t JOIN incident i ON i.incidentid = t.regardingobjectid WHERE t.activityid = '${taskId}'`,
      ),
    ).toEqual([{ ticketnumber }]);
    const [{ emailaddress1 }] = await me.rows(
      "SELECT TOP 1 emailaddress1, COUNT(*) AS n FROM contact WHERE emailaddress1 IS NOT NULL GROUP BY emailaddress1 ORDER BY n",
    );
    await create("incident", {
      title: "By address",
      customerid: { relatedTable: "contact", name: emailaddress1 },
    });
  });

  test("demands required columns", async () => {
    const { text } = await me.call("create_record", { tablename: "incident", item: {} });
    expect(text).toMatch(/title .*is required/);
    expect(text).toMatch(/customerid .*is required/);
  });

  test("with an id of its own is made once", async () => {
    const item = {
      incidentid: "5f3c1a52-0000-4000-8000-0123456789ab",
      title: "Once",
      customerid: accountId,
    };
    await create("incident", item);
    const again = await me.call("create_record", { tablename: "incident", item });
    expect(again.isError).toBe(true);
    expect(await me.rows("SELECT incidentid FROM incident WHERE title = 'Once'")).toHaveLength(1);
  });
});

describe("changing and deleting", () => {
  test("update_record writes the columns named and clears with null", async () => {
    const contactId = await create("contact", { lastname: "Okafor" });
    const id = await create("incident", {
      title: "Before",
      customerid: accountId,
      description: "old",
      primarycontactid: contactId,
    });
    const { text, isError } = await me.call("update_record", {
      tablename: "incident",
      recordId: `{${id.toUpperCase()}}`,
      item: { title: "After", description: null, primarycontactid: null },
    });
    expect([isError, text]).toEqual([false, text]);
    expect(text).toMatch(/^Record updated successfully\./);
    const [row] = await me.rows(
      `SELECT title, description, primarycontactid FROM incident WHERE incidentid = '${id}'`,
    );
    expect(row).toMatchObject({ title: "After", description: null, primarycontactid: null });
  });

  test("update_record reports a conflict with the version that is there", async () => {
    const id = await create("incident", { title: "Etag", customerid: accountId });
    const read = () => me.rows(`SELECT versionnumber FROM incident WHERE incidentid = '${id}'`);
    const [{ versionnumber }] = await read();
    const change = (title: string) =>
      me.call("update_record", {
        tablename: "incident",
        recordId: id,
        item: { title },
        etag: String(versionnumber),
      });
    expect((await change("First")).isError).toBe(false);
    const stale = await change("Second");
    expect(stale.isError).toBe(true);
    const [now] = await read();
    expect(stale.text).toContain(`W/"${now.versionnumber}"`);
  });

  test("update_record of a row that is not there creates none", async () => {
    const { text, isError } = await me.call("update_record", {
      tablename: "incident",
      recordId: "5f3c1a52-0000-4000-8000-999999999999",
      item: { title: "Ghost" },
    });
    expect(isError).toBe(true);
    expect(text).toMatch(/There is no incident with the id/);
    expect(await me.rows("SELECT incidentid FROM incident WHERE title = 'Ghost'")).toEqual([]);
  });

  test.each([undefined, false, true])(
    "delete_record with the word %s of the model only says what would go",
    async (approved) => {
      const admin = await endpoint.as("administrator");
      const id = await create("account", { name: "Stay" });
      const args = { tablename: "account", recordId: id };
      const { text, data } = await admin.ask(
        "delete_record",
        approved === undefined ? args : { ...args, hasUserApproved: approved },
      );
      expect(data).toMatchObject({ approval: { state: "needed", grade: "person" } });
      expect(text).toMatch(/^Nothing was done yet[\s\S]*"Stay"/);
      expect(await me.rows(`SELECT accountid FROM account WHERE accountid = '${id}'`)).toHaveLength(
        1,
      );
    },
  );

  test("delete_record deletes after approval", async () => {
    const admin = await endpoint.as("administrator");
    const id = await create("account", { name: "Go" });
    const args = { tablename: "account", recordId: id, hasUserApproved: true };
    const { text } = await admin.call("delete_record", args);
    expect(text).toMatch(/^Record deleted successfully\./);
    const again = await admin.call("delete_record", args);
    expect(again.isError).toBe(true);
  });
});

test("no call ended in a bug or a 5xx", () => {
  expect(endpoint.bugs).toEqual([]);
  expect(endpoint.statuses.filter((status) => status >= 500)).toEqual([]);
});
