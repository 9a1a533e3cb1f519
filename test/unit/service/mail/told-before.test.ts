import { describe, expect, test } from "@jest/globals";
import type { MissingFact, NextStep } from "../../../../shared/intelligence";
import { knowWhatWasTold } from "../../../../shared/service/mail/told-before";

const cure = "Run the descaling programme twice with the original descaler and set the hardness.";
const step = (detail: string, kind: NextStep["kind"] = "share-solution"): NextStep => ({
  kind,
  title: "Lukewarm",
  detail,
  confidence: 0.9,
  evidence: [],
});
const question: MissingFact = {
  attribute: "Last descaling",
  question: "When was the machine last descaled?",
  why: [],
};
const sent = [
  { id: "m2", at: "2026-11-12T09:09:00Z", text: `Hello Malik,\nI have good news. ${cure}` },
  {
    id: "m1",
    at: "2026-11-11T14:51:00Z",
    text: `I need a detail: When was the\nmachine last descaled?`,
  },
];
const known = (more: Partial<Parameters<typeof knowWhatWasTold>[0]>) =>
  knowWhatWasTold({ steps: [], missing: [], sent, heardAt: undefined, ...more });

describe("what the customer was told", () => {
  test("and has not answered is asked after, once, in place of being said again", () => {
    const steps = [step(cure), step(cure.replace("twice", "two times"), "do-internal")];
    const told = known({ steps, heardAt: "2026-11-11T15:43:00Z" }).steps;
    expect(told.map(({ kind, title }) => [kind, title])).toEqual([
      ["ask-customer", "Ask whether it has helped"],
    ]);
    expect(told[0]?.detail).toContain("on 2026-11-12 09:09 UTC and has not written since: Run");
    expect(told[0]?.evidence[0]?.ref).toEqual({ table: "email", id: "m2" });
  });

  test("and has written since stands behind what was not tried", () => {
    const steps = [step(cure), step("Replace the heater under warranty at the depot.")];
    const { steps: told } = known({ steps, heardAt: "2026-11-13T08:00:00Z" });
    expect(told.map(({ detail, toldOn }) => [detail.slice(0, 7), toldOn])).toEqual([
      ["Replace", undefined],
      ["Run the", "2026-11-12T09:09:00Z"],
    ]);
  });

  test.each([
    ["Reset the drink counter in the service menu.", "other words"],
    ["Descale it.", "few words, which stand in any mail"],
  ])("is not %j: %s", (detail) => {
    expect(known({ steps: [step(detail)] }).steps).toEqual([step(detail)]);
  });

  test("is no escalation, whatever words it has", () => {
    const danger = step(cure, "escalate");
    expect(known({ steps: [danger] }).steps).toEqual([danger]);
  });
});

describe("what the customer was asked", () => {
  const other: MissingFact = { attribute: "Order number", question: "Which order?", why: [] };
  const ask = step("When was the machine last descaled? Which order?", "ask-customer");

  test("is not asked again; the rest is", () => {
    const found = known({
      steps: [ask],
      missing: [question, other],
      heardAt: "2026-11-11T15:43:00Z",
    });
    expect(found.missing).toEqual([other]);
    expect(found.asked).toEqual([
      { question: question.question, on: "2026-11-11T14:51:00Z", hasWrittenSince: true },
    ]);
    expect(found.steps.map(({ title, detail }) => [title, detail])).toEqual([
      ["Ask for Order number", "Which order?"],
    ]);
  });

  test("leaves no step where nothing else is to be asked", () => {
    const found = known({ steps: [ask], missing: [question] });
    expect([found.steps, found.asked[0]?.hasWrittenSince]).toEqual([[], false]);
  });
});
