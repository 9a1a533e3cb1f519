import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { quicken } from "../support/fast-time";
import { cutBefore, lost, type ProxiedDesk, startProxiedDesk } from "../support/proxied-desk";
import type { ToolAnswer } from "../support/service-desk";

/** Drafts, kept suggestions, enrichments and their notes: once each, whoever asks how often, and whatever is lost. */
let desk: ProxiedDesk;
let slowDown: () => void;
const self = personas.find(({ key }) => key === "representative")?.systemUserId ?? "";
const owned = { "ownerid@odata.bind": `/systemusers(${self})` };
let contactId: string;

beforeAll(async () => {
  desk = await startProxiedDesk(200, {
    CASE_FIELDS: JSON.stringify({
      incident: { casetypecode: { mode: "auto", autoAt: 0.1, selectAt: 0.05 } },
    }),
  });
  contactId = await make("contacts", {
    firstname: "Ada",
    lastname: "Marlow",
    emailaddress1: "ada@example.com",
  });
  // Definitions are read, and cases learned from, once.
  await desk.call("enrich_case", { incidentId: await newCase(), dryRun: true });
  slowDown = quicken(10);
}, 120_000);
afterEach(() => desk.heal());
afterAll(async () => {
  slowDown?.();
  await desk?.close();
});

async function make(set: string, body: Record<string, unknown>): Promise<string> {
  const id = crypto.randomUUID();
  await desk.write("PATCH", `${set}(${id})`, { ...body, ...owned });
  return id;
}
const newCase = (more: Record<string, unknown> = {}) =>
  make("incidents", {
    title: "The router drops the connection",
    description: "The light of the router blinks red since Monday.",
    "customerid_contact@odata.bind": `/contacts(${contactId})`,
    ...more,
  });
const rows = async (path: string) => (await desk.read(path)).value as Record<string, unknown>[];

const twenty = <T>(call: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, call));
/** Twenty at once take their time, which must not count tenfold. */
async function inUsualTime<T>(work: () => Promise<T>): Promise<T> {
  slowDown();
  try {
    return await work();
  } finally {
    slowDown = quicken(10);
  }
}

describe("draft_email_with_suggested_response", () => {
  const draft = (incidentId: string, more: Record<string, unknown> = {}, as?: "administrator") =>
    desk.call("draft_email_with_suggested_response", { incidentId, ...more }, as);
  const draftsOn = async (id: string) =>
    (await rows(`emails?$select=activityid&$filter=_regardingobjectid_value eq ${id}`)).map(
      ({ activityid }) => activityid,
    );
  const idOf = ({ structured, text }: ToolAnswer) => structured?.emailId ?? text;

  test("two calls in turn lead to one draft, which is shown as it is now", async () => {
    const id = await newCase();
    const first = await draft(id);
    expect(first.structured.wasThereBefore).toBe(false);
    await desk.write("PATCH", `emails(${idOf(first)})`, {
      description: "<p>My own words [date]</p>",
    });
    const again = await draft(id);
    expect(again.isError).toBe(false);
    expect(again.structured).toMatchObject({
      emailId: idOf(first),
      wasThereBefore: true,
      body: "My own words [date]",
      placeholders: ["[date]"],
    });
    expect(again.text).toMatch(
      /already, written by you on .*no second one was made, and nothing in it was changed/,
    );
    expect(await draftsOn(id)).toEqual([idOf(first)]);
  });

  test("twenty calls at once lead to one draft", async () => {
    const id = await newCase();
    const answers = await inUsualTime(() => twenty(() => draft(id)));
    const ids = await draftsOn(id);
    expect(ids).toHaveLength(1);
    expect(answers.map(idOf)).toEqual(answers.map(() => ids[0]));
    const made = answers.filter(({ structured }) => structured.wasThereBefore === false);
    expect(made).toHaveLength(1);
  });

  test("a colleague's draft is named and left as it is; another one is made only when it is asked for", async () => {
    const id = await newCase();
    const theirs = await draft(id, {}, "administrator");
    // A draft may be read by whoever works on its case.
    desk.emulator.world.db
      .prepare("UPDATE email SET ownerid = ? WHERE activityid = ?")
      .run(self, idOf(theirs));
    const mine = await draft(id);
    expect(mine.structured).toMatchObject({ emailId: idOf(theirs), wasThereBefore: true });
    expect(mine.text).toMatch(/already, written by .*Tomasz Wierzba/);
    const another = await draft(id, { another: true });
    expect(another.structured.wasThereBefore).toBe(false);
    expect(another.text).toContain(`another draft on the case, left as it is: ${idOf(theirs)}`);
    expect((await draftsOn(id)).sort()).toEqual([idOf(theirs), idOf(another)].sort());
  });

  test("what a colleague wrote and the caller may not see does not keep the caller from a draft", async () => {
    const id = await newCase();
    const theirs = await draft(id, {}, "administrator");
    const mine = await draft(id);
    expect([mine.isError, mine.structured?.wasThereBefore]).toEqual([false, false]);
    expect(idOf(mine)).not.toBe(idOf(theirs));
    expect((await draft(id)).structured.emailId).toBe(idOf(mine));
  });

  test("other wishes, and a draft that was sent, are no reason to show the old one", async () => {
    const id = await newCase();
    const first = await draft(id);
    const french = await draft(id, { language: "fr" });
    expect(french.structured.wasThereBefore).toBe(false);
    expect(french.text).toContain(idOf(first));
    expect((await desk.call("send_email", { emailId: idOf(first) })).isError).toBe(false);
    const next = await draft(id);
    expect(next.structured.wasThereBefore).toBe(false);
    expect([idOf(first), idOf(french)]).not.toContain(idOf(next));
  });

  test.each([
    ["plainly", {}],
    ["as another", { another: true }],
  ])("not known, asked %s: the same call makes no second one", async (_, more) => {
    const id = await newCase();
    if ("another" in more) await draft(id);
    const before = await draftsOn(id);
    desk.strike(/^PATCH emails/, lost, { thenDead: true });
    const { text } = await draft(id, more);
    expect(text).toMatch(/^It is not known whether the draft was created\..*read_query with/s);
    // Another instance of the app cannot tell a repeat from a wish for one more.
    expect(text).toMatch(
      "another" in more ? /Call again only if there is no such row/ : /makes no second draft/,
    );
    await desk.heal();
    const again = await draft(id, more);
    expect(text).toContain(idOf(again));
    expect([again.isError, again.structured.wasThereBefore]).toEqual([false, true]);
    expect(await draftsOn(id)).toHaveLength(before.length + 1);
  });
});

describe("get_next_suggestion_on_case with store", () => {
  const keep = (incidentId: string) =>
    desk.call("get_next_suggestion_on_case", { incidentId, store: true }, "administrator");
  const keptOn = (id: string) =>
    rows(`msdyn_nextactions?$select=msdyn_nextactionid&$filter=_msdyn_regarding_value eq ${id}`);

  test("keeps the same step once, also when twenty ask at once", async () => {
    const id = await newCase();
    const answers = await inUsualTime(() => twenty(() => keep(id)));
    const said = answers.map(({ text }) => /kept on the case as .*/.exec(text)?.[0] ?? text);
    expect(said.filter((words) => !words.includes("already"))).toHaveLength(1);
    expect(said.filter((words) => words.includes("already; it is kept once"))).toHaveLength(19);
    const [kept, ...others] = await keptOn(id);
    expect(others).toEqual([]);
    expect(new Set(answers.map(({ structured }) => structured.stored))).toEqual(
      new Set([kept?.msdyn_nextactionid]),
    );
  });

  test("keeps it anew when the time of the one before is over", async () => {
    const id = await newCase();
    const { structured } = await keep(id);
    await desk.write("PATCH", `msdyn_nextactions(${structured.stored})`, {
      msdyn_validto: "2020-01-01T00:00:00Z",
    });
    expect((await keep(id)).structured.stored).not.toBe(structured.stored);
    expect(await keptOn(id)).toHaveLength(2);
  });

  test("says what became of it, and a repeat keeps no second one", async () => {
    const id = await newCase();
    desk.strike(/^PATCH msdyn_nextactions/, lost, { thenDead: true });
    const { isError, text } = await keep(id);
    expect([isError, text]).toEqual([
      false,
      expect.stringContaining("It is not known whether the first step was kept"),
    ]);
    await desk.heal();
    expect((await keep(id)).text).toContain("already; it is kept once");
    expect(await keptOn(id)).toHaveLength(1);
    const other = await newCase();
    desk.strike(/^PATCH msdyn_nextactions/, cutBefore, { times: Number.POSITIVE_INFINITY });
    expect((await keep(other)).text).toContain("The first step was not kept on the case.");
  });
});

describe("enrich_case", () => {
  const enrich = (incidentId: string, more: Record<string, unknown> = {}) =>
    desk.call("enrich_case", { incidentId, ...more });
  const notesOn = (id: string) =>
    rows(`annotations?$select=annotationid,notetext&$filter=_objectid_value eq ${id}`);

  test("twenty calls at once write once: one says so, the others that nothing was written", async () => {
    const id = await newCase();
    const answers = await inUsualTime(() => twenty(() => enrich(id)));
    const wrote = answers.filter(({ structured }) => (structured?.written.length ?? 0) > 0);
    expect(wrote).toHaveLength(1);
    for (const { text } of answers.filter((answer) => !wrote.includes(answer)))
      expect(text).toMatch(
        /^No field written\.|changed by somebody else meanwhile\. Nothing was written/,
      );
    const [note, ...others] = await notesOn(id);
    expect(others).toEqual([]);
    expect(wrote[0]?.text).toContain(String(note?.annotationid));
    const { casetypecode } = await desk.read(`incidents(${id})?$select=casetypecode`);
    expect(wrote[0]?.structured.written[0].values[0].value).toBe(casetypecode);
  });

  test("says written when the answer is lost, with one note", async () => {
    const id = await newCase();
    desk.strike(/^POST \$batch/, lost);
    const { isError, text, structured } = await enrich(id);
    expect([isError, text]).toEqual([false, text]);
    expect(structured.written.length).toBeGreaterThan(0);
    expect(await notesOn(id)).toHaveLength(1);
  });

  test("not known: the same call writes no second note, and undo takes it back once", async () => {
    const id = await newCase();
    desk.strike(/^POST \$batch/, lost, { thenDead: true });
    const { text } = await enrich(id);
    expect(text).toMatch(/^It is not known whether the fields were written\./);
    await desk.heal();
    const [note] = await notesOn(id);
    expect(text).toContain(`annotationid = '${note?.annotationid}'`);
    expect((await enrich(id)).structured.written).toEqual([]);
    expect(await notesOn(id)).toHaveLength(1);
    desk.strike(/^POST \$batch/, lost);
    expect((await enrich(id, { undo: true })).text).toMatch(/was taken back/);
    expect((await notesOn(id))[0]?.notetext).toContain(", undone.");
  });

  test("keeps the same feedback once, and says not written where nothing came of it", async () => {
    const id = await newCase();
    desk.strike(/^POST \$batch/, cutBefore);
    expect((await enrich(id)).text).toMatch(/^No field was written\./);
    expect(await notesOn(id)).toEqual([]);
    await enrich(id);
    const feedback = "The type was right.";
    desk.strike(/^POST \$batch/, lost);
    expect((await enrich(id, { feedback })).text).toMatch(/was added/);
    expect((await enrich(id, { feedback })).text).toMatch(/says that already/);
    const [note] = await notesOn(id);
    expect(String(note?.notetext).match(/Feedback .*: The type was right\./g)).toHaveLength(1);
  });
});

test("no call ended in a bug", () => expect(desk.bugs).toEqual([]));
