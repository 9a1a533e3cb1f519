import { describe, expect, test } from "@jest/globals";
import { asksWhether, loadWordVectors, spokenOf } from "../../../shared/intelligence";

describe("what asks whether something is so, or about the company", () => {
  test.each([
    "Can I pay in instalments?",
    "do you sell fridges",
    "Is a scooter insured when it is stolen abroad?",
    "What are your opening hours?",
    "Which vacuum cleaner do you recommend?",
    "Darf ich meinen Hund mitbringen?",
    "Wann hat Ihr Geschäft geöffnet?",
    "Bieten Sie auch Fernseher an?",
    "Acceptez-vous les chèques ?",
    "¿Venden neveras?",
    "Si può pagare a rate?",
    "Verkopen jullie ook stofzuigers?",
    "Onde fica a vossa loja?",
    "Czy można zapłacić gotówką?",
    "駐車場はありますか",
  ])("%s", (text) => expect(asksWhether(text)).toBe(true));

  test.each([
    "What do three red flashes mean?",
    "The display shows E4, what now?",
    "Express came late: do we give the surcharge back?",
    "Warum fällt das Internet nachts aus?",
    "Que signifient trois clignotements rouges ?",
    "el paquete no llega",
    "Dlaczego kawa jest letnia?",
    "返品の返金はいつですか",
    "puddle below the machine",
  ])("a trouble, or what it is: %s", (text) => expect(asksWhether(text)).toBe(false));
});

describe("how much of a question an answer speaks of", () => {
  const ways = "How can I pay?\nBy card, by direct debit or by invoice.";
  const share = async (question: string, answer: string) =>
    spokenOf(question, answer, await loadWordVectors());

  test("counts what it has by itself, in other words and in another language", async () => {
    expect(await share("Can I pay by invoice?", ways)).toEqual({ share: 1, met: 2 });
    expect((await share("Do you give refunds?", "Money back\nWe refund it.")).share).toBe(1);
    expect(await share("Kommt die Rechnung doppelt?", "The invoice was charged twice")).toEqual({
      share: 2 / 3,
      met: 2,
    });
  });

  test("does not take one field for one thing", async () => {
    expect(await share("Can I pay with Bitcoin?", ways)).toEqual({ share: 0.5, met: 1 });
    const discount = "The discount was not taken off\nCheck the minimum value of the voucher.";
    expect((await share("Is there a discount for students?", discount)).share).toBe(0.5);
  });

  test("of a question without a telling word nothing is said", async () => {
    expect(await share("Can you do that?", ways)).toEqual({ share: 0, met: 0 });
  });
});
