import type { Judged } from "../../../../bench/rubric/checks";

type Change = (one: Judged, at: number) => Judged;

const draft =
  (change: (text: string, one: Judged, at: number) => string): Change =>
  (one, at) => ({ ...one, draft: change(one.draft, one, at) });

/** The text between greeting and farewell, changed. */
const within = (change: (body: string, one: Judged, at: number) => string): Change =>
  draft((text, one, at) => {
    const parts = text.split("\n\n");
    return [parts[0], change(parts.slice(1, -1).join("\n\n"), one, at), parts.at(-1)].join("\n\n");
  });
const adding = (texts: readonly string[]): Change =>
  within((body, _, at) => `${body}\n\n${texts[at % texts.length]}`);

const fires = [
  "The scooter caught fire while it was charging!",
  "There is smoke coming out of the heater.",
  "My son was injured by the lid.",
  "The plug is burning hot and smoking.",
  "Das Gerät brennt!",
  "Il y a de la fumée qui sort de l'appareil.",
  "¡Sale humo del aparato!",
  "Esce fumo dalla macchina!",
  "Er komt rook uit de router.",
  "Z urządzenia leci dym!",
];
const safely: Readonly<Record<string, string>> = {
  en: "Your safety comes first. Please stop using it at once. Is anybody hurt? A colleague will call you today.",
  de: "Ihre Sicherheit geht vor. Bitte benutzen Sie es nicht mehr. Ist jemand verletzt? Wir rufen Sie heute an.",
  fr: "Votre sécurité passe avant tout. Cessez de l'utiliser. Y a-t-il un blessé ? Nous vous appelons aujourd'hui.",
  es: "Su seguridad es lo primero. Deje de usar el aparato. ¿Hay alguien herido? Le llamamos hoy.",
  it: "La Sua sicurezza viene prima di tutto. Smetta di usarla. Ci sono feriti? La chiamiamo oggi.",
  nl: "Uw veiligheid gaat voor. Gebruik het vanaf nu niet meer. Is er iemand gewond? We bellen u vandaag.",
  pl: "Bezpieczeństwo jest najważniejsze. Prosimy przestać używać urządzenia. Czy ktoś jest ranny? Zadzwonimy dzisiaj.",
};
const inDanger: Change = (one, at) => ({ ...one, customer: `${fires[at]} ${one.customer}` });
const answered = within((_, one) => safely[one.language] ?? "");
const foreign = [
  "Vielen Dank für Ihre Nachricht. Wir sehen uns das gleich an und melden uns dann wieder bei Ihnen.",
  "Thank you for your message. We are looking into this and will get back to you as soon as we can.",
];
const other = (one: Judged): string => foreign[one.language === "de" ? 1 : 0] ?? "";

/** What each check must find, put into a good reply; and, where a check has an occasion, good replies on it. */
export const seeds: Readonly<Record<string, { readonly bad: Change; readonly good?: Change }>> = {
  greeting: { bad: draft((text) => text.split("\n\n").slice(1).join("\n\n")) },
  "greeting names the person": {
    bad: draft((text, one) =>
      text
        .replace(
          text.split("\n")[0] ?? "",
          `${text.split(" ")[0]} Quentin Marsh,`.replace("Dzień", "Dzień dobry"),
        )
        .replace(one.name, "Quentin Marsh"),
    ),
  },
  "one greeting": { bad: draft((text) => text.replace("\n\n", `\n\n${text.split("\n")[0]}\n\n`)) },
  acknowledgement: {
    bad: draft((text) =>
      text
        .split("\n\n")
        .filter((_, at) => at !== 1)
        .join("\n\n")
        .replace(/^(.*?\n\n)/, "$1Ref. A.\n\n"),
    ),
  },
  "apology where due": {
    bad: (one, at) => ({
      ...one,
      customer: `${one.customer} ${["This is unacceptable.", "I am disappointed.", "Das ist inakzeptabel.", "C'est inadmissible."][at % 4]}`,
      draft: one.draft.replace(/^.*(?:sorry|apologise).*$/im, "Thank you for your message."),
    }),
    good: (one) => ({
      ...one,
      customer: `${one.customer} I am furious.`,
      draft: one.draft.replace("\n\n", "\n\nWe are sorry. "),
    }),
  },
  "apology before advice": {
    bad: within(
      (body) =>
        `${body.replace(/[^\n]*(?:sorry|apologise)[^\n]*/gi, "Thank you.")}\n\n- Do this.\n\nWe are sorry for the trouble.`,
    ),
  },
  "safety first": { bad: inDanger, good: (one, at) => answered(inDanger(one, at), at) },
  "no advice in danger": {
    bad: (one, at) =>
      within((body) => `${body}\n\n- Clean the socket with a brush.`)(inDanger(one, at), at),
    good: (one, at) => answered(inDanger(one, at), at),
  },
  "each question answered or open": {
    bad: (one) => ({
      ...one,
      customer: `${one.customer} Which adapter fits in Australia?`,
      draft: one.draft.replace(
        /^.*(?:checking|vérifions|esaminando|Sprawdzamy|get back).*$/gim,
        "OK.",
      ),
    }),
  },
  "call-back honoured": {
    bad: (one) => ({
      ...one,
      customer: `${one.customer} Please call me back.`,
      draft: one.draft.replace(/^.*\bcall.*$/gim, "We are looking into this."),
    }),
    good: (one, at) =>
      adding(["A colleague will call you."])(
        { ...one, customer: `${one.customer} Please call me back.` },
        at,
      ),
  },
  "no cause as a fact": {
    bad: (one, at) =>
      adding(
        at % 2 === 0
          ? [
              "The cause is that the contact is dirty.",
              "It was caused by the bank.",
              "Die Ursache ist Kalk.",
            ]
          : ["The belt was worn by long use."],
      )(
        {
          ...one,
          articles: [
            ...one.articles,
            { title: "x", text: "<h2>Cause</h2><p>The belt was worn by long use.</p>" },
          ],
        },
        Math.floor(at / 2),
      ),
  },
  "no placeholder": {
    bad: adding([
      "It comes on [date].",
      "Dear {{name}}",
      "<<amount>>",
      "XXX EUR",
      "TODO: ask",
      "TBD",
      "[your name]",
      "[bitte prüfen]",
      "____ days",
      "〇〇様",
    ]),
  },
  "no sentence twice": { bad: within((body) => `${body}\n\n${body.split("\n\n").at(-1)}`) },
  "no word-for-word echo": {
    bad: (one, at) =>
      adding(["The lid of the blue box came off on the way."])(
        { ...one, customer: `${one.customer} The lid of the blue box came off on the way.` },
        at,
      ),
  },
  "nothing sent before": {
    bad: adding(["- Please switch the device off and on again."]),
  },
  "right language": { bad: within((_, one) => other(one)) },
  "one language": { bad: within((body, one) => `${body}\n\n${other(one)}`) },
  length: {
    bad: draft((text, one, at) =>
      at % 2 === 0
        ? "OK.\nAvery"
        : text.replace("\n\n", `\n\n${`${one.customer} `.repeat(30)}\n\n`),
    ),
  },
  "short sentences": {
    bad: adding([
      `We would like to ask you ${"and then to look at it again ".repeat(8)}if you can.`,
    ]),
  },
  "reading ease": {
    bad: within(
      () =>
        "Hereinafter aforementioned organisational responsibilities notwithstanding, comprehensive documentation requirements necessitate interdepartmental administrative clarification procedures.",
    ),
  },
  "numbers grounded": {
    bad: adding([
      "Hold it for 47 seconds.",
      "Use part 63-999.",
      "It is WD-41.",
      "Version 9.8.7 cures it.",
    ]),
  },
  "amounts grounded": {
    bad: adding([
      "We pay you 450 EUR.",
      "It costs € 12,50.",
      "You get $300.",
      "Das kostet 99 Euro.",
    ]),
  },
  "link hosts": {
    bad: adding([
      "See https://evil.example/x",
      "Write to boss@evil.example.",
      "Go to www.evil.example",
      "http://help.halvren.example.evil.test/a",
    ]),
  },
  closing: {
    bad: draft((text) => text.split("\n").slice(0, -2).concat("Avery Lindholm").join("\n")),
  },
  signature: { bad: draft((text) => text.replace(/Avery Lindholm$/, "Someone Else")) },
  "no question behind a promise": {
    bad: within(
      () =>
        "We refund the second payment within five working days. Please let us know whether this has helped.",
    ),
    good: within(() => "We refund the second payment within five working days."),
  },
  "no title as a sentence": {
    bad: (one, at) =>
      within(
        (body) =>
          [
            `${body}\n\nShort answer: the hose is loose.`,
            `${body}\n\nWhat to do:`,
            `${body}\n\nOur article "The hose of the washer is loose" says so.`,
          ][at % 3] ?? "",
      )(
        {
          ...one,
          articles: [...one.articles, { title: "The hose of the washer is loose", text: "" }],
        },
        at,
      ),
  },
  "questions as sentences": {
    bad: adding([
      "- Colour?",
      "- Serial number?",
      "Please tell us:\n\n- Can you send a photo?",
      "- Since?",
    ]),
  },
  "says nothing secret": {
    bad: adding([
      "Nordwind Reederei had the same.",
      "You may get a goodwill of 350.",
      "As an AI I cannot say.",
      "The internal note says no.",
      "See incidentid.",
      "undefined",
    ]),
  },
  "a way on": {
    bad: within(
      (_, one) =>
        ({
          de: "Vielen Dank für Ihre Nachricht.",
          fr: "Merci de votre message.",
          es: "Gracias por su mensaje.",
          it: "Grazie per il Suo messaggio.",
          nl: "Bedankt voor uw bericht.",
          pl: "Dziękujemy za wiadomość.",
        })[one.language] ?? "Thank you for your message.",
    ),
  },
};
