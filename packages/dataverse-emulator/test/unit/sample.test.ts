import { describe, expect, test } from "@jest/globals";
import { drawFor, mix } from "../../src/sample/draw";
import { faults, productFamilies } from "../../src/sample/faults/faults";
import { applicationUser, integrationUser, personas } from "../../src/sample/identities";

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("a drawn value", () => {
  test("depends on seed, table, row and field, and on nothing else", () => {
    const first = mix(1, "incident", 17, "title");
    expect(mix(1, "incident", 17, "title")).toBe(first);
    expect(mix(2, "incident", 17, "title")).not.toBe(first);
    expect(mix(1, "account", 17, "title")).not.toBe(first);
    expect(mix(1, "incident", 18, "title")).not.toBe(first);
    expect(mix(1, "incident", 17, "description")).not.toBe(first);
  });

  test("is the same on every version of Node", () => {
    expect(drawFor(7, "incident", 0).guid("incidentid")).toMatchInlineSnapshot(
      `"16dfbdd3-0192-41a5-aa7e-bffc5da4fce8"`,
    );
    expect([mix(7, "incident", 0, "title"), mix(7, "incident", 1, "title")]).toMatchInlineSnapshot(`
[
  832417305,
  101192410,
]
`);
  });

  test("does not confuse a table's end with a field's beginning", () => {
    expect(mix(1, "ab", 0, "c")).not.toBe(mix(1, "a", 0, "bc"));
  });

  test("is spread evenly: 20,000 draws fill 20 bins within five deviations", () => {
    const bins = new Array<number>(20).fill(0);
    for (let row = 0; row < 20_000; row++) {
      const bin = Math.floor(drawFor(3, "incident", row).unit("x") * 20);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    const deviation = Math.sqrt(20_000 * (1 / 20) * (19 / 20));
    for (const count of bins) expect(Math.abs(count - 1_000)).toBeLessThan(5 * deviation);
  });

  test("keeps to its weights", () => {
    let high = 0;
    for (let row = 0; row < 10_000; row++) {
      if (
        drawFor(3, "incident", row).weighted("p", [
          ["high", 15],
          ["normal", 60],
          ["low", 25],
        ]) === "high"
      )
        high++;
    }
    expect(high / 10_000).toBeCloseTo(0.15, 1);
  });

  test("makes GUIDs of version 4 that do not repeat in 50,000 rows", () => {
    const seen = new Set<string>();
    for (let row = 0; row < 50_000; row++) seen.add(drawFor(1, "incident", row).guid("incidentid"));
    expect(seen.size).toBe(50_000);
    for (const id of [...seen].slice(0, 500)) expect(id).toMatch(guid);
  });

  test("stays within its bounds", () => {
    const values = Array.from({ length: 2_000 }, (_, row) =>
      drawFor(1, "email", row).whole("n", 3, 5),
    );
    expect(new Set(values)).toEqual(new Set([3, 4, 5]));
  });
});

describe("the faults", () => {
  test("are six families of ten, each told apart from all others", () => {
    expect(productFamilies.map((family) => family.faults.length)).toEqual([10, 10, 10, 10, 10, 10]);
    expect(new Set(faults.map((fault) => fault.id)).size).toBe(60);
    expect(new Set(faults.map((fault) => fault.symptom)).size).toBe(60);
    expect(new Set(faults.map((fault) => fault.resolution)).size).toBe(60);
  });

  test("each say what is wrong, what to ask, why, and what cures it, in whole sentences", () => {
    for (const fault of faults) {
      expect(fault.symptom).not.toMatch(/[.?]$/);
      expect(fault.question).toMatch(/\?$/);
      expect(fault.cause).toMatch(/\.$/);
      expect(fault.resolution).toMatch(/\.$/);
    }
  });
});

describe("the named people", () => {
  test("have ids of their own, in Dataverse and in Entra", () => {
    const ids = [...personas, applicationUser, integrationUser].flatMap((person) => [
      person.systemUserId,
      person.objectId,
    ]);
    expect(new Set(ids).size).toBe(14);
    for (const id of ids) expect(id).toMatch(guid);
  });
});
