import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setSwitches } from "../../../src/switches";
import { type Dataverse, outcome, personaOf, startDataverse } from "../../support/dataverse";

type Row = Record<string, unknown>;
let dataverse: Dataverse;
let account: string;
let product: { productid: string; name: string };
let article: { knowledgearticleid: string; title: string };
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 5, now: () => new Date("2026-11-24T10:00:00Z") });
  const first = async (path: string) =>
    ((await dataverse.send("GET", path)).json.value as Row[])[0] as never;
  account = (await dataverse.send("POST", "accounts", { name: "Agent's customer" })).id;
  product = await first("products?$select=name&$filter=productstructure eq 1&$top=1");
  article = await first(
    "knowledgearticles?$select=title&$filter=statecode eq 3 and contains(title,': ')&$top=1",
  );
});
afterAll(() => dataverse.close());

const open = async (title: string, description: string): Promise<string> =>
  (
    await dataverse.send("POST", "incidents", {
      title,
      description,
      "customerid_account@odata.bind": `/accounts(${account})`,
    })
  ).id;
const mail = async (incident: string, body: object): Promise<string> =>
  (
    await dataverse.send("POST", "emails", {
      "regardingobjectid_incident_email@odata.bind": `/incidents(${incident})`,
      directioncode: false,
      ...body,
    })
  ).id;
const invoke = (incident: string, actions: unknown, as?: "representative") =>
  dataverse.send(
    "POST",
    "msdyn_invokeCaseProcessingAgent",
    {
      msdyn_incidentId: incident,
      msdyn_actions: typeof actions === "string" ? actions : JSON.stringify(actions),
    },
    as ? { as } : {},
  );
const rows = async (path: string) => (await dataverse.send("GET", path)).json.value as Row[];
const actionsOf = (incident: string) =>
  rows(`msdyn_nextactions?$filter=_msdyn_regarding_value eq ${incident}&$orderby=createdon`);
const enrichmentsOf = (incident: string) =>
  rows(`msdyn_caseenrichments?$filter=_msdyn_caseid_value eq ${incident}`);

describe("msdyn_invokeCaseProcessingAgent", () => {
  test("enriches the case, and keeps what it understood", async () => {
    const id = await open("Urgent", `My ${product.name} is broken and shows an error.`);
    const source = await mail(id, { subject: "It is urgent", description: "<p>It failed.</p>" });
    const answer = await invoke(id, [
      { action: "enrich", sourceContextEntity: `emails(${source})` },
    ]);
    expect([answer.status, answer.text]).toEqual([204, ""]);
    const { json } = await dataverse.send(
      "GET",
      `incidents(${id})?$select=casetypecode,prioritycode,msdyn_casesentiment,_productid_value`,
    );
    expect(json).toMatchObject({
      casetypecode: 2,
      prioritycode: 1,
      _productid_value: product.productid,
    });
    expect(Number(json.msdyn_casesentiment)).toBeLessThan(10);
    const [kept, ...others] = await enrichmentsOf(id);
    expect(others).toEqual([]);
    expect(kept).toMatchObject({
      statecode: 0,
      msdyn_summary: expect.stringContaining(product.name),
      msdyn_tags: expect.stringContaining("urgent"),
    });
  });

  test("does not put another value in the place of one that is there, and keeps one enrichment active", async () => {
    const id = await open("A question", "How do I do it?");
    await dataverse.send("PATCH", `incidents(${id})`, { casetypecode: 3, prioritycode: 3 });
    await invoke(id, [{ action: "enrich" }]);
    await invoke(id, [{ action: "enrich" }]);
    const { json } = await dataverse.send("GET", `incidents(${id})`);
    expect(json).toMatchObject({ casetypecode: 3, prioritycode: 3 });
    expect((await enrichmentsOf(id)).map((row) => row.statecode).sort()).toEqual([0, 1]);
  });

  test("suggests the article that helps, as a next action with evidence", async () => {
    const id = await open(article.title.split(": ")[1] ?? "", "Please help.");
    expect((await invoke(id, [{ action: "resolve", automationLevel: "Semi" }])).status).toBe(204);
    const [best] = await actionsOf(id);
    expect(best).toMatchObject({
      msdyn_actiontype: 100000003,
      msdyn_isfullautonomous: false,
      statecode: 0,
      msdyn_validfrom: "2026-11-24T10:00:00Z",
      msdyn_validto: "2026-12-01T10:00:00Z",
    });
    const data = JSON.parse(String(best?.msdyn_actiondata));
    expect(data).toMatchObject({
      kind: "ReplyToCustomer",
      confidence: expect.any(Number),
      evidence: [{ table: "knowledgearticle", id: expect.any(String) }],
    });
    expect(data.title).toContain(article.title.split(": ")[1]);
    await invoke(id, [{ action: "resolve" }]);
    const states = (await actionsOf(id)).map((row) => `${row.statecode}/${row.statuscode}`);
    expect(states.sort()).toEqual(["0/1", "1/4"]);
  });

  test("resolves by itself when told to, once the customer says it is solved", async () => {
    const id = await open("Something odd", "Odd.");
    await mail(id, { subject: "RE: odd", description: "Thank you, it works again. Solved!" });
    await invoke(id, [{ action: "resolve", automationLevel: "Semi" }]);
    expect((await actionsOf(id))[0]).toMatchObject({ msdyn_actiontype: 100000001, statecode: 0 });
    expect((await dataverse.send("GET", `incidents(${id})`)).json.statecode).toBe(0);
    await invoke(id, [{ action: "resolve", automationLevel: "Full" }]);
    expect((await dataverse.send("GET", `incidents(${id})`)).json).toMatchObject({
      statecode: 1,
      statuscode: 5,
    });
    expect(await actionsOf(id)).toContainEqual(
      expect.objectContaining({ statuscode: 3, msdyn_isfullautonomous: true }),
    );
  });

  test.each([
    ["[", "400 0x80040203"],
    ["[]", "400 0x80040203"],
    ['[{"action":"sing"}]', "400 0x80040203"],
    ['[{"action":"enrich"},{"action":"resolve","automationLevel":"Total"}]', "400 0x80040203"],
    ['[{"action":"enrich","sourceContextEntity":"accounts(x)"}]', "400 0x80040203"],
    [
      '[{"action":"enrich","sourceContextEntity":"emails(11111111-1111-4111-8111-111111111111)"}]',
      "404 0x80040217",
    ],
  ])("refuses %s, and writes nothing", async (actions, expected) => {
    const id = await open("Urgent", "It is broken.");
    expect(outcome(await invoke(id, actions))).toBe(expected);
    expect(await enrichmentsOf(id)).toEqual([]);
    expect((await dataverse.send("GET", `incidents(${id})`)).json.prioritycode).toBe(2);
  });

  test("refuses one who may not write the case, a case that is none, and to work where it is not set up", async () => {
    const id = await open("Not yours", "x");
    expect(outcome(await invoke(id, [{ action: "enrich" }], "representative"))).toMatch(/^403/);
    expect(
      outcome(await invoke("11111111-1111-4111-8111-111111111111", [{ action: "enrich" }])),
    ).toBe("404 0x80040217");
    setSwitches(dataverse.emulator.world, { caseManagementAgent: false });
    expect(outcome(await invoke(id, [{ action: "enrich" }]))).toBe("400 0x80040265");
    setSwitches(dataverse.emulator.world, { caseManagementAgent: true });
    expect(personaOf("representative").key).toBe("representative");
  });
});

describe("msdyn_InvokeGetNextSuggestion", () => {
  const ask = (msdyn_incidentId: string, more: object = {}) =>
    dataverse.send("POST", "msdyn_InvokeGetNextSuggestion", { msdyn_incidentId, ...more });

  test("suggests without writing, the same each time", async () => {
    const id = await open("Nothing known", "Qqq zzz.");
    await mail(id, {
      subject: "We asked",
      description: "Did it help?",
      directioncode: true,
      statecode: 0,
    });
    const answer = await ask(id, { msdyn_automationLevel: "Semi", msdyn_runId: "1" });
    expect(answer.status).toBe(200);
    const suggestions = JSON.parse(String(answer.json.msdyn_suggestions));
    expect(suggestions).toMatchObject([
      { actionType: 100000002, kind: "EmailFollowup", confidence: expect.any(Number) },
    ]);
    expect((await ask(id)).json).toEqual(answer.json);
    expect(await actionsOf(id)).toEqual([]);
  });

  test("has nothing to say without the agent", async () => {
    const id = await open("Quiet", "x");
    setSwitches(dataverse.emulator.world, { caseManagementAgent: false });
    expect((await ask(id)).json.msdyn_suggestions).toBe("[]");
    setSwitches(dataverse.emulator.world, { caseManagementAgent: true });
    expect(outcome(await ask(id, { msdyn_automationLevel: "Total" }))).toBe("400 0x80040203");
    expect(outcome(await ask("7"))).toBe("400 0x80048d19");
  });
});
