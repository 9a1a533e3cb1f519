import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Person, startTools, systemUserId, type ToolsEndpoint } from "./tools-endpoint";

/** Situations of `test/outside/reports.md` from R31 on; each title begins with the report's number there. */

let endpoint: ToolsEndpoint;
let me: Person;
let admin: Person;
let accountId: string;
let contactId: string;
const myself = systemUserId("representative");

type Item = Record<string, unknown>;

async function create(tablename: string, item: Item, as = me): Promise<string> {
  const { first, text, isError } = await as.call("create_record", { tablename, item });
  if (isError) throw new Error(text);
  return first.slice(-36);
}

async function refused(tool: string, args: Item, words: RegExp): Promise<void> {
  const { text, isError } = await me.call(tool, args);
  expect([isError, text]).toEqual([true, expect.stringMatching(words)]);
}
const refusedQuery = (querytext: string, words: RegExp) =>
  refused("read_query", { querytext }, words);

const one = async (sql: string, as = me) => (await as.rows(sql))[0];
const companyOf = async (id: string) =>
  (await one(`SELECT parentcustomerid FROM contact WHERE contactid = '${id}'`)).parentcustomerid;
/** Who is where on an activity: `2 contact`. */
const partiesOf = async (id: string): Promise<string[]> =>
  (
    await me.rows(
      `SELECT participationtypemask AS place, partyidtype AS kind, addressused AS address FROM activityparty WHERE activityid = '${id}' AND participationtypemask IN (1, 2) ORDER BY participationtypemask, addressused`,
    )
  ).map(({ place, kind, address }) => `${place} ${kind ?? address}`);

beforeAll(async () => {
  endpoint = await startTools();
  me = await endpoint.as("representative");
  admin = await endpoint.as("administrator");
  accountId = await create("account", { name: "Told", emailaddress1: "a@x.example" });
  contactId = await create("contact", { lastname: "Teller", emailaddress1: "t@x.example" });
}, 60_000);
afterAll(() => endpoint?.close());

const situations: Readonly<Record<string, () => Promise<void>>> = {
  "R31 a moment as it is written": async () => {
    const since = await me.rows(
      "SELECT name FROM businessunit AS b WHERE b.createdon >= '2000-11-07 06:30:00'",
    );
    const until = await me.rows(
      "SELECT name FROM businessunit AS b WHERE b.createdon < '2000-11-07 06:30:00'",
    );
    expect([since.length > 0, until.length]).toEqual([true, 0]);
  },
  "R32 a moment and a day": async () => {
    const all = await one("SELECT COUNT(*) AS n FROM contact");
    for (const day of ["'20220929'", "CAST('2022-09-29' AS DATE)"])
      expect(await one(`SELECT COUNT(*) AS n FROM contact c WHERE c.modifiedon >= ${day}`)).toEqual(
        all,
      );
  },
  "R33 what is no date": () =>
    refusedQuery(
      "SELECT TOP 10 name FROM account WHERE createdon='2026/02/13 10h40'",
      /'2026\/02\/13 10h40' .*cannot be compared with createdon[\s\S]*YYYY-MM-DD/,
    ),
  "R34 the first day of the last quarter": async () => {
    const { q } = await one(
      "SELECT DATEADD(QUARTER, DATEDIFF(QUARTER, 0, '2026-11-30') - 1, 0) AS q",
    );
    expect(q).toMatch(/^2026-07-01T00:00:00/);
  },
  "R35 the table behind a lookup by another name": async () => {
    const rows = await me.rows(
      "SELECT TOP 20 regardingobjectidtype, regardingobjectidtype AS t FROM email WHERE regardingobjectid IS NOT NULL",
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows)
      expect([row.t, typeof row.t]).toEqual([row.regardingobjectidtype, "string"]);
  },
  "R36 a date without quotes": async () => {
    for (const date of ["2021-04-01", "1/4/2021"])
      for (const where of [`createdon > ${date}`, `${date} < createdon`])
        await refusedQuery(
          `SELECT name FROM account WHERE ${where}`,
          /without quotes is arithmetic, not a date[\s\S]*'YYYY-MM-DD'/,
        );
    expect(await one("SELECT COUNT(*) AS n FROM incident WHERE 2021-04-01 = 2016")).toEqual(
      await one("SELECT COUNT(*) AS n FROM incident"),
    );
  },
  "R37 names and labels by other names": async () => {
    const columns = ["customeridname", "owneridname", "statuscodename", "primarycontactidname"];
    const renamed = columns.map((name, index) => `${name}, ${name} AS c${index}`).join(", ");
    for (const row of await me.rows(`SELECT TOP 30 ${renamed} FROM incident`))
      for (const [index, name] of columns.entries()) expect(row[`c${index}`]).toBe(row[name]);
  },
  "R38 a union of what has no rows": async () => {
    const late = "createdon > '2098-12-03'";
    expect(
      await me.rows(
        `SELECT i.title FROM incident i JOIN account a ON a.accountid = i.customerid WHERE i.${late} UNION SELECT title FROM incident WHERE ${late}`,
      ),
    ).toEqual([]);
  },
  "R39 a lookup to what is not there": async () => {
    const nobody = "11111111-2222-4333-8444-555555555555";
    await refused(
      "update_record",
      {
        tablename: "contact",
        recordId: contactId,
        item: {
          firstname: "Never",
          parentcustomerid: { relatedTable: "account", recordId: nobody },
        },
      },
      /Nothing was written[\s\S]*parentcustomerid: there is no account with the id 11111111/,
    );
    expect(await one(`SELECT firstname FROM contact WHERE contactid = '${contactId}'`)).toEqual({
      firstname: null,
    });
  },
  "R40 a customer by its kind": async () => {
    const id = await create("contact", {
      lastname: "x",
      parentcustomerid_contact: { relatedTable: "contact", recordId: contactId },
    });
    expect(await companyOf(id)).toBe(contactId);
  },
  "R41 as many rows as asked for": async () =>
    expect(await me.rows("SELECT TOP 37 title FROM incident")).toHaveLength(37),
  "R42 the log of changes by user": async () => {
    const { isError } = await admin.call("read_query", {
      querytext:
        "SELECT userid, COUNT(auditid) AS n FROM audit WHERE operation = 2 AND createdon >= '2/2/2022' AND createdon <= '2/28/2099' GROUP BY userid",
    });
    expect(isError).toBe(false);
  },
  "R43 a number of an option as a text": async () => {
    const recordId = await create("incident", { title: "x", customerid: accountId });
    await me.call("update_record", {
      tablename: "incident",
      recordId,
      item: { prioritycode: "1" },
    });
    expect(
      (await one(`SELECT prioritycode FROM incident WHERE incidentid = '${recordId}'`))
        .prioritycode,
    ).toBe(1);
  },
  "R44 a reference as the SDK writes it": async () => {
    for (const parentcustomerid of [
      { LogicalName: "account", Id: accountId, Name: null },
      { entityType: "account", id: `{${accountId.toUpperCase()}}`, name: "Told" },
    ])
      expect(await companyOf(await create("contact", { lastname: "x", parentcustomerid }))).toBe(
        accountId,
      );
  },
  "R45 recipients whom nobody knows": async () => {
    await refused(
      "create_record",
      {
        tablename: "email",
        item: {
          subject: "Lost",
          sender: "Sender",
          from: "t@x.example",
          to: "Our Company of Nowhere",
        },
      },
      /Nothing was written[\s\S]*to: there is no .*named "Our Company of Nowhere"/,
    );
    expect(await me.rows("SELECT activityid FROM email WHERE subject = 'Lost'")).toEqual([]);
  },
  "R46 parties of a mail by bindings": async () => {
    const id = await create("email", {
      subject: "x",
      email_activity_parties: [
        { participationtypemask: 2, "partyid_account@odata.bind": `/accounts(${accountId})` },
        { participationtypemask: 1, "partyid_systemuser@odata.bind": `/systemusers(${myself})` },
      ],
    });
    expect(await partiesOf(id)).toEqual(["1 systemuser", "2 account"]);
  },
  "R47 parties of a mail by references": async () => {
    const id = await create("email", {
      subject: "x",
      from: [{ partyid: { LogicalName: "systemuser", Id: myself } }],
      to: [{ partyid: { LogicalName: "contact", Id: contactId } }],
    });
    expect(await partiesOf(id)).toEqual(["1 systemuser", "2 contact"]);
  },
  "R48 parties of a phone call": async () => {
    const id = await create("phonecall", {
      subject: "x",
      from: [{ partyid: { logicalName: "contact", id: contactId } }],
      to: [{ partyid: { logicalName: "systemuser", id: myself } }],
    });
    expect(await partiesOf(id)).toEqual(["1 contact", "2 systemuser"]);
  },
  "R49 two addresses with semicolons": async () => {
    const id = await create("email", { subject: "x", to: "one@n.example; two@n.example;" });
    expect(await partiesOf(id)).toEqual(["1 systemuser", "2 one@n.example", "2 two@n.example"]);
  },
  "R50 a lookup of an organisation's own table": async () => {
    const { text, isError } = await admin.call("create_table", {
      tablename: "visit",
      displayname: "Visit",
      item: [{ name: "Place", type: "lookup", relatedtable: "account" }],
    });
    expect([isError, text]).toEqual([false, text]);
    const table = /\b(\w+_visit)\b/.exec(text)?.[1] ?? "";
    const [prefix] = table.split("_");
    const recordId = await create(table, { [`${prefix}_name`]: "x" }, admin);
    for (const place of [{ relatedTable: "account", recordId: accountId }, "Told"]) {
      const answer = await admin.call("update_record", {
        tablename: table,
        recordId,
        item: { [`${prefix}_place`]: place },
      });
      expect([answer.isError, answer.text]).toEqual([false, answer.text]);
      expect((await one(`SELECT ${prefix}_place AS p FROM ${table}`, admin)).p).toBe(accountId);
    }
  },
};

test.each(Object.entries(situations))("%s", (_, tried) => tried(), 60_000);

test("every situation stands in the log with its address and a verdict", () => {
  const log = readFileSync("test/outside/reports.md", "utf8");
  for (const title of Object.keys(situations)) {
    const [number] = title.split(" ");
    expect(log).toMatch(
      new RegExp(`^\\| ${number} \\| https://\\S+ \\| .+ \\| (?:right|mended)[^|]* \\|$`, "m"),
    );
  }
});

test("no call ended in a bug or a 5xx", () => {
  expect(endpoint.bugs).toEqual([]);
  expect(endpoint.statuses.filter((status) => status >= 500)).toEqual([]);
});
