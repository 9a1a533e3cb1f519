import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

const settings = {
  CASE_FIELDS: JSON.stringify({
    incident: { casetypecode: { mode: "auto", autoAt: 0.1, selectAt: 0.05 } },
  }),
};
const self = "0a000000-0000-4000-8000-000000000001";

let desk: ServiceDesk;
let contactId = "";
let made = 0;

/** A case of the representative that nobody has worked on. */
async function newCase(): Promise<{ readonly incidentId: string; readonly caseNumber: string }> {
  const incidentId = `6a000000-0000-4000-8000-${String(++made).padStart(12, "0")}`;
  await desk.write("PATCH", `incidents(${incidentId})`, {
    title: "The display shows error E4",
    description: "Our BM Barista shows error E4 on the display and makes no coffee any more.",
    "customerid_contact@odata.bind": `/contacts(${contactId})`,
    "ownerid@odata.bind": `/systemusers(${self})`,
  });
  const { ticketnumber } = await desk.read(`incidents(${incidentId})?$select=ticketnumber`);
  return { incidentId, caseNumber: String(ticketnumber) };
}

beforeAll(async () => {
  desk = await startServiceDesk({ cases: 300, settings });
  const { value } = (await desk.read("contacts?$select=contactid&$top=1")) as {
    value: { contactid: string }[];
  };
  contactId = value[0]?.contactid ?? "";
  // What all calls share is read, and the model trained, once.
  for (const [tool, args] of uses) {
    const named = await newCase();
    await desk.call("enrich_case", { ...named });
    await desk.call(tool, { incidentId: named.incidentId, ...args });
  }
}, 180_000);
afterAll(() => desk?.close());

/** Every way that a tool takes which works on a case: the requests of a call once definitions are read and the model is trained. */
const uses = [
  ["enrich_case", { dryRun: true }, 4],
  ["enrich_case", {}, 5],
  ["enrich_case", { feedback: "Well done." }, 3],
  ["enrich_case", { undo: true }, 3],
  // Dynamics 365's own agent tells nothing, so what it did is read from the case, again.
  ["enrich_case", { engine: "case-management-agent" }, 5],
  // The library of intents is read beside one that is set, which the customer's words may contradict; what was sent, too.
  ["get_next_suggestion_on_case", {}, 16],
  // Beside those: whether the recipient can be mailed, how the company greets, what was said before, which drafts are there.
  ["draft_email_with_suggested_response", {}, 23],
  ["resolve_incident", { resolutionNote: "The pump was descaled." }, 5],
] as const;

describe.each(uses)("%s with %j", (tool, args, most) => {
  test.each([
    ["its id", ["incidentId"]],
    ["its number", ["caseNumber"]],
    ["both", ["incidentId", "caseNumber"]],
  ] as const)("reads the case once, by %s, and asks no more than it did", async (_, keys) => {
    const named = await newCase();
    if ("undo" in args || "feedback" in args) await desk.call("enrich_case", { ...named });
    desk.calls.length = 0;
    const { isError, text } = await desk.call(tool, {
      ...args,
      ...Object.fromEntries(keys.map((key) => [key, named[key]])),
    });
    expect([isError ? text : "", desk.bugs]).toEqual(["", []]);
    // Of a call that a person approves, what the page does counts.
    const acting = desk.calls.findLast(({ trace }) => trace.requests > 0);
    const asked = (acting?.trace.tries ?? []).map(({ method, path }) => `${method} ${path}`);
    const again = asked.slice(1).filter((each) => each === "GET incidents(*)");
    expect(asked[0]).toBe(keys[0] === "incidentId" ? "GET incidents(*)" : "GET incidents");
    // The agent's case is shown as it stands before, and read behind it; a closed one is looked at, for its answer names no row.
    expect(again).toHaveLength("engine" in args ? 2 : tool === "resolve_incident" ? 1 : 0);
    expect(asked.length).toBeLessThanOrEqual(most);
  });
});
