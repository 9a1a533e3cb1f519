import type { Frame } from "./frame";

export const german: Frame = {
  greeting: {
    first: (name) => `Hallo ${name},`,
    full: (name) => `Guten Tag ${name},`,
    none: "Guten Tag,",
  },
  goesOn: true,
  thanks: {
    answer: "Vielen Dank für Ihre Antwort.",
    call: "Vielen Dank für Ihren Anruf.",
    chat: "Vielen Dank, dass Sie uns im Chat geschrieben haben.",
    mail: "Vielen Dank für Ihre Nachricht.",
    post: "Vielen Dank für Ihren Beitrag.",
  },
  regret: {
    again: "Es tut uns leid, dass Sie sich deswegen schon mehrfach melden mussten.",
    anger: "Es tut uns leid, dass Sie Ärger hatten, und wir verstehen Ihre Enttäuschung.",
    promise:
      "Wir bitten um Entschuldigung, dass wir unser Wort nicht gehalten und uns nicht wie zugesagt gemeldet haben.",
    trouble: "Bitte entschuldigen Sie die Unannehmlichkeiten.",
    wait: "Es tut uns leid, dass Sie so lange warten mussten.",
  },
  notHelped: "Es tut uns leid, dass unser letzter Vorschlag nicht geholfen hat.",
  danger: {
    serious: "Ihre Sicherheit geht vor.",
    stop: "Bitte benutzen Sie das Gerät ab sofort nicht mehr, halten Sie Abstand, und trennen Sie es nur dann vom Strom, wenn das gefahrlos möglich ist.",
    hurt: "Ist jemand verletzt? Dann rufen Sie bitte zuerst den Notruf.",
    injured:
      "Es tut uns sehr leid, dass jemand verletzt wurde. Bitte sorgen Sie zuerst für ärztliche Hilfe, falls das noch nicht geschehen ist.",
    call: "Eine Kollegin oder ein Kollege ruft Sie heute noch an.",
  },
  decides:
    "Wir nehmen das ernst: Jemand, der darüber entscheiden kann, meldet sich persönlich bei Ihnen.",
  handOn:
    "Wir geben Ihre Nachricht an die Stelle weiter, die bei uns dafür zuständig ist; sie meldet sich bei Ihnen.",
  stopped: "Wir verstehen, dass die Arbeit bei Ihnen gerade stillsteht.",
  refund: "Wir prüfen Ihren Wunsch nach einer Erstattung und teilen Ihnen das Ergebnis mit.",
  callBack: "Wir rufen Sie wie gewünscht zurück.",
  steps: "Bitte versuchen Sie Folgendes:",
  more: (address) => `Die ganze Anleitung finden Sie hier: ${address}`,
  elsewhere: (language) =>
    `Wir haben dazu eine Anleitung gefunden, die es bisher nur auf ${language} gibt. Die Schritte auf Deutsch schicken wir Ihnen gesondert.`,
  askOne: "Damit wir Ihnen weiterhelfen können, brauchen wir noch eine Angabe von Ihnen:",
  askMany: "Damit wir Ihnen weiterhelfen können, brauchen wir noch einige Angaben:",
  askIfNot: "Falls das nicht hilft, schreiben Sie uns bitte auch hierzu:",
  asked: {
    anything: "Was genau passiert, und seit wann?",
    customer: "Wie lautet Ihre Kundennummer?",
    error: "Welche Fehlermeldung sehen Sie, Wort für Wort?",
    invoice: "Wie lautet die Nummer der Rechnung?",
    model: "Um welches Modell geht es?",
    order: "Wie lautet Ihre Bestellnummer?",
    photo: "Bitte schicken Sie uns ein Foto davon.",
    serial: "Wie lautet die Seriennummer des Geräts?",
    since: "Seit wann ist das so?",
    version: "Welche Version ist installiert?",
  },
  open: (question) => `Sie fragen: „${question}“ Das klären wir und schicken Ihnen eine Antwort.`,
  openMany: "Sie fragen:",
  openManyEnd: "Das klären wir und schicken Ihnen eine Antwort.",
  openUnquoted: "Ihre Fragen klären wir und schicken Ihnen eine Antwort.",
  unable: "Wir sehen uns das an und melden uns bei Ihnen.",
  afterSolution: "Bitte schreiben Sie uns, ob das geholfen hat.",
  afterQuestions: "Antworten Sie einfach auf diese Nachricht.",
  glad: "Wir helfen Ihnen gern.",
  close: {
    formal: "Mit freundlichen Grüßen",
    friendly: "Herzliche Grüße",
    usual: "Freundliche Grüße",
  },
  languages: {
    de: "Deutsch",
    en: "Englisch",
    es: "Spanisch",
    fr: "Französisch",
    it: "Italienisch",
    ja: "Japanisch",
    nl: "Niederländisch",
    pl: "Polnisch",
    pt: "Portugiesisch",
  },
};
