import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { bars, judge } from "../../../bench/eval/bars";
import { measureFields, measureScope, measureShuffled } from "../../../bench/eval/fields";
import { parseCsv } from "../../../bench/eval/files";
import { qualityPage, type Run } from "../../../bench/eval/page";
import { measureDrafts, measureRetrieval } from "../../../bench/eval/retrieval";
import { calibrationError, macroF1 } from "../../../bench/eval/scores";
import { rank, train } from "../../../shared/intelligence";
import { resolvedCases } from "./cases";

describe("the measures of npm run eval", () => {
  test("read quoted cells, and refuse a row of another width", () => {
    expect(parseCsv('text,label\r\n"a, ""b""\nc",x\nd,y\n')).toEqual([
      { text: 'a, "b"\nc', label: "x" },
      { text: "d", label: "y" },
    ]);
    expect(() => parseCsv("a,b\n1,2,3\n")).toThrow("Row 2 has 3 cells, not 2.");
  });

  test("know the calibration error and macro-F1 of small cases by hand", () => {
    expect(
      calibrationError([
        [0.9, true],
        [0.9, true],
        [0.9, false],
        [0.9, false],
      ]),
    ).toBeCloseTo(0.4);
    expect(
      macroF1([
        ["a", "a"],
        ["a", "b"],
        ["b", "b"],
      ]),
    ).toBeCloseTo(2 / 3);
  });
});

describe("docs/quality.md", () => {
  const docs = join(__dirname, "../../../docs");
  const run: Run = JSON.parse(readFileSync(join(docs, "quality.json"), "utf8"));

  test("is the page of the run in docs/quality.json", () => {
    expect(readFileSync(join(docs, "quality.md"), "utf8")).toBe(qualityPage(run));
  });

  test("judges every bar, and says of each whether it is met", () => {
    expect(judge(run.rows)).toHaveLength(bars.length);
    const page = qualityPage(run);
    for (const { bar, isMet } of judge(run.rows)) {
      const [, verdict] =
        new RegExp(
          `\\| ${bar.set.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")} \\| ${bar.provider.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")} \\| ${bar.measure} \\| . ${bar.least ?? bar.most} \\| [\\d.]+ \\| (.*) \\|`,
        ).exec(page) ?? [];
      expect([bar.set, bar.measure, verdict === "met"]).toEqual([bar.set, bar.measure, isMet]);
    }
  });

  test("calls a bar missed that is not reached", () => {
    const row = (accuracy: number) => ({
      kind: "fields" as const,
      set: "banking77, all",
      provider: "embedded",
      values: { accuracy, calibrationError: 0.031 },
    });
    const page = (accuracy: number) =>
      qualityPage({ measuredOn: "2026-01-01", machine: "m", rows: [row(accuracy)] });
    expect(page(90.9)).toMatch(/accuracy \| ≥ 91 \| 90\.9 \| \*\*missed\*\*/);
    expect(page(91)).toMatch(/accuracy \| ≥ 91 \| 91 \| met/);
    expect(page(91)).toMatch(/calibrationError \| ≤ 0\.03 \| 0\.031 \| \*\*missed\*\*/);
  });
});

describe("the rows of npm run eval", () => {
  const texts = (count: number, seed: number) =>
    resolvedCases(count, seed).map(({ title, description, values }) => ({
      text: `${title} ${description}`,
      label: `type ${values.casetypecode}`,
      recorded: {},
    }));

  test("hold the baselines beside the embedded provider, and shuffled labels fall to chance", async () => {
    const [own, majority, neighbours] = await measureFields("made up", texts(300, 1), texts(60, 2));
    expect(own?.values.accuracy).toBeGreaterThan(95);
    expect(majority?.values.accuracy).toBeCloseTo(33.3, 0);
    expect(neighbours?.values.accuracy).toBeGreaterThan(80);
    const shuffled = await measureShuffled("made up", texts(300, 1), texts(60, 2));
    expect(shuffled.values.accuracy).toBeLessThan(60);
  });

  test("tell what is out of scope", async () => {
    const training = texts(300, 1);
    const model = await train(
      training.map(({ text }) => text),
      training.map(({ label }) => label),
    );
    const { values } = measureScope("made up", model, texts(60, 2), [
      "wie wird das wetter morgen",
      "sing a song of sixpence",
    ]);
    expect(values).toMatchObject({ outside: 2, recall: 100 });
    expect(values.accuracy).toBeGreaterThan(90);
  });

  test("rank articles and check that what drafts quote stands in its source", async () => {
    const articles = [
      { id: "a", title: "Reset the pump", text: "Hold the key for five seconds. Then wait." },
      { id: "b", title: "Pay an invoice", text: "Open billing. Choose the invoice and press Pay." },
    ];
    const questions = [
      {
        question: "How do I pay my invoice?",
        answer: "Choose the invoice and press Pay.",
        gold: ["b"],
        isImpossible: false,
      },
    ];
    const [ranked] = await measureRetrieval("made up", articles, questions);
    expect(ranked?.values).toMatchObject({ ndcg10: 1, hit1: 1 });
    const drafts = await measureDrafts("made up", articles, questions);
    expect(drafts.values).toMatchObject({ questions: 1, standing: 100, ungrounded: 0 });
  });
});

describe("the door for measuring from outside", () => {
  test("learns labels of texts, with the product's word vectors", async () => {
    const predictor = await train(
      ["my parcel is late", "the invoice is wrong"],
      ["delivery", "billing"],
    );
    // No word in common: only the meaning of the words can tell.
    expect(predictor.predict("shipment delayed")?.label).toBe("delivery");
    await expect(train(["a"], [])).rejects.toThrow("1 texts and 0 labels");
  });

  test("ranks articles", async () => {
    const articles = [
      { id: "a", title: "Reset the pump", text: "Hold the key." },
      { id: "b", title: "Pay an invoice", text: "Open billing." },
    ];
    const { hits } = await rank("how do I pay my invoices", articles);
    expect(hits[0]?.id).toBe("b");
    expect((await rank("anything", [])).hits).toEqual([]);
  });
});
