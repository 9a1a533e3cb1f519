import { describe, expect, test } from "@jest/globals";
import type { ResolvedCase } from "../../../../shared/intelligence";
import { asSimilar } from "../../../../shared/service/case/similar-cases";

const found: ResolvedCase = {
  ref: { table: "incident", id: "a3000000-0000-4000-8000-000000000001", number: "CAS-9" },
  title: "Pump of Anna Karlsson",
  description: "Anna writes that it leaks",
  values: { casetypecode: 2 },
  resolution: "Dear Anna Karlsson, the gasket was replaced.",
  people: ["Anna Karlsson"],
  resolvedOn: "2026-01-01T00:00:00Z",
  score: 0,
};
const shown = (its: string | undefined, own: string | undefined) =>
  asSimilar(
    {
      found: its === undefined ? found : { ...found, customerId: its },
      likeness: 1,
      certainty: 1,
      isLike: true,
    },
    own,
  );

describe("a similar case", () => {
  test("of the same customer is shown whole", () => {
    expect(shown("a", "a")).toMatchObject({ title: found.title, resolution: found.resolution });
  });

  test.each([
    ["of another customer", "a", "b"],
    ["of a customer, where the case in hand has none", "a", undefined],
    ["without a customer, where the case in hand has one", undefined, "b"],
    // Two cases whose customer nobody named are not of the same one.
    ["without a customer, where the case in hand has none either", undefined, undefined],
  ])("%s tells nobody for whom it was", (_, its, own) => {
    const similar = shown(its, own);
    expect(similar.title).toBe("");
    expect(JSON.stringify(similar)).not.toMatch(/Anna|Karlsson/);
    expect(similar.resolution).toContain("the gasket was replaced");
  });
});
