import type { Draw } from "./draw";
import type { Fault, ProductFamily } from "./faults";
import type { Language } from "./people";

/** What a case is told from. */
export interface Story {
  readonly fault: Fault;
  readonly family: ProductFamily;
  readonly model: string;
  readonly serial: string;
  readonly customer: string;
  readonly city: string;
  readonly language: Language;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

type Tell = (story: Story) => string;

const titles: readonly Tell[] = [
  ({ model, fault }) => `${model}: ${fault.symptom}`,
  ({ model, fault }) => `${capital(fault.symptom)} (${model})`,
  ({ fault }) => capital(fault.symptom),
  ({ model, fault, serial }) => `${model} ${serial} - ${fault.symptom}`,
];

/** Four tones: matter-of-fact, friendly, hurried, annoyed. */
const complaints: readonly Tell[] = [
  ({ model, serial, fault, customer }) =>
    `Hello,\n\nwe have a ${model}, serial ${serial}. ${capital(fault.symptom)}. Please tell us what to do.\n\nRegards\n${customer}`,
  ({ model, fault, customer, city }) =>
    `Hi there,\n\nI hope you can help me with our ${model} here in ${city}: ${fault.symptom}. I have already switched it off and on again, without luck.\n\nMany thanks!\n${customer}`,
  ({ model, fault, serial, customer }) =>
    `${capital(fault.symptom)}. ${model}, ${serial}. Urgent, we need it today.\n${customer}`,
  ({ model, fault, customer }) =>
    `This is the third time that I write to you. With the ${model}, ${fault.symptom}, and nobody has called me back. I expect an answer by tomorrow, or I want my money back.\n\n${customer}`,
];

/** Words of a case in the customer's language, by product family: router, coffee, scooter, billing, heating, delivery. */
const foreign: Readonly<
  Record<Exclude<Language, "en">, { faults: readonly string[]; body: Tell; reply: Tell }>
> = {
  de: {
    faults: [
      "Verbindung bricht ab",
      "Kaffee wird nicht heiß",
      "Roller lädt nicht",
      "Rechnung doppelt abgebucht",
      "Heizkörper bleibt kalt",
      "Paket nicht angekommen",
    ],
    body: ({ model, serial, customer, city }) =>
      `Guten Tag,\n\nunser ${model} (Seriennummer ${serial}) in ${city} funktioniert nicht richtig. Bitte helfen Sie uns schnell weiter.\n\nMit freundlichen Grüßen\n${customer}`,
    reply: ({ customer, model }) =>
      `Guten Tag ${customer},\n\nvielen Dank für Ihre Nachricht zu ${model}. Wir kümmern uns darum.\n\nFreundliche Grüße`,
  },
  fr: {
    faults: [
      "La connexion se coupe",
      "Le café n'est pas chaud",
      "La trottinette ne charge pas",
      "Facture débitée deux fois",
      "Le radiateur reste froid",
      "Colis non reçu",
    ],
    body: ({ model, serial, customer }) =>
      `Bonjour,\n\nnotre ${model} (numéro de série ${serial}) ne fonctionne plus. Pouvez-vous nous aider ?\n\nCordialement\n${customer}`,
    reply: ({ customer, model }) =>
      `Bonjour ${customer},\n\nmerci pour votre message au sujet de ${model}. Nous nous en occupons.\n\nCordialement`,
  },
  es: {
    faults: [
      "La conexión se corta",
      "El café sale frío",
      "El patinete no carga",
      "Factura cobrada dos veces",
      "El radiador sigue frío",
      "El paquete no ha llegado",
    ],
    body: ({ model, serial, customer }) =>
      `Buenos días:\n\nnuestro ${model} (número de serie ${serial}) no funciona bien. ¿Pueden ayudarnos, por favor?\n\nUn saludo\n${customer}`,
    reply: ({ customer, model }) =>
      `Hola ${customer}:\n\ngracias por su mensaje sobre ${model}. Nos ocupamos de ello.\n\nUn saludo`,
  },
  pl: {
    faults: [
      "Połączenie się zrywa",
      "Kawa jest letnia",
      "Hulajnoga się nie ładuje",
      "Faktura pobrana dwa razy",
      "Grzejnik pozostaje zimny",
      "Paczka nie dotarła",
    ],
    body: ({ model, serial, customer }) =>
      `Dzień dobry,\n\nnasz ${model} (numer seryjny ${serial}) nie działa poprawnie. Proszę o pomoc.\n\nPozdrawiam\n${customer}`,
    reply: ({ customer, model }) =>
      `Dzień dobry ${customer},\n\ndziękujemy za wiadomość dotyczącą ${model}. Zajmujemy się tym.\n\nPozdrawiamy`,
  },
  ja: {
    faults: [
      "接続が切れます",
      "コーヒーがぬるい",
      "スクーターが充電できません",
      "請求が二重になっています",
      "暖房が温まりません",
      "荷物が届きません",
    ],
    body: ({ model, serial, customer }) =>
      `お世話になっております。\n\n${model}（シリアル番号 ${serial}）が正常に動作しません。ご対応をお願いいたします。\n\n${customer}`,
    reply: ({ customer, model }) =>
      `${customer} 様\n\n${model} についてご連絡ありがとうございます。ただいま確認しております。`,
  },
};

const familyIndex: Readonly<Record<string, number>> = {
  router: 0,
  coffee: 1,
  scooter: 2,
  billing: 3,
  heating: 4,
  delivery: 5,
};

export function titleOf(story: Story, draw: Draw): string {
  if (story.language === "en") return draw.pick("title", titles)(story).slice(0, 200);
  const phrase = foreign[story.language].faults[familyIndex[story.family.key] ?? 0] ?? "";
  return `${phrase} (${story.model})`;
}

export const complaintOf = (story: Story, draw: Draw): string =>
  story.language === "en"
    ? draw.pick("complaint", complaints)(story)
    : foreign[story.language].body(story);

/** What the desk answers: asks first, solves later. */
export function replyOf(story: Story, step: number, agent: string): string {
  if (story.language !== "en") return `${foreign[story.language].reply(story)}\n${agent}`;
  const first = `Dear ${story.customer},\n\nthank you for writing to us about your ${story.model}. ${story.fault.question}\n\nKind regards\n${agent}`;
  const later = `Dear ${story.customer},\n\n${story.fault.cause} ${story.fault.resolution}\n\nPlease tell us whether that helped.\n\nKind regards\n${agent}`;
  return step < 2 ? first : later;
}

export const followUpOf = (story: Story, draw: Draw): string =>
  draw.pick("followUp", [
    `Thanks for the quick answer. I have looked: the serial is ${story.serial}. It is still the same.\n\n${story.customer}`,
    `Unfortunately that did not help yet. What next?\n\n${story.customer}`,
    `That worked, thank you very much!\n\n${story.customer}`,
  ]);

const escapeHtml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A mail's body: paragraphs, then what it answers, as mail programs quote it. */
export function mailHtml(
  text: string,
  quoted: { text: string; from: string; at: string } | undefined,
): string {
  const paragraphs = (body: string) =>
    body
      .split("\n\n")
      .map((part) => `<p>${escapeHtml(part).replaceAll("\n", "<br>")}</p>`)
      .join("");
  if (quoted === undefined) return paragraphs(text);
  return `${paragraphs(text)}<hr><p>On ${quoted.at} ${escapeHtml(quoted.from)} wrote:</p><blockquote>${paragraphs(quoted.text)}</blockquote>`;
}
