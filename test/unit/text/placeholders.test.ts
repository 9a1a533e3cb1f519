import { describe, expect, test } from "@jest/globals";
import { leftOpen } from "../../../shared/service/mail/left-open";
import { placeholdersIn } from "../../../shared/text";

describe("what is still to be filled in", () => {
  test.each([
    ["Hello [customer name],", "[customer name]"],
    ["Guten Tag [Name],", "[Name]"],
    ["Bonjour [nom du client],", "[nom du client]"],
    ["[traduire les phrases citées]", "[traduire les phrases citées]"],
    ["[zitierte Sätze übersetzen]", "[zitierte Sätze übersetzen]"],
    ["Estimada [Nombre]:", "[Nombre]"],
    ["Beste [naam],", "[naam]"],
    ["Szanowny Panie [imię i nazwisko],", "[imię i nazwisko]"],
    ["[お客様名] 様", "[お客様名]"],
    ["It arrives on [date].", "[date]"],
    ["Best regards,\n[Your Name]", "[Your Name]"],
    ["The part is [please check] and costs 5.", "[please check]"],
    ["See [link left out].", "[link left out]"],
    ["We refund [amount] today.", "[amount]"],
    ["Your order [order-number] is on its way.", "[order-number]"],
    ["Dear {{firstname}},", "{{firstname}}"],
    ["Dear {{ contact.first name }},", "{{ contact.first name }}"],
    ["About {!incident:ticketnumber;}", "{!incident:ticketnumber;}"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a template left.
    ["Total: ${total}", "${total}"],
    ["Hello {firstname}, welcome", "{firstname}"],
    ["You owe {0}.", "{0}"],
    ["Dear <<Name>>,", "<<Name>>"],
    ["Sehr geehrte Frau «Nach_Name»,", "«Nach_Name»"],
    ["Dear %FIRST_NAME%,", "%FIRST_NAME%"],
    ["Dear __name__,", "__name__"],
    ["The technician comes on XXX.", "XXX"],
    ["Your number is XXXXX, please keep it.", "XXXXX"],
    ["TODO: add the address", "TODO"],
    ["TODO ask Anna about the price", "TODO"],
    ["Delivery: TBD", "TBD"],
    ["The price is TBC.", "TBC"],
    ["FIXME the second step", "FIXME"],
    ["Lorem ipsum dolor sit amet", "Lorem ipsum"],
    ["Dear <customer name>,", "<customer name>"],
    ["It costs ____ euros.", "____"],
    ["〇〇様、お世話になっております。", "〇〇"],
    ["It comes on ??? at noon.", "???"],
    ["Please [insert the reason here] again.", "[insert the reason here]"],
  ])("stands in %j", (text, found) => expect(placeholdersIn(text)).toEqual([found]));

  test.each([
    "About your case [CAS-01001-H4K7Q2]",
    "RE: Lens dull [#123456]",
    "He wrote: “it was [sic] broken”.",
    "“We […] regret this.” and “we [...] see”",
    "Press [OK] and then [Esc].",
    "Click [Save changes] at the top.",
    "Drücken Sie die Taste [Start Stopp] drei Sekunden lang.",
    "Appuyez sur [Envoyer le nom], puis attendez.",
    "Pulse el botón [Guardar nombre].",
    "[1] See the manual, page 4 [2].",
    "- [ ] unplug it\n- [x] plug it in",
    "[EXTERNAL] Your order",
    "[cid:image001.png@01D9] [image: logo]",
    "[https://help.example/a/1]",
    "Go to [System > Date and time].",
    "The card ending in XXXX-XXXX-XXXX-1234 was charged.",
    "Card XXXX 1234",
    "Size XXL, model XX-3, volume XX",
    "Super Bowl XXXIV and part XXX-120",
    "El paquete incluye TODO lo necesario.",
    "TODO EL EQUIPO ESTÁ AQUÍ",
    "O preço inclui TODO o material.",
    "Really??? Yes!",
    "Write to <ada@example.com> or <https://help.example>.",
    "Voltage <5 V and pressure >3 bar",
    "«Hola», dijo, y leyó «Guía».",
    "Set {a, b} and the range {1, 2, 3}.",
    "________________________________\nFrom the desk",
    "100 % of 5 %A and 20%",
    "if (x[0] > 2) then y[i] = 1",
    "snake__case and __init__.py",
    "Bitte senden Sie uns das Datum im Format TT.MM.JJJJ.",
    "お名前と住所をお知らせください。",
    "Our price: 12 EUR [incl. 20% VAT 2026]".replace("[incl. 20% VAT 2026]", "(incl. VAT)"),
    "The code is A[4]7.",
    "WD-40, CDB 30 and EN 60335-1",
  ])("is nothing in %j", (text) => expect(placeholdersIn(text)).toEqual([]));

  test("each is told once, in the order of the text", () => {
    expect(placeholdersIn("{{a}} XXX [your name] {{a}}")).toEqual(["{{a}}", "XXX", "[your name]"]);
  });

  test("counts in the subject and the mail's own words, also in HTML, and not in the mail that is answered", () => {
    expect(leftOpen("About [date]", "<p>Dear &lt;&lt;Name&gt;&gt;,</p>")).toEqual([
      "[date]",
      "<<Name>>",
    ]);
    expect(
      leftOpen("Re: x", '<p>Yes.</p><blockquote type="cite">Dear [your name]</blockquote>'),
    ).toEqual([]);
    expect(leftOpen("Re: x", "Yes.\n\nOn Monday Ada wrote:\n> Dear [your name]")).toEqual([]);
  });

  test("takes no longer than the text is long", () => {
    for (const part of ["[", "{{", "<<", "_", "XXX ", "?", "[a b", "«a_", "{a", "TODO ", "press "])
      expect(placeholdersIn(part.repeat(20_000)).length).toBeLessThan(5);
  });
});
