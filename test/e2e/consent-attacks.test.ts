import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type BrowserPerson, fieldsOf, type Page } from "../support/browser-person";
import { personObjectId } from "../support/issuer";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

let desk: ServiceDesk;
beforeAll(async () => {
  desk = await startServiceDesk({ cases: 30 });
}, 120_000);
afterAll(async () => {
  expect(desk.bugs).toEqual([]);
  await desk.close();
});

const newTask = async () =>
  (
    await desk.call(
      "create_record",
      { tablename: "task", item: { subject: "Stay" } },
      "administrator",
    )
  ).structured.recordId as string;
const rowsOf = async (path: string) => (await desk.read(path)).value as Record<string, unknown>[];
const exists = async (id: string) =>
  (await rowsOf(`tasks?$select=activityid&$filter=activityid eq ${id}`)).length === 1;
const ask = async (id: string) => {
  const args = { tablename: "task", recordId: id, hasUserApproved: true };
  return (await desk.ask("delete_record", args, "administrator")).structured.approval as {
    link: string;
    approvalId: string;
  };
};

interface Shown {
  readonly id: string;
  readonly link: string;
  readonly approvalId: string;
  readonly browser: BrowserPerson;
  readonly page: Page;
  readonly origin: string;
}
async function show(): Promise<Shown> {
  const id = await newTask();
  const approval = await ask(id);
  const browser = desk.browser("administrator");
  const page = await browser.open(approval.link);
  expect(page.status).toBe(200);
  return { id, ...approval, browser, page, origin: new URL(approval.link).origin };
}

const yes = (shown: Shown, more: Record<string, string> = {}) => ({
  ...fieldsOf(shown.page.html),
  answer: "yes",
  ...more,
});
const own = ({ origin }: Shown) => ({ origin, "sec-fetch-site": "same-origin" });
const post = (
  shown: Shown,
  headers: Record<string, string>,
  form: Record<string, string> = yes(shown),
  browser = shown.browser,
) => browser.send(`${shown.origin}/approve`, { headers, form });

const attacks: Record<string, (shown: Shown) => Promise<unknown>> = {
  "a bearer token beside the form": async (shown) =>
    post(shown, { ...own(shown), authorization: `Bearer ${await desk.issuer.sign()}` }),
  "a token of the platform's beside the form": (shown) =>
    post(shown, { ...own(shown), "x-zumo-auth": "x" }),
  "a principal of the platform's and no session": (shown) =>
    post(shown, { ...own(shown), "x-ms-client-principal": "e30=" }, yes(shown), desk.browser()),
  "an access token as the session": async (shown) => {
    const stranger = desk.browser();
    stranger.cookies.set("__Host-approve", await desk.issuer.sign({ oid: personObjectId }));
    return post(shown, own(shown), yes(shown), stranger);
  },
  "the approval id as the session": (shown) => {
    const stranger = desk.browser();
    stranger.cookies.set("__Host-approve", shown.approvalId);
    return post(shown, own(shown), yes(shown), stranger);
  },
  "two sessions at once": (shown) =>
    post(shown, {
      ...own(shown),
      cookie: `__Host-approve=${shown.browser.cookies.get("__Host-approve")}; __Host-approve=x`,
    }),
  "a form from another site": (shown) =>
    post(shown, { origin: "http://127.0.0.1:1", "sec-fetch-site": "cross-site" }),
  "a form from nowhere": (shown) => post(shown, {}),
  "a form of a page without an origin": (shown) => post(shown, { ...own(shown), origin: "null" }),
  "a form that the browser calls foreign": (shown) =>
    post(shown, { ...own(shown), "sec-fetch-site": "same-site" }),
  "another value against forgery": (shown) => post(shown, own(shown), yes(shown, { csrf: "x" })),
  "no value against forgery": (shown) => {
    const { csrf: _, ...rest }: Record<string, string> = yes(shown);
    return post(shown, own(shown), rest);
  },
  "another answer": (shown) => post(shown, own(shown), yes(shown, { answer: "maybe" })),
  "the approval of another record in this form": async (shown) => {
    const { approvalId } = await ask(await newTask());
    return post(shown, own(shown), yes(shown, { p: approvalId }));
  },
  "a form as JSON": (shown) =>
    shown.browser.send(`${shown.origin}/approve`, {
      method: "POST",
      headers: { ...own(shown), "content-type": "application/json" },
    }),
  "an edited approval id": (shown) => {
    const p = `${shown.approvalId.slice(0, -2)}AA`;
    return post(shown, own(shown), yes(shown, { p }));
  },
  "looking at the page, with an answer in its address": async (shown) => {
    await shown.browser.send(`${shown.link}&answer=yes`);
    return shown.browser.send(`${shown.link}&answer=yes`, { method: "HEAD" });
  },
  "another verb": (shown) =>
    shown.browser.send(`${shown.origin}/approve?answer=yes`, {
      method: "PUT",
      headers: own(shown),
    }),
  "somebody else's sign-in": async (shown) => {
    const other = desk.browser("manager");
    const page = await other.open(shown.link);
    expect([page.status, page.html.includes("Stay")]).toEqual([403, false]);
    return post(shown, own(shown), yes(shown), other);
  },
  "a callback with a foreign state": async (shown) => {
    const other = desk.browser("administrator");
    const first = await other.send(shown.link);
    const back = await other.send(String(first.headers.location));
    const url = new URL(String(back.headers.location));
    url.searchParams.set("state", "another");
    const page = await other.send(url.href);
    expect([page.status, page.html.includes("Stay")]).toEqual([400, false]);
    return post(shown, own(shown), yes(shown), other);
  },
  "a callback with a foreign code": async (shown) => {
    const other = desk.browser("administrator");
    const first = await other.send(shown.link);
    const back = await other.send(String(first.headers.location));
    const url = new URL(String(back.headers.location));
    url.searchParams.set("code", "another");
    expect((await other.send(url.href)).status).toBe(400);
  },
  "a callback without its cookie": async (shown) => {
    const other = desk.browser("administrator");
    const first = await other.send(shown.link);
    const back = await other.send(String(first.headers.location));
    expect((await desk.browser().send(String(back.headers.location))).status).toBe(400);
  },
};

const forgedClaims: Record<string, Record<string, unknown>> = {
  "another audience": { aud: "0c000000-0000-4000-8000-0000000000c1" },
  "several audiences": { aud: ["0c000000-0000-4000-8000-0000000000c2", "x"] },
  "another issuer": { iss: "https://elsewhere.example/v2.0" },
  "another tenant": { tid: "0f000000-0000-4000-8000-0000000000ff" },
  "no person": { oid: undefined },
  "another nonce": { nonce: "another" },
  "an old sign-in": { iat: Math.floor(Date.now() / 1_000) - 3_600 },
};

describe("an attack on the page", () => {
  test.each(Object.keys(attacks))("%s changes nothing", async (name) => {
    const shown = await show();
    await attacks[name]?.(shown);
    expect(await exists(shown.id)).toBe(true);
    // What was tried used nothing up: the person may answer yet.
    const state = await desk.ask(
      "delete_record",
      { approvalId: shown.approvalId },
      "administrator",
    );
    expect(state.text).toContain("nobody has answered");
  });

  test.each(Object.keys(forgedClaims))("a sign-in with %s shows nothing", async (name) => {
    const id = await newTask();
    const { link } = await ask(id);
    desk.issuer.signIns.changed = forgedClaims[name] ?? {};
    try {
      const page = await desk.browser("administrator").open(link);
      expect([page.status, page.html.includes("Stay")]).toEqual([400, false]);
    } finally {
      desk.issuer.signIns.changed = {};
    }
    expect(await exists(id)).toBe(true);
  });

  test("a double click acts once, and neither a repeat nor a no takes anything back or further", async () => {
    const shown = await show();
    const both = await Promise.all([post(shown, own(shown)), post(shown, own(shown))]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await exists(shown.id)).toBe(false);
    expect((await post(shown, own(shown), yes(shown, { answer: "no" }))).status).toBe(409);
    const declined = await show();
    await declined.browser.press(declined.link, declined.page, "no");
    expect((await post(declined, own(declined))).status).toBe(409);
    expect(await exists(declined.id)).toBe(true);
  });
});

describe("an approval id", () => {
  test("of a person's grade acts for no model, with whatever arguments it is repeated", async () => {
    const id = await newTask();
    const { approvalId } = await ask(id);
    const args = { tablename: "task", recordId: id };
    for (const more of [
      {},
      args,
      { ...args, hasUserApproved: true },
      { ...args, hasUserApproved: "true" },
    ])
      await desk.ask("delete_record", { ...more, approvalId }, "administrator");
    const other = await newTask();
    const moved = await desk.ask(
      "delete_record",
      { tablename: "task", recordId: other, approvalId },
      "administrator",
    );
    expect([moved.isError, moved.text]).toEqual([true, expect.stringContaining("other arguments")]);
    expect([await exists(id), await exists(other)]).toEqual([true, true]);
  });

  test.each(["x", "v1.2026-W49.AAAA", "constructor"])("that is %j is none", async (approvalId) => {
    const { isError, text } = await desk.ask("delete_record", { approvalId }, "administrator");
    expect([isError, text]).toEqual([true, expect.stringContaining("no such approval")]);
  });

  test("of somebody else is none", async () => {
    const { approvalId } = await ask(await newTask());
    const { isError, text } = await desk.ask("delete_record", { approvalId }, "manager");
    expect([isError, text]).toEqual([true, expect.stringContaining("no such approval")]);
  });
});

describe("another tool", () => {
  const draft = async () =>
    (
      await rowsOf(
        "emails?$select=activityid&$filter=statuscode eq 1 and directioncode eq true&$top=1",
      )
    )[0]?.activityid as string;

  test.each([{ statuscode: 6 }, { statuscode: "Pending Send" }, { statuscode: 7 }])(
    "does not send a mail by writing %j",
    async (item) => {
      const recordId = await draft();
      await desk.ask("update_record", { tablename: "email", recordId, item }, "administrator");
      const [row] = await rowsOf(`emails?$select=statuscode&$filter=activityid eq ${recordId}`);
      expect(row?.statuscode).toBe(1);
    },
  );

  test("does not give a right", async () => {
    const before = await rowsOf("teams?$select=teamid");
    const { isError } = await desk.ask(
      "create_record",
      { tablename: "team", item: { name: "Everybody" } },
      "administrator",
    );
    expect([isError, await rowsOf("teams?$select=teamid")]).toEqual([true, before]);
  });
});

describe("many", () => {
  test("deletions of one batch end at one page that lists them all, and one yes does them", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, newTask));
    const batch = ids.map((recordId, id) => ({
      jsonrpc: "2.0",
      id,
      method: "tools/call",
      params: { name: "delete_record", arguments: { tablename: "task", recordId } },
    }));
    const answered = await fetch(desk.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2025-03-26",
        "x-persona": "administrator",
      },
      body: JSON.stringify(batch),
    });
    // biome-ignore lint/suspicious/noExplicitAny: JSON of the wire
    const results = (await answered.json()) as any[];
    const links = new Set(results.map(({ result }) => result.structuredContent.approval.link));
    expect([results.length, links.size]).toEqual([20, 1]);
    expect((await Promise.all(ids.map(exists))).every(Boolean)).toBe(true);
    const [link] = links;
    const browser = desk.browser("administrator");
    const page = await browser.open(link);
    expect(page.html.match(/<h2>\d+\. Delete for good/g)).toHaveLength(20);
    const done = await browser.press(link, page, "yes");
    expect(done.status).toBe(200);
    expect((await Promise.all(ids.map(exists))).some(Boolean)).toBe(false);
  });

  test("each singly waits for its own", async () => {
    const ids = await Promise.all(Array.from({ length: 3 }, newTask));
    const links = await Promise.all(ids.map(async (id) => (await ask(id)).link));
    expect(new Set(links).size).toBe(3);
    await desk.browser("administrator").answer(links[0] ?? "");
    expect(await Promise.all(ids.map(exists))).toEqual([false, true, true]);
  });
});
