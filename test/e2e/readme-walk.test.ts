import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { agreeing } from "../support/agreeing";
import { openBrowser } from "../support/browser-person";
import { mcpClients } from "../support/mcp-clients";
import { type StartedProduct, startProduct, temporaryFolder } from "../support/start";

interface Step {
  readonly says: string;
  readonly tool: string;
  readonly input: string;
}

const readme = readFileSync(resolve(__dirname, "../../README.md"), "utf8");
/** Rows of the README's first table of calls, to the letter. */
const steps: Step[] = [...readme.matchAll(/^\| ([^|`]+) \| `(\w+)` \| `(\{[^`]+\})`/gm)].map(
  ([, says = "", tool = "", input = ""]) => ({ says, tool, input }),
);

const folder = temporaryFolder();
let product: StartedProduct;
beforeAll(async () => {
  product = await startProduct(["--data", folder.path]);
}, 120_000);
afterAll(async () => {
  await product.interrupt();
  folder.remove();
}, 30_000);

describe("the README's first walk", () => {
  test("goes from a list to a resolved case", () => {
    expect(steps.map(({ tool }) => tool)).toEqual([
      "read_query",
      "read_query",
      "describe_table",
      "update_record",
      "get_next_suggestion_on_case",
      "draft_email_with_suggested_response",
      "send_email",
      "resolve_incident",
    ]);
  });

  test("works as it stands there, each step with what stands there or an earlier answer said", async () => {
    const [, , connect] = mcpClients[0]!;
    const client = await connect(product.endpoint);
    const said: Record<string, unknown> = {};
    const answers = [];
    for (const { says, tool, input } of steps) {
      const filled = input.replace(/<(\w+)>/g, (_, name: string) => String(said[name]));
      expect([says, /undefined/.test(filled)]).toEqual([says, false]);
      const answer = await agreeing(
        (args) => client.call(tool, args),
        JSON.parse(filled),
        ({ data }) => data?.approval,
        () => openBrowser({ objectId: "", name: "" }),
      );
      expect([says, answer.isError, answer.text]).toEqual([says, false, expect.any(String)]);
      Object.assign(said, answer.data);
      answers.push(answer.data);
    }
    const [mine, found] = answers;
    expect(mine.rows).toHaveLength(10);
    for (const row of mine.rows) expect(Object.keys(row)[0]).toBe("incidentid");
    expect(found.rows).toEqual([
      expect.objectContaining({ statecodename: "Active", prioritycodename: "Normal" }),
    ]);
    // The second step follows from what the first one selects.
    expect(steps[3]?.input).toContain(found.rows[0].incidentid);
    const after = await client.call(steps[1]?.tool ?? "", JSON.parse(steps[1]?.input ?? ""));
    expect(after.data.rows).toEqual([
      expect.objectContaining({ statecodename: "Resolved", prioritycodename: "High" }),
    ]);
    await client.close();
  }, 60_000);
});
