import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setSwitches } from "../../../src/switches";
import { type Dataverse, outcome, startDataverse } from "../../support/dataverse";

let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 20 });
});
afterAll(() => dataverse.close());

const call = async (name: string, body: object) => {
  const answer = await dataverse.send("POST", name, body);
  expect([answer.status, answer.message]).toEqual([200, ""]);
  expect(answer.json["@odata.context"]).toBe(
    `${dataverse.root}$metadata#Microsoft.Dynamics.CRM.${name}Response`,
  );
  const { "@odata.context": _, ...rest } = answer.json;
  return rest;
};

describe("the AI actions", () => {
  test.each([
    ["Thank you, the router works perfectly now!", "Positive"],
    ["This is unacceptable. It broke again and I am still waiting.", "Negative"],
    ["It is not working.", "Negative"],
    ["No problem, it never failed.", "Positive"],
    ["The invoice is attached.", "Neutral"],
    ["<p>Das Gerät ist <b>kaputt</b>.</p>", "Negative"],
  ])("AISentiment of %j", async (Text, AnalyzedSentiment) => {
    expect(await call("AISentiment", { Text })).toEqual({ AnalyzedSentiment });
  });

  test.each([
    ["How do I change the filter?", ["Problem", "Question", "Request"], "Question"],
    ["It stopped and shows an error.", ["Question", "Problem", "Request"], "Problem"],
    ["Please send me a new charger, I need one.", ["Problem", "Question", "Request"], "Request"],
    ["My invoice shows a charge I never paid.", ["Delivery", "Billing"], "Billing"],
    ["Kettle lids keep falling off", ["Pumps", "Kettles"], "Kettles"],
    ["zzz", ["High", "Normal", "Low"], "Normal"],
  ])("AIClassify of %j among %j", async (Text, Categories, Classification) => {
    expect(await call("AIClassify", { Text, Categories })).toEqual({ Classification });
  });

  test.each([
    ["Call +44 1632 960123 or 555-0100-22.", "phone number", ["+44 1632 960123", "555-0100-22"]],
    ["Write to ann@x.example, ann@x.example.", "e-mail address", ["ann@x.example"]],
    ["Serial number: XK-77A, thanks", "serial number", ["XK-77A"]],
    ["Bought 3 March 2026, paid €129.90.", "date", ["3 March 2026"]],
    ["Bought 3 March 2026, paid €129.90.", "amount", ["€129.90"]],
    ["Nothing here", "colour", []],
  ])("AIExtract from %j: %s", async (Text, Entity, ExtractedData) => {
    expect(await call("AIExtract", { Text, Entity })).toEqual({ ExtractedData });
  });

  test("AISummarize keeps the sentences that tell most, in order and word for word", async () => {
    const Text =
      "The router drops the line every night. I like blue. The router shows a red lamp when the line drops. My cat is fine. We moved in May. Please repair the router so that the line stays.";
    const { SummarizedText } = await call("AISummarize", { Text });
    const kept = String(SummarizedText).split(/(?<=\.) /);
    expect(kept).toHaveLength(3);
    expect(kept[0]).toBe("The router drops the line every night.");
    expect(kept.every((sentence) => Text.includes(sentence))).toBe(true);
    expect(SummarizedText).not.toContain("cat");
  });

  test("AIReply takes what helps out of the text, and is sorry when there is reason to", async () => {
    const { PreparedResponse } = await call("AIReply", {
      Text: "The fan is broken and very noisy.\n\nHold the button for ten seconds. The lamp is green.",
    });
    expect(PreparedResponse).toContain("I am sorry for the trouble");
    expect(PreparedResponse).toContain("\nHold the button for ten seconds.\n");
  });

  test("AITranslate says which language, and leaves what it does not know", async () => {
    expect(
      await call("AITranslate", {
        Text: "Hello, the Zorb router is broken",
        TargetLanguage: "fr-CA",
      }),
    ).toEqual({
      TranslatedText: "[fr] Bonjour, le Zorb routeur est cassé",
    });
    expect(await call("AITranslate", { Text: "Hello", TargetLanguage: "pl" })).toEqual({
      TranslatedText: "[pl] Hello",
    });
  });

  test("AISummarizeRecord tells a row that the caller may read", async () => {
    const account = (await dataverse.send("POST", "accounts", { name: "Told" })).id;
    const { id } = await dataverse.send("POST", "incidents", {
      title: "Fan hums",
      description: "It hums all day. It is new.",
      prioritycode: 1,
      "customerid_account@odata.bind": `/accounts(${account})`,
    });
    const body = { EntityName: "incident", RecordId: id };
    const { SummarizedText } = await call("AISummarizeRecord", body);
    expect(SummarizedText).toMatch(
      /^Case "Fan hums" \(for Told, status In Progress, priority High, owned by .+\)\. It hums all day\. It is new\.$/,
    );
    const other = await dataverse.send("POST", "AISummarizeRecord", body, {
      as: "representative",
    });
    expect(other.status).toBe(403);
  });

  test("give the same answer again, and refuse what they cannot read", async () => {
    const body = { Text: "It drops every night. Restart the box." };
    expect(await call("AIReply", body)).toEqual(await call("AIReply", body));
    for (const [name, wrong, expected] of [
      ["AIReply", {}, "400 0x80040203"],
      ["AIReply", { Text: ["a"] }, "400 0x80048d19"],
      ["AIReply", { text: "a" }, "400 0x80048d19"],
      ["AIClassify", { Text: "a", Categories: [] }, "400 0x80040203"],
      ["AIClassify", { Text: "a", Categories: "x" }, "400 0x80048d19"],
      ["AITranslate", { Text: "a", TargetLanguage: "the moon" }, "400 0x80040203"],
    ] as const) {
      expect(outcome(await dataverse.send("POST", name, wrong))).toBe(expected);
    }
  });

  test("are switched off as in an environment without capacity", async () => {
    setSwitches(dataverse.emulator.world, { intelligence: false });
    for (const name of ["AIReply", "AISummarize", "AISentiment"]) {
      expect(outcome(await dataverse.send("POST", name, { Text: "x" }))).toBe("400 0x80040265");
    }
    setSwitches(dataverse.emulator.world, { intelligence: true });
  });
});

describe("FullTextSearchKnowledgeArticle", () => {
  const ask = (SearchText: string, more: object = {}, query: object = {}) =>
    dataverse.send("POST", "FullTextSearchKnowledgeArticle", {
      SearchText,
      UseInflection: true,
      RemoveDuplicates: true,
      StateCode: 3,
      QueryExpression: {
        "@odata.type": "Microsoft.Dynamics.CRM.QueryExpression",
        EntityName: "knowledgearticle",
        ColumnSet: {
          "@odata.type": "Microsoft.Dynamics.CRM.ColumnSet",
          AllColumns: false,
          Columns: ["title", "articlepublicnumber", "statecode"],
        },
        PageInfo: { PageNumber: 1, Count: 10, ReturnTotalRecordCount: true },
        Orders: [],
        ...query,
      },
      ...more,
    });

  test("finds the published articles on a fault by the words of a customer", async () => {
    const [article] = (
      await dataverse.send("GET", "knowledgearticles?$filter=statecode eq 3&$top=1&$select=title")
    ).json.value as { title: string }[];
    const answer = await ask(article?.title.split(": ")[1] ?? "");
    expect(answer.status).toBe(200);
    const rows = answer.json.value as Record<string, unknown>[];
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThanOrEqual(10);
    expect(rows.every((row) => row.statecode === 3)).toBe(true);
    expect(rows.slice(0, 2).map((row) => row.title)).toContain(article?.title);
  });

  test("in any ending when asked, and page by page", async () => {
    await dataverse.send("POST", "knowledgearticles", { title: "Grommeting quibbles" });
    const draft = { StateCode: 0 };
    expect((await ask("grommeted quibble", draft)).json.value).toHaveLength(1);
    const exact = { StateCode: 0, UseInflection: false };
    expect((await ask("grommeted quibble", exact)).json.value).toEqual([]);
    const pages: unknown[] = [];
    for (const PageNumber of [1, 2]) {
      const { json } = await ask("what to do", {}, { PageInfo: { PageNumber, Count: 3 } });
      pages.push(
        ...(json.value as { knowledgearticleid: string }[]).map((row) => row.knowledgearticleid),
      );
    }
    expect(new Set(pages).size).toBe(6);
  });

  test("refuses what it cannot do", async () => {
    expect(outcome(await ask(""))).toBe("400 0x80040203");
    expect(outcome(await ask("x", { StateCode: undefined }))).toBe("400 0x80040203");
    expect(outcome(await ask("x", {}, { EntityName: "incident" }))).toBe("400 0x80040203");
    expect(outcome(await ask("x", {}, { ColumnSet: { Columns: ["nothing"] } }))).toBe(
      "400 0x80040203",
    );
  });
});
