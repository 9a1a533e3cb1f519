import { describe, expect, test } from "@jest/globals";
import { createEmbeddedProvider, type FieldSpec } from "../../../shared/intelligence";
import { confidenceOfName, namedOption } from "../../../shared/intelligence/fields/named-option";

const options = ["V-Cargo", "V-City", "HR-400", "HR-400 Pro", "Direct debit", "Freight"].map(
  (label) => ({ value: label.toLowerCase(), label }),
);
const named = (text: string) => namedOption(text, options)?.label;

describe("an option that a text names", () => {
  test.each([
    ["I am writing about the V-Cargo here in York.", "V-Cargo"],
    ["HR-400 Pro (serial number RO21288): guest access refuses everybody", "HR-400 Pro"],
    ["HR-400: it restarts", "HR-400"],
  ])("%s", (text, label) => expect(named(text)).toBe(label));

  test.each([
    ["several", "Is the V-City better than the V-Cargo?"],
    ["an ordinary word", "Direct debit was returned. Freight is late."],
    ["part of a word", "HR-4000 blinks"],
    ["nothing", ""],
  ])("not where it is %s", (_, text) => expect(named(text)).toBeUndefined());
});

test("a name is as sure as names were, and says nothing where they were about something else", () => {
  expect(confidenceOfName({ asked: 98, right: 98 })).toEqual({
    confidence: 0.99,
    calibrated: true,
  });
  expect(confidenceOfName({ asked: 3, right: 3 })).toEqual({ confidence: 0.8, calibrated: false });
  expect(confidenceOfName({ asked: 20, right: 12 })).toBeUndefined();
});

describe("a product of which cases tell little but the name", () => {
  const field: FieldSpec = {
    logicalName: "productid",
    displayName: "Product",
    type: "lookup",
    options: options.slice(0, 4),
    mode: "auto",
    selectAt: 0.6,
    autoAt: 0.9,
  };
  const troubles = [
    "the brake squeaks",
    "it does not charge",
    "the display is black",
    "it is slow",
  ];
  const similarOf = (isNamedRightly: boolean) =>
    Array.from({ length: 120 }, (_, at) => {
      const product = options[at % 4]?.label ?? "";
      const said = isNamedRightly ? product : (options[(at + 1) % 4]?.label ?? "");
      return {
        ref: { table: "incident", id: `c${at}` },
        title: `${troubles[(at * 7) % 4]} (${said})`,
        values: { productid: product.toLowerCase() },
        resolvedOn: `2026-01-01T00:00:${String(at % 60).padStart(2, "0")}Z`,
      };
    });
  const predict = async (text: string, isNamedRightly = true) => {
    const { predictions } = await createEmbeddedProvider().predictFields(
      {
        case: { table: "incident", id: "c" },
        sources: [{ id: { table: "incident", id: "c" }, kind: "case", text, trusted: false }],
        fields: [field],
        similar: similarOf(isNamedRightly),
      },
      AbortSignal.timeout(30_000),
    );
    return predictions[0];
  };

  test("is the named one, sure enough to be written, with the name as evidence", async () => {
    const said = await predict("Our V-Cargo makes a noise that nobody has heard before.");
    expect([said?.best?.label, said?.decision]).toEqual(["V-Cargo", "auto"]);
    expect(said?.evidence[0]).toMatchObject({ kind: "source-span", quote: "V-Cargo" });
  });

  test("is not taken from a name where names were mostly of something else", async () => {
    const said = await predict("Our V-Cargo makes a noise that nobody has heard before.", false);
    expect(said?.evidence.map(({ kind }) => kind)).not.toContain("source-span");
  });
});
