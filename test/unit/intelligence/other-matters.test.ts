import { describe, expect, test } from "@jest/globals";
import { escalationsOf, otherMatterOf } from "../../../shared/intelligence/escalation";

const kindOf = (text: string) => {
  const sources = [{ ref: { table: "email", id: "m1" }, text }];
  return otherMatterOf(sources, escalationsOf(sources))?.kind;
};

describe("what is no matter of customer service", () => {
  test.each([
    ["Attached is my resume, I would like to apply for the job in your shop.", "application"],
    ["Mit Interesse habe ich Ihre Stellenanzeige gelesen.", "application"],
    ["Vous trouverez ci-joint ma candidature et mon CV.", "application"],
    ["Invio la mia candidatura per il negozio.", "application"],
    ["Hierbij mijn sollicitatie voor de vacature.", "application"],
    ["求人を拝見し、応募いたします。", "application"],
    ["I am a reporter and would like to ask your spokesperson a few questions.", "press"],
    ["Soy una periodista de la radio local.", "press"],
    ["Our club is looking for a sponsor.", "offer"],
    ["Oferujemy pozycjonowanie stron w dobrej cenie.", "offer"],
    ["Please find our invoice for the cleaning of your windows.", "supplier-invoice"],
    ["En anexo segue a nossa fatura.", "supplier-invoice"],
    ["Please send us a quotation for forty chairs.", "quotation"],
    ["Erase all the data that you hold about me.", "data-protection"],
    ["Proszę o usunięcie moich danych osobowych.", "data-protection"],
  ])("is told in: %s", (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });

  test.each([
    "The application does not start any more.",
    "I cannot open your invoice for May.",
    "Our invoice shows the old address.",
    "The update offers no way to go on.",
    "Press the button and nothing happens.",
    "Die App bewirbt nur Neues und lädt meine Daten nicht.",
    "Je sollicite votre aide, la machine fuit.",
    "Het apparaat maakt lawaai sinds de update.",
    "Dziękuję za współpracę, ale drukarka nie działa.",
    "The charger exploded and somebody leaked my personal data.",
  ])("is not told in: %s", (text) => {
    expect(kindOf(text)).toBeUndefined();
  });
});
