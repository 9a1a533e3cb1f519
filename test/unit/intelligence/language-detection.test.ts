import { describe, expect, test } from "@jest/globals";
import { tellLanguage } from "../../../shared/intelligence/language-detection";

describe("the language of a text", () => {
  test.each([
    ["en", "My parcel has not been delivered yet, could you look into it?"],
    ["de", "Mein Paket ist noch nicht da, können Sie bitte nachsehen?"],
    ["fr", "Mon colis n'est toujours pas arrivé, pouvez-vous vérifier ?"],
    ["es", "Mi paquete todavía no ha llegado, ¿pueden comprobarlo?"],
    ["it", "Il mio pacco non è ancora arrivato, potete controllare?"],
    ["nl", "Mijn pakket is nog niet aangekomen, kunnen jullie het nakijken?"],
    ["pt", "A minha encomenda ainda não chegou, podem verificar?"],
    ["pl", "Moja paczka jeszcze nie dotarła, czy mogą Państwo sprawdzić?"],
    ["sv", "Mitt paket har inte kommit än, kan ni kontrollera det?"],
    ["cs", "Můj balík ještě nedorazil, můžete to prosím zkontrolovat?"],
    ["ja", "荷物がまだ届いていません。確認していただけますか。"],
    ["zh", "我的包裹还没有到，请帮忙查一下。"],
    ["ko", "소포가 아직 도착하지 않았습니다."],
    ["ru", "Моя посылка ещё не пришла."],
    ["uk", "Моя посилка ще не прийшла, чи можете перевірити її?"],
    ["el", "Το δέμα μου δεν έχει φτάσει ακόμα."],
  ])("is %s in: %s", (tag, text) => {
    expect(tellLanguage(text).tag).toBe(tag);
  });

  test.each([
    ["es", "cobro doble"],
    ["it", "pacco non arrivato"],
    ["nl", "kapotte machine"],
    ["pt", "conta bloqueada"],
    ["pl", "zwrot pieniędzy"],
    ["fr", "imprimante introuvable"],
    ["de", "Rechnung falsch"],
    ["en", "battery dead"],
  ])("is %s in the subject line: %s", (tag, subject) => {
    expect(tellLanguage("", subject).tag).toBe(tag);
  });

  test("is that of the body, where the subject line is another's", () => {
    expect(
      tellLanguage("Me han cobrado dos veces la factura de este mes.", "Invoice question").tag,
    ).toBe("es");
  });

  test("is told by a product name in a text of another script", () => {
    expect(tellLanguage("HR-220 Bellamont Office 12 が動きません").tag).toBe("ja");
  });

  test.each(["", "E4", "HR-220", "https://www.example.com/the/and/is?x=1", "router online 12345"])(
    "is not told where nothing tells it: %s",
    (text) => {
      expect(tellLanguage(text)).toEqual({ tag: undefined, certainty: 0 });
    },
  );

  test("is surer in a long text than where two are alike", () => {
    const sure = tellLanguage(
      "Mijn machine is kapot en de bediening werkt niet meer sinds gisteren.",
    );
    const unsure = tellLanguage("Problem problema");
    expect(sure.certainty).toBeGreaterThan(0.4);
    expect(sure.certainty).toBeGreaterThan(unsure.certainty);
  });
});
