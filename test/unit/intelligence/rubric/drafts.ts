import type { Judged } from "../../../../bench/rubric/checks";

const article = (number: string, title: string, cause: string, cure: string, question: string) => ({
  title,
  url: `https://help.halvren.example/a/${number}`,
  text: `<h2>Symptom</h2><p>${title}.</p><h2>Cause</h2><p>${cause}</p><h2>What to do</h2><p>${cure}</p><h2>Before you begin</h2><p>${question}</p>`,
});

const one = (
  given: Partial<Judged> & Pick<Judged, "customer" | "draft" | "language" | "name">,
): Judged => ({
  subject: "Re: your request",
  title: "A case of the desk",
  signature: "Avery Lindholm",
  articles: [],
  hosts: ["halvren.example"],
  beside: "",
  sent: ["Please switch the device off and on again."],
  secrets: ["Nordwind Reederei", "goodwill of 350"],
  ...given,
});

const charger = article(
  "KA-01045",
  "Veloria Scooter: the scooter does not charge overnight",
  "A green light at once means that the charging contact is dirty.",
  "Clean the charging socket with a dry brush; the light turns red while charging.",
  "Which colour is the light of the charger?",
);
const twice = article(
  "KA-01101",
  "Billing: the last invoice was charged twice",
  "The payment was sent again after a time-out of the bank.",
  "We refund the second payment within five working days and confirm it by mail.",
  "Which two invoice numbers do you see?",
);
const german = article(
  "KA-02001",
  "Kaffeemaschine: Der Kaffee ist nur lauwarm",
  "Kalk an der Heizung hält das Wasser kühl.",
  "Entkalken Sie die Maschine zweimal mit dem Originalmittel. Stellen Sie danach die Wasserhärte ein.",
  "Wann wurde die Maschine zuletzt entkalkt?",
);

/** Ten replies that people wrote, good by every check; the mistakes are put into them. */
export const good: readonly Judged[] = [
  one({
    language: "en",
    name: "Mara Vexley",
    customer:
      "Hello, our scooter SC48213 stays empty although it was plugged in. What can we do? Is this covered by the warranty?",
    articles: [charger],
    draft:
      "Dear Mara Vexley,\n\nThank you for your message.\n\nPlease try this first:\n\n- Clean the charging socket with a dry brush; the light turns red while charging.\n\nThe whole article is here: https://help.halvren.example/a/KA-01045\n\nWhether the warranty covers this we are checking, and we will get back to you.\n\nKind regards\nAvery Lindholm",
  }),
  one({
    language: "en",
    name: "Jonas Berg",
    customer:
      "You debited invoice RE-2026-0042 two times. I am disappointed. When do I get the second payment back?",
    articles: [twice],
    draft:
      "Hello Jonas,\n\nWe are sorry for this.\n\nWe refund the second payment within five working days and confirm it by mail.\n\nBest regards\nAvery Lindholm",
  }),
  one({
    language: "en",
    name: "Priya Nair",
    customer:
      "I promised my team a working router. You promised to call and nobody called. Could somebody call me back?",
    draft:
      "Dear Priya,\n\nWe apologise that nobody got in touch as we had said.\n\nA colleague will call you back today, as you asked.\n\nRegards\nAvery Lindholm",
  }),
  one({
    language: "en",
    name: "Tom Aldis",
    customer: "The kettle that came yesterday leaks. Please help.",
    draft:
      "Hi Tom,\n\nThanks for writing to us, and sorry for the trouble.\n\nTo go on, we need two details:\n\n- What is the serial number on the label?\n- Please send us a photo of the place where it leaks.\n\nJust reply to this message.\n\nMany thanks\nAvery Lindholm".replace(
        "Many thanks\n",
        "Kind regards\n",
      ),
  }),
  one({
    language: "de",
    name: "Anna Köhler",
    customer: "Guten Tag, unser Kaffee ist nur noch lauwarm. Was können wir tun?",
    articles: [german],
    draft:
      "Guten Tag Anna Köhler,\n\nvielen Dank für Ihre Nachricht.\n\nBitte gehen Sie so vor:\n\n- Entkalken Sie die Maschine zweimal mit dem Originalmittel.\n- Stellen Sie danach die Wasserhärte ein.\n\nBitte schreiben Sie uns, wie es danach aussieht.\n\nFreundliche Grüße\nAvery Lindholm",
  }),
  one({
    language: "fr",
    name: "Claire Dubois",
    customer: "Bonjour, ma commande 84392 n'est pas arrivée. Quand sera-t-elle livrée ?",
    draft:
      "Bonjour Claire Dubois,\n\nMerci de votre message.\n\nNous vérifions où se trouve la commande 84392 et nous revenons vers vous avec une réponse sur la date de livraison.\n\nCordialement\nAvery Lindholm",
  }),
  one({
    language: "es",
    name: "Lucía Ortega",
    customer: "Hola, el patinete no carga desde ayer. ¿Qué podemos hacer?",
    draft:
      "Hola Lucía:\n\nGracias por su mensaje.\n\nPara poder ayudarle necesitamos un dato más:\n\n- ¿De qué color es la luz del cargador cuando lo conecta?\n\nPuede responder a este correo.\n\nUn saludo\nAvery Lindholm",
  }),
  one({
    language: "it",
    name: "Paolo Riva",
    customer: "Buongiorno, la macchina non scalda più. Cosa possiamo fare?",
    draft:
      "Buongiorno Paolo Riva,\n\ngrazie per il Suo messaggio.\n\nStiamo esaminando il problema della macchina e Le faremo sapere al più presto che cosa si può fare.\n\nCordiali saluti\nAvery Lindholm",
  }),
  one({
    language: "nl",
    name: "Sanne Visser",
    customer: "Hallo, de router valt steeds uit. Wat kunnen we doen?",
    draft:
      "Beste Sanne Visser,\n\nBedankt voor uw bericht.\n\nOm u te kunnen helpen hebben we nog één vraag:\n\n- Welke kleur heeft het lampje op de router als de verbinding wegvalt?\n\nU kunt gewoon op deze mail antwoorden.\n\nMet vriendelijke groet\nAvery Lindholm",
  }),
  one({
    language: "pl",
    name: "Tomasz Zieliński",
    customer: "Dzień dobry, hulajnoga się nie ładuje. Co możemy zrobić?",
    draft:
      "Dzień dobry, Tomasz Zieliński,\n\ndziękujemy za wiadomość.\n\nSprawdzamy, co można zrobić z hulajnogą, i wrócimy z odpowiedzią najszybciej, jak to możliwe.\n\nPozdrawiamy\nAvery Lindholm",
  }),
];
