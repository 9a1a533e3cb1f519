import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { MutableCatalog } from "../../packages/dataverse-emulator/src/metadata";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { startWholeEndpoint, type WholeEndpoint } from "../support/whole-endpoint";

/** What an organisation caps, and what Dataverse itself keeps from a person who may read the row. */
let whole: WholeEndpoint;
const claims = { oid: personas[0]?.objectId };
const ask = (querytext: string, cursor?: string) =>
  whole.call("read_query", cursor === undefined ? { querytext } : { querytext, cursor }, {
    claims,
  });

beforeAll(async () => {
  whole = await startWholeEndpoint({ MCP_MAX_ROWS: "7" }, { cases: 40 });
}, 60_000);
afterAll(() => whole?.close());

describe("caps", () => {
  const all = "SELECT incidentid, title FROM incident";
  const ids = ({ structured }: { structured: { rows: { incidentid: string }[] } }) =>
    structured.rows.map(({ incidentid }) => incidentid);

  test("of rows cut an answer, say so, and lead on to every row once", async () => {
    whole.set({ MCP_MAX_ROWS: "7" });
    const [{ n }] = (await ask("SELECT COUNT(*) AS n FROM incident")).structured.rows;
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await ask(all, cursor);
      expect(page.isError).toBe(false);
      expect(ids(page).length).toBeLessThanOrEqual(7);
      seen.push(...ids(page));
      cursor = page.structured.nextCursor;
      if (cursor !== undefined) expect(page.text).toContain("Truncated: these 7 rows are not all");
    } while (cursor !== undefined);
    expect([seen.length, new Set(seen).size]).toEqual([n, n]);
  });

  test("of rows hold whatever TOP asks for, with a plan beside them too", async () => {
    const querytext = "SELECT TOP 20 incidentid FROM incident";
    const { structured } = await ask(querytext);
    expect(structured).toMatchObject({ rowCount: 7, truncated: true });
    const planned = await whole.call("read_query", { querytext, explain: true }, { claims });
    expect(planned.structured).toMatchObject({ rowCount: 7, plan: expect.any(String) });
  });

  test("of characters cut an answer, say so, and lead on", async () => {
    whole.set({ MCP_MAX_ANSWER_CHARACTERS: "2000" });
    const { structured, text } = await ask("SELECT title, description FROM incident");
    expect(structured.rows.length).toBeGreaterThan(0);
    expect(structured).toMatchObject({ truncated: true, nextCursor: expect.any(String) });
    expect(text).toContain("Truncated: these");
    expect(JSON.stringify(structured.rows).length).toBeLessThanOrEqual(2_000);
  });
});

describe("a secured column", () => {
  const secret = "Zanzibar-4711";
  let incidentId = "";
  beforeAll(async () => {
    whole.set({});
    const [row] = (await ask("SELECT TOP 1 incidentid FROM incident WHERE statecode = 'Active'"))
      .structured.rows;
    incidentId = row.incidentid;
    const item = { productserialnumber: secret };
    const written = await whole.call(
      "update_record",
      { tablename: "incident", recordId: incidentId, item },
      { claims },
    );
    expect(written.isError).toBe(false);
    const catalog = whole.emulator.world.catalog as MutableCatalog;
    const column = catalog.byName("incident")?.attribute("productserialnumber");
    if (column === undefined) throw new Error("unreachable");
    catalog.change((change) => change.putAttribute("incident", { ...column, isSecured: true }));
  });

  test.each([
    ["SELECT productserialnumber FROM incident", false],
    ["SELECT * FROM incident", false],
    ["SELECT MAX(productserialnumber) AS m FROM incident", false],
    [`SELECT title FROM incident WHERE productserialnumber = '${secret}'`, true],
    [`SELECT COUNT(*) AS n FROM incident WHERE productserialnumber LIKE 'Zan%'`, true],
    ["SELECT TOP 1 title FROM incident ORDER BY productserialnumber DESC", false],
    ["SELECT productserialnumber, COUNT(*) AS n FROM incident GROUP BY productserialnumber", false],
    [
      "SELECT a.title, i.productserialnumber FROM incident i JOIN incident a ON a.incidentid = i.incidentid",
      false,
    ],
  ])("is told by no query: %s", async (sql, repeats) => {
    const { text, structured, isError } = await ask(sql);
    if (!repeats) expect(text + JSON.stringify(structured ?? {})).not.toContain(secret);
    // Neither by which rows come.
    else if (!isError) expect(JSON.stringify(structured.rows)).toMatch(/^(\[\]|\[\{"n":0\}\])$/);
  });

  test.each([
    ["get_next_suggestion_on_case", {}],
    ["draft_email_with_suggested_response", {}],
    ["enrich_case", { dryRun: true }],
    ["resolve_incident", { resolutionNote: "Replaced.", dryRun: true }],
  ])("is told by no tool of the desk: %s", async (tool, args) => {
    const { text, structured } = await whole.call(tool, { incidentId, ...args }, { claims });
    expect(text + JSON.stringify(structured ?? {})).not.toContain(secret);
  });
});
