import type { LanguageOfDrafts } from "./phrases";

export const german: LanguageOfDrafts = {
  marks: new Set(
    "der die das und ist nicht mein mit ich wir bitte wurde kann haben sie eine für auf seit".split(
      " ",
    ),
  ),
  phrases: {
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
};
