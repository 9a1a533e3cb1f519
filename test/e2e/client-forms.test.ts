import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Person, startTools, systemUserId, type ToolsEndpoint } from "./tools-endpoint";

/** Values in the forms in which clients, flows and people send them, through the tools to the rows that are stored. */

let endpoint: ToolsEndpoint;
let me: Person;
let admin: Person;
let accountId: string;
let contactId: string;
let silentId: string;
let refusingId: string;

type Item = Record<string, unknown>;

async function create(tablename: string, item: Item, as = me): Promise<string> {
  const { first, text, isError } = await as.call("create_record", { tablename, item });
  if (isError) throw new Error(text);
  return first.slice(-36);
}

const refused = async (tool: string, args: Record<string, unknown>): Promise<string> => {
  const { text, isError } = await me.call(tool, args);
  expect([isError, text]).toEqual([true, text]);
  return text;
};

const parties = (id: string) =>
  me.rows(
    `SELECT participationtypemask, partyid, addressused FROM activityparty WHERE activityid = '${id}' AND participationtypemask <> 9 AND participationtypemask <> 8 ORDER BY participationtypemask`,
  );

beforeAll(async () => {
  endpoint = await startTools();
  me = await endpoint.as("representative");
  admin = await endpoint.as("administrator");
  accountId = await create("account", { name: "Quill & Anchor", accountnumber: "QA-77" });
  contactId = await create("contact", {
    firstname: "Ada",
    lastname: "Okafor",
    emailaddress1: "ada@quill.example",
  });
  silentId = await create("contact", { lastname: "Silent" });
  refusingId = await create("contact", {
    lastname: "Refusing",
    emailaddress1: "no@quill.example",
    donotemail: true,
  });
}, 60_000);
afterAll(() => endpoint?.close());

describe("what Microsoft's server answers stands in the first block, to the letter", () => {
  test("create, update, delete and an empty query", async () => {
    const made = await me.call("create_record", {
      tablename: "account",
      item: { name: "First words" },
    });
    expect(made.first).toMatch(/^Created record with ID [0-9a-f-]{36}$/);
    const recordId = made.first.slice(-36);
    const changed = await me.call("update_record", {
      tablename: "account",
      recordId,
      item: { name: "First words, again" },
    });
    expect(changed.first).toBe("Record updated successfully.");
    expect(changed.text).toContain("name");
    const gone = await admin.call("delete_record", {
      tablename: "account",
      recordId,
      hasUserApproved: true,
    });
    expect(gone.first).toBe("Record deleted successfully.");
    const none = await me.call("read_query", {
      querytext: `SELECT name FROM account WHERE accountid = '${recordId}'`,
    });
    expect(none.first).toBe("[]");
  });

  test("rows are a JSON array and nothing else; what is left out is said behind it", async () => {
    const all = await me.call("read_query", {
      querytext: "SELECT TOP 3 incidentid, statecode FROM incident OPTION (RECOMPILE)",
    });
    expect(JSON.parse(all.first)).toEqual(all.data.rows);
    expect(all.text).toContain("has no effect here");
    const cut = await me.call("read_query", { querytext: "SELECT description FROM incident" });
    if (cut.data.truncated) expect(cut.first).toMatch(/\]\nTruncated:/);
  });

  test("columns keep their places, also those that are called by numbers or alike", async () => {
    const { data, first } = await me.call("read_query", {
      querytext: "SELECT TOP 1 'a' AS b, 1 AS [1], 2 AS [0], 'c' AS b FROM incident",
    });
    const names = ["b", "1", "0", "b2"];
    expect(data.columns.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(data.rows).toEqual([{ b: "a", 1: 1, 0: 2, b2: "c" }]);
    expect(data.rowsInOrder).toEqual(['["a",1,2,"c"]']);
    expect(first.split("\n")[0]).toBe('[{"b":"a","1":1,"0":2,"b2":"c"}]');
  });

  test("the grammar of DESCRIBE TABLE", async () => {
    const { first, text } = await me.call("describe_table", { tablename: "task" });
    const lines = first.split("\n");
    expect(lines[0]).toBe("DESCRIBE TABLE task (");
    expect(lines.at(-1)).toBe(");");
    for (const line of lines.slice(1, -1)) expect(line).toMatch(/^ {2}\w+ [A-Z]/);
    expect(first).not.toMatch(/READ ONLY|PRIMARY KEY|CREATE ONLY|UPDATE ONLY/);
    expect(first).toMatch(/\n {2}activityid GUID,/);
    expect(text).toContain("Read-only: ");
  });

  test("their words of an unknown column, and then ours", async () => {
    const text = await refused("read_query", { querytext: "SELECT nme FROM account" });
    expect(text).toMatch(
      /^'account' entity doesn't contain attribute with Name = 'nme' and NameMapping = 'Logical'\. Unknown column/,
    );
    expect(text).toMatch(/name/);
  });
});

test("their words of values that are refused, and then ours", async () => {
  const text = await refused("create_record", {
    tablename: "account",
    item: { nme: "x", name: "x".repeat(161) },
  });
  expect(text).toContain(
    "Attribute 'nme' not found in table 'account'. \"nme\" is not a column of account. Did you mean name",
  );
  expect(text).toContain(
    "The length of the 'name' attribute of the 'account' entity exceeded the maximum allowed length of '160'. name: the text has 161 characters",
  );
});

describe("recipients", () => {
  const mail = (item: Item) =>
    create("email", { subject: "Forms", regardingobjectid: undefined, ...item });

  test.each<[string, unknown, readonly Item[]]>([
    [
      "addresses with semicolons",
      "a@x.example; b@x.example",
      [{ addressused: "a@x.example" }, { addressused: "b@x.example" }],
    ],
    [
      "addresses with commas",
      "a@x.example, b@x.example",
      [{ addressused: "a@x.example" }, { addressused: "b@x.example" }],
    ],
    ["a name with an address", "Ada Okafor <a@x.example>", [{ addressused: "a@x.example" }]],
    [
      "names that hold commas",
      '"Okafor, Ada" <a@x.example>, Lind, Bo <b@x.example>',
      [{ addressused: "a@x.example" }, { addressused: "b@x.example" }],
    ],
    [
      "Graph's form",
      [{ emailAddress: { address: "a@x.example", name: "A" } }],
      [{ addressused: "a@x.example" }],
    ],
    ["a link", "mailto:a@x.example", [{ addressused: "a@x.example" }]],
  ])("by %s", async (_, to, expected) => {
    const id = await mail({ to });
    const rows = await parties(id);
    expect(rows.filter((row) => row.participationtypemask === 2)).toHaveLength(expected.length);
    expect(rows.map((row) => row.addressused)).toEqual(
      expect.arrayContaining(expected.map((each) => each.addressused)),
    );
  });

  test.each<[string, () => unknown]>([
    [
      "partyid with a reference",
      () => ({ partyid: { relatedTable: "contact", recordId: contactId } }),
    ],
    [
      "partyid with a type",
      () => ({
        partyid: { "@odata.type": "Microsoft.Dynamics.CRM.contact", contactid: contactId },
      }),
    ],
    ["a bind", () => ({ "partyid_contact@odata.bind": `/contacts(${contactId})` })],
    ["Power Automate's bind", () => [{ "partyid@odata.bind": `contacts(${contactId})` }]],
    [
      "the form of client scripts",
      () => [{ id: `{${contactId.toUpperCase()}}`, entityType: "contact", name: "Ada Okafor" }],
    ],
    ["the successor's form", () => [{ id: contactId, logicalName: "contact", displayName: "Ada" }]],
    ["JSON as text", () => JSON.stringify([{ relatedTable: "contact", recordId: contactId }])],
    [
      "a row as it was read",
      () => ({
        _partyid_value: contactId,
        "_partyid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "contact",
      }),
    ],
    ["name", () => "Ada Okafor"],
  ])("by %s", async (_, to) => {
    const id = await mail({ to: to() });
    const [sender, recipient] = await parties(id);
    expect(sender).toMatchObject({
      participationtypemask: 1,
      partyid: systemUserId("representative"),
    });
    expect(recipient).toMatchObject({ participationtypemask: 2, partyid: contactId });
  });

  test("by email_activity_parties, as the Web API writes them", async () => {
    const id = await mail({
      email_activity_parties: [
        {
          participationtypemask: 1,
          "partyid_systemuser@odata.bind": `/systemusers(${systemUserId("representative")})`,
        },
        { participationtypemask: 2, "partyid_contact@odata.bind": `/contacts(${contactId})` },
        { participationtypemask: "3", addressused: "c@x.example" },
      ],
    });
    expect((await parties(id)).map((row) => row.participationtypemask)).toEqual([1, 2, 3]);
  });

  test.each<[string, () => Item, RegExp]>([
    [
      "without an address",
      () => ({ to: { relatedTable: "contact", recordId: silentId } }),
      /to: contact .* has no e-mail address/,
    ],
    [
      "who want no mail",
      () => ({ to: "a@x.example", cc: { relatedTable: "contact", recordId: refusingId } }),
      /cc: contact .* does not want e-mail/,
    ],
    ["that are no address", () => ({ bcc: "a@x.example; b@" }), /bcc: "b@" is no e-mail address/],
    [
      "of whom two send",
      () => ({
        from: [
          { relatedTable: "systemuser", recordId: systemUserId("representative") },
          { relatedTable: "contact", recordId: contactId },
        ],
      }),
      /from: 2 parties; an activity has one sender/,
    ],
    [
      "without a mask",
      () => ({ email_activity_parties: [{ addressused: "a@x.example" }] }),
      /participationtypemask of .*2 \(to\)/,
    ],
  ])("%s are refused before anything is written", async (_, item, words) => {
    const [before] = await me.rows("SELECT COUNT(*) AS n FROM email");
    const text = await refused("create_record", {
      tablename: "email",
      item: { subject: "Never", ...item() },
    });
    expect(text).toMatch(words);
    expect(await me.rows("SELECT COUNT(*) AS n FROM email")).toEqual([before]);
  });
});

describe("mails that were drafted elsewhere", () => {
  const drafted = (to: string) =>
    endpoint
      .elsewhere("POST", "emails", {
        subject: "Elsewhere",
        directioncode: true,
        "ownerid@odata.bind": `/systemusers(${systemUserId("representative")})`,
        email_activity_parties: [
          {
            "partyid_systemuser@odata.bind": `/systemusers(${systemUserId("representative")})`,
            participationtypemask: 1,
          },
          { "partyid_contact@odata.bind": `/contacts(${to})`, participationtypemask: 3 },
        ],
      })
      .then(async () => {
        const rows = await me.rows(
          "SELECT TOP 1 activityid FROM email WHERE subject = 'Elsewhere' AND statecode = 0 ORDER BY createdon DESC",
        );
        return rows[0].activityid as string;
      });

  test.each<[string, () => string, RegExp]>([
    ["without an address", () => silentId, /cc: contact .* has no e-mail address/],
    ["who want no mail", () => refusingId, /cc: contact .* does not want e-mail/],
  ])("to people %s are not sent, and the draft is as it was", async (_, to, words) => {
    const emailId = await drafted(to());
    expect(await refused("send_email", { emailId })).toMatch(words);
    const [row] = await me.rows(`SELECT statecode FROM email WHERE activityid = '${emailId}'`);
    expect(row.statecode).toBe(0);
    await endpoint.elsewhere("DELETE", `emails(${emailId})`);
  });

  test("no draft is made for a contact that cannot be mailed", async () => {
    const incident = await create("incident", {
      title: "My router restarts by itself",
      customerid: { relatedTable: "contact", recordId: silentId },
    });
    const [before] = await me.rows("SELECT COUNT(*) AS n FROM email");
    const text = await refused("draft_email_with_suggested_response", { incidentId: incident });
    expect(text).toMatch(/to: contact .* has no e-mail address/);
    expect(await me.rows("SELECT COUNT(*) AS n FROM email")).toEqual([before]);
  });
});

describe("bindings", () => {
  const forms: readonly (readonly [string, () => Item])[] = [
    [
      "the property of the documentation",
      () => ({ "regardingobjectid_account@odata.bind": `/accounts(${accountId})` }),
    ],
    [
      "the table's own property",
      () => ({ "regardingobjectid_account_task@odata.bind": `/accounts(${accountId})` }),
    ],
    ["the column", () => ({ "regardingobjectid@odata.bind": `accounts(${accountId})` })],
    [
      "a full address",
      () => ({
        "regardingobjectid@odata.bind": `https://org.crm4.dynamics.com/api/data/v9.2/accounts(${accountId})`,
      }),
    ],
    [
      "an address below the host",
      () => ({ "regardingobjectid_account@odata.bind": `/api/data/v9.2/accounts(${accountId})` }),
    ],
    [
      "a named key",
      () => ({ "regardingobjectid_account@odata.bind": `/accounts(accountid=${accountId})` }),
    ],
    [
      "an alternate key",
      () => ({ "regardingobjectid_account@odata.bind": "/accounts(accountnumber='QA-77')" }),
    ],
    [
      "an object with @odata.id",
      () => ({ regardingobjectid: { "@odata.id": `accounts(${accountId})` } }),
    ],
    [
      "an object with a type",
      () => ({
        regardingobjectid: {
          "@odata.type": "#Microsoft.Dynamics.CRM.account",
          accountid: accountId,
        },
      }),
    ],
    [
      "an object as text",
      () => ({
        regardingobjectid: JSON.stringify({ relatedTable: "account", recordId: accountId }),
      }),
    ],
    [
      "its number in place of an id",
      () => ({ regardingobjectid: { relatedTable: "account", recordId: "QA-77" } }),
    ],
  ];
  test.each(forms)("by %s", async (_, item) => {
    const id = await create("task", { subject: "Bound", ...item() });
    const [row] = await me.rows(`SELECT regardingobjectid FROM task WHERE activityid = '${id}'`);
    expect(row.regardingobjectid).toBe(accountId);
  });

  test("an owner by the property of one kind", async () => {
    const id = await create("task", {
      subject: "Owned",
      "ownerid_systemuser@odata.bind": `/systemusers(${systemUserId("representative")})`,
    });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("of a key that no row has are refused with the column", async () => {
    const text = await refused("create_record", {
      tablename: "task",
      item: {
        subject: "x",
        "regardingobjectid_account@odata.bind": "/accounts(accountnumber='none')",
      },
    });
    expect(text).toMatch(/regardingobjectid: there is no account with "accountnumber=none"/);
  });

  test("that are unset are left out of a new record, and cleared in an old one", async () => {
    const id = await create("task", {
      subject: "Unset",
      "regardingobjectid_account@odata.bind": null,
      scheduledend: "",
      prioritycode: null,
    });
    await me.call("update_record", {
      tablename: "task",
      recordId: id,
      item: { regardingobjectid: accountId },
    });
    await me.call("update_record", {
      tablename: "task",
      recordId: id,
      item: { "regardingobjectid_account@odata.bind": null },
    });
    const [row] = await me.rows(`SELECT regardingobjectid FROM task WHERE activityid = '${id}'`);
    expect(row.regardingobjectid).toBeNull();
  });
});

describe("records that are named by their number", () => {
  test("are changed and asked about", async () => {
    const [{ incidentid, ticketnumber }] = await me.rows(
      "SELECT TOP 1 incidentid, ticketnumber FROM incident WHERE ownerid = CURRENT_USER AND statecode = 'Active'",
    );
    const changed = await me.call("update_record", {
      tablename: "incident",
      recordId: ticketnumber,
      item: { description: "By number" },
    });
    expect(changed.first).toBe("Record updated successfully.");
    expect(changed.data.recordId).toBe(incidentid);
    const asked = await admin.ask("delete_record", {
      tablename: "incident",
      recordId: ticketnumber.toLowerCase(),
    });
    expect(asked.data).toMatchObject({ approval: { state: "needed" } });
    expect(asked.text).toContain(incidentid);
  });

  test.each<[string, () => string]>([
    ["a path", () => `/accounts(${accountId})`],
    [
      "the address of a form",
      () =>
        `https://org.crm4.dynamics.com/main.aspx?appid=x&etn=account&id=%7b${accountId}%7d&pagetype=entityrecord`,
    ],
  ])("as %s", async (_, recordId) => {
    const { data } = await me.call("update_record", {
      tablename: "account",
      recordId: recordId(),
      item: { telephone1: "1" },
    });
    expect(data.recordId).toBe(accountId);
  });

  test("a title is no number", async () => {
    await create("incident", { title: "Case 12", customerid: accountId });
    const text = await refused("update_record", {
      tablename: "incident",
      recordId: "Case 12",
      item: { title: "x" },
    });
    expect(text).toMatch(/not a GUID, and there is no incident with that number/);
  });
});

describe("states of new records", () => {
  test.each<[string, Item, Item]>([
    ["a state alone", { statecode: "Completed" }, { statecode: 1 }],
    ["state and reason", { statecode: 1, statuscode: "Made" }, { statecode: 1, statuscode: 2 }],
    ["a reason alone", { statuscode: "Made" }, { statecode: 1, statuscode: 2 }],
    ["an incoming call", { statecode: 1, directioncode: false }, { statecode: 1, statuscode: 4 }],
    ["the first state", { statecode: "Open" }, { statecode: 0 }],
  ])("a phone call with %s", async (_, item, expected) => {
    const id = await create("phonecall", { subject: "Called", phonenumber: "1", ...item });
    const [row] = await me.rows(
      `SELECT statecode, statuscode FROM phonecall WHERE activityid = '${id}'`,
    );
    expect(row).toMatchObject(expected);
  });

  test("a case is not made resolved, and a mail not sent", async () => {
    expect(
      await refused("create_record", {
        tablename: "incident",
        item: { title: "x", customerid: accountId, statecode: 1 },
      }),
    ).toMatch(/resolve_incident/);
    expect(
      await refused("create_record", {
        tablename: "email",
        item: { subject: "x", to: "a@x.example", statecode: 1 },
      }),
    ).toMatch(/send_email/);
  });
});

describe("what the service does by operations of its own", () => {
  test("create_record on queueitem moves what is queued already", async () => {
    const queues = await admin.rows("SELECT TOP 2 queueid FROM queue WHERE statecode = 0");
    const incident = await create("incident", { title: "Queued", customerid: accountId });
    const item = (queueid: string) => ({
      queueid,
      objectid: { relatedTable: "incident", recordId: incident },
    });
    const one = await create("queueitem", item(queues[0].queueid), admin);
    const two = await create("queueitem", item(queues[1].queueid), admin);
    expect(two).toBe(one);
    expect(
      await admin.rows(`SELECT queueid FROM queueitem WHERE objectid = '${incident}'`),
    ).toMatchObject([{ queueid: queues[1].queueid }]);
  });

  test("masterid merges, and a status alone does not pass for it", async () => {
    const master = await create("incident", { title: "Stays", customerid: accountId });
    const lesser = await create("incident", { title: "Goes", customerid: accountId });
    const task = await create("task", {
      subject: "Hangs on it",
      regardingobjectid: { relatedTable: "incident", recordId: lesser },
    });
    const alone = await refused("update_record", {
      tablename: "incident",
      recordId: lesser,
      item: { statecode: "Cancelled", statuscode: "Merged" },
    });
    expect(alone).toMatch(/masterid/);
    const [{ ticketnumber }] = await me.rows(
      `SELECT ticketnumber FROM incident WHERE incidentid = '${master}'`,
    );
    const merged = await admin.call("update_record", {
      tablename: "incident",
      recordId: lesser,
      item: { masterid: ticketnumber, statecode: 2, statuscode: 2000 },
    });
    expect([merged.isError, merged.first]).toEqual([false, "Record updated successfully."]);
    const [row] = await admin.rows(
      `SELECT statecode, merged, masterid FROM incident WHERE incidentid = '${lesser}'`,
    );
    expect(row).toMatchObject({ statecode: 2, masterid: master });
    const [moved] = await admin.rows(
      `SELECT regardingobjectid FROM task WHERE activityid = '${task}'`,
    );
    expect(moved.regardingobjectid).toBe(master);
    expect(
      await refused("update_record", {
        tablename: "incident",
        recordId: master,
        item: { masterid: master },
      }),
    ).toMatch(/into itself/);
    expect(
      await refused("update_record", {
        tablename: "incident",
        recordId: master,
        item: { masterid: lesser, title: "x" },
      }),
    ).toMatch(/"title" does not belong/);
  });

  test("a note is asked what it belongs to", async () => {
    expect(
      await refused("create_record", { tablename: "annotation", item: { notetext: "alone" } }),
    ).toMatch(/objectid is missing: the record that the note is about/);
    const id = await create("annotation", {
      notetext: "about",
      objectid: { relatedTable: "account", recordId: accountId },
    });
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("what the service fills is left to it", async () => {
    const id = await create("opportunity", { name: "Left open", customerid: accountId }, admin);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("a disabled owner is refused by name before anything is written", async () => {
    const text = await refused("create_record", {
      tablename: "task",
      item: {
        subject: "x",
        ownerid: { relatedTable: "systemuser", recordId: "0a000000-0000-4000-8000-000000000005" },
      },
    });
    expect(text).toMatch(/ownerid: user 0a0+-.*is disabled/);
    expect(text).not.toMatch(/Your user/);
  });
});

describe("arguments", () => {
  test.each([null, "", " ", "null", "undefined"])(
    "that are unset as %j are absent",
    async (unset) => {
      const tables = await me.call("list_tables", { filter: unset, top: unset, cursor: unset });
      expect([tables.isError, tables.data.total > 50]).toEqual([false, true]);
      const rows = await me.call("read_query", {
        querytext: "SELECT TOP 1 title FROM incident",
        cursor: unset,
      });
      expect(rows.data.rowCount).toBe(1);
      const changed = await me.call("update_record", {
        tablename: "account",
        recordId: accountId,
        item: { telephone2: "2" },
        etag: unset,
      });
      expect(changed.first).toBe("Record updated successfully.");
      const asked = await admin.ask("delete_record", {
        tablename: "account",
        recordId: accountId,
        hasUserApproved: unset,
      });
      expect(asked.data).toMatchObject({ approval: { state: "needed" } });
    },
  );

  test("take numbers and booleans that came as texts, and texts that came as numbers", async () => {
    expect((await me.call("list_tables", { top: "3" })).data.tables).toHaveLength(3);
    const found = await me.call("retrieve_knowledge", { question: "router", top: "2.0" });
    expect(found.isError).toBe(false);
    const id = await create("account", { name: "To go" });
    const gone = await admin.call("delete_record", {
      tablename: "account",
      recordId: id,
      hasUserApproved: "True",
    });
    expect(gone.data.deleted).toBe(true);
    const incident = await create("incident", { title: "Closed", customerid: accountId });
    const closed = await me.call("resolve_incident", {
      incidentId: incident,
      resolutionNote: "done",
      status: 5,
      billableMinutes: "15",
      resolutionSubject: null,
    });
    expect([closed.isError, closed.data?.resolved]).toEqual([false, true]);
  });

  test("that are no number are refused as such", async () => {
    expect(await refused("list_tables", { top: "three" })).toMatch(/top: /);
    expect(
      await refused("delete_record", {
        tablename: "account",
        recordId: accountId,
        hasUserApproved: "yes",
      }),
    ).toMatch(/hasUserApproved/);
  });

  test("take objects and lists that came as texts, and leave texts alone", async () => {
    const item = { name: '{"not": "an object"}', description: "[1]" };
    const id = await create("account", JSON.stringify(item) as never);
    const [row] = await me.rows(`SELECT name, description FROM account WHERE accountid = '${id}'`);
    expect(row).toMatchObject(item);
    const listed = await me.call("create_record", {
      tablename: "account",
      item: [{ name: "One of one" }],
    });
    expect(listed.isError).toBe(false);
    expect(await refused("create_record", { tablename: "account", item: '{"name": ' })).toMatch(
      /item/,
    );
    expect(
      await refused("create_record", {
        tablename: "account",
        item: '{"__proto__": {"name": "x"}}',
      }),
    ).toMatch(/item/);
    expect(
      await refused("create_record", {
        tablename: "account",
        item: `${"[".repeat(9_000)}${"]".repeat(9_000)}`,
      }),
    ).toMatch(/item/);
    const columns = await admin.call("create_table", {
      tablename: "Textual",
      displayname: "Textual",
      description: "",
      item: JSON.stringify([
        { name: "Name", type: "string", required: "true" },
        {
          name: "Colour",
          type: "multiselect",
          choices:
            '[{"label":"Red; dark","value":"1"},{"label":"Green","value":2},{"label":"Blue, light"}]',
        },
      ]),
    });
    expect([columns.isError, columns.text]).toEqual([false, columns.text]);
  }, 60_000);
});

describe("choices of several values", () => {
  let table: string;
  let column: string;
  beforeAll(async () => {
    const found = await admin.call("list_tables", { filter: "textual" });
    table = found.data.tables[0].name;
    column = table.replace("textual", "colour");
  });

  test.each<[unknown, string]>([
    ["Green", "2"],
    ["Red; dark; Green", "1,2"],
    ["green, Red; dark", "1,2"],
    ["Blue, light, Green", "2,3"],
    [["Green", 1], "1,2"],
    ["1,2", "1,2"],
    ["1;2", "1,2"],
    ["[1, 2]", "1,2"],
    [[{ value: 1, label: "Red; dark" }], "1"],
  ])("are written as %j", async (value, expected) => {
    const { data: described } = await admin.call("describe_table", {
      tablename: table,
      filter: column,
    });
    const third = /Blue, light'? \((\d+)\)/.exec(described.columns[0].type)?.[1] ?? "";
    const name = table.replace("textual", "name");
    const id = await create(table, { [name]: "x", [column]: value }, admin);
    const [row] = await admin.rows(
      `SELECT ${column}, ${column}name FROM ${table} WHERE ${table}id = '${id}'`,
    );
    const stored = String(row[column])
      .split(",")
      .map((each) => (each === third ? "3" : each));
    expect(stored.sort().join(",")).toBe(expected);
    expect(row[`${column}name`]).toMatch(/Red; dark|Green/);
  });

  test("unknown labels are refused with the options", async () => {
    const { text, isError } = await admin.call("create_record", {
      tablename: table,
      item: { [column]: "Green; Purple" },
    });
    expect(isError).toBe(true);
    expect(text).toMatch(/"Purple" not among its options\. Options: .*"Green" \(2\)/);
    expect(text).not.toMatch(/"Green" not among/);
  });
});

describe("columns that SQL cannot read come with the way that can", () => {
  test.each([
    [
      "SELECT [to] FROM email",
      /JOIN activityparty p ON p\.activityid = a\.activityid .*participationtypemask = 2/,
    ],
    ["SELECT e.bcc FROM email e WHERE e.statecode = 0", /participationtypemask = 4/],
    ["SELECT entityimage FROM contact", /entityimage is an image.*entityimage_url/],
  ])("%s", async (querytext, way) => {
    const text = await refused("read_query", { querytext });
    expect(text).toMatch(/entity doesn't contain attribute/);
    expect(text).toMatch(way);
  });

  test("and the way works", async () => {
    const text = await refused("read_query", { querytext: "SELECT [to] FROM email" });
    const sql = /SELECT .*participationtypemask = 2/.exec(text.split("\n")[1] ?? "")?.[0] ?? "";
    const [{ activityid }] = await me.rows(
      "SELECT TOP 1 activityid FROM email WHERE subject = 'Forms'",
    );
    expect((await me.rows(sql.replace("…", activityid))).length).toBeGreaterThan(0);
  });
});

test("no call ended in a bug or a 5xx", () => {
  expect(endpoint.bugs).toEqual([]);
  expect(endpoint.statuses.filter((status) => status >= 500)).toEqual([]);
});
