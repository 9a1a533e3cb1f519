import { describe, expect, test } from "@jest/globals";
import { toolUses } from "./calls";
import type { Spot } from "./cells";
import { runMatrix } from "./matrix";

/** Of the whole matrix (`npm run faults`), those cells that guard each kind of fault, where each kind of tool meets it. */
const share: Readonly<Record<string, Partial<Record<Spot, readonly string[]>>>> = {
  "list_knowledge_sources all": { "first read": ["{} always", "503 always", "404 page"] },
  "create_record a case": {
    identity: ["identity expired"],
    write: ["429 number", "empty, done", "reset, done, then dead"],
  },
  "update_record a case": {
    definitions: ["{} always"],
    write: ["401 always", "reset, done", "redirect 302, not done"],
  },
  "update_record several cases": { write: ["500, not done"] },
  "delete_record a task": {
    asking: ["503 always"],
    page: ["HTML 200 always"],
    "later read": ["reset always"],
    write: ["HTML 200, done", "cut body, not done"],
  },
  "resolve_incident a case": { write: ["504, done late", "{}, not done"], "first read": ["dead"] },
  "send_email a draft": { write: ["null, done", "stall", "slow past the deadline"] },
};
const wanted = (name: string, spot: Spot, fault: string): boolean =>
  share[name]?.[spot]?.includes(fault) ?? false;

describe("after a fault every answer is true", () => {
  test("in a share of the matrix", async () => {
    const uses = toolUses.filter(({ tool, use }) => share[`${tool} ${use}`] !== undefined);
    expect(uses).toHaveLength(Object.keys(share).length);
    const results = await runMatrix({
      lanes: 2,
      uses,
      cases: 10,
      isWanted: ({ tool, use }, { spot, fault }) => wanted(`${tool} ${use}`, spot, fault.name),
    });
    const tried = results.map(
      ({ tool, use, spot, fault, isStruck }) => `${tool} ${use}, ${spot}, ${fault}, ${isStruck}`,
    );
    const meant = Object.entries(share).flatMap(([name, spots]) =>
      Object.entries(spots).flatMap(([spot, faults]) =>
        faults.map((fault) => `${name}, ${spot}, ${fault}, true`),
      ),
    );
    expect(tried.sort()).toEqual(meant.sort());
    const wrong = results.filter(({ findings }) => findings.length > 0);
    expect(
      wrong.map(({ tool, use, spot, fault, findings, text }) => ({
        cell: `${tool} ${use}, ${spot}, ${fault}`,
        findings,
        text,
      })),
    ).toEqual([]);
  }, 300_000);
});
