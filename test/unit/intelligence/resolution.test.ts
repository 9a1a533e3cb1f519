import { describe, expect, test } from "@jest/globals";
import type { ResolvedCase } from "../../../shared/intelligence";
import { resolutionOf } from "../../../shared/intelligence/resolution";

const text = "Replaced the pump; anna.karlsson@example.com confirmed it.";
const caseOf = (customerId: string | undefined): ResolvedCase => ({
  ref: { table: "incident", id: "a3000000-0000-4000-8000-000000000001" },
  title: "Pump",
  values: {},
  resolution: text,
  resolvedOn: "2026-01-01T00:00:00Z",
  score: 1,
  ...(customerId === undefined ? {} : { customerId }),
});

describe("the resolution of a similar case", () => {
  test("of the same customer is read whole", () => {
    expect(resolutionOf(caseOf("a"), "a")).toBe(text);
  });

  test.each([
    ["of another customer", "a", "b"],
    ["of a customer, where the case in hand has none", "a", undefined],
    ["without a customer, where the case in hand has one", undefined, "b"],
    // Two cases whose customer nobody named are not of the same one.
    ["without a customer, where the case in hand has none either", undefined, undefined],
  ])("%s names no address", (_, its, own) => {
    const read = resolutionOf(caseOf(its), own);
    expect(read).toContain("Replaced the pump");
    expect(read).not.toContain("anna.karlsson");
  });
});
