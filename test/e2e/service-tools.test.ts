import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { demoCases, personas } from "../../emulator/sample/identities";
import { type ServiceDesk, startServiceDesk, type ToolAnswer } from "../support/service-desk";

const self = personas[0]?.systemUserId ?? "";
const [demo, second] = demoCases;

describe("a representative works a case", () => {
  let desk: ServiceDesk;
  const call = async (tool: string, args: Record<string, unknown>): Promise<ToolAnswer> => {
    const answer = await desk.call(tool, args);
    expect([answer.isError ? answer.text : "", desk.bugs]).toEqual(["", []]);
    return answer;
  };
  beforeAll(async () => {
    desk = await startServiceDesk({ cases: 1_000 });
  }, 120_000);
  afterAll(() => desk.close());

  test("draft_email…: a draft, threaded, to the customer of the case alone", async () => {
    const { structured } = await call("draft_email_with_suggested_response", {
      incidentId: demo.id,
    });
    const mail = await desk.read(
      `emails(${structured.emailId})?$select=statecode,statuscode,directioncode,subject,description,_regardingobjectid_value,_parentactivityid_value&$expand=email_activity_parties($select=participationtypemask,_partyid_value)`,
    );
    expect(mail).toMatchObject({
      statecode: 0,
      statuscode: 1,
      directioncode: true,
      _regardingobjectid_value: demo.id,
    });
    const parties = mail.email_activity_parties as {
      participationtypemask: number;
      _partyid_value: string;
    }[];
    const of = (mask: number) =>
      parties
        .filter((each) => each.participationtypemask === mask)
        .map((each) => each._partyid_value);
    const incident = await desk.read(
      `incidents(${demo.id})?$select=_customerid_value,_primarycontactid_value,_contactid_value`,
    );
    expect(of(1)).toEqual([self]);
    expect([incident._customerid_value, incident._primarycontactid_value]).toContain(of(2)[0]);
    expect([of(2).length, of(3), of(4)]).toEqual([1, [], []]);
    expect(mail._parentactivityid_value).toBeTruthy();
    expect(structured.ungrounded).toEqual([]);
  });

  test("an activity of another case is refused, and the agent of Dynamics asks first", async () => {
    const { value } = (await desk.read(
      `emails?$select=activityid&$filter=_regardingobjectid_value ne ${second.id}&$top=1`,
    )) as { value: { activityid: string }[] };
    const foreign = await desk.call("get_next_suggestion_on_case", {
      incidentId: second.id,
      sourceContextEntityId: value[0]?.activityid,
    });
    expect([foreign.isError, foreign.text]).toEqual([
      true,
      expect.stringMatching(/does not belong to this case|no activity or note/),
    ]);
    const agent = await desk.call("enrich_case", {
      incidentId: second.id,
      engine: "case-management-agent",
    });
    expect([agent.isError, agent.text]).toEqual([
      true,
      expect.stringMatching(/nothing was done.*hasUserApproved/s),
    ]);
  });

  test("the right fault's article is among the first three suggestions for nine of ten cases, and drafts cite it", async () => {
    const truth = desk.emulator.sample;
    const { structured } = await call("read_query", {
      querytext:
        "SELECT TOP 45 incidentid, title FROM incident WHERE statecode = 'Active' ORDER BY incidentid",
    });
    const counts = { told: 0, right: 0, cited: 0, citedRight: 0 };
    const missed: string[] = [];
    for (const row of structured.rows as { incidentid: string; title: string }[]) {
      const right = truth?.articles.get(truth.faults.get(row.incidentid) ?? "") ?? [];
      if (right.length === 0 || counts.told === 30) continue;
      counts.told++;
      const args = { incidentId: row.incidentid };
      const { structured: said } = await call("get_next_suggestion_on_case", { ...args, max: 3 });
      const ids = said.steps.flatMap((step: { evidence: { id: string }[] }) =>
        step.evidence.map((each) => each.id),
      );
      if (ids.some((id: string) => right.includes(id))) counts.right++;
      else missed.push(row.title);
      const draft = await call("draft_email_with_suggested_response", args);
      const cited = (
        draft.structured.citations as { sources: { table: string; id: string }[] }[]
      ).flatMap((each) => each.sources.filter(({ table }) => table === "knowledgearticle"));
      if (cited.length === 0) continue;
      counts.cited++;
      if (cited.every(({ id }) => right.includes(id))) counts.citedRight++;
    }
    const isGood =
      counts.told >= 25 &&
      counts.right / counts.told >= 0.9 &&
      counts.cited / counts.told >= 0.5 &&
      counts.citedRight / counts.cited >= 0.95;
    expect({ isGood, counts, missed }).toEqual({ isGood: true, counts, missed });
  }, 240_000);
});
