import { describe, expect, test } from "@jest/globals";
import {
  createCaseIntelligence,
  createEmbeddedProvider,
  type DraftInput,
  type KnowledgeHit,
  type MissingFact,
} from "../../../shared/intelligence";
import { asksIn } from "../../../shared/intelligence/drafting/asks";
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

describe("what is known in another language only", () => {
  test.each([
    ["de", "Doppelt abgebucht", "Die letzte Rechnung wurde doppelt abgebucht.", "Die Einzelheiten"],
    ["fr", "débité deux fois", "La dernière facture a été prélevée deux fois.", "les détails"],
    ["ja", "二重請求", "請求書の代金が二回引き落とされています。", "詳細"],
  ])(
    "is told to the representative, and the customer gets no link to it: %s",
    async (language, title, text, told) => {
      const {
        text: drafted,
        brief,
        language: written,
      } = await draft(title, text, {
        language,
        suggestion: {
          kind: "share-solution",
          title: "Refund it",
          detail: "",
          confidence: 1,
          evidence: [
            { ref: articles[1]?.ref ?? { table: "", id: "" }, kind: "knowledge", score: 1 },
          ],
        },
      });
      expect([written, drafted]).toEqual([language, expect.stringContaining(told)]);
      expect(drafted).not.toMatch(/https?:|engli|anglais|英語|refund/i);
      expect(brief?.notes.join(" ")).toContain("What helps is written in English (KA-2)");
      expect(brief?.known.map((one) => one.text).join(" ")).toContain("We refund");
    },
  );
});

describe("questions that are known in English only", () => {
  const fact = (attribute: string, question: string): MissingFact => ({
    attribute,
    question,
    why: [],
  });
  const serial = fact("serial number", "What is the serial number of the device?");

  test("are the representative's to ask, and the number of a device is not asked alone", () => {
    const leak = fact("leak", "Does it also leak when the machine is off?");
    const { asked, left } = asksIn("de", [serial, leak]);
    expect(asked).toEqual([]);
    expect(left).toEqual(["Wie lautet die Seriennummer des Geräts?", leak.question]);
  });

  test("leave what helps by itself, and what the company asks for alone", () => {
    const order = fact("order number", "What is the number of your order?");
    const slip = fact("slip", "Is there a slip in the letter box?");
    expect(asksIn("nl", [order, slip]).asked.map(({ text }) => text)).toEqual([
      "Wat is uw bestelnummer?",
    ]);
    expect(asksIn("it", [serial]).asked).toHaveLength(1);
  });
});
