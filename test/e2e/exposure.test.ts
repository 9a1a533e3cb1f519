import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { DataverseRequest } from "../../shared/dataverse";
import { AppError } from "../../shared/errors";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

/** Tables and columns that an administrator keeps back, and every way that leads to them. */
const kept = {
  MCP_HIDDEN_TABLES: "account,phonecall",
  MCP_HIDDEN_COLUMNS:
    "contact.emailaddress1,contact.lastname,*.createdby,knowledgearticle.keywords,incident.productserialnumber",
};

/** What stands in the hidden cells: no answer may hold any of it. */
interface Secrets {
  readonly accounts: readonly string[];
  readonly addresses: readonly string[];
  readonly contact: string;
  readonly account: string;
  readonly incident: string;
}

async function secretsOf(desk: ServiceDesk): Promise<Secrets> {
  const rows = async (path: string) =>
    (await desk.read(path)).value as readonly Record<string, unknown>[];
  const accounts = await rows("accounts?$select=accountid,name");
  const contacts = await rows(
    "contacts?$select=contactid,emailaddress1&$filter=emailaddress1 ne null",
  );
  const incidents = await rows(
    "incidents?$select=incidentid&$filter=statecode eq 0 and customerid_account/accountid ne null",
  );
  return {
    accounts: accounts.map(({ name }) => String(name)),
    addresses: contacts.map(({ emailaddress1 }) => String(emailaddress1)),
    contact: String(contacts[0]?.contactid),
    account: String(accounts[0]?.accountid),
    incident: String(incidents[0]?.incidentid),
  };
}

const guid = "0f0f0f0f-0000-4000-8000-00000000000f";
const get = (path: string, query: DataverseRequest["query"] = {}): DataverseRequest => ({
  method: "GET",
  path,
  query,
  expects: "page",
});
const fetching = (path: string, inside: string) =>
  get(path, { fetchXml: `<fetch top="2">${inside}</fetch>` });
const post = (path: string, body: unknown): DataverseRequest => ({
  method: "POST",
  path,
  body,
  expects: { result: {} },
});
const patch = (path: string, body: unknown): DataverseRequest => ({
  method: "PATCH",
  path,
  body,
  headers: { "If-Match": "*" },
  expects: "noContent",
});
const searching = (entities: unknown) =>
  post("searchquery", { search: "halvren", entities: JSON.stringify(entities) });

/** Requests as a tool with a mistake in it would send them, past the definitions. */
const requests = ({ contact, account, incident }: Secrets): readonly DataverseRequest[] => [
  get("accounts", { $select: "name" }),
  get("ACCOUNTS", { $select: "name" }),
  get(`accounts(${account})`, { $select: "name" }),
  get("contacts", { $top: "1" }),
  get("contacts", { $select: "contactid,emailaddress1" }),
  get("contacts", { $select: "contactid", $filter: "startswith(emailaddress1,'a')" }),
  get("contacts", { $select: "contactid", $filter: "contactid ne null and EmailAddress1 eq 'a'" }),
  get("contacts", { $select: "contactid", $orderby: "emailaddress1" }),
  get("contacts", {
    $select: "contactid",
    $filter: "Microsoft.Dynamics.CRM.In(PropertyName='emailaddress1',PropertyValues=['a'])",
  }),
  get("contacts", { $apply: "groupby((emailaddress1))" }),
  get("contacts", { $select: "fullname" }),
  get("contacts", { $select: "_createdby_value" }),
  get("contacts(emailaddress1='a')", { $select: "contactid" }),
  get(`contacts(${contact})/emailaddress1`),
  get(`incidents(${incident})/customerid_account`, { $select: "name" }),
  get("incidents", { $select: "title", $expand: "customerid_account($select=name)" }),
  get("incidents", { $select: "title", $expand: "customerid_contact($select=emailaddress1)" }),
  get("incidents", { $select: "title", $expand: "customerid_contact" }),
  get("incidents", { $select: "title", $filter: "customerid_account/name eq 'a'" }),
  get("incidents", { $select: "title", $filter: "customerid_contact/emailaddress1 eq 'a'" }),
  get("incidents", { $select: "title", $orderby: "customerid_account/name" }),
  get("incidents", { $select: "title", $orderby: "_customerid_value" }),
  get("activitypointers", { $select: "subject" }),
  get("activityparties", { $select: "addressused" }),
  get("EntityDefinitions(LogicalName='account')"),
  get("RetrieveTotalRecordCount(EntityNames=['account'])"),
  get("incidents", { savedQuery: guid }),
  fetching("accounts", '<entity name="account"><attribute name="name"/></entity>'),
  fetching("incidents", '<entity name="account"><attribute name="name"/></entity>'),
  fetching("contacts", '<entity name="contact"><all-attributes/></entity>'),
  fetching("contacts", '<entity name="contact"><attribute name="emailaddress1"/></entity>'),
  fetching(
    "contacts",
    '<entity name="contact"><attribute name="emailaddress1" alias="x"/></entity>',
  ),
  fetching(
    "contacts",
    '<entity name="contact"><attribute name="contactid"/><order attribute="emailaddress1"/></entity>',
  ),
  fetching(
    "contacts",
    '<entity name="contact"><attribute name="contactid"/><filter><filter type="or"><condition attribute="emailaddress1" operator="like" value="a%"/></filter></filter></entity>',
  ),
  fetching(
    "contacts",
    '<entity name="contact"><attribute name="contactid"/><filter><condition attribute="emailaddress2" operator="eq" valueof="emailaddress1"/></filter></entity>',
  ),
  fetching(
    "incidents",
    '<entity name="incident"><attribute name="title"/><link-entity name="account" from="accountid" to="customerid"><attribute name="name"/></link-entity></entity>',
  ),
  fetching(
    "incidents",
    '<entity name="incident"><attribute name="title"/><filter><link-entity name="account" from="accountid" to="customerid" link-type="any"/></filter></entity>',
  ),
  fetching(
    "incidents",
    '<entity name="incident"><attribute name="title"/><filter><condition entityname="c" attribute="emailaddress1" operator="like" value="a%"/></filter><link-entity name="contact" from="contactid" to="primarycontactid" alias="c" link-type="outer"/></entity>',
  ),
  fetching(
    "incidents",
    '<entity name="incident"><attribute name="title"/><link-entity name="contact" from="emailaddress1" to="emailaddress"/></entity>',
  ),
  fetching(
    "incidents",
    '<entity name="incident"><attribute name="title"/><order attribute="customerid"/></entity>',
  ),
  fetching("incidents", '<entity name="incident"><attribute name="customeridname"/></entity>'),
  fetching(
    "incidents",
    '<entity name="incident"><attribute name="title"/><filter><condition attribute="customerid" operator="like" value="H%"/></filter></entity>',
  ),
  fetching("incidents", '<!-- --><entity name="incident"><attribute name="title"/></entity>'),
  searching([{ name: "account", searchcolumns: ["name"] }]),
  searching([{ name: "contact" }]),
  searching([{ name: "contact", searchcolumns: ["emailaddress1"] }]),
  searching([{ name: "contact", searchcolumns: ["firstname"], filter: "emailaddress1 eq 'a'" }]),
  post("searchquery", { search: "halvren" }),
  post("InstantiateTemplate", { TemplateId: guid, ObjectType: "incident", ObjectId: incident }),
  post("FullTextSearchKnowledgeArticle", { SearchText: "halvren" }),
  post("Merge", {
    Target: { "@odata.type": "Microsoft.Dynamics.CRM.account", accountid: account },
    Subordinate: { "@odata.type": "Microsoft.Dynamics.CRM.account", accountid: guid },
  }),
  post("GrantAccess", {}),
  patch(`accounts(${account})`, { name: "x" }),
  patch(`contacts(${contact})`, { emailaddress1: "x@example.com" }),
  patch(`incidents(${incident})`, { "customerid_account@odata.bind": `/accounts(${account})` }),
  patch(`incidents(${incident})`, { customerid_account: { name: "x" } }),
  {
    method: "POST",
    path: "$batch",
    expects: "noContent",
    changeSet: [
      patch(`incidents(${incident})`, { title: "x" }),
      patch(`accounts(${account})`, { name: "x" }),
    ],
  },
];

const refusalOf = async (desk: ServiceDesk, request: DataverseRequest) => {
  try {
    await desk.dataverse().send(request);
    return "";
  } catch (error) {
    return error instanceof AppError ? error.message : String(error);
  }
};

const byExposure = /^This endpoint does not (show|send) /;

test("nothing is in the way where nothing is kept back, so it is the lock that refuses", async () => {
  const open = await startServiceDesk({ cases: 20 });
  const reads = requests(await secretsOf(open)).filter(
    ({ method, path }) => method === "GET" || path === "searchquery",
  );
  expect(reads.length).toBeGreaterThan(40);
  for (const request of reads) expect(await refusalOf(open, request)).not.toMatch(byExposure);
  await open.close();
}, 60_000);

describe("what is kept back", () => {
  let desk: ServiceDesk;
  let secrets: Secrets;
  beforeAll(async () => {
    desk = await startServiceDesk({ cases: 40, settings: kept });
    secrets = await secretsOf(desk);
  }, 60_000);
  afterAll(() => desk?.close());

  const ask = (querytext: string) => desk.call("read_query", { querytext }, "administrator");

  test("is asked for by no request of the client, whoever put it together", async () => {
    for (const request of requests(secrets))
      expect([request, await refusalOf(desk, request)]).toEqual([
        request,
        expect.stringMatching(byExposure),
      ]);
  });

  test.each([
    "SELECT name FROM account",
    "SELECT i.title, a.name FROM incident i JOIN account a ON a.accountid = i.customerid",
    "SELECT title FROM incident WHERE customerid IN (SELECT accountid FROM account)",
    "SELECT emailaddress1 FROM contact",
    "SELECT contactid FROM contact WHERE emailaddress1 LIKE 'a%'",
    "SELECT contactid FROM contact ORDER BY lastname",
    "SELECT firstname, COUNT(*) AS n FROM contact GROUP BY firstname HAVING MIN(lastname) > 'M'",
    "SELECT fullname FROM contact",
    "SELECT createdbyname FROM incident",
    "SELECT subject FROM activitypointer",
    "SELECT newvalue FROM audit",
    "SELECT * FROM customeraddress c JOIN phonecall p ON p.activityid = c.parentid",
  ])("is no part of a query: %s", async (query) => {
    const { text, isError } = await ask(query);
    expect([isError, text]).toEqual([true, expect.stringMatching(/^('|Unknown|This endpoint)/)]);
    expect(text).not.toMatch(/Did you mean (account|emailaddress1|phonecall)\b/);
  });

  test("has no name where something shown refers to it, and does not decide an order", async () => {
    const named = await ask("SELECT customeridname, customerid FROM incident ORDER BY incidentid");
    expect(named.isError).toBe(false);
    const rows = named.structured.rows as { customeridname: string | null }[];
    expect(rows.some(({ customeridname }) => customeridname === null)).toBe(true);
    for (const query of [
      "SELECT DISTINCT customerid, customeridname FROM incident",
      "SELECT incidentid FROM incident ORDER BY customeridname",
      "SELECT customeridname, COUNT(*) AS n FROM incident GROUP BY customeridname",
      "SELECT * FROM incident",
      "SELECT * FROM contact",
      "SELECT c.contactid, i.* FROM incident i LEFT JOIN contact c ON c.contactid = i.customerid",
      "SELECT ownerid, owneridname, regardingobjectid, regardingobjectidname FROM email",
      "SELECT TABLE_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'contact'",
    ]) {
      const { structured, isError } = await ask(query);
      expect([query, isError]).toEqual([query, false]);
      // A case may tell of somebody in its own words, and hold an address of its own.
      const own = /^(title|description|emailaddress|entitlementidname)$/;
      const cells = (structured.rows as Record<string, unknown>[]).flatMap((row) =>
        Object.entries(row).flatMap(([key, value]) => (own.test(key) ? [] : [String(value)])),
      );
      for (const secret of [...secrets.accounts, ...secrets.addresses])
        expect([query, secret, cells.filter((cell) => cell.includes(secret))]).toEqual([
          query,
          secret,
          [],
        ]);
    }
    const starts = await ask("SELECT COUNT(*) AS n FROM incident WHERE customeridname LIKE '%a%'");
    const names = rows.filter(({ customeridname }) => customeridname?.match(/a/i)).length;
    expect(starts.structured.rows).toEqual([{ n: names }]);
  });

  test("stands in no list and no description", async () => {
    const answers = await Promise.all([
      desk.call("list_tables", { filter: "account", top: 100 }),
      desk.call("describe_table", { tablename: "incident" }),
      desk.call("describe_table", { tablename: "contact" }),
      desk.call("describe_table", { tablename: "acount" }),
      ask("SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES"),
      ask("SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = 'incident'"),
    ]);
    for (const { text } of answers) {
      expect(text).not.toMatch(/\b(account|accounts|accountid|phonecall|activitypointer)\b/);
      expect(text).not.toMatch(/\b(emailaddress1|lastname|createdby(name)?|productserialnumber)\b/);
    }
  });

  test("is not written, by column or by lookup", async () => {
    for (const [tablename, item] of [
      ["contact", { firstname: "A", lastname: "B" }],
      ["account", { name: "B" }],
      [
        "incident",
        { title: "A", customerid: { relatedTable: "account", recordId: secrets.account } },
      ],
      ["phonecall", { subject: "A" }],
    ] as const) {
      const { isError } = await desk.call("create_record", { tablename, item }, "administrator");
      expect([tablename, isError]).toEqual([tablename, true]);
    }
    const { isError, text } = await desk.call("update_record", {
      tablename: "contact",
      recordId: secrets.contact,
      item: { emailaddress1: "new@example.com" },
    });
    expect([isError, text]).toEqual([true, expect.stringContaining("emailaddress1")]);
  });

  test("leaves the tools of the desk at work, without what is hidden", async () => {
    for (const [tool, args] of [
      ["enrich_case", { incidentId: secrets.incident, dryRun: true }],
      ["get_next_suggestion_on_case", { incidentId: secrets.incident }],
      ["retrieve_knowledge", { question: "The battery does not charge" }],
      ["list_knowledge_sources", {}],
    ] as const) {
      const { text, isError } = await desk.call(tool, args);
      expect([tool, isError, text]).toEqual([tool, false, expect.anything()]);
      for (const secret of [...secrets.accounts, ...secrets.addresses])
        expect([tool, text.includes(secret)]).toEqual([tool, false]);
    }
    expect(desk.bugs).toEqual([]);
  });

  test("is told by no tool that shows, moves or asks, however the case is named", async () => {
    const { incident: incidentId, accounts, addresses } = secrets;
    const [name = "", ...names] = accounts;
    const word = name.split(" ")[0] ?? name;
    for (const [tool, args] of [
      ["get_case", { incidentId }],
      ["list_cases", { owner: "anyone", status: "all", top: 100 }],
      ["list_cases", { owner: "anyone", queue: "Billing" }],
      ["list_cases", { owner: "anyone", customer: name }],
      ["list_cases", { owner: "anyone", customer: addresses[0] }],
      ["reassign_case", { incidentId, targetId: "Billing", reason: "On leave", dryRun: true }],
      ["resolve_incident", { incidentId, resolutionNote: "Replaced", dryRun: true }],
      ["delete_record", { tablename: "incident", recordId: incidentId, dryRun: true }],
      ["draft_email_with_suggested_response", { incidentId, dryRun: true }],
      ["create_activity", { incidentId, type: "task", subject: "Ask", dryRun: true }],
      ["create_record", { tablename: "task", item: { subject: "Ask", regardingobjectid: word } }],
    ] as const) {
      const { text, structured } = await desk.ask(tool, args, "administrator");
      const said = text + JSON.stringify(structured ?? {});
      // What the call itself said may be repeated.
      const own = JSON.stringify(args);
      for (const secret of [name, ...names, ...addresses])
        expect([tool, args, secret, !own.includes(secret) && said.includes(secret)]).toEqual([
          tool,
          args,
          secret,
          false,
        ]);
      expect([tool, args, said]).not.toEqual([
        tool,
        args,
        expect.stringMatching(/\b(phonecalls?|productserialnumber)\b/),
      ]);
    }
    // What cannot be looked at is no reason to leave a case open, nor to say that nothing is.
    const resolve = { incidentId, resolutionNote: "Replaced" };
    const asked = await desk.ask("resolve_incident", resolve, "administrator");
    expect(asked.structured.approval).toMatchObject({ state: "needed", grade: "model" });
    const resolved = await desk.call("resolve_incident", resolve, "administrator");
    expect([resolved.isError, resolved.text]).toEqual([
      false,
      expect.stringContaining("this endpoint does not show"),
    ]);
    // Neither by how many come, or whether the name is known.
    const [known, unknown] = await Promise.all(
      [name, "Nobody's Workshop"].map((customer) =>
        desk.ask("list_cases", { owner: "anyone", status: "all", customer }, "administrator"),
      ),
    );
    expect(known?.isError).toBe(unknown?.isError);
    expect(known?.text.replaceAll(name, "…")).toBe(
      unknown?.text.replaceAll("Nobody's Workshop", "…"),
    );
    expect(desk.bugs).toEqual([]);
  }, 300_000);
});
