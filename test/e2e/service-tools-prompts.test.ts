import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { agreeing } from "../support/agreeing";
import { type AnyClient, mcpClients } from "../support/mcp-clients";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

const self = personas[0]?.systemUserId ?? "";
const ids = {
  family: "66000000-0000-4000-8000-000000000001",
  group: "66000000-0000-4000-8000-000000000002",
  intent: "66000000-0000-4000-8000-000000000003",
} as const;
/** The official clients of both eras; the other kinds are tried where the protocol is. */
const eras = mcpClients.filter(([name]) => /older revisions|pinned/.test(name));

interface OpenCase {
  readonly incidentid: string;
  readonly ticketnumber: string;
  readonly title: string;
}

/**
 * The example prompts of Microsoft's page on its Customer Service server, as the calls that a model makes of them, on the sample
 * data, as the representative.
 *
 * @see https://learn.microsoft.com/dynamics365/customer-service/administer/configure-customer-service-mcp-server
 */
let desk: ServiceDesk;
beforeAll(async () => {
  desk = await startServiceDesk({ cases: 400 });
  const intent = {
    msdyn_reviewstate: 192350001,
    msdyn_harvestingsource: 192350002,
    "msdyn_intentfamilyid@odata.bind": `/msdyn_intentfamilies(${ids.family})`,
  };
  await desk.write("PATCH", `msdyn_intentfamilies(${ids.family})`, {
    msdyn_name: "Devices",
    msdyn_description: "Everything with a plug",
    msdyn_isdefault: false,
    msdyn_isenabled: true,
  });
  await desk.write("PATCH", `msdyn_intents(${ids.group})`, {
    ...intent,
    msdyn_name: "Faults",
    msdyn_intentstring: "Faults of devices",
    msdyn_isgroup: true,
  });
  await desk.write("PATCH", `msdyn_intents(${ids.intent})`, {
    ...intent,
    msdyn_name: "Device is broken",
    msdyn_intentstring: "The customer's device is broken",
    msdyn_isgroup: false,
    "msdyn_parentgroupid@odata.bind": `/msdyn_intents(${ids.group})`,
  });
}, 120_000);
afterAll(() => desk.close());

test("an intent that the case does not have is predicted from the library, with its line of business, and said to be", async () => {
  const id = "66000000-0000-4000-8000-0000000000c1";
  const { value } = (await desk.read("contacts?$select=contactid&$top=1")) as {
    value: { contactid: string }[];
  };
  await desk.write("PATCH", `incidents(${id})`, {
    title: "Our device is broken",
    description: "The device is broken since this morning.",
    "customerid_contact@odata.bind": `/contacts(${value[0]?.contactid})`,
    "ownerid@odata.bind": `/systemusers(${self})`,
  });
  const { structured, text } = await desk.call("get_next_suggestion_on_case", { incidentId: id });
  expect(structured.intent).toMatchObject({
    name: "Device is broken",
    category: "Faults",
    lineOfBusiness: "Devices",
    from: "predicted",
  });
  expect(structured.intent.confidence).toBeLessThan(1);
  expect(text).toMatch(
    /line of business \[\[data (\w+): Devices :\1\]\]\); predicted from the library, \d+ %/,
  );
});

test("both eras are tried", () => {
  expect(eras.map(([, protocol]) => protocol)).toEqual(["2025-11-25", "2026-07-28"]);
});

describe.each(eras)("the seven prompts, by %s", (_, protocol, connect) => {
  let client: AnyClient;
  let mine: OpenCase;
  let emailId = "";
  /** Tools for which the person pressed Yes at the page. */
  const clicks: string[] = [];
  const call = async (tool: string, args: Record<string, unknown>) => {
    const answer = await agreeing(
      (given) => client.call(tool, given),
      args,
      ({ data }) => data?.approval,
      () => {
        clicks.push(tool);
        return desk.browser();
      },
    );
    expect([answer.isError ? answer.text : "", desk.bugs]).toEqual(["", []]);
    return answer;
  };
  beforeAll(async () => {
    client = await connect(desk.url);
    expect(client.protocol).toBe(protocol);
  });
  afterAll(() => client.close());

  test("List my open cases", async () => {
    const { data } = await call("read_query", {
      querytext:
        "SELECT incidentid, ticketnumber, title FROM incident WHERE statecode = 'Active' AND ownerid = CURRENT_USER ORDER BY createdon DESC",
    });
    const cases = data.rows as OpenCase[];
    expect(cases.length).toBeGreaterThan(10);
    for (const { incidentid } of cases.slice(0, 3)) {
      const row = await desk.read(`incidents(${incidentid})?$select=statecode,_ownerid_value`);
      expect(row).toMatchObject({ statecode: 0, _ownerid_value: self });
    }
    mine = cases[0] as OpenCase;
    await desk.write("POST", "msdyn_intententities", {
      msdyn_name: "Found by the agent",
      msdyn_objecttype: "incident",
      msdyn_intentstate: 192350000,
      "msdyn_objectid_incident@odata.bind": `/incidents(${mine.incidentid})`,
      "msdyn_intentid@odata.bind": `/msdyn_intents(${ids.intent})`,
      "msdyn_intentfamilyid@odata.bind": `/msdyn_intentfamilies(${ids.family})`,
    });
  });

  test("Help me resolve this case", async () => {
    const { data, text } = await call("get_next_suggestion_on_case", {
      caseNumber: mine.ticketnumber,
    });
    expect(data.incidentId).toBe(mine.incidentid);
    expect(data.steps.length).toBeGreaterThan(0);
    for (const step of data.steps) {
      expect(step.confidence).toBeGreaterThanOrEqual(0);
      expect(step.confidence).toBeLessThanOrEqual(1);
      expect(step.evidence.length).toBeGreaterThan(0);
    }
    expect(text).toContain(mine.title);
    expect(text).toMatch(/Answered by embedded/);
  });

  test("Fetch the intent of this case from the intent library", async () => {
    const suggested = await call("get_next_suggestion_on_case", { incidentId: mine.incidentid });
    expect(suggested.data.intent).toMatchObject({ name: "Device is broken", from: "case" });
    const { data } = await call("read_query", {
      querytext: `SELECT e.msdyn_intentidname FROM msdyn_intententity e WHERE e.msdyn_objectid = '${mine.incidentid}' ORDER BY e.createdon DESC`,
    });
    expect(data.rows[0]).toMatchObject({ msdyn_intentidname: "Device is broken" });
  });

  test("What is the intent category", async () => {
    const { data, text } = await call("get_next_suggestion_on_case", {
      incidentId: mine.incidentid,
    });
    expect(data.intent).toMatchObject({ category: "Faults", lineOfBusiness: "Devices" });
    expect(text).toMatch(
      /\(category \[\[data (\w+): Faults :\1\]\], line of business \[\[data \1: Devices :\1\]\]\); set on the case\./,
    );
    const query = await call("read_query", {
      querytext: `SELECT g.msdyn_name AS category, f.msdyn_name AS line FROM msdyn_intententity e JOIN msdyn_intent i ON e.msdyn_intentid = i.msdyn_intentid JOIN msdyn_intent g ON i.msdyn_parentgroupid = g.msdyn_intentid JOIN msdyn_intentfamily f ON i.msdyn_intentfamilyid = f.msdyn_intentfamilyid WHERE e.msdyn_objectid = '${mine.incidentid}' AND i.msdyn_intentid = '${ids.intent}'`,
    });
    expect(query.data.rows).toEqual([{ category: "Faults", line: "Devices" }]);
  });

  test("Draft an email with a resolution", async () => {
    const { data, text } = await call("draft_email_with_suggested_response", {
      incidentId: mine.incidentid,
      purpose: "share-solution",
    });
    expect(data).toMatchObject({ incidentId: mine.incidentid, responseType: "Resolved" });
    expect(data.citations.length).toBeGreaterThan(0);
    expect(text).toContain("It was not sent");
    emailId = data.emailId;
    const mail = await desk.read(
      `emails(${emailId})?$select=statuscode,directioncode,_regardingobjectid_value`,
    );
    expect(mail).toMatchObject({
      statuscode: 1,
      directioncode: true,
      _regardingobjectid_value: mine.incidentid,
    });
  });

  test("Send it", async () => {
    const { data } = await call("send_email", { emailId });
    expect(data).toMatchObject({ sent: true, wasSentBefore: false });
    expect((await desk.read(`emails(${emailId})?$select=statecode`)).statecode).toBe(1);
  });

  test("Resolve the case and add these notes", async () => {
    const resolutionNote = "Firmware 4.3 was installed; the customer confirmed by phone.";
    const { data } = await call("resolve_incident", {
      incidentId: mine.incidentid,
      resolutionNote,
    });
    expect(data).toMatchObject({ resolved: true, incidentId: mine.incidentid });
    expect((await desk.read(`incidents(${mine.incidentid})?$select=statecode`)).statecode).toBe(1);
    const { value } = (await desk.read(
      `incidentresolutions?$select=description&$filter=_incidentid_value eq ${mine.incidentid}`,
    )) as { value: { description: string }[] };
    expect(value.map(({ description }) => description)).toContain(resolutionNote);
  });

  test("take one click of the person, for the mail", () => {
    expect(clicks).toEqual(["send_email"]);
  });
});
