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
