import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { agreeing } from "../support/agreeing";
import { type Drafts, draftsAt } from "../support/mails";
import { mcpClients } from "../support/mcp-clients";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

const administrator = personas[2]?.systemUserId ?? "";
/** Read anew by `withSettings`. */
const settings: Record<string, string> = {};
let desk: ServiceDesk;
let drafts: Drafts;
beforeAll(async () => {
  desk = await startServiceDesk({ cases: 30, settings });
  drafts = draftsAt(desk, administrator);
}, 120_000);
afterEach(() => {
  for (const name of Object.keys(settings)) delete settings[name];
  desk.forget();
  desk.issuer.signIns.acrs = [];
  desk.issuer.signIns.changed = {};
});
afterAll(async () => {
  expect(desk.bugs).toEqual([]);
  await desk.close();
});

const withSettings = (chosen: Record<string, string>) => {
  Object.assign(settings, chosen);
  desk.forget();
};
const ask = (tool: string, args: Record<string, unknown>) => desk.ask(tool, args, "administrator");
const newTask = async () =>
  (await ask("create_record", { tablename: "task", item: { subject: "Stay" } })).structured
    .recordId as string;
const exists = async (id: string) =>
  ((await desk.read(`tasks?$select=activityid&$filter=activityid eq ${id}`)).value as unknown[])
    .length === 1;
const trust = "(This endpoint runs with CONSENT=trust-client: it asks no person itself.)";

describe("CONSENT=trust-client", () => {
  test("takes the model's yes for what took a person's, and says so in each answer", async () => {
    withSettings({ CONSENT: "trust-client" });
    const id = await newTask();
    const args = { tablename: "task", recordId: id, hasUserApproved: true };
    const shown = await ask("delete_record", args);
    const { grade, approvalId, link } = shown.structured.approval;
    expect([grade, link, await exists(id)]).toEqual(["model", undefined, true]);
    const done = await ask("delete_record", { ...args, approvalId });
    expect([done.text, await exists(id)]).toEqual([
      expect.stringMatching(/^Record deleted successfully/),
      false,
    ]);
    const emailId = await drafts.toStranger();
    const mail = await ask("send_email", { emailId });
    expect(mail.structured.approval.grade).toBe("model");
    const sent = await ask("send_email", {
      emailId,
      approvalId: mail.structured.approval.approvalId,
    });
    expect(await drafts.isSent(emailId)).toBe(true);
    const made = await ask("create_record", { tablename: "task", item: { subject: "New" } });
    for (const { text } of [shown, done, mail, sent, made]) expect(text).toContain(trust);
  });

  test("leaves rights refused", async () => {
    withSettings({ CONSENT: "trust-client" });
    const teams = async () => (await desk.read("teams?$select=teamid")).value;
    const before = await teams();
    const team = { tablename: "team", item: { name: "Everybody" } };
    const { isError, text } = await ask("create_record", team);
    expect([isError, text]).toEqual([
      true,
      expect.stringContaining("one of the tables of rights, identity and automation"),
    ]);
    expect(await teams()).toEqual(before);
  });

  test("binds the model's yes to the call that it was asked for", async () => {
    withSettings({ CONSENT: "trust-client" });
    const args = { tablename: "task", recordId: await newTask() };
    const other = await ask("delete_record", { tablename: "task", recordId: await newTask() });
    const { approvalId } = other.structured.approval;
    const moved = await ask("delete_record", { ...args, approvalId });
    expect([moved.isError, await exists(args.recordId)]).toEqual([true, true]);
  });

  test("without it no answer speaks of it", async () => {
    const { text } = await ask("create_record", { tablename: "task", item: { subject: "New" } });
    expect(text).not.toContain("trust-client");
  });
});

describe("CONSENT_STEP_UP", () => {
  async function linkOf() {
    const id = await newTask();
    const { structured } = await ask("delete_record", { tablename: "task", recordId: id });
    return { id, link: structured.approval.link as string };
  }
  const aged = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;

  test("asks the sign-in for the authentication context, and for a fresh proof", async () => {
    withSettings({ CONSENT_STEP_UP: "c1" });
    const { link } = await linkOf();
    const begun = await desk.browser("administrator").send(link);
    const { searchParams } = new URL(String(begun.headers.location));
    expect(JSON.parse(searchParams.get("claims") ?? "")).toEqual({
      id_token: { acrs: { essential: true, value: "c1" } },
    });
    expect(searchParams.get("prompt")).toBe("login");
  });

  test("lets in whoever satisfied it", async () => {
    withSettings({ CONSENT_STEP_UP: "c1" });
    desk.issuer.signIns.acrs = ["c1"];
    const { id, link } = await linkOf();
    expect((await desk.browser("administrator").answer(link)).status).toBe(200);
    expect(await exists(id)).toBe(false);
  });

  test.each<[string, readonly string[], Record<string, unknown>]>([
    ["without it", [], {}],
    ["with another one", ["c2"], {}],
    ["with a word for a list", [], { acrs: "c1" }],
    ["whose proof is old", ["c1"], { auth_time: aged(3_600) }],
    ["whose proof has no time", ["c1"], { auth_time: undefined }],
  ])("shows nothing to a sign-in %s", async (_, acrs, changed) => {
    withSettings({ CONSENT_STEP_UP: "c1" });
    Object.assign(desk.issuer.signIns, { acrs, changed });
    const { id, link } = await linkOf();
    const page = await desk.browser("administrator").open(link);
    expect([page.status, page.html.includes("Stay"), await exists(id)]).toEqual([400, false, true]);
  });

  test("is asked for by the answer, too: a session from before it counts no longer", async () => {
    const { id, link } = await linkOf();
    const browser = desk.browser("administrator");
    const page = await browser.open(link);
    expect(page.status).toBe(200);
    withSettings({ CONSENT_STEP_UP: "c1" });
    expect((await browser.press(link, page, "yes")).status).toBe(403);
    expect(await exists(id)).toBe(true);
  });
});

describe("a host that asks by itself, with reply=model", () => {
  const eras = mcpClients.filter(([name]) => /older revisions|pinned/.test(name));

  // The other prompts of Microsoft's page take no click as it is: service-tools-prompts.test.ts.
  test.each(eras)(
    "sends a reply without a click, and nothing to a stranger: %s",
    async (_, protocol, connect) => {
      withSettings({ CONSENT_GRADES: "reply=model" });
      const client = await connect(desk.url);
      expect(client.protocol).toBe(protocol);
      const own = draftsAt(desk, personas[0]?.systemUserId ?? "");
      const emailId = await own.reply();
      const sent = await agreeing(
        (given) => client.call("send_email", given),
        { emailId },
        ({ data }) => data?.approval,
        () => {
          throw new Error("A click is asked for.");
        },
      );
      expect([sent.text, sent.data]).toEqual([sent.text, expect.objectContaining({ sent: true })]);
      const stranger = await client.call("send_email", { emailId: await own.toStranger() });
      expect(stranger.data.approval.grade).toBe("person");
      await client.close();
    },
  );
});

describe("a deployment without a page", () => {
  test("refuses what takes a person, and names the settings", async () => {
    withSettings({ CONSENT_CLIENT_ID: "" });
    const id = await newTask();
    const args = { tablename: "task", recordId: id, hasUserApproved: true };
    const { isError, text } = await ask("delete_record", args);
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/no approval page\. Nothing was done\.[\s\S]*CONSENT_CLIENT_ID/),
    ]);
    expect(await exists(id)).toBe(true);
  });
});

describe("what moves between the preview and the yes", () => {
  const attach = (emailId: string) =>
    ask("attach_file", { emailId, fileName: "offer.txt", content: "Our offer" });
  const moves: Readonly<Record<string, (emailId: string) => Promise<unknown>>> = {
    "a file is attached": attach,
    "its text is changed": (id) =>
      desk.write("PATCH", `emails(${id})`, { description: "<p>Pay here</p>" }),
    "its subject is changed": (id) => desk.write("PATCH", `emails(${id})`, { subject: "Pay here" }),
    "somebody else is to get it": (id) =>
      desk.write("PATCH", `emails(${id})`, {
        email_activity_parties: [
          {
            participationtypemask: 1,
            "partyid_systemuser@odata.bind": `/systemusers(${administrator})`,
          },
          { participationtypemask: 2, addressused: "press@strangers.example" },
        ],
      }),
    "an attached file has another content": async (id) => {
      const { value } = await desk.read(
        `activitymimeattachments?$select=activitymimeattachmentid&$filter=_objectid_value eq ${id}`,
      );
      const [file] = value as Record<string, string>[];
      await desk.write("PATCH", `activitymimeattachments(${file?.activitymimeattachmentid})`, {
        body: Buffer.from("Our other").toString("base64"),
      });
    },
  };

  test.each(Object.keys(moves))("%s: the person's yes counts no longer", async (move) => {
    const emailId = await drafts.toStranger();
    await attach(emailId);
    const { structured } = await ask("send_email", { emailId });
    const { link } = structured.approval;
    const browser = desk.browser("administrator");
    const page = await browser.open(link);
    expect(page.html).toContain("offer.txt (9 B)");
    await moves[move]?.(emailId);
    const pressed = await browser.press(link, page, "yes");
    expect([pressed.status, pressed.html]).toEqual([409, expect.stringContaining("changed")]);
    expect(await drafts.isSent(emailId)).toBe(false);
  });

  test.each(Object.keys(moves))("%s: the model's preview counts no longer", async (move) => {
    withSettings({ CONSENT_GRADES: "reply=model" });
    const emailId = await drafts.reply();
    await attach(emailId);
    const { structured } = await ask("send_email", { emailId });
    const { grade, approvalId } = structured.approval;
    expect(grade).toBe("model");
    await moves[move]?.(emailId);
    const sent = await ask("send_email", { emailId, approvalId });
    expect([sent.structured?.sent ?? false, await drafts.isSent(emailId)]).toEqual([false, false]);
  });
});
