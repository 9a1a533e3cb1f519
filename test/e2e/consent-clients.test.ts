import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { type Drafts, draftsAt } from "../support/mails";
import { callModern, type ModernCall } from "../support/modern-call";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

const administrator = personas[2]?.systemUserId ?? "";
const settings: Record<string, string> = {};
let desk: ServiceDesk;
let drafts: Drafts;
beforeAll(async () => {
  desk = await startServiceDesk({ cases: 30, settings });
  drafts = draftsAt(desk, administrator);
}, 120_000);
afterAll(async () => {
  expect(desk.bugs).toEqual([]);
  await desk.close();
});

const as = { "x-persona": "administrator" };
const form = { elicitation: { form: {} } };
const url = { elicitation: { url: {} } };
const send = (emailId: string, more: Partial<ModernCall> = {}) =>
  callModern({ url: desk.url, tool: "send_email", args: { emailId }, headers: as, ...more });
const says = (content: unknown, action = "accept") => ({ consent: { action, content } });
const yes = says({ confirm: true });

/** A client whose user answers every question in the same way. */
async function clientOf(answer: Record<string, unknown>) {
  const questions: { mode?: string; message?: string }[] = [];
  const client = new ModernClient(
    { name: "asks its user", version: "1" },
    { capabilities: form, versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  client.setRequestHandler("elicitation/create", async ({ params }) => {
    questions.push(params as never);
    return answer as never;
  });
  await client.connect(new ModernTransport(new URL(desk.url), { requestInit: { headers: as } }));
  return { client, questions };
}

describe("a reply to the case's own customer, by a client that can ask", () => {
  test("is asked for by a form that shows it, and sent once the user agrees, in one call", async () => {
    const emailId = await drafts.reply();
    const { client, questions } = await clientOf({ action: "accept", content: { confirm: true } });
    const answer = await client.callTool({ name: "send_email", arguments: { emailId } });
    await client.close();
    expect(questions).toEqual([
      expect.objectContaining({
        mode: "form",
        message: expect.stringMatching(
          /^Send a reply to the customer of the case\?\n[\s\S]*To: .*ada@marlow\.example[\s\S]*Subject: "Your router"/,
        ),
      }),
    ]);
    expect(answer.structuredContent).toMatchObject({ sent: true });
    expect(await drafts.isSent(emailId)).toBe(true);
  });

  test.each([
    ["a No", { action: "decline" }],
    ["a window that was closed", { action: "cancel" }],
    ["a form without its tick", { action: "accept", content: { confirm: false } }],
    ["a form without a word", { action: "accept", content: {} }],
    ["a word for a tick", { action: "accept", content: { confirm: "true" } }],
  ])("is not sent after %s", async (_, answer) => {
    const emailId = await drafts.reply();
    const { client } = await clientOf(answer);
    const told = await client.callTool({ name: "send_email", arguments: { emailId } });
    await client.close();
    expect(JSON.stringify(told.content)).toContain("the user said no");
    expect(await drafts.isSent(emailId)).toBe(false);
  });

  test("is not sent when it changed between the question and the answer", async () => {
    const emailId = await drafts.reply();
    const { requestState } = (await send(emailId, { capabilities: form })).result;
    await desk.write("PATCH", `emails(${emailId})`, { description: "<p>Pay here</p>" });
    const told = await send(emailId, { capabilities: form, requestState, inputResponses: yes });
    expect(told.text).toContain("What was shown has changed meanwhile");
    expect(await drafts.isSent(emailId)).toBe(false);
  });

  test("is sent once, however often the answer is repeated", async () => {
    const emailId = await drafts.reply();
    const { requestState } = (await send(emailId, { capabilities: form })).result;
    const again = () => send(emailId, { capabilities: form, requestState, inputResponses: yes });
    const before = desk.calls.length;
    const both = await Promise.all([again(), again()]);
    const third = await again();
    // Whoever was first sent it; the others are told so, or that it was being done.
    const acts = desk.calls.slice(before).flatMap(({ trace }) => trace.acts);
    expect([both.map(({ text }) => text), acts.length]).toEqual([expect.anything(), 1]);
    expect(third.result.structuredContent).toMatchObject({ sent: true });
    expect(await drafts.isSent(emailId)).toBe(true);
  });
});

describe("where the client cannot ask, the person is asked, and never the model", () => {
  test.each<[string, Partial<ModernCall>]>([
    ["it declares nothing", {}],
    ["it can only open links", { capabilities: url }],
    ["it says so at another place", { args: {}, capabilities: { sampling: {} } }],
  ])("%s", async (_, more) => {
    const emailId = await drafts.reply();
    const { result, text } = await send(emailId, { ...more, args: { emailId } });
    const link = result.inputRequests?.consent.params.url ?? result.structuredContent.approval.link;
    expect([text, link]).toEqual([text, expect.stringContaining("/approve?p=")]);
    const state = result.requestState ?? result.structuredContent.approval.approvalId;
    // Neither the id as an argument nor as a state, with whatever answer, is the person's.
    for (const tried of [
      { args: { emailId, approvalId: state, hasUserApproved: true } },
      { requestState: state, inputResponses: yes },
      { requestState: state, inputResponses: yes, capabilities: form },
      { inputResponses: yes, capabilities: url },
    ])
      await send(emailId, tried);
    expect(await drafts.isSent(emailId)).toBe(false);
    const page = await desk.browser("administrator").answer(link);
    expect([page.status, await drafts.isSent(emailId)]).toEqual([200, true]);
  });

  test("an older client that declares elicitation at its start", async () => {
    const emailId = await drafts.reply();
    const client = new LegacyClient(
      { name: "asks its user", version: "1" },
      { capabilities: { elicitation: { form: {}, url: {} } } },
    );
    client.setRequestHandler(ElicitRequestSchema, () => {
      throw new Error("It is asked.");
    });
    const transport = new LegacyTransport(new URL(desk.url), { requestInit: { headers: as } });
    await client.connect(transport as Parameters<LegacyClient["connect"]>[0]);
    const { structuredContent } = await client.callTool({
      name: "send_email",
      arguments: { emailId },
    });
    await client.close();
    expect(structuredContent).toMatchObject({ approval: { grade: "person", state: "needed" } });
  });
});

describe("what takes a person", () => {
  test.each<[string, Record<string, unknown>]>([
    ["a client that asks by form", form],
    ["a client that says it can do everything", { elicitation: {} }],
    ["both ways", { elicitation: { form: {}, url: {} } }],
  ])("is asked by no form: %s", async (_, capabilities) => {
    const emailId = await drafts.toStranger();
    const { result } = await send(emailId, { capabilities });
    expect(result.inputRequests?.consent.params.mode ?? "text").not.toBe("form");
    const state = result.requestState ?? result.structuredContent.approval.approvalId;
    await send(emailId, { capabilities, requestState: state, inputResponses: yes });
    await send(emailId, { capabilities, args: { approvalId: state } });
    expect(await drafts.isSent(emailId)).toBe(false);
  });

  test.each<[string, Partial<ModernCall>]>([
    ["an answer to no question", { inputResponses: yes }],
    ["an answer and a state of its own making", { inputResponses: yes, requestState: "yes" }],
    ["answers under other names", { inputResponses: { confirm: yes, approval: yes } }],
  ])("%s is none", async (_, more) => {
    const emailId = await drafts.reply();
    await send(emailId, { capabilities: form, ...more });
    expect(await drafts.isSent(emailId)).toBe(false);
  });

  test("the state of one question answers no other", async () => {
    const [one, other] = [await drafts.reply(), await drafts.reply()];
    const { requestState } = (await send(one, { capabilities: form })).result;
    const { text } = await send(other, { capabilities: form, requestState, inputResponses: yes });
    expect(text).toContain("other arguments");
    expect([await drafts.isSent(one), await drafts.isSent(other)]).toEqual([false, false]);
  });

  test("somebody else's question is answered by nobody else", async () => {
    const emailId = await drafts.reply();
    const { requestState } = (await send(emailId, { capabilities: form })).result;
    const headers = { "x-persona": "manager" };
    await send(emailId, { capabilities: form, requestState, inputResponses: yes, headers });
    expect(await drafts.isSent(emailId)).toBe(false);
  });
});

describe("with grades that an administrator lowered", () => {
  test("deleting is asked by a client that can, and of the person where none can", async () => {
    settings.CONSENT_GRADES = "delete=client";
    desk.forget();
    try {
      const item = { subject: "Stay" };
      const made = await desk.call("create_record", { tablename: "task", item }, "administrator");
      const recordId = made.structured.recordId as string;
      const args = { tablename: "task", recordId };
      const risen = await desk.ask("delete_record", args, "administrator");
      expect(risen.structured.approval.grade).toBe("person");
      const remove = (more: Partial<ModernCall>) =>
        callModern({ url: desk.url, tool: "delete_record", args, headers: as, ...more });
      const asked = await remove({ capabilities: form });
      expect(asked.result.inputRequests.consent.params.message).toMatch(/^Delete for good\?/);
      const { requestState } = asked.result;
      const done = await remove({ capabilities: form, requestState, inputResponses: yes });
      expect(done.text).toMatch(/^Record deleted successfully/);
    } finally {
      delete settings.CONSENT_GRADES;
      desk.forget();
    }
  });
});

test("a person's yes at the page is enough for what a client may ask", async () => {
  const emailId = await drafts.reply();
  const { result } = await send(emailId);
  const { link, approvalId } = result.structuredContent.approval;
  await desk.browser("administrator").answer(link);
  expect((await send(emailId, { args: { approvalId } })).result.structuredContent).toMatchObject({
    sent: true,
  });
});
