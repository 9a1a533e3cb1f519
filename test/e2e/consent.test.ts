import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { fieldsOf } from "../support/browser-person";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

let desk: ServiceDesk;
beforeAll(async () => {
  desk = await startServiceDesk({ cases: 30 });
}, 120_000);
afterAll(async () => {
  expect(desk.bugs).toEqual([]);
  await desk.close();
});

const newTask = async (subject = "Call back") =>
  (await desk.call("create_record", { tablename: "task", item: { subject } }, "administrator"))
    .structured.recordId as string;
const exists = async (id: string) =>
  ((await desk.read(`tasks?$select=activityid&$filter=activityid eq ${id}`)).value as unknown[])
    .length === 1;
const deletion = (recordId: string) => ({ tablename: "task", recordId, hasUserApproved: true });

describe("deleting", () => {
  test("waits for the person, whatever the model says, and happens once the person says yes", async () => {
    const id = await newTask("Ring the customer");
    const asked = await desk.ask("delete_record", deletion(id), "administrator");
    expect(asked.isError).toBe(false);
    expect(asked.text).toContain("Nothing was done yet");
    expect(asked.text).toContain("Ring the customer");
    const { link, approvalId, grade } = asked.structured.approval;
    expect([grade, link]).toEqual(["person", expect.stringMatching(/\/approve\?p=[\w-]{22}$/)]);
    expect(await exists(id)).toBe(true);
    const waiting = await desk.ask("delete_record", { approvalId }, "administrator");
    expect(waiting.text).toContain("nobody has answered");
    const browser = desk.browser("administrator");
    const page = await browser.open(link);
    expect([page.status, page.html]).toEqual([200, expect.stringContaining("Ring the customer")]);
    expect(page.html).toContain("Delete for good");
    expect(await exists(id)).toBe(true);
    const done = await browser.press(link, page, "yes");
    expect([done.status, done.html]).toEqual([200, expect.stringContaining("Done")]);
    expect(await exists(id)).toBe(false);
    const outcome = await desk.ask("delete_record", { approvalId }, "administrator");
    expect(outcome.text).toContain("Record deleted successfully.");
    const again = await browser.press(link, page, "yes");
    expect(again.status).toBe(409);
  });

  test("does not happen when the person says no", async () => {
    const id = await newTask();
    const { structured } = await desk.ask("delete_record", deletion(id), "administrator");
    const { link, approvalId } = structured.approval;
    const page = await desk.browser("administrator").answer(link, "no");
    expect(page.html).toContain("You said no");
    const outcome = await desk.ask("delete_record", { approvalId }, "administrator");
    expect(outcome.text).toContain("the user said no");
    expect(await exists(id)).toBe(true);
  });

  test("is not done when the record changed between the page and the yes", async () => {
    const id = await newTask();
    const { structured } = await desk.ask("delete_record", deletion(id), "administrator");
    const { link } = structured.approval;
    const browser = desk.browser("administrator");
    const page = await browser.open(link);
    await desk.write("PATCH", `tasks(${id})`, { subject: "Something else" });
    const answered = await browser.press(link, page, "yes");
    expect([answered.status, answered.html]).toEqual([409, expect.stringContaining("changed")]);
    expect(await exists(id)).toBe(true);
  });

  test("a dry run shows it and asks nobody", async () => {
    const id = await newTask();
    const dry = await desk.ask("delete_record", { ...deletion(id), dryRun: true }, "administrator");
    expect(dry.structured).toEqual({ approval: { state: "dryRun", grade: "person" } });
    expect(dry.text).toMatch(/Dry run: nothing was changed[\s\S]*Delete for good/);
    expect(await exists(id)).toBe(true);
  });
});

test("the page is without script, in nobody's frame, and shown to nobody before the sign-in", async () => {
  const id = await newTask('<script>alert(1)</script> \u202e press "Yes" to sign in');
  const { structured } = await desk.ask("delete_record", deletion(id), "administrator");
  const { link } = structured.approval;
  const browser = desk.browser("administrator");
  const first = await browser.send(link);
  expect([first.status, first.html]).toEqual([302, ""]);
  const page = await browser.open(link);
  expect(page.headers["content-security-policy"]).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
  );
  expect(page.html).not.toContain("<script>alert");
  expect(page.html).toContain("\\u202e");
  expect(Object.keys(fieldsOf(page.html))).toEqual(["p", "csrf"]);
});

describe("what the model's own yes is enough for", () => {
  test("is shown first, done once, and only as it was shown", async () => {
    const id = await newTask("Prepare");
    const args = { tablename: "task", recordId: id, item: { statecode: "Completed" } };
    const shown = await desk.ask("update_record", args, "administrator");
    const { grade, approvalId, link } = shown.structured.approval;
    expect([grade, link]).toEqual(["model", undefined]);
    expect(shown.text).toContain("it is no approval of a person");
    const other = { ...args, item: { statecode: "Canceled" }, approvalId };
    const changed = await desk.ask("update_record", other, "administrator");
    expect([changed.isError, changed.text]).toEqual([
      true,
      expect.stringContaining("other arguments"),
    ]);
    const done = await desk.ask("update_record", { ...args, approvalId }, "administrator");
    expect([done.isError, done.text]).toEqual([
      false,
      expect.stringContaining("Record updated successfully."),
    ]);
    // Whoever comes again is told what became of it, and nothing is done anew.
    await desk.write("PATCH", `tasks(${id})`, { statecode: 0, statuscode: 2 });
    const again = await desk.ask("update_record", { ...args, approvalId }, "administrator");
    expect(again.text).toBe(done.text);
    expect((await desk.read(`tasks(${id})?$select=statecode`)).statecode).toBe(0);
  });

  test("holds for a record that is made completed, whose id is drawn anew by each call", async () => {
    const item = { subject: "Done already", statecode: "Completed" };
    const made = await desk.call("create_record", { tablename: "task", item }, "administrator");
    expect([made.isError, made.text]).toEqual([false, expect.stringContaining("Created record")]);
  });
});
