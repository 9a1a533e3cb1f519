import { describe, expect, test } from "@jest/globals";
import { parseCsv } from "../../../bench/eval/files";
import { calibrationError, macroF1 } from "../../../bench/eval/scores";
import { rank, train } from "../../../shared/intelligence";

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
