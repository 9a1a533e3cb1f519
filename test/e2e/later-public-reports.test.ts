import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Person, startTools, systemUserId, type ToolsEndpoint } from "./tools-endpoint";

/** Situations of `test/outside/reports.md` from R51 on; each title begins with the report's number there. */

let endpoint: ToolsEndpoint;
let me: Person;
let admin: Person;
let accountId: string;
let contactId: string;
let demo: { incidentid: string; ticketnumber: string };

type Item = Record<string, unknown>;
const bytes = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 255, 10, 13]);

async function create(tablename: string, item: Item): Promise<string> {
  const { first, text, isError } = await me.call("create_record", { tablename, item });
  if (isError) throw new Error(text);
  return first.slice(-36);
}
async function update(tablename: string, recordId: string, item: Item, as = me): Promise<void> {
  const { text, isError } = await as.call("update_record", { tablename, recordId, item });
  if (isError) throw new Error(text);
}
async function refused(tool: string, args: Item, words: RegExp, as = me): Promise<void> {
  const { text, isError } = await as.call(tool, args);
  expect([isError, text]).toEqual([true, expect.stringMatching(words)]);
}
const one = async (sql: string, as = me) => (await as.rows(sql))[0];
const account = (columns: string) =>
  one(`SELECT ${columns} FROM account WHERE accountid = '${accountId}'`);
const attach = (fileName: string) =>
  me.call("attach_file", {
    caseNumber: demo.ticketnumber,
    fileName,
    content: bytes.toString("base64"),
  });

beforeAll(async () => {
  endpoint = await startTools();
  me = await endpoint.as("representative");
  admin = await endpoint.as("administrator");
  accountId = await create("account", { name: "Told later" });
  contactId = await create("contact", { lastname: "Teller", emailaddress1: "t@x.example" });
  demo = await one("SELECT TOP 1 incidentid, ticketnumber FROM incident WHERE statecode = 0");
}, 60_000);
afterAll(() => endpoint?.close());

const situations: Readonly<Record<string, () => Promise<void>>> = {
  "R51 a change of what is not there": async () => {
    const nobody = "11111111-2222-4333-8444-555555555513";
    await refused(
      "update_record",
      { tablename: "account", recordId: nobody, item: { name: "Nobody" } },
      /no account with the id[\s\S]*Nothing was written/,
    );
    expect(await me.rows("SELECT name FROM account WHERE name = 'Nobody'")).toEqual([]);
  },
  "R52 a state as text": async () => {
    const id = await create("account", { name: "Asleep", statecode: "1" });
    expect(
      await one(`SELECT statecode, statuscode FROM account WHERE accountid = '${id}'`),
    ).toMatchObject({ statecode: 1, statuscode: 2 });
  },
  "R53 and R54 a binding in other capitals, and to nothing": async () => {
    await update("account", accountId, {
      "PrimaryContactID@odata.bind": `/contacts(${contactId})`,
    });
    expect(await account("primarycontactid")).toMatchObject({ primarycontactid: contactId });
    await update("account", accountId, { "PrimaryContactId@odata.bind": null });
    expect(await account("primarycontactid")).toMatchObject({ primarycontactid: null });
  },
  "R55 a user by the column's name": async () => {
    const user = systemUserId("manager");
    await update("account", accountId, {
      "preferredsystemuserid@odata.bind": `/systemusers(${user})`,
    });
    expect(await account("preferredsystemuserid")).toMatchObject({ preferredsystemuserid: user });
  },
  "R56 an attendee as one reference": async () => {
    const id = await create("appointment", {
      subject: "Visit",
      scheduledstart: "2026-12-01T09:00:00Z",
      scheduledend: "2026-12-01T10:00:00Z",
      requiredattendees: { relatedTable: "contact", recordId: contactId },
    });
    expect(
      await one(
        `SELECT partyid FROM activityparty WHERE activityid = '${id}' AND participationtypemask = 5`,
      ),
    ).toMatchObject({ partyid: contactId });
  },
  "R57 a party on its own": () =>
    refused(
      "create_record",
      { tablename: "activityparty", item: { partyid: contactId, participationtypemask: 5 } },
      /written with its activity\. Nothing was written\.[\s\S]*requiredattendees/,
    ),
  "R58 a table by SQL": () =>
    refused(
      "read_query",
      { querytext: "CREATE TABLE #t (a int)" },
      /CREATE is not allowed[\s\S]*create_table/,
    ),
  "R59 SQL without a parameter for it": async () => {
    const rows = await me.rows("SELECT TOP 10 accountid, name FROM account WHERE statecode = 0");
    expect(rows).toHaveLength(10);
  },
  "R60 a moment in no other zone": async () => {
    const moment = "2026-05-13T16:12:08Z";
    const id = await create("task", { subject: "At noon", scheduledend: moment });
    expect(
      await one(
        `SELECT scheduledend FROM task WHERE activityid = '${id}' AND scheduledend = '2026-05-13 16:12:08'`,
      ),
    ).toEqual({ scheduledend: moment });
  },
  "R61 a priority that is none": () =>
    refused(
      "update_record",
      { tablename: "incident", recordId: demo.incidentid, item: { prioritycode: "banana" } },
      /"banana" is not an option\. Options: .*"High" \(1\), "Normal" \(2\), "Low" \(3\)/,
    ),
  "R62 a company in two columns": async () => {
    const item = {
      lastname: "Both",
      "parentcustomerid_account@odata.bind": `/accounts(${accountId})`,
      "parentcustomerid_contact@odata.bind": `/contacts(${contactId})`,
    };
    await refused(
      "create_record",
      { tablename: "contact", item },
      /parentcustomerid is given more than once/,
    );
    expect(await me.rows("SELECT lastname FROM contact WHERE lastname = 'Both'")).toEqual([]);
  },
  "R63 and R65 the bytes of a file": async () => {
    for (const name of ["table.xls", "mail.msg"]) {
      const { text } = await attach(name);
      const id = /annotation ([0-9a-f-]{36})/.exec(text)?.[1];
      expect(
        await one(`SELECT documentbody, filesize FROM annotation WHERE annotationid = '${id}'`),
      ).toEqual({ documentbody: bytes.toString("base64"), filesize: bytes.length });
    }
  },
  "R64 a time that attachments have not": () =>
    refused(
      "read_query",
      { querytext: "SELECT TOP 1 filename, createdon FROM activitymimeattachment" },
      /Unknown column 'createdon' in activitymimeattachment/,
    ),
  "R66 a file that is blocked": async () => {
    const said = /takes no files with that ending[\s\S]*SELECT blockedattachments/;
    for (const name of ["setup.exe", "logo.SVG"]) {
      const { text, isError } = await attach(name);
      expect([isError, text]).toEqual([true, expect.stringMatching(said)]);
    }
    const { blockedattachments } = await one("SELECT blockedattachments FROM organization");
    expect(String(blockedattachments).split(";")).toEqual(expect.arrayContaining(["exe", "svg"]));
  },
  "R67 a state of a user": () =>
    refused(
      "update_record",
      {
        tablename: "systemuser",
        recordId: systemUserId("withoutRoles"),
        item: { statecode: "Inactive" },
      },
      /"statecode" is not a column of systemuser/,
      admin,
    ),
  "R68 an owner by name": async () => {
    await update("account", accountId, { ownerid: "Noor Castellan" });
    expect(await account("ownerid")).toMatchObject({ ownerid: systemUserId("manager") });
  },
  "R69 an owner at birth": async () => {
    const ownerid = { LogicalName: "systemuser", Id: systemUserId("manager") };
    const id = await create("account", { name: "Owned", ownerid });
    expect(await one(`SELECT ownerid FROM account WHERE accountid = '${id}'`)).toMatchObject({
      ownerid: systemUserId("manager"),
    });
  },
  "R70 a resolution as a record": async () => {
    const item = {
      subject: "Done",
      incidentid: { relatedTable: "incident", recordId: demo.incidentid },
    };
    for (const args of [{ item }, { items: [item] }])
      await refused(
        "create_record",
        { tablename: "incidentresolution", ...args },
        /leaves its case open\. Nothing was written\.[\s\S]*resolve_incident/,
      );
    expect(
      await one(`SELECT statecode FROM incident WHERE incidentid = '${demo.incidentid}'`),
    ).toMatchObject({ statecode: 0 });
  },
  "R71 a service level off and on": async () => {
    const { slaid } = await one("SELECT TOP 1 slaid FROM sla WHERE statecode = 1", admin);
    for (const [state, code] of [
      ["Draft", 0],
      ["Active", 1],
    ] as const) {
      await update("sla", String(slaid), { statecode: state }, admin);
      expect(await one(`SELECT statecode FROM sla WHERE slaid = '${slaid}'`, admin)).toMatchObject({
        statecode: code,
      });
    }
  },
};

test.each(Object.entries(situations))("%s", (_, happens) => happens(), 60_000);

test("each of them stands in the log with its address and verdict", () => {
  const log = readFileSync("test/outside/reports.md", "utf8");
  const numbers = Object.keys(situations).flatMap((title) => title.match(/R\d+/g) ?? []);
  expect(numbers).toHaveLength(21);
  for (const number of numbers)
    expect(log).toMatch(
      new RegExp(`^\\| ${number} \\| https://\\S+ \\| .+ \\| (?:right|mended)[^|]* \\|$`, "m"),
    );
});

test("no call ended in a bug or a 5xx", () => {
  expect(endpoint.bugs).toEqual([]);
  expect(endpoint.statuses.filter((status) => status >= 500)).toEqual([]);
});
