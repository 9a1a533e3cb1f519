import { expect } from "@jest/globals";
import { demoCases, personas } from "../../packages/dataverse-emulator/src/sample/identities";
import type { ServiceDesk } from "../support/service-desk";

/** One thing that a tool is for; it can be done again and again. It throws when an answer lacks what it should say. */
export interface HappyPath {
  readonly tool: string;
  readonly name: string;
  run(): Promise<void>;
}

const representative = personas[0]?.systemUserId ?? "";
const administrator = personas[2]?.systemUserId ?? "";
const [, demo] = demoCases;

type Item = Record<string, unknown>;
const to = (relatedTable: string, recordId: string) => ({ relatedTable, recordId });

/** Every tool's ordinary use, by the administrator; `readTables` are those that `read_query` is for. */
export function happyPaths(desk: ServiceDesk, readTables: readonly string[]): HappyPath[] {
  const call = async (tool: string, args: Item = {}) => {
    const answer = await desk.call(tool, args, "administrator");
    if (answer.isError) throw new Error(answer.text);
    return answer;
  };
  /** Made past the tools. */
  const made = async (set: string, body: Item): Promise<string> => {
    const id = crypto.randomUUID();
    await desk.write("PATCH", `${set}(${id})`, body);
    return id;
  };
  const newAccount = () => made("accounts", { name: "Halvren" });
  const newCase = async (more: Item = {}) =>
    made("incidents", {
      title: "The router drops",
      "customerid_account@odata.bind": `/accounts(${await newAccount()})`,
      ...more,
    });
  /** A row to point to; one is made where the sample has none. */
  const some = async (table: string, set: string, body: Item = {}) => {
    const { value } = await desk.read(`${set}?$select=${table}id&$top=1`);
    const [row] = value as Item[];
    return to(table, row === undefined ? await made(set, body) : String(row[`${table}id`]));
  };
  const customer = async () => to("account", await newAccount());

  /** Tables of the work: a new row, and what may be changed of it. */
  const work: Readonly<Record<string, { item: () => Promise<Item>; change: () => Promise<Item> }>> =
    {
      account: {
        item: async () => ({ name: "Halvren" }),
        change: async () => ({
          name: "Halvren AB",
          transactioncurrencyid: await some("transactioncurrency", "transactioncurrencies"),
        }),
      },
      contact: {
        item: async () => ({ lastname: "Marlow", parentcustomerid: await customer() }),
        change: async () => ({ firstname: "Ada" }),
      },
      incident: {
        item: async () => ({ title: "The router drops", customerid: await customer() }),
        change: async () => ({
          primarycontactid: to("contact", await made("contacts", { lastname: "Marlow" })),
          subjectid: await some("subject", "subjects", { title: "Routers" }),
          productid: await some("product", "products"),
          contractid: await some("contract", "contracts", { title: "Contract" }),
          entitlementid: await some("entitlement", "entitlements", { name: "Entitlement" }),
          slaid: await some("sla", "slas", { name: "SLA" }),
        }),
      },
      annotation: {
        item: async () => ({ subject: "Note", objectid: to("incident", await newCase()) }),
        change: async () => ({ notetext: "More" }),
      },
      task: {
        item: async () => ({
          subject: "Call back",
          regardingobjectid: to("incident", await newCase()),
        }),
        change: async () => ({ description: "More" }),
      },
      queueitem: {
        item: async () => ({
          objectid: to("incident", await newCase()),
          queueid: await some("queue", "queues", { name: "Desk" }),
        }),
        change: async () => ({ title: "More" }),
      },
    };
  const setOf = (table: string) => `${table}s`;
  const tablesOfWork = Object.keys(work);
  const owned = tablesOfWork.filter((table) => table !== "queueitem");
  const itemOf = (table: string) => work[table]?.item() ?? Promise.resolve({});
  const row = async (tablename: string): Promise<string> => {
    const id = crypto.randomUUID();
    const body = await bodyOf(tablename);
    await desk.write("PATCH", `${setOf(tablename)}(${id})`, body);
    return id;
  };
  /** The same rows past the tools. */
  const bodyOf = async (table: string): Promise<Item> => {
    const incident = async () => `/incidents(${await newCase()})`;
    if (table === "account") return { name: "Halvren" };
    if (table === "contact") return { lastname: "Marlow" };
    if (table === "annotation")
      return { subject: "Note", "objectid_incident@odata.bind": await incident() };
    if (table === "task")
      return { subject: "Call", "regardingobjectid_incident_task@odata.bind": await incident() };
    if (table === "queueitem") {
      const { recordId } = await some("queue", "queues", { name: "Desk" });
      return {
        "objectid_incident@odata.bind": await incident(),
        "queueid@odata.bind": `/queues(${recordId})`,
      };
    }
    return { title: "A case", "customerid_account@odata.bind": `/accounts(${await newAccount()})` };
  };
  const noteOn = (incidentId: string) =>
    made("annotations", {
      subject: "Called",
      notetext: "The customer called: it still drops.",
      "objectid_incident@odata.bind": `/incidents(${incidentId})`,
    });
  /** Definitions are kept once read, so each description is of another table. */
  const strangers = [
    "lead",
    "opportunity",
    "phonecall",
    "letter",
    "appointment",
    "role",
    "slaitem",
  ];
  let last = 0;
  const newTable = async () =>
    (
      await call("create_table", {
        tablename: `Visit ${++last}`,
        displayname: `Visit ${last}`,
        item: [
          { name: "Weather", type: "string" },
          { name: "Case", type: "lookup", relatedtable: "incident" },
        ],
      })
    ).structured.tablename as string;

  const path = (tool: string, name: string, run: () => Promise<unknown>): HappyPath => ({
    tool,
    name,
    run: async () => void (await run()),
  });
  return [
    path("list_tables", "all", async () => {
      expect((await call("list_tables")).text).toContain("incident");
    }),
    path("describe_table", "one that nobody asked for yet", async () => {
      const tablename = strangers.pop() ?? "";
      expect((await call("describe_table", { tablename })).text).toMatch(/LOOKUP.*Related table/);
    }),
    ...readTables.map((table) =>
      path("read_query", table, () =>
        call("read_query", { querytext: `SELECT COUNT(*) AS n FROM ${table}` }),
      ),
    ),
    ...tablesOfWork.map((tablename) =>
      path("create_record", tablename, async () =>
        call("create_record", { tablename, item: await itemOf(tablename) }),
      ),
    ),
    ...tablesOfWork.map((tablename) =>
      path("update_record", tablename, async () =>
        call("update_record", {
          tablename,
          recordId: await row(tablename),
          item: await work[tablename]?.change(),
        }),
      ),
    ),
    ...owned.map((tablename) =>
      path("update_record", `the owner of ${tablename}`, async () =>
        call("update_record", {
          tablename,
          recordId: await row(tablename),
          item: { ownerid: to("systemuser", representative) },
        }),
      ),
    ),
    ...tablesOfWork.map((tablename) =>
      path("delete_record", tablename, async () =>
        call("delete_record", {
          tablename,
          recordId: await row(tablename),
          hasUserApproved: true,
        }),
      ),
    ),
    path("enrich_case", "writes, and takes it back", async () => {
      // In the words of a case that was resolved before, so that the predictor is sure.
      const { value } = await desk.read(
        "incidents?$select=title,description&$filter=statecode eq 1 and description ne null and _subjectid_value ne null and _productid_value ne null&$orderby=ticketnumber&$top=1",
      );
      const [known] = value as Item[];
      const incidentId = await newCase({ title: known?.title, description: known?.description });
      const { text, structured } = await call("enrich_case", { incidentId });
      expect([text, structured.written.map((each: { field: string }) => each.field)]).toEqual([
        text,
        ["subjectid", "productid"],
      ]);
      expect(text).toContain("Note ");
      await call("enrich_case", { incidentId, feedback: "Well done" });
      const undone = await call("enrich_case", { incidentId, undo: true });
      expect(undone.text).toMatch(/put back/);
    }),
    path("get_next_suggestion_on_case", "with the intent, kept on the case", async () => {
      const asked = {
        incidentId: demo.id,
        sourceContextEntityId: await noteOn(demo.id),
        store: true,
      };
      const { text, structured } = await call("get_next_suggestion_on_case", asked);
      // The same once more: what was kept is looked at, and nothing is kept twice.
      await call("get_next_suggestion_on_case", asked);
      expect(structured.questions.join()).toContain("Which VAT number should stand there?");
      expect(structured.intent).toMatchObject({
        name: "VAT number missing on the invoice",
        category: "Faults of invoices",
        from: "case",
      });
      expect(text).toMatch(/was kept on the case as msdyn_nextaction/);
    }),
    path("get_next_suggestion_on_case", "with an article", async () => {
      const incidentId = await newCase({
        title: "The connection drops every night at about the same time",
        description: "Our router's connection drops every night at about the same time.",
      });
      const { structured } = await call("get_next_suggestion_on_case", { incidentId });
      expect(JSON.stringify(structured.steps)).toContain("knowledgearticle");
    }),
    path("draft_email_with_suggested_response", "by a template, after a note", async () => {
      const { structured } = await call("draft_email_with_suggested_response", {
        incidentId: demo.id,
        sourceContextEntityId: await noteOn(demo.id),
        template: "Desk reply",
      });
      expect(structured.subject).toBe("Your case");
    }),
    path("draft_email_with_suggested_response", "to a person of the account", async () => {
      const accountId = await newAccount();
      const contactId = await made("contacts", {
        lastname: "Marlow",
        emailaddress1: "ada@example.com",
        "parentcustomerid_account@odata.bind": `/accounts(${accountId})`,
      });
      const incidentId = await made("incidents", {
        title: "The router drops",
        "customerid_account@odata.bind": `/accounts(${accountId})`,
      });
      await made("emails", {
        subject: "It drops",
        description: "<p>It drops</p>",
        directioncode: false,
        "regardingobjectid_incident_email@odata.bind": `/incidents(${incidentId})`,
        email_activity_parties: [
          { participationtypemask: 1, "partyid_contact@odata.bind": `/contacts(${contactId})` },
          {
            participationtypemask: 2,
            "partyid_systemuser@odata.bind": `/systemusers(${administrator})`,
          },
        ],
      });
      const { structured } = await call("draft_email_with_suggested_response", { incidentId });
      const { email_activity_parties: parties } = await desk.read(
        `emails(${structured.emailId})?$select=subject&$expand=email_activity_parties($select=_partyid_value,participationtypemask)`,
      );
      expect(parties).toContainEqual(
        expect.objectContaining({ participationtypemask: 2, _partyid_value: contactId }),
      );
      const body = "Please start the router again, and tell us what its lights show.";
      const anew = await call("draft_email_with_suggested_response", { incidentId, body });
      expect(anew.structured.emailId).toBe(structured.emailId);
    }),
    path("send_email", "a draft on a case", async () => {
      const incidentId = await made("incidents", {
        title: "The router drops",
        "customerid_account@odata.bind": `/accounts(${await newAccount()})`,
      });
      const contactId = await made("contacts", {
        lastname: "Marlow",
        emailaddress1: "ada@example.com",
      });
      const emailId = await made("emails", {
        subject: "Your router",
        description: "<p>Hello</p>",
        "regardingobjectid_incident_email@odata.bind": `/incidents(${incidentId})`,
        email_activity_parties: [
          {
            participationtypemask: 1,
            "partyid_systemuser@odata.bind": `/systemusers(${administrator})`,
          },
          { participationtypemask: 2, "partyid_contact@odata.bind": `/contacts(${contactId})` },
        ],
      });
      expect((await call("send_email", { emailId })).structured.sent).toBe(true);
    }),
    path("list_cases", "of a queue, a team and a customer", async () => {
      const { structured } = await call("list_cases", { queue: "Billing" });
      expect(structured.total).toBeGreaterThan(0);
      await call("list_cases", { owner: "Key accounts" });
      await call("list_cases", { customer: "Harrowgate Foods Ltd", sla: "breached" });
    }),
    path("get_case", "with all that hangs on it", async () => {
      await noteOn(demo.id);
      const { structured } = await call("get_case", { incidentId: demo.id });
      expect(structured).toMatchObject({ caseNumber: demo.ticketNumber, isOpen: true });
      await call("get_case", { incidentId: await newCase() });
    }),
    path("reassign_case", "to a queue, and to a person", async () => {
      const incidentId = await newCase();
      const asked = { incidentId, targetId: "Billing", reason: "An invoice" };
      const { structured } = await call("reassign_case", asked);
      expect(structured).toMatchObject({ outcome: "moved", isNoted: true });
      // Once more: the note is looked for.
      await call("reassign_case", asked);
      await call("reassign_case", { incidentId, targetType: "user", targetId: representative });
      // Without a queue.
      await call("reassign_case", { incidentId: await newCase(), targetId: "Key accounts" });
    }),
    path("pick_case_from_queue", "the next, and by name", async () => {
      const incidentId = await newCase();
      const { value } = await desk.read("queues?$select=queueid&$filter=name eq 'Billing'");
      const [queue] = value as Item[];
      await desk.write("POST", `queues(${queue?.queueid})/Microsoft.Dynamics.CRM.AddToQueue`, {
        Target: { "@odata.type": "Microsoft.Dynamics.CRM.incident", incidentid: incidentId },
      });
      const { structured } = await call("pick_case_from_queue", { incidentId });
      expect(structured.outcome).toBe("picked");
      await call("pick_case_from_queue", { queue: "Scooters" });
    }),
    path("create_note", "on a case", async () => {
      await call("create_note", { incidentId: demo.id, text: "Called back" });
    }),
    path("create_activity", "a call, a task and an appointment", async () => {
      const asked = { incidentId: await newCase(), subject: "Call back" };
      await call("create_activity", { ...asked, type: "phonecall", isDone: true });
      await call("create_activity", { ...asked, incidentId: demo.id, type: "phonecall" });
      await call("create_activity", { ...asked, type: "task" });
      const start = "2026-11-27T10:00:00Z";
      await call("create_activity", { ...asked, type: "appointment", start });
    }),
    path("attach_file", "to a case and to a draft", async () => {
      const file = { fileName: "a.txt", content: "Hello" };
      await call("attach_file", { ...file, incidentId: demo.id });
      await call("attach_file", { ...file, emailId: await made("emails", { subject: "x" }) });
    }),
    path("resolve_incident", "a case", async () => {
      const { structured } = await call("resolve_incident", {
        incidentId: await newCase(),
        resolutionNote: "Firmware 4.3",
      });
      expect(structured.resolved).toBe(true);
    }),
    path("list_knowledge_sources", "of every kind", async () => {
      const { text } = await call("list_knowledge_sources");
      for (const words of [
        /Product help :.*knowledgearticle \(title\), 1 synonym lists/,
        /glossary: .*"BT9"/,
        /Manuals :.*account/,
        /: Questions and answers :/,
        /: Team site :/,
      ])
        expect(text).toMatch(words);
    }),
    path("retrieve_knowledge", "from all", async () => {
      const ask = async (question: string) => (await call("retrieve_knowledge", { question })).text;
      const { value } = await desk.read(
        "knowledgearticles?$select=title,articlepublicnumber&$filter=statecode eq 3 and islatestversion eq true and isrootarticle eq false&$orderby=articlepublicnumber&$top=1",
      );
      const [article] = value as Item[];
      expect(await ask(String(article?.title))).toContain(String(article?.articlepublicnumber));
      expect(await ask("Zephyr valve")).toContain("a quarter to the left");
      expect(await ask("return a parcel")).toContain("Print the label");
    }),
    path("create_table", "with a lookup", newTable),
    path("update_table", "one more column", async () => {
      const tablename = await newTable();
      // The publisher is read once by whoever needs it first: here that is this tool.
      desk.forget();
      await call("update_table", {
        tablename,
        item: [{ name: "Mood", type: "string" }],
        newDisplayName: `Visit on site ${last}`,
      });
    }),
    path("delete_table", "after approval", async () =>
      call("delete_table", { tablename: await newTable(), hasUserApproved: true }),
    ),
  ];
}
