import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { quicken } from "../support/fast-time";
import { lost, type ProxiedDesk, pass, startProxiedDesk } from "../support/proxied-desk";

/** What a person is told of a hand-over of which a part is done: the case, its owner and its note go one after another. */
let desk: ProxiedDesk;
let slowDown: () => void;
const me = personas[0]?.systemUserId ?? "";
const manager = personas[1]?.systemUserId ?? "";

beforeAll(async () => {
  desk = await startProxiedDesk(40);
  slowDown = quicken(10);
}, 120_000);
afterEach(() => desk.heal());
afterAll(async () => {
  slowDown?.();
  await desk?.close();
});

const rows = async (path: string) => (await desk.read(path)).value as Record<string, unknown>[];

async function caseInQueue(): Promise<string> {
  const id = crypto.randomUUID();
  const [account] = await rows("accounts?$select=accountid&$top=1");
  await desk.write("PATCH", `incidents(${id})`, {
    title: "The router drops",
    "customerid_account@odata.bind": `/accounts(${account?.accountid})`,
    "ownerid@odata.bind": `/systemusers(${me})`,
  });
  const [queue] = await rows("queues?$select=queueid&$filter=name eq 'Billing'");
  await desk.write("POST", `queues(${queue?.queueid})/Microsoft.Dynamics.CRM.AddToQueue`, {
    Target: { "@odata.type": "Microsoft.Dynamics.CRM.incident", incidentid: id },
  });
  return id;
}
const ownerOf = async (id: string) =>
  (await desk.read(`incidents(${id})?$select=_ownerid_value`))._ownerid_value;
const notesOn = async (id: string) =>
  (await rows(`annotations?$select=notetext&$filter=_objectid_value eq ${id}`)).map(
    ({ notetext }) => notetext,
  );
const handOver = (incidentId: string, more = {}) =>
  desk.call("reassign_case", {
    incidentId,
    targetType: "user",
    targetId: manager,
    reason: "On leave",
    ...more,
  });

/** A rule of the company that says no. */
const refused: Parameters<ProxiedDesk["strike"]>[1] = async ({ answer }) =>
  answer(
    400,
    { "content-type": "application/json" },
    JSON.stringify({ error: { code: "0x80040265", message: "Not on a Sunday." } }),
  );

describe("reassign_case", () => {
  test("writes the note that an unclear hand-over left out, once, when the call is made again", async () => {
    const id = await caseInQueue();
    desk.strike(/RouteTo/, lost, { thenDead: true });
    const first = await handOver(id);
    expect([first.isError, first.text]).toEqual([
      true,
      expect.stringMatching(
        /^It is not known whether the case was routed\..*The handover note is not written yet: the same call/s,
      ),
    ]);
    await desk.heal();
    expect([await ownerOf(id), await notesOn(id)]).toEqual([manager, []]);

    // Another instance of the app knows nothing of the first call.
    const second = await handOver(id);
    expect([second.isError, second.text]).toEqual([
      false,
      expect.stringMatching(/already and was not moved; the note was missing and is written/),
    ]);
    expect(second.structured).toMatchObject({ outcome: "there", isNoted: true });
    const third = await handOver(id);
    expect(third.text).toMatch(/^Nothing was changed: case .* already\.\nThe handover note is on/);
    expect(await notesOn(id)).toEqual(["On leave"]);
  });

  test("says that the case was routed when its owner cannot be read behind it", async () => {
    const id = await caseInQueue();
    desk.strike(/RouteTo/, pass, { thenDead: true });
    const { isError, text } = await handOver(id);
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(
        /^The case was routed; it is not known whether it has its new owner\..*SELECT ownerid FROM incident/s,
      ),
    ]);
    await desk.heal();
    expect((await handOver(id)).isError).toBe(false);
    expect([await ownerOf(id), await notesOn(id)]).toEqual([manager, ["On leave"]]);
  });

  test("says that the note is missing, and the same call writes it", async () => {
    const id = await caseInQueue();
    desk.strike(/(?:POST|PATCH) annotations/, refused);
    const first = await handOver(id);
    expect(first.text).toMatch(
      /^The handover note was NOT written: .*\nCase \S+ is with systemuser/,
    );
    expect([await ownerOf(id), await notesOn(id)]).toEqual([manager, []]);
    await handOver(id);
    expect(await notesOn(id)).toEqual(["On leave"]);
  });

  test("says that the note may be written, and the same call writes no second one", async () => {
    const id = await caseInQueue();
    desk.strike(/(?:POST|PATCH) annotations/, lost, { thenDead: true });
    const first = await handOver(id);
    expect(first.text).toMatch(
      /^It is NOT known whether the handover note was written: .*\nCase \S+ is with systemuser/,
    );
    await desk.heal();
    await handOver(id);
    expect(await notesOn(id)).toEqual(["On leave"]);
  });

  test("of many at once one moves the case, and its note is written once; a later hand-over has its own", async () => {
    const id = await caseInQueue();
    const answers = await Promise.all(Array.from({ length: 12 }, () => handOver(id)));
    expect(answers.filter(({ isError }) => !isError).length).toBeGreaterThan(0);
    expect([await ownerOf(id), await notesOn(id)]).toEqual([manager, ["On leave"]]);
    await handOver(id, { targetId: me });
    await handOver(id);
    expect([await ownerOf(id), await notesOn(id)]).toEqual([manager, Array(3).fill("On leave")]);
  });

  test("says of several on which the note is missing, and the same call writes those", async () => {
    const cases = [await caseInQueue(), await caseInQueue()];
    desk.strike(/(?:POST|PATCH) annotations/, refused);
    const asked = { cases, incidentId: undefined };
    const first = await handOver("", asked);
    expect(first.text).toMatch(
      /^The handover note was NOT written on CAS-\S+; the same call writes what is missing/,
    );
    const again = await handOver("", asked);
    expect(again.text).toMatch(
      /^2 of 2 [\s\S]*\nOf these CAS-\S+, CAS-\S+ were there before and not moved/,
    );
    for (const id of cases) expect(await notesOn(id)).toEqual(["On leave"]);
  });
});
