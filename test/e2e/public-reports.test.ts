import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Person, startTools, systemUserId, type ToolsEndpoint } from "./tools-endpoint";

/**
 * Situations that people told of in public, tried here. `test/outside/reports.md` has every one with its address and its verdict;
 * each title below begins with the report's number there.
 */

let endpoint: ToolsEndpoint;
let me: Person;
let admin: Person;
let accountId: string;
let contactId: string;
let teamId: string;
const myself = systemUserId("representative");

type Item = Record<string, unknown>;
const call = (tool: string, args: Item, as = me) => as.call(tool, args);

async function create(tablename: string, item: unknown, as = me): Promise<string> {
  const { first, text, isError } = await as.call("create_record", { tablename, item });
  if (isError) throw new Error(text);
  return first.slice(-36);
}
const cell = async (table: string, key: string, id: string, column: string) =>
  (await admin.rows(`SELECT ${column} FROM ${table} WHERE ${key} = '${id}'`))[0][column];

async function refused(tool: string, args: Item, words: RegExp): Promise<void> {
  const { text, isError } = await call(tool, args);
  expect([isError, text]).toEqual([true, expect.stringMatching(words)]);
}

beforeAll(async () => {
  endpoint = await startTools();
  me = await endpoint.as("representative");
  admin = await endpoint.as("administrator");
  accountId = await create("account", { name: "Reported" });
  contactId = await create("contact", { lastname: "Reporter", emailaddress1: "r@x.example" });
  [{ teamid: teamId }] = await admin.rows("SELECT TOP 1 teamid FROM team");
}, 60_000);
afterAll(() => endpoint?.close());

const situations: Readonly<Record<string, () => Promise<void>>> = {
  "R1 item as a text": async () => {
    const id = await create("account", JSON.stringify({ name: "As text" }));
    expect(await cell("account", "accountid", id, "name")).toBe("As text");
  },
  "R2 null as a word, and in a list": async () => {
    const { isError, text } = await call("enrich_case", {
      incidentId: "1c000000-0000-4000-8000-000000000001",
      sourceContextEntityId: "null",
      fields: ["null"],
      dryRun: "true",
    });
    expect([isError, text]).toEqual([false, text]);
  },
  "R3 null for every optional argument": async () => {
    const { isError } = await call("describe_table", {
      tablename: "task",
      filter: null,
      cursor: null,
    });
    expect(isError).toBe(false);
  },
  "R4 columns wrapped in item once more": async () => {
    const id = await create("account", { item: { name: "Wrapped" } });
    expect(await cell("account", "accountid", id, "name")).toBe("Wrapped");
  },
  "R5 an owner by ownerid_team": async () => {
    const id = await create(
      "lead",
      { subject: "x", lastname: "x", "ownerid_team@odata.bind": `teams(${teamId.toUpperCase()})` },
      admin,
    );
    expect(await cell("lead", "leadid", id, "ownerid")).toBe(teamId);
  },
  "R6 an owner by /owners(…) and by principal(…)": async () => {
    for (const set of ["/owners", "https://org.crm4.dynamics.com/api/data/v9.1/principal"]) {
      const id = await create("task", { subject: "x", "ownerid@odata.bind": `${set}(${myself})` });
      expect(await cell("task", "activityid", id, "ownerid")).toBe(myself);
    }
  },
  "R7 assigning by teams(…), without a slash": async () => {
    const id = await create("account", { name: "Assigned" }, admin);
    const item = { "ownerid@odata.bind": `teams(${teamId})` };
    expect(
      (await call("update_record", { tablename: "account", recordId: id, item }, admin)).text,
    ).toMatch(/^Record updated/);
    expect(await cell("account", "accountid", id, "ownerid")).toBe(teamId);
  },
  "R8 an owner by a bare GUID": async () => {
    const id = await create("contact", { lastname: "Owned", ownerid: myself });
    expect(await cell("contact", "contactid", id, "ownerid")).toBe(myself);
  },
  "R9 owningteam is told to be ownerid": () =>
    refused(
      "create_record",
      { tablename: "task", item: { subject: "x", "owningteam@odata.bind": `/teams(${teamId})` } },
      /owningteam follows the owner; write ownerid/,
    ),
  "R10 a lookup as a list of one reference": async () => {
    const id = await create("task", {
      subject: "x",
      regardingobjectid: [{ id: `{${contactId}}`, entityType: "contact", name: "Reporter" }],
    });
    expect(await cell("task", "activityid", id, "regardingobjectid")).toBe(contactId);
  },
  "R11 _x_value, which the Web API refuses": async () => {
    const id = await create("task", { subject: "x", _regardingobjectid_value: contactId });
    expect(await cell("task", "activityid", id, "regardingobjectid")).toBe(contactId);
  },
  "R12 a lookup that is null on create": async () => {
    const id = await create("contact", {
      lastname: "x",
      parentcustomerid: null,
    });
    expect(await cell("contact", "contactid", id, "parentcustomerid")).toBeNull();
  },
  "R13 the plain name of a lookup of an activity": async () => {
    const id = await create("phonecall", {
      subject: "x",
      "regardingobjectid@odata.bind": `/contacts(${contactId})`,
    });
    expect(await cell("phonecall", "activityid", id, "regardingobjectid")).toBe(contactId);
  },
  "R14 a property in the wrong case": async () => {
    const id = await create("incident", {
      title: "x",
      "CustomerId_Account@odata.bind": `/accounts(${accountId})`,
    });
    expect(await cell("incident", "incidentid", id, "customerid")).toBe(accountId);
  },
  "R15 a case that is made resolved": () =>
    refused(
      "create_record",
      { tablename: "incident", item: { title: "x", customerid: accountId, statuscode: 5 } },
      /resolve_incident/,
    ),
  "R16 a record that is made inactive": async () => {
    const id = await create("contact", {
      lastname: "Inactive",
      statecode: "Inactive",
      statuscode: "Inactive",
    });
    expect(await cell("contact", "contactid", id, "statecode")).toBe(1);
  },
  "R17 a status reason of the other state, alone, on create": async () => {
    const id = await create("account", { name: "Second state", statuscode: 2 });
    expect(await cell("account", "accountid", id, "statecode")).toBe(1);
  },
  "R18 resolving by update": () =>
    refused(
      "update_record",
      {
        tablename: "incident",
        recordId: "1c000000-0000-4000-8000-000000000001",
        item: { statecode: 1, statuscode: 5 },
      },
      /resolve_incident/,
    ),
  "R19 an activity that is made completed": async () => {
    const id = await create("task", { subject: "Done", statecode: 1 });
    expect(await cell("task", "activityid", id, "statecode")).toBe(1);
  },
  "R20 a filter that is longer than a URL": async () => {
    const names = Array.from({ length: 900 }, (_, n) => `'長い名前の会社 ${n} 株式会社'`);
    const rows = await me.rows(
      `SELECT name FROM account WHERE name IN (${names.join(", ")}, 'Reported')`,
    );
    expect(rows).toEqual([{ name: "Reported" }]);
    const others = await me.rows(
      `SELECT name FROM account WHERE name NOT IN (${names.join(", ")}) AND name = 'Reported'`,
    );
    expect(others).toEqual([{ name: "Reported" }]);
  },
  "R21 a plug-in that stands in the way of deleting": async () => {
    const id = await create("account", { name: "Kept" });
    endpoint.plugIn({
      message: "Delete",
      table: "account",
      error: "An error occurred in ProjectBlockDeletePlugin.",
    });
    const { text, isError } = await call(
      "delete_record",
      { tablename: "account", recordId: id, hasUserApproved: true },
      admin,
    );
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(
        /It says: \[\[data \w+:\nAn error occurred in ProjectBlockDeletePlugin/,
      ),
    ]);
  },
  "R22 dates and moments in every usual form": async () => {
    for (const written of [
      "2026-06-15T14:30:00Z",
      "2026-06-15T00:00:00Z",
      "2026-06-15",
      "2026-06-15 14:30",
    ]) {
      const id = await create("task", { subject: "x", scheduledend: written });
      expect(await cell("task", "activityid", id, "scheduledend")).toMatch(/^2026-06-15T/);
    }
  },
  "R23 money, numbers and booleans as texts": async () => {
    const id = await create("account", {
      name: "x",
      revenue: "1500.50",
      numberofemployees: "12",
      creditonhold: "true",
      donotphone: "Do Not Allow",
    });
    const [row] = await me.rows(
      `SELECT revenue, numberofemployees, creditonhold, donotphone FROM account WHERE accountid = '${id}'`,
    );
    expect(row).toMatchObject({
      revenue: 1500.5,
      numberofemployees: 12,
      creditonhold: true,
      donotphone: true,
    });
  },
  "R24 attendees by appointment_activity_parties": async () => {
    const id = await create("appointment", {
      subject: "Meet",
      scheduledstart: "2026-05-18T09:00:00Z",
      scheduledend: "2026-05-18T09:30:00Z",
      appointment_activity_parties: [
        { participationtypemask: 5, "partyid_contact@odata.bind": `/contacts(${contactId})` },
        { participationtypemask: 5, "partyid_systemuser@odata.bind": `/systemusers(${myself})` },
      ],
    });
    const rows = await me.rows(
      `SELECT partyid FROM activityparty WHERE activityid = '${id}' AND participationtypemask = 5`,
    );
    expect(rows.map((row) => row.partyid).sort()).toEqual([contactId, myself].sort());
  },
  "R25 a required column that is missing": () =>
    refused(
      "create_record",
      { tablename: "incident", item: { description: "x" } },
      /customerid \(.*is required\.[\s\S]*title \(.*is required/,
    ),
  "R26 a lookup's property without its underscore": async () => {
    const answer = await call("read_query", {
      querytext: "SELECT TOP 1 title, customerid_value FROM incident",
    });
    expect([answer.isError, answer.text]).toEqual([
      false,
      expect.stringMatching(/customerid_value[\s\S]*customerid\b/),
    ]);
  },
  "R27 a name that several records have": async () => {
    for (let n = 0; n < 2; n += 1) await create("account", { name: "Twins of R27" });
    await refused(
      "create_record",
      { tablename: "incident", item: { title: "x", customerid: "Twins of R27" } },
      /2 records are named "Twins of R27": account .*, account /,
    );
  },
  "R28 arrays of arguments say what they hold": async () => {
    const { default: list } = await import("../../shared/mcp/tool-list.generated.json");
    const within = (value: unknown): object[] =>
      typeof value === "object" && value !== null
        ? [value, ...Object.values(value).flatMap(within)]
        : [];
    const arrays = within(list).filter((each) => "type" in each && each.type === "array");
    expect(arrays.length).toBeGreaterThan(20);
    expect(arrays.filter((each) => !("items" in each))).toEqual([]);
  },
  "R29 a refusal that says only that it was one": () =>
    refused(
      "create_record",
      {
        tablename: "incident",
        item: { title: "x", customerid: accountId, caseorigincode: "Pigeon" },
      },
      /caseorigincode: "Pigeon" is not an option\. Options: .*"Phone" \(1\)/,
    ),
  "R30 an unhandled error of a plug-in": async () => {
    endpoint.plugIn({
      message: "Update",
      table: "contact",
      error: "Object reference not set to an instance of an object.",
    });
    await refused(
      "update_record",
      { tablename: "contact", recordId: contactId, item: { firstname: "x" } },
      /A rule of your organisation[\s\S]*Object reference not set/,
    );
  },
};

test.each(Object.entries(situations))("%s", (_, tried) => tried(), 60_000);

test("every situation that was tried stands in the log with its address and a verdict", () => {
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
