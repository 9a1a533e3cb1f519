import { describe, expect, test } from "@jest/globals";
import { type Example, trainClassifier } from "../../../shared/intelligence";
import {
  fitTemperature,
  softmax,
  thresholdFor,
  wilsonLowerBound,
} from "../../../shared/intelligence/learn/calibration";
import { seededRandom } from "../../../shared/intelligence/learn/random";

const subjects: Readonly<Record<string, readonly string[]>> = {
  billing_dispute: ["invoice", "charged twice", "refund", "credit note", "wrong amount", "payment"],
  device_fault: ["pump leaks", "error code", "display dark", "motor noise", "valve stuck", "alarm"],
  delivery_delay: ["parcel late", "tracking", "courier", "not arrived", "shipment lost", "address"],
};
const fillers = [
  "please help",
  "since monday",
  "customer is waiting",
  "as before",
  "thank you",
  "again",
  "it says so",
  "can you check",
];

/** Texts that overlap as real ones do: two words of their own subject, fillers, and now and then one of another. */
function draw(count: number, seed: number): Example[] {
  const random = seededRandom(seed);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
  const labels = Object.keys(subjects);
  return Array.from({ length: count }, (_, at) => {
    const label = labels[at % labels.length] ?? "";
    const own = subjects[label] ?? [];
    const other = random() < 0.2 ? pick(subjects[pick(labels)] ?? []) : pick(fillers);
    return {
      id: `case-${seed}-${at}`,
      label,
      text: `${pick(fillers)} ${pick(own)} ${pick(fillers)} ${pick(own)} ${other} no ${Math.floor(random() * 9000)}`,
    };
  });
}

const accuracy = (model: ReturnType<typeof trainClassifier>, examples: readonly Example[]) =>
  examples.filter(({ text, label }) => model.predict(text)?.label === label).length /
  examples.length;

describe("trainClassifier", () => {
  const model = trainClassifier(draw(300, 1));
  const test300 = draw(300, 2);

  test("predicts new texts, and chance when the labels are shuffled", () => {
    expect(accuracy(model, test300)).toBeGreaterThan(0.93);
    const labels = draw(300, 1).map(({ label }) => label);
    const random = seededRandom(5);
    const mixed = draw(300, 1).map((one) => ({
      ...one,
      label: labels[Math.floor(random() * labels.length)] ?? "",
    }));
    expect(accuracy(trainClassifier(mixed), test300)).toBeLessThan(0.5);
  });

  test("gives probabilities, the best three and the examples most like the text", () => {
    const prediction = model.predict("the pump leaks and an error code shows");
    expect(prediction?.label).toBe("device_fault");
    expect(prediction?.alternatives).toHaveLength(3);
    const sum = prediction?.alternatives.reduce((total, one) => total + one.confidence, 0) ?? 0;
    expect(sum).toBeCloseTo(1, 5);
    expect(prediction?.evidence.length).toBeGreaterThan(2);
    expect(prediction?.evidence[0]?.label).toBe("device_fault");
    expect(prediction?.evidence[0]?.id).toMatch(/^case-1-/);
  });

  test("is right where it would write, as often as it was told to be", () => {
    const auto = test300.filter(({ text }) => model.predict(text)?.autoApply);
    expect(auto.length).toBeGreaterThan(100);
    expect(accuracy(model, auto)).toBeGreaterThanOrEqual(0.95);
  });

  test("says when a text is like nothing it has seen", () => {
    expect(model.predict("wie wird das wetter morgen in lissabon")?.outOfScope).toBe(true);
    expect(model.predict("refund the wrong amount of my invoice please")?.outOfScope).toBe(false);
    expect(model.predict("wie wird das wetter morgen in lissabon")?.autoApply).toBe(false);
  });

  test("predicts only among the labels that are possible, without growing sure of them", () => {
    const among = new Set(["billing_dispute", "delivery_delay"]);
    const prediction = model.predict("pump leaks error code valve stuck", { among });
    expect(among.has(prediction?.label ?? "")).toBe(true);
    expect(prediction?.confidence).toBeLessThan(0.5);
    expect(model.predict("pump leaks", { among: new Set() })).toBeUndefined();
  });

  test("gives the same model for the same examples", () => {
    const text = "charged twice and parcel late";
    expect(trainClassifier(draw(300, 1)).predict(text)).toEqual(model.predict(text));
  });

  test("is not calibrated, and writes nothing, on a handful of examples", () => {
    const few = trainClassifier(draw(12, 3));
    expect(few.threshold).toBeUndefined();
    const prediction = few.predict("the pump leaks");
    expect(prediction).toMatchObject({ calibrated: false, autoApply: false });
  });

  test("learns from the words of a label before there is an example of its own", () => {
    const few = trainClassifier(draw(3, 3), {
      labelText: { device_fault: "Device fault: gearbox, bearing or thermostat broken" },
    });
    expect(few.predict("the thermostat and the gearbox")?.label).toBe("device_fault");
  });

  test("leaves near-duplicates out of what it judges itself by", () => {
    const twice = draw(400, 1).flatMap((one, at) =>
      at % 2 === 0 ? [one] : [one, { ...one, id: `${one.id}-again` }],
    );
    expect(trainClassifier(twice).metrics?.nearDuplicates).toBeGreaterThan(50);
  });

  test("holds out the newest when the examples stand in order of time", () => {
    // The newest fifth means something else: only a hold-out of the newest can see it.
    const drift = draw(400, 1).map((one, at) =>
      at < 320 ? one : { ...one, label: Object.keys(subjects)[at % 2] ?? "" },
    );
    const ordered = trainClassifier(drift, { inOrderOfTime: true });
    expect(ordered.threshold === undefined || (ordered.metrics?.coverage ?? 1) < 0.3).toBe(true);
  });

  test("refuses to learn from nothing", () => {
    expect(() => trainClassifier([])).toThrow(/no example/);
  });
});

describe("calibration", () => {
  test("finds the temperature that overconfident scores need", () => {
    const random = seededRandom(9);
    const held = Array.from({ length: 2000 }, () => {
      const scores = Float64Array.from([random() * 4, random() * 4]);
      // The truth follows a softmax at temperature 2.
      const truth = random() < (softmax(scores, 2)[0] ?? 0) ? 0 : 1;
      return { scores, truth };
    });
    expect(fitTemperature(held)).toBeGreaterThan(1.6);
    expect(fitTemperature(held)).toBeLessThan(2.5);
  });

  test("bounds a share as Wilson does", () => {
    expect(wilsonLowerBound(95, 100, 1.96)).toBeCloseTo(0.8882, 3);
    expect(wilsonLowerBound(0, 0)).toBe(0);
  });

  test("asks for twenty answers, and for the newest to be right as well", () => {
    const right = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ confidence: 1 - at / 1000, right: true }));
    expect(thresholdFor(right(19), [], 0.95)).toBeUndefined();
    expect(thresholdFor(right(40), right(10), 0.95)).toBeCloseTo(0.961);
    const wrong = right(10).map((one) => ({ ...one, right: false }));
    expect(thresholdFor(right(40), wrong, 0.95)).toBeUndefined();
  });
});
