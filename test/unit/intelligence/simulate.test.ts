import { describe, expect, test } from "@jest/globals";
import { report } from "../../../bench/simulate/report";
import { simulate } from "../../../bench/simulate/simulate";
import { readFromSample } from "../../../bench/simulate/source";
import { createEmbeddedProvider, type FieldSpec, textOf } from "../../../shared/intelligence";
import { category, mail, resolvedCases } from "./cases";

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
    expect(said?.advice).toMatchObject({ mode: "recommend", autoAt: undefined });
    expect(report(said ? [said] : [])).toMatch(/advice +recommend: of what it would have written/);
  });

  test("never advises auto for what decides who is served first, and names a row of a tree with those above it", async () => {
    const priority = {
      ...category,
      logicalName: "prioritycode",
      options: [
        { value: 1, label: "Money" },
        { value: 2, label: "Fault", parent: 1 },
        { value: 3, label: "Way" },
      ],
    };
    const cases = resolvedCases(500).map((one) => ({
      ...one,
      values: { prioritycode: one.values.casetypecode },
    }));
    const [said] = await simulate({ fields: [priority], cases });
    expect(said).toMatchObject({ advice: { mode: "recommend", isNeverAuto: true } });
    expect(said?.precision).toBeGreaterThanOrEqual(0.95);
    expect(said?.perOption.map(({ label }) => label)).toEqual(["Money", "Money / Fault", "Way"]);
    expect(report(said ? [said] : [])).toMatch(/no setting makes it automatic/);
  });

  test("takes a tree of options branch first, as the tool does", async () => {
    const roots = ["a0", "a1", "a2"];
    const tree: FieldSpec = {
      ...category,
      logicalName: "part",
      hierarchical: true,
      options: roots.flatMap((parent, at) => [
        { value: parent, label: parent },
        ...[0, 1, 2].map((leaf) => ({ value: `p${at}${leaf}`, label: `p${at}${leaf}`, parent })),
      ]),
    };
    const cases = resolvedCases(300).map((one, at) => ({
      ...one,
      values: { part: `p${at % 3}${Math.floor(at / 3) % 3}` },
    }));
    const [said] = await simulate({ fields: [tree], cases });
    const history = { scope: "tree", version: "1", read: async () => cases.slice(0, 240) };
    const tool = createEmbeddedProvider();
    let right = 0;
    for (const one of cases.slice(240)) {
      const { predictions } = await tool.predictFields(
        { case: one.ref, sources: [mail(textOf(one))], fields: [tree], similar: [], history },
        new AbortController().signal,
      );
      if (predictions[0]?.best?.value === one.values.part) right++;
    }
    expect(said?.match).toBeCloseTo(right / 60, 5);
    const [plain] = await simulate({ fields: [{ ...tree, hierarchical: false }], cases });
    expect(said?.match).not.toBe(plain?.match);
  });

  test("reads the resolved cases and the configured fields of the sample service desk", async () => {
    const asked = { table: "incident", fields: undefined };
    const { fields, cases, byRule } = await readFromSample(200, {}, asked);
    expect(cases.length).toBeGreaterThan(100);
    expect(fields.map(({ logicalName }) => logicalName)).toEqual([
      "subjectid",
      "casetypecode",
      "productid",
      "prioritycode",
    ]);
    expect(byRule).toEqual(["productserialnumber"]);
    const results = await simulate({ fields, cases });
    const subject = results.find(({ field }) => field === "subjectid");
    expect(subject?.match).toBeGreaterThan(2 * (subject?.majority ?? 1));
    expect(report(results)).toMatch(/Halvren routers \/ /);
  }, 60_000);

  test("says nothing about a field that no case uses, or that is read by rule", async () => {
    const fields = [
      { ...category, logicalName: "unused" },
      { ...category, type: "text" as const, options: undefined },
    ];
    expect(await simulate({ fields, cases: resolvedCases(50) })).toEqual([]);
  });
});
