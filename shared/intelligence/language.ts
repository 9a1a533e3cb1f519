/** Words that give a language away. */
const marks: Readonly<Record<string, ReadonlySet<string>>> = {
  en: new Set(
    "the and is not my with for this have it you please was can we are has when our".split(" "),
  ),
  de: new Set(
    "der die das und ist nicht mein mit ich wir bitte wurde kann haben sie eine für auf seit".split(
      " ",
    ),
  ),
  fr: new Set(
    "le la les et est pas mon avec je nous vous pour une des depuis merci bonjour ne dans".split(
      " ",
    ),
  ),
  es: new Set(
    "el la los y es no mi con yo nosotros usted para una por desde gracias hola en que".split(" "),
  ),
};

export type Language = "en" | "de" | "fr" | "es";

/** The language of a text among those we have words for; English when it is too short to tell. */
export function languageOf(text: string): Language {
  const list = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  let best: Language = "en";
  let most = 0;
  for (const language of ["en", "de", "fr", "es"] as const) {
    const count = list.filter((word) => marks[language]?.has(word)).length;
    if (count > most) [best, most] = [language, count];
  }
  return best;
}

/** Ours for a BCP 47 tag, or undefined when we have no words for it. */
export function knownLanguage(tag: string | undefined): Language | undefined {
  const primary = tag?.slice(0, 2).toLowerCase();
  return primary === "en" || primary === "de" || primary === "fr" || primary === "es"
    ? primary
    : undefined;
}

export interface Phrases {
  readonly greeting: (name: string) => string;
  readonly thanks: string;
  readonly solution: (title: string) => string;
  readonly more: string;
  readonly ask: string;
  readonly unable: string;
  readonly askIfNot: string;
  readonly afterSolution: string;
  readonly afterQuestions: string;
  readonly close: string;
  readonly name: string;
  readonly signature: string;
  readonly translate: string;
}

export const phrases: Readonly<Record<Language, Phrases>> = {
  en: {
    greeting: (name) => `Hello ${name},`,
    thanks: "Thank you for your message.",
    solution: (title) => `Our article "${title}" says:`,
    more: "You can read the whole article here:",
    ask: "To help you further we need a few details:",
    unable: "We are looking into this and will come back to you.",
    askIfNot: "If it does not help, please tell us:",
    afterSolution: "Please let us know whether this solves it.",
    afterQuestions: "You can simply reply to this message.",
    close: "Kind regards",
    name: "[customer name]",
    signature: "[your name]",
    translate: "[translate the quoted sentences]",
  },
  de: {
    greeting: (name) => `Guten Tag ${name},`,
    thanks: "vielen Dank für Ihre Nachricht.",
    solution: (title) => `In unserem Artikel „${title}“ steht dazu:`,
    more: "Den ganzen Artikel finden Sie hier:",
    ask: "Damit wir Ihnen weiterhelfen können, brauchen wir noch einige Angaben:",
    unable: "Wir sehen uns das an und melden uns bei Ihnen.",
    askIfNot: "Falls es nicht hilft, schreiben Sie uns bitte:",
    afterSolution: "Bitte sagen Sie uns, ob das Problem damit gelöst ist.",
    afterQuestions: "Antworten Sie einfach auf diese Nachricht.",
    close: "Mit freundlichen Grüßen",
    name: "[Name des Kunden]",
    signature: "[Ihr Name]",
    translate: "[zitierte Sätze übersetzen]",
  },
  fr: {
    greeting: (name) => `Bonjour ${name},`,
    thanks: "Merci de votre message.",
    solution: (title) => `Notre article « ${title} » indique :`,
    more: "Vous trouverez l'article complet ici :",
    ask: "Pour vous aider, il nous faut encore quelques précisions :",
    unable: "Nous examinons votre demande et revenons vers vous.",
    askIfNot: "Si cela n'aide pas, merci de nous indiquer :",
    afterSolution: "Merci de nous dire si cela résout le problème.",
    afterQuestions: "Il suffit de répondre à ce message.",
    close: "Cordialement",
    name: "[nom du client]",
    signature: "[votre nom]",
    translate: "[traduire les phrases citées]",
  },
  es: {
    greeting: (name) => `Hola ${name}:`,
    thanks: "Gracias por su mensaje.",
    solution: (title) => `Nuestro artículo «${title}» indica:`,
    more: "Puede leer el artículo completo aquí:",
    ask: "Para poder ayudarle necesitamos algunos datos:",
    unable: "Estamos revisando su caso y le responderemos.",
    askIfNot: "Si no le ayuda, indíquenos por favor:",
    afterSolution: "Díganos, por favor, si esto lo resuelve.",
    afterQuestions: "Puede responder directamente a este mensaje.",
    close: "Un saludo",
    name: "[nombre del cliente]",
    signature: "[su nombre]",
    translate: "[traducir las frases citadas]",
  },
};

/** All that a reply of ours to this customer may say beside what it quotes, in every language. */
export const phraseTexts = (customerName: string): readonly string[] =>
  Object.values(phrases).flatMap((say) =>
    Object.values(say).map((text) => (typeof text === "string" ? text : text(customerName))),
  );
