import type { Escalation, EscalationKind, NextStep } from "../types";

/** What a representative does first, by kind. */
const advice: Readonly<Record<EscalationKind, string>> = {
  danger:
    "Tell the customer to stop using the product and to unplug it, ask whether anybody is hurt, and have a colleague call today.",
  injury:
    "Ask how the person is, tell them to stop using the product, and have somebody responsible call today. Say nothing of whose fault it is.",
  law: "Hand the case to who answers for legal matters before anything is promised or admitted.",
  press: "Say nothing to the matter: hand the case to the press office.",
  "data-protection":
    "Hand the case to who answers for data protection: a legal time limit runs from the day it arrived.",
  "many-stopped": "Many people are stopped: raise the priority and bring in the second level now.",
  "repeated-complaint":
    "The customer has written before: apologise, name one person who stays with it, and say by when.",
  "broken-promise": "Find out what was promised, apologise, and say what happens now and by when.",
  leaving: "The customer may leave: have the account's manager or a supervisor call.",
  "money-back": "Money is asked back: check what the terms allow, and who may grant it.",
  manager: "The customer asks for somebody responsible: name one, and let them call.",
};

/** What the kinds are called in an answer. */
const names: Readonly<Record<EscalationKind, string>> = {
  danger: "danger",
  injury: "injury",
  law: "legal steps",
  press: "the press",
  "data-protection": "data protection",
  "many-stopped": "many people stopped",
  "repeated-complaint": "repeated complaint",
  "broken-promise": "broken promise",
  leaving: "customer may leave",
  "money-back": "money back",
  manager: "asks for a manager",
};

/** The step that is said before all others; none where the words ask for a normal answer. */
export function escalationStep(escalations: readonly Escalation[]): NextStep | undefined {
  const [gravest] = escalations;
  if (gravest === undefined) return undefined;
  const said = escalations
    .slice(0, 3)
    .map(({ kind, evidence }) => `${names[kind]} ("${evidence.quote}")`);
  return {
    kind: "escalate",
    title: `Escalate: ${escalations.map(({ kind }) => names[kind]).join(", ")}`,
    detail: `${advice[gravest.kind]} The customer's words: ${said.join("; ")}.`,
    confidence: 0.95,
    evidence: escalations.map(({ evidence }) => evidence),
  };
}
