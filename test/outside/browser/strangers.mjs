import assert from "node:assert/strict";
import { createServer } from "node:http";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { sitDown } from "./person.mjs";
import { readable } from "./readable.mjs";

const minute = 60_000;

/**
 * Time, other people and other pages, at a desk whose clock and sign-ins the test holds.
 *
 * @param desk a service desk, the browser, `clock.ahead` in milliseconds, and the steps
 */
export async function playStrangers({ browser, desk, clock, step }) {
  const task = async () => {
    const args = { tablename: "task", item: { subject: "Stay" } };
    return (await desk.call("create_record", args, "administrator")).structured.recordId;
  };
  const isThere = async (id) =>
    (await desk.read(`tasks?$select=activityid&$filter=activityid eq ${id}`)).value.length === 1;
  const deletion = async (recordId) => {
    const args = { tablename: "task", recordId, hasUserApproved: true };
    return (await desk.ask("delete_record", args, "administrator")).structured.approval;
  };
  const as = async (work, options) => {
    const person = await sitDown(browser, options);
    try {
      await work(person);
    } finally {
      await person.close();
    }
  };
  const { signIns } = desk.issuer;
  signIns.person = desk.person("administrator");

  await step("a link that is older than ten minutes says so, and so does a page", () =>
    as(async (person) => {
      const id = await task();
      const { link } = await deletion(id);
      await person.open(link);
      try {
        clock.ahead = 11 * minute;
        signIns.changed = { iat: Math.floor((Date.now() + clock.ahead) / 1_000) };
        await person.press("yes");
        assert.match(await person.heading(), /^This link is not known, or its time is over/);
        await person.shoot("expired");
        await as(async (other) => {
          await other.open(link);
          assert.match(await other.heading(), /^This link is not known, or its time is over/);
        });
      } finally {
        clock.ahead = 0;
        signIns.changed = {};
      }
      assert.equal(await isThere(id), true);
    }),
  );

  await step("twenty deletions of one batch are one page, and one Yes", () =>
    as(async (person) => {
      const ids = await Promise.all(Array.from({ length: 20 }, task));
      const link = await batchLink(desk, ids);
      await person.open(link);
      await readable(person.page);
      await person.shoot("batch");
      assert.match(await person.words(), /20 things are asked for together/);
      assert.equal(await person.page.locator("section").count(), 20);
      assert.equal(await person.press("yes"), "Done");
      assert.deepEqual(
        await Promise.all(ids.map(isThere)),
        ids.map(() => false),
      );
    }),
  );

  await step("somebody else's browser shows nothing of it", () =>
    as(async (person) => {
      const id = await task();
      const { link } = await deletion(id);
      signIns.person = desk.person("manager");
      await person.open(link);
      signIns.person = desk.person("administrator");
      const words = await person.words();
      assert.match(words, /belongs to somebody else/);
      assert.ok(!words.includes("Stay"));
      await person.shoot("somebody-else");
      assert.equal(await isThere(id), true);
    }),
  );

  await step(
    "a client that can open a link has the person's browser open it, and waits for the answer",
    () =>
      as(async (person) => {
        const id = await task();
        let words = "";
        const client = new Client(
          { name: "opens links", version: "1" },
          {
            capabilities: { elicitation: { url: {} } },
            versionNegotiation: { mode: { pin: "2026-07-28" } },
          },
        );
        client.setRequestHandler("elicitation/create", async ({ params }) => {
          words = params.message;
          await person.open(params.url);
          assert.equal(await person.press("yes"), "Done");
          return { action: "accept" };
        });
        const transport = new StreamableHTTPClientTransport(new URL(desk.url), {
          requestInit: { headers: { "x-persona": "administrator" } },
        });
        await client.connect(transport);
        const answer = await client.callTool({
          name: "delete_record",
          arguments: { tablename: "task", recordId: id },
        });
        await client.close();
        assert.match(words, /^Delete for good\?/);
        assert.match(answer.content[0].text, /^Record deleted successfully/);
        assert.equal(await isThere(id), false);
      }),
  );

  /** Another site, open in the browser of somebody who has signed in: each tries to give the answer in the person's place. */
  const sites = {
    "a form that sends itself": ({ origin, fields }) =>
      `<form method="post" action="${origin}/approve">${inputs(fields)}</form><script>document.forms[0].submit()</script>`,
    "a script that sends the form": ({ origin, fields }) =>
      `<script>fetch(${JSON.stringify(`${origin}/approve`)}, { method: "POST", mode: "no-cors", credentials: "include", body: new URLSearchParams(${JSON.stringify(fields)}) })</script>`,
    "a frame": ({ link }) => `<iframe src="${link}"></iframe>`,
    "a frame that asks for Yes": ({ origin, fields }) =>
      `<form method="post" target="f" action="${origin}/approve">${inputs(fields)}</form><iframe name="f"></iframe><script>document.forms[0].submit()</script>`,
    "a window that it opens and writes into": ({ link }) =>
      `<script>const w = open(${JSON.stringify(link)}); setTimeout(() => { try { w.document.querySelector("button.yes").click() } catch {} }, 300)</script>`,
    "an image, a stylesheet and a prefetch": ({ link }) =>
      `<img src="${link}&answer=yes"><link rel="stylesheet" href="${link}&answer=yes"><link rel="prefetch" href="${link}&answer=yes">`,
  };
  for (const [name, html] of Object.entries(sites))
    await step(`another site: ${name}`, () =>
      as(async (person) => {
        const id = await task();
        const { link, approvalId } = await deletion(id);
        await person.open(link);
        const { origin } = new URL(link);
        // As if it had read the page: even with the value against forgery it is another site.
        const fields = { ...(await person.fields()), answer: "yes" };
        const site = await serve(html({ link, origin, fields }));
        try {
          const other = await person.context.newPage();
          await other.goto(site.url);
          await other.waitForLoadState("networkidle");
          await other.waitForTimeout(500);
        } finally {
          await site.close();
        }
        assert.equal(await isThere(id), true);
        const told = await desk.ask("delete_record", { approvalId }, "administrator");
        assert.match(told.text, /nobody has answered/);
      }),
    );
}

const inputs = (fields) =>
  Object.entries(fields)
    .map(([name, value]) => `<input name="${name}" value="${value}">`)
    .join("");

/** A page of another site: 127.0.0.1 is another one than localhost. */
async function serve(html) {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(html);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}

async function batchLink(desk, ids) {
  const answered = await fetch(desk.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-03-26",
      "x-persona": "administrator",
    },
    body: JSON.stringify(
      ids.map((recordId, id) => ({
        jsonrpc: "2.0",
        id,
        method: "tools/call",
        params: { name: "delete_record", arguments: { tablename: "task", recordId } },
      })),
    ),
  });
  const links = (await answered.json()).map(({ result }) => result.structuredContent.approval.link);
  assert.equal(new Set(links).size, 1);
  return links[0];
}
