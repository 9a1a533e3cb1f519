import { describe, expect, test } from "@jest/globals";
import { simulate } from "../../../bench/simulate/simulate";
import { category, resolvedCases } from "./cases";

describe("npm run simulate", () => {
  test("learns from the oldest 80 %, predicts the newest 20 %, and advises auto where that held", async () => {
    const [said] = await simulate({ fields: [category], cases: resolvedCases(500) });
    expect(said).toMatchObject({
      field: "casetypecode",
      trained: 400,
      tested: 100,
      advice: { mode: "auto" },
    });
    expect(said?.match).toBeGreaterThan(0.95);
    expect(said?.precision).toBeGreaterThanOrEqual(0.95);
    expect(said?.perOption.map(({ label }) => label)).toEqual([
      "Billing",
      "Device fault",
      "Delivery",
    ]);
    expect(said?.perOption.reduce((sum, { cases }) => sum + cases, 0)).toBe(100);
  });

  test("advises against auto when the newest cases were decided otherwise", async () => {
    const cases = resolvedCases(500).map((one, at) =>
      at < 400 ? one : { ...one, values: { casetypecode: (at % 3) + (at % 2 ? 0 : 1) || 1 } },
    );
    const [said] = await simulate({ fields: [category], cases });
    expect(said?.advice).toEqual({ mode: "recommend", autoAt: undefined });
  });

  test("says nothing about a field that no case uses, or that is read by rule", async () => {
    const fields = [
      { ...category, logicalName: "unused" },
      { ...category, type: "text" as const, options: undefined },
    ];
    expect(await simulate({ fields, cases: resolvedCases(50) })).toEqual([]);
  });
});
