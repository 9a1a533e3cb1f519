import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Person, startTools, type ToolsEndpoint } from "./tools-endpoint";

let endpoint: ToolsEndpoint;
let me: Person;
let contactId: string;

const create = async (tablename: string, item: Record<string, unknown>): Promise<string> => {
  const { text, isError, data } = await me.call("create_record", { tablename, item });
  if (isError) throw new Error(text);
  return data.recordId;
};
const newCase = () => create("incident", { title: "A case to close", customerid: contactId });

beforeAll(async () => {
  endpoint = await startTools();
  me = await endpoint.as("representative");
  contactId = await create("contact", {
    firstname: "Ada",
    lastname: "Marlow",
    emailaddress1: "ada.marlow@example.com",
  });
}, 60_000);
afterAll(() => endpoint?.close());

describe("send_email", () => {
  test("sends a draft that create_record made, once", async () => {
    const emailId = await create("email", {
      subject: "Your router",
      description: "<p>Hello</p>",
      to: [{ relatedTable: "contact", recordId: contactId }],
      cc: "someone@example.com",
      regardingobjectid: { relatedTable: "incident", recordId: await newCase() },
    });
    const { text, data, isError } = await me.call("send_email", { emailId });
    expect([isError, text]).toEqual([false, text]);
    expect(data).toMatchObject({ sent: true, wasSentBefore: false, recipients: 2 });
    expect(data.addresses).toHaveLength(2);
    for (const address of data.addresses) expect(text).toContain(`"${address}"`);
    const again = await me.call("send_email", { emailId });
    expect(again.data).toMatchObject({ sent: true, wasSentBefore: true });
    expect(again.text).toMatch(/sent already/);
  });

  test("keeps a draft without recipients and says what is missing", async () => {
    const emailId = await create("email", { subject: "Nobody" });
    const { text, isError } = await me.call("send_email", { emailId });
    expect(isError).toBe(true);
    expect(text).toMatch(/draft is kept/);
    expect(text).toMatch(/no recipient/);
  });

  test("keeps a draft in which something is still to be filled in, and names it", async () => {
    const emailId = await create("email", {
      subject: "Your visit on [date]",
      description: "<p>Dear {{firstname}},</p><p>the part costs &lt;&lt;amount&gt;&gt;.</p>",
      to: [{ relatedTable: "contact", recordId: contactId }],
    });
    const { text, isError } = await me.call("send_email", { emailId });
    expect(isError).toBe(true);
    expect(text).toMatch(/not finished, so it was not sent; the draft is kept/);
    for (const open of ["[date]", "{{firstname}}", "<<amount>>"]) expect(text).toContain(open);
    const item = { subject: "Your visit on Monday", description: "<p>Dear Ada, it is free.</p>" };
    await me.call("update_record", { tablename: "email", recordId: emailId, item });
    expect((await me.call("send_email", { emailId })).data).toMatchObject({ sent: true });
  });

  test("does not know a mail that is not there", async () => {
    const { text, isError } = await me.call("send_email", {
      emailId: "5f3c1a52-0000-4000-8000-0123456789ab",
    });
    expect(isError).toBe(true);
    expect(text).toMatch(/no email with the id/);
  });
});

describe("resolve_incident", () => {
  test("resolves by case number with a reason in words, and twice is no fault", async () => {
    const incidentId = await newCase();
    const [{ ticketnumber }] = await me.rows(
      `SELECT ticketnumber FROM incident WHERE incidentid = '${incidentId}'`,
    );
    const args = {
      caseNumber: ticketnumber,
      resolutionNote: "Replaced the fuse",
      status: "information provided",
      billableMinutes: 15,
    };
    const { text, data, isError } = await me.call("resolve_incident", args);
    expect([isError, text]).toEqual([false, text]);
    expect(data).toMatchObject({ resolved: true, wasResolvedBefore: false, incidentId });
    const [row] = await me.rows(
      `SELECT statecode, statuscode FROM incident WHERE incidentid = '${incidentId}'`,
    );
    expect(row).toMatchObject({ statecode: 1, statuscode: 1000 });
    const again = await me.call("resolve_incident", args);
    expect(again.isError).toBe(false);
    expect(again.data).toMatchObject({ resolved: true, wasResolvedBefore: true });
  });

  test("blames no open activity for a case that is somebody else's", async () => {
    const [other] = await me.rows(
      "SELECT TOP 1 incidentid FROM incident WHERE statecode = 0 AND ownerid <> CURRENT_USER",
    );
    await create("email", {
      subject: "Still a draft",
      regardingobjectid: { relatedTable: "incident", recordId: other.incidentid },
    });
    const { text, isError } = await me.call("resolve_incident", {
      incidentId: other.incidentid,
      resolutionNote: "Done",
    });
    expect([isError, text]).toEqual([true, expect.stringMatching(/not resolved.*may not/)]);
    expect(text).not.toMatch(/Still open|stand in the way/);
    expect(text).toMatch(/ask its owner/);
  });

  test("lists the activities that are still open", async () => {
    const incidentId = await newCase();
    const taskId = await create("task", {
      subject: "Call back",
      regardingobjectid: { relatedTable: "incident", recordId: incidentId },
    });
    const { text } = await me.call("resolve_incident", { incidentId, resolutionNote: "Done" });
    expect(text).toContain(taskId);
  });

  test.each([
    [{ resolutionNote: "x" }, /incidentId or caseNumber is missing/],
    [{ caseNumber: "CAS-NONE", resolutionNote: "x" }, /no case "CAS-NONE"/],
    [{ caseNumber: "' or 1 eq 1 or '", resolutionNote: "x" }, /no case/],
    [{ incidentId: "5f3c1a52-0000-4000-8000-0123456789ab", resolutionNote: "x" }, /no case/],
    [{ caseNumber: "CAS-NONE", resolutionNote: "x", status: "Active" }, /no reason for a resolved/],
    [{ caseNumber: "CAS-NONE", resolutionNote: "  " }, /resolutionNote/],
    [{ caseNumber: "CAS-NONE" }, /resolutionNote is missing/],
  ])("refuses %j", async (args, words) => {
    const { text, isError } = await me.call("resolve_incident", args);
    expect(isError).toBe(true);
    expect(text).toMatch(words);
  });

  test("does not resolve a cancelled case", async () => {
    const incidentId = await newCase();
    const cancel = await me.call("update_record", {
      tablename: "incident",
      recordId: incidentId,
      item: { statuscode: "Cancelled" },
    });
    expect([cancel.isError, cancel.text]).toEqual([false, cancel.text]);
    const { text, isError } = await me.call("resolve_incident", {
      incidentId,
      resolutionNote: "x",
    });
    expect(isError).toBe(true);
    expect(text).toMatch(/cancelled.*Reopen|cancelled[\s\S]*Reopen/);
  });
});

test("no call ended in a bug or a 5xx", () => {
  expect(endpoint.bugs).toEqual([]);
  expect(endpoint.statuses.filter((status) => status >= 500)).toEqual([]);
});
