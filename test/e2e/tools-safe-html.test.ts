import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { payloads } from "../support/hostile-html";
import { offencesIn } from "../support/stored-html";
import { type Person, startTools, type ToolsEndpoint } from "./tools-endpoint";

let endpoint: ToolsEndpoint;
let me: Person;
let contactId: string;
let caseId: string;

beforeAll(async () => {
  endpoint = await startTools();
  me = await endpoint.as("representative");
  contactId = (await create("contact", { lastname: "Marlow", emailaddress1: "m@x.example" })).id;
  caseId = (await create("incident", { title: "Broken lamp", customerid: contactId })).id;
}, 60_000);
afterAll(() => endpoint?.close());

async function create(tablename: string, item: Record<string, unknown>) {
  const { text, isError, data } = await me.call("create_record", { tablename, item });
  if (isError) throw new Error(text);
  return { id: data.recordId as string, text, notes: data.notes as string[] };
}

async function stored(table: string, key: string, id: string, column: string): Promise<string> {
  const [row] = await me.rows(`SELECT ${column} FROM ${table} WHERE ${key} = '${id}'`);
  return row[column];
}
const bodyOf = (id: string) => stored("email", "activityid", id, "description");
const mail = (description: string) =>
  create("email", {
    subject: "Hello",
    description,
    to: [{ relatedTable: "contact", recordId: contactId }],
  });
const hostile = `<p>Dear Ada</p><svg/onload=alert(1)><img src=https://t.example/p.gif><a href="java&#10;script:x">go</a>`;
const active =
  /Taken out of .*frames and embedded objects, event handlers, remote pictures, unsafe addresses\./;

describe("what Dataverse holds after a write", () => {
  // Some at a time in one body would hide what one of them does to the next; one a call is one row a payload.
  test.each(payloads.filter((each) => !each.includes("\f")))(
    "is harmless for %s",
    async (payload) => {
      const { id } = await mail(`<p>Before</p>${payload}`);
      const created = await bodyOf(id);
      expect(offencesIn(created)).toEqual([]);
      expect(created).toContain("<p>Before</p>");
      const { isError, text } = await me.call("update_record", {
        tablename: "email",
        recordId: id,
        item: { description: `${payload}<p>After</p>` },
      });
      expect([isError, text]).toEqual([false, text]);
      expect(offencesIn(await bodyOf(id))).toEqual([]);
    },
  );

  test("is said where something was taken out, in one line, and only there", async () => {
    const { id, text, notes } = await mail(hostile);
    expect(text).toMatch(active);
    expect(notes.filter((note) => active.test(note))).toHaveLength(1);
    expect(await bodyOf(id)).toBe("<p>Dear Ada</p><a>go</a>");
    const plain = await mail("<p>Dear <b>Ada</b></p>");
    expect(plain.text).not.toMatch(/Taken out/);
    expect(await bodyOf(plain.id)).toBe("<p>Dear <b>Ada</b></p>");
    const update = await me.call("update_record", {
      tablename: "email",
      recordId: plain.id,
      item: { description: hostile },
    });
    expect(update.text).toMatch(active);
  });

  test("keeps the words of plain text", async () => {
    expect(await bodyOf((await mail("a < b, 1<2 & so on")).id)).toBe("a < b, 1<2 & so on");
    expect(await bodyOf((await mail("Ask <john@x.example>")).id)).toBe("Ask &lt;john@x.example>");
  });

  test("is harmless in notes and in the descriptions of other activities, which stay as written without markup", async () => {
    const about = { relatedTable: "incident", recordId: caseId };
    const note = await create("annotation", { subject: "N", notetext: hostile, objectid: about });
    expect(await stored("annotation", "annotationid", note.id, "notetext")).toBe(
      "<p>Dear Ada</p><a>go</a>",
    );
    expect(note.text).toMatch(active);
    const task = await create("task", {
      subject: "T",
      description: hostile,
      regardingobjectid: about,
    });
    expect(await stored("task", "activityid", task.id, "description")).toBe(
      "<p>Dear Ada</p><a>go</a>",
    );
    const words = "Call <john@x.example>, if a<b and c>d";
    const plain = await create("annotation", { subject: "N", notetext: words, objectid: about });
    // A note is rich text, in which words in brackets would not be seen.
    expect(await stored("annotation", "annotationid", plain.id, "notetext")).toBe(
      "Call &lt;john@x.example>, if a&lt;b and c>d",
    );
    const call = await create("task", {
      subject: "T",
      description: words,
      regardingobjectid: about,
    });
    expect(await stored("task", "activityid", call.id, "description")).toBe(words);
    // A case's description is shown as plain text.
    const item = { title: "Tags", customerid: contactId, description: "<script>is a tag</script>" };
    const other = await create("incident", item);
    expect(await stored("incident", "incidentid", other.id, "description")).toBe(item.description);
  });

  test("is a whole body of the longest kind, or a refusal in words", async () => {
    const long = `<p>${"word ".repeat(200_000)}</p><script>x</script>`;
    const { id } = await mail(long);
    const [row] = await me.rows(
      `SELECT LEN(description) AS n FROM email WHERE activityid = '${id}' AND description LIKE '%word </p>'`,
    );
    expect(row.n).toBe(long.length - "<script>x</script>".length);
    const growing = await me.call("create_record", {
      tablename: "annotation",
      item: {
        subject: "N",
        notetext: `<i>${"<".repeat(90_000)}</i><script></script>`,
        objectid: { relatedTable: "incident", recordId: caseId },
      },
    });
    expect(growing.isError).toBe(true);
    expect(growing.text).toMatch(/notetext: written as safe HTML the text has \d+ characters/);
  });

  test("is a resolution without scripts", async () => {
    const { id } = await create("incident", { title: "Resolve me", customerid: contactId });
    const { text, isError } = await me.call("resolve_incident", {
      incidentId: id,
      resolutionNote: hostile,
    });
    expect([isError, text]).toEqual([false, text]);
    expect(text).toMatch(active);
    const [row] = await me.rows(
      `SELECT description FROM incidentresolution WHERE incidentid = '${id}'`,
    );
    expect(row.description).toBe("<p>Dear Ada</p><a>go</a>");
  });
});

describe("send_email", () => {
  test("makes a draft safe that was written elsewhere, before it goes out, and says so", async () => {
    const { id } = await mail("<p>Hello</p>");
    endpoint.store("email", "activityid", id, { description: hostile });
    const { text, isError, data } = await me.call("send_email", { emailId: id });
    expect([isError, text]).toEqual([false, text]);
    expect(data.sent).toBe(true);
    expect(text).toMatch(active);
    expect(await bodyOf(id)).toBe("<p>Dear Ada</p><a>go</a>");
  });

  test("changes nothing in a draft that holds nothing active", async () => {
    const { id } = await mail("<p>Hello</p>");
    const written = "<!-- made by hand --><STYLE>p{margin:0}</STYLE><p align='left'>Hello";
    endpoint.store("email", "activityid", id, { description: written });
    const { text } = await me.call("send_email", { emailId: id });
    expect(text).not.toMatch(/Taken out/);
    expect(await bodyOf(id)).toBe(written);
  });
});

test("an answer says when a text was longer than what is read of one", async () => {
  const { id } = await create("incident", {
    title: "My lamp flickers",
    customerid: contactId,
    description: "The lamp flickers.",
  });
  const description = "The lamp flickers when it is cold. ".repeat(1_000);
  endpoint.store("incident", "incidentid", id, { description });
  const { text, isError } = await me.call("get_next_suggestion_on_case", { incidentId: id });
  expect([isError, text]).toEqual([false, text]);
  expect(text).toMatch(
    /longer than what is read of one \(20000 characters of words, 100000 of HTML\)/,
  );
});

test("nothing of this was a fault of the server", () => expect(endpoint.bugs).toEqual([]));
