import { describe, expect, test } from "@jest/globals";
import {
  createCaseIntelligence,
  createEmbeddedProvider,
  type DraftInput,
  type KnowledgeHit,
} from "../../../shared/intelligence";
import { mail } from "./cases";

const chain = createCaseIntelligence({
  embedded: createEmbeddedProvider(),
  order: "auto",
  budgetMs: 1_000,
  gate: { neverAuto: [] },
});
const article = (
  number: string,
  title: string,
  cause: string,
  cure: string,
  question: string,
): KnowledgeHit => ({
  ref: { table: "knowledgearticle", id: number, number },
  title,
  isInternal: false,
  url: `https://help.halvren.example/a/${number}`,
  text: `<h2>Symptom</h2><p>${title}.</p><h2>Cause</h2><p>${cause}</p><h2>What to do</h2><p>${cure}</p><h2>Before you begin</h2><p>${question}</p>`,
});
const articles = [
  article(
    "KA-1",
    "Veloria Scooter: the scooter does not charge",
    "A green light at once means that the charging contact is dirty.",
    "Clean the charging socket with a dry brush; the light turns red while charging.",
    "Which colour is the light of the charger?",
  ),
  article(
    "KA-2",
    "Billing: the last invoice was charged twice",
    "The payment was sent again after a time-out of the bank.",
    "We refund the second payment within five working days and confirm it by mail.",
    "Which two invoice numbers do you see?",
  ),
  article(
    "KA-3",
    "Coffee: the milk is not frothed",
    "Dried milk blocks the air valve.",
    "Soak the air valve in warm water for an hour. Then rinse the milk hose.",
    "Can you send a photo of the valve?",
  ),
  article("KA-4", "Router: it blinks red", "x", "Enter the login again.", "Since when?"),
  article("KA-5", "Parcels: one is late", "y", "The parcel follows in three days.", "Which one?"),
];
const draft = (title: string, text: string, more: Partial<DraftInput> = {}) =>
  chain.draftReply(
    {
      case: { table: "incident", id: "c" },
      sources: [mail(text, title)],
      articles,
      similar: [],
      missing: [],
      purpose: "auto",
      customerName: "Mara Vexley",
      customerFirstName: "Mara",
      signature: "Avery",
      ...more,
    },
    new AbortController().signal,
  );

describe("a draft", () => {
  test("asks nobody whether anybody is hurt who says so", async () => {
    const { text } = await draft("fell", "The brake failed. I fell and broke my wrist.");
    expect(text).toMatch(/stop using.*We are very sorry that somebody was hurt\./s);
    expect(text).not.toMatch(/Is anybody hurt|frothed|article/);
  });

  test("promises and explains nothing to who speaks of a lawyer", async () => {
    const { text } = await draft(
      "milk is not frothed",
      "The milk is not frothed any more. My lawyer will write to you.",
    );
    expect(text).not.toMatch(/Soak|rinse|https/);
    expect(text).toContain("a colleague who can decide on it will contact you personally");
  });

  test.each([
    ["Job", "Please find my CV attached. I would like to work for you.", /job application/],
    ["Bewerbung", "Anbei mein Lebenslauf für die Stelle im Lager.", /job application/],
    ["Rechnung", "Anbei unsere Rechnung, zahlbar innerhalb von 14 Tagen.", /invoice of a supplier/],
    ["données", "Je demande la suppression de mes données personnelles.", /personal data/],
  ])("hands on what is no matter of customer service: %s", async (title, said, kind) => {
    const { text, brief, responseType } = await draft(title, said);
    expect(responseType).toBe("UnableToResolve");
    expect(text).toMatch(/passing your message on|geben Ihre Nachricht|transmettons votre message/);
    expect(text).not.toMatch(/^- /m);
    expect(brief?.notes.join()).toMatch(kind);
  });

  test("of a burning device is about safety alone", async () => {
    const { text, brief } = await draft(
      "Scooter does not charge",
      "The scooter does not charge. It caught fire, there is smoke everywhere!",
    );
    expect(text).toMatch(/stop using the device.*Is anybody hurt\?.*call you today/s);
    expect(text).not.toMatch(/Thank you|colour|brush/);
    expect(brief?.notes.join()).toMatch(/call the customer now/);
    const german = await draft("Rauch", "Beim Aufladen kam Rauch aus dem Gerät, es brennt!");
    expect(german.text).toMatch(/^Guten Tag Mara Vexley,\n\nIhre Sicherheit geht vor\./);
  });

  test("with a promise says when, and asks nothing behind it", async () => {
    const { text } = await draft(
      "invoice charged twice",
      "The last invoice was charged twice. When do I get my money back?",
    );
    expect(text).toContain("We refund the second payment within five working days");
    expect(text).not.toMatch(/\?|whether this|time-out|Please try/);
  });

  test("answers each question or says that it is open, and gives no cause", async () => {
    const { text, brief } = await draft(
      "scooter does not charge",
      "Our scooter does not charge. What can we do? Is this covered by the warranty? Why does it happen?",
    );
    expect(text).toContain("- Clean the charging socket");
    expect(text).toContain("- Is this covered by the warranty?\n- Why does it happen?");
    expect(text).toContain("We are checking these points and will send you an answer.");
    expect(text).not.toMatch(/dirty|Short answer|Veloria/);
    expect(brief?.questions.map(({ answer }) => answer)).toEqual(["answered", "open", "open"]);
  });

  test("begins with an apology where one is due, and honours the call-back", async () => {
    const { text } = await draft(
      "milk is not frothed",
      "I have been a customer for nine years and never had to wait this long. The milk is not frothed. Could somebody call me back?",
    );
    expect(text).toMatch(/^Dear Mara Vexley,\n\nWe are sorry that you have had to wait so long\./);
    expect(text).toContain("We will call you back, as you asked.");
    expect(text).not.toContain("Thank you");
  });

  test("thanks for the channel, puts requests as requests, and greets as the company does", async () => {
    const { text } = await draft("milk is not frothed", "The milk is not frothed any more.", {
      channel: "call",
      greetings: ["Hi Jo,", "Hi Ann,", "Dear Kim Low,"],
    });
    expect(text).toMatch(/^Hi Mara,\n\nThank you for your call\./);
    expect(text).toContain("- Please send us a photo of the valve.");
  });

  test("does not propose again what was written before", async () => {
    const { text, brief } = await draft(
      "milk is not frothed",
      "That did not help, the milk is not frothed.",
      {
        sent: ["Soak the air valve in warm water for an hour. Then rinse the milk hose."],
        channel: "answer",
      },
    );
    expect(text).toContain("We are sorry that our last suggestion has not helped.");
    expect(text).not.toContain("Soak");
    expect(brief?.notes.join()).toMatch(/written to the customer before/);
  });

  test.each([
    ["formal", /^Dear Mara Vexley,.*Yours sincerely/s],
    ["friendly", /^Hello Mara,.*We are glad to help\..*Best wishes/s],
    ["apologetic", /We are sorry for the trouble\./],
  ])("sounds %s when asked", async (tone, expected) => {
    const { text } = await draft("milk is not frothed", "The milk is not frothed.", { tone });
    expect(text).toMatch(expected);
  });
});
