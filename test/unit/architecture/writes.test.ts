import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { codeIn, root, sourceFiles } from "./import-graph";

/** No write goes beside the policy: one client sends, and a door stands before whatever it sends that is no read. */

const product = sourceFiles.filter(({ path }) => path.startsWith("shared/"));
const textOf = (path: string) => readFileSync(resolve(root, path), "utf8");
const thatSay = (pattern: RegExp) =>
  [...codeIn("shared"), ...codeIn("functions")].filter((path) => pattern.test(textOf(path))).sort();

describe("no write beside the policy", () => {
  test("Dataverse is reached by one client: what sends for it is made in one place", () => {
    const importers = product.filter(({ imports }) =>
      imports.some(({ to, isType }) => to === "@azure/core-rest-pipeline" && !isType),
    );
    // The other one keeps approvals.
    const rooms = importers.map(({ path }) => path.split("/").slice(0, 2).join("/"));
    expect([...new Set(rooms)]).toEqual(["shared/dataverse", "shared/storage"]);
    expect(thatSay(/\bcreateSender\(/)).toEqual([
      "shared/compose/dataverse-environment.ts",
      "shared/dataverse/transport/sender.ts",
    ]);
    expect(thatSay(/\bcreateClient\(/)).toEqual(["shared/compose/dataverse-environment.ts"]);
  });

  test("what the sender is handed to is the client, and the reader of definitions, which only reads", () => {
    const environment = textOf("shared/compose/dataverse-environment.ts");
    const handed = [...environment.matchAll(/\bsend\b(?!er)/g)].length;
    // Its making, the reader of definitions, the client.
    expect(handed).toBe(3);
    expect(textOf("shared/dataverse/metadata/changes.ts")).not.toMatch(
      /method: "(?!GET")|changeSet/,
    );
  });

  test("doors are made by the room that judges, and nowhere else", () => {
    expect(thatSay(/\badmit\(\s*dataverse\b/)).toEqual([
      "shared/dataverse/index.ts",
      "shared/operations/door.ts",
      "shared/operations/own-door.ts",
    ]);
    expect(thatSay(/\bnew Door\(/)).toEqual(["shared/compose/consent.ts"]);
    expect(thatSay(/\bdoorTo\(/)).toEqual(["shared/compose/endpoint.ts"]);
  });

  test("permits are made where an approval was looked up, or at the page", () => {
    expect(thatSay(/\bclaim\(\) \{/)).toEqual([
      "shared/mcp/consent/plan-call.ts",
      "shared/mcp/perform-act.ts",
    ]);
  });
});
