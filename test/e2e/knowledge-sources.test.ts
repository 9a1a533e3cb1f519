import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

describe("list_knowledge_sources over HTTP", () => {
  let desk: ServiceDesk;
  beforeAll(async () => {
    desk = await startServiceDesk({ cases: 20 });
  }, 60_000);
  afterAll(() => desk.close());

  test("always offers the knowledge articles, or a source that covers them", async () => {
    const { text, structured, isError } = await desk.call("list_knowledge_sources");
    expect([isError, desk.bugs]).toEqual([false, []]);
    const covering = structured.sources.filter((source: { tables: string[] }) =>
      source.tables.includes("knowledgearticle"),
    );
    expect(covering.length).toBeGreaterThan(0);
    expect(text).toContain("knowledgearticle");
  });

  test("says so when no name fits, and shows none of another kind", async () => {
    const { text, structured } = await desk.call("list_knowledge_sources", { filter: "zebra" });
    expect(structured.sources).toEqual([]);
    expect(text).toMatch(/None of the \d+ knowledge sources has "zebra"/);
  });
});

describe("sources that an administrator set up", () => {
  let desk: ServiceDesk;
  const ids = {
    help: "77000000-0000-4000-8000-000000000001",
    entity: "77000000-0000-4000-8000-000000000002",
    share: "77000000-0000-4000-8000-000000000003",
    files: "77000000-0000-4000-8000-000000000004",
    record: "77000000-0000-4000-8000-000000000005",
    faq: "77000000-0000-4000-8000-000000000006",
  };
  const create = (set: string, id: string, body: Record<string, unknown>) =>
    desk.write("PATCH", `${set}(${id})`, body);
  const ask = async (args: Record<string, unknown>) => {
    const answer = await desk.call("retrieve_knowledge", args);
    expect([answer.isError ? answer.text : "", desk.bugs]).toEqual(["", []]);
    return answer;
  };

  beforeAll(async () => {
    desk = await startServiceDesk({ cases: 0 });
    await create("dvtablesearchs", ids.help, { name: "Product help", searchtype: 0 });
    await create("dvtablesearchs", ids.share, { name: "Team site", searchtype: 1 });
    await create("dvtablesearchentities", ids.entity, {
      name: "Articles",
      entitylogicalname: "knowledgearticle",
      "DVTableSearch@odata.bind": `/dvtablesearchs(${ids.help})`,
    });
    await create("copilotsynonyms", "77000000-0000-4000-8000-00000000000a", {
      name: "words",
      columnlogicalname: "title",
      synonyms: "wobble, jiggle",
      "skillentity@odata.bind": `/dvtablesearchentities(${ids.entity})`,
    });
    await create("copilotglossaryterms", "77000000-0000-4000-8000-00000000000b", {
      name: "BT",
      term: "BT9",
      description: "administration page",
      "skill@odata.bind": `/dvtablesearchs(${ids.help})`,
    });
    await create("dvfilesearchs", ids.files, { name: "Manuals" });
    await create("unstructuredfilesearchrecords", ids.record, {
      columnname: "content",
      content: "The Zephyr valve is turned by a quarter to the left before it is cleaned.",
      citationlink: "https://files.halvren.example/zephyr.pdf",
    });
    await create("knowledgefaqs", ids.faq, {
      source: "https://halvren.example/faq",
      faqdata: JSON.stringify([
        {
          question: "How do I return a parcel?",
          answer: "Print the label and hand the parcel in within 14 days.",
        },
        { question: "Who pays the customs?", answer: "The recipient pays customs." },
      ]),
    });
  }, 60_000);
  afterAll(() => desk.close());

  test("are listed with what they cover, and a federated one as not to be searched", async () => {
    const { text, structured } = await desk.call("list_knowledge_sources");
    expect(
      structured.sources.map((each: { name: string; kind: string; reachable: boolean }) => [
        each.name,
        each.kind,
        each.reachable,
      ]),
    ).toEqual([
      ["Product help", "tables", true],
      ["Team site", "federated", false],
      ["Manuals", "files", true],
      ["Questions and answers", "faq", true],
    ]);
    expect(text).toMatch(/: Product help :.*knowledgearticle, 1 synonym lists/);
    expect(text).toMatch(/glossary: .*"BT9"/);
    expect(text).toMatch(/cannot be searched here: It is searched through its own connection/);
  });

  test("files and questions are answered with their own links", async () => {
    const file = await ask({
      question: "Which way is the Zephyr valve turned?",
      source: "manuals",
    });
    expect(file.structured.passages[0]).toMatchObject({
      link: "https://files.halvren.example/zephyr.pdf",
      text: expect.stringContaining("quarter to the left"),
    });
    const faq = await ask({ question: "How can I return my parcel?", source: "knowledgefaq" });
    expect(faq.structured.passages[0]).toMatchObject({
      title: "How do I return a parcel?",
      link: "https://halvren.example/faq",
    });
    expect(faq.structured.convincing).toBe(true);
  });

  test("a source of files answers from its own files alone", async () => {
    const set = "77000000-0000-4000-8000-000000000007";
    await create("unstructuredfilesearchentities", set, { name: "Price lists" });
    await create("unstructuredfilesearchrecords", "77000000-0000-4000-8000-000000000008", {
      columnname: "content",
      content: "The Zephyr valve costs twelve crowns.",
      citationlink: "https://files.halvren.example/prices.pdf",
      "UnstructuredFileSearchEntityId@odata.bind": `/unstructuredfilesearchentities(${set})`,
    });
    const texts = async (source: string) =>
      (await ask({ question: "Zephyr valve", source })).structured.passages.map(
        (each: { text: string }) => each.text,
      );
    expect(await texts("Price lists")).toEqual(["The Zephyr valve costs twelve crowns."]);
    expect(await texts("Manuals")).toEqual([expect.stringContaining("quarter to the left")]);
    await desk.write("DELETE", `unstructuredfilesearchentities(${set})`, {});
  });

  test("for customers, files and rows are left out by name; questions and answers stay", async () => {
    const { text, structured } = await ask({
      question: "Which way is the Zephyr valve turned?",
      audience: "customer",
    });
    // What is left is of articles, and does not answer it.
    const tables = structured.passages.map((each: { table: string }) => each.table);
    expect(tables.filter((table: string) => table !== "knowledgearticle")).toEqual([]);
    expect(structured.convincing).toBe(false);
    expect(text).not.toContain("quarter to the left");
    expect(text).toMatch(
      /Not for customers, so left out: \[\[data (\w+): Manuals :\1\]\] \(files\)/,
    );
    const faq = await ask({ question: "Who pays the customs?", audience: "customer" });
    expect(faq.structured.passages[0]).toMatchObject({
      isInternal: false,
      title: "Who pays the customs?",
    });
  });

  test("the glossary and synonyms widen the question, and the answer says so", async () => {
    const plain = await ask({ question: "BT9 is gone", source: "Product help" });
    expect(plain.text).toMatch(/Also searched for: \[\[data \w+: "administration", "page"/);
    expect(plain.structured.passages[0].title).toContain("administration page");
    const widened = await ask({ question: "they jiggle", source: "Product help" });
    expect(widened.text).toContain("wobble");
  });

  test("a federated source is refused by name and reason; among others it is named as left out", async () => {
    const { isError, text } = await desk.call("retrieve_knowledge", {
      question: "router",
      source: "Team site",
    });
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/cannot be searched from here.*own connection/s),
    ]);
    expect((await ask({ question: "the router restarts by itself" })).text).toMatch(
      /Not searched: \[\[data (\w+): Team site :\1\]\]/,
    );
  });
});
