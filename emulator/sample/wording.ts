/** Longer than a file should be: the words of cases and mails in six languages. */

import type { Draw } from "./draw";
import type { Fault, ProductFamily } from "./faults";
import type { Language } from "./people";
import { foreignSymptom, otherSymptoms } from "./symptoms";

/** What a case is told from. */
export interface Story {
  readonly fault: Fault;
  /** What is wrong in the customer's words and language. */
  readonly symptom: string;
  readonly family: ProductFamily;
  readonly model: string;
  readonly serial: string;
  readonly customer: string;
  readonly city: string;
  readonly language: Language;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

type Tell = (story: Story) => string;

/** Things have serial numbers, invoices and orders numbers of their own. */
export const isDevice = (story: Pick<Story, "family">): boolean =>
  story.family.key !== "billing" && story.family.key !== "delivery";

const referenceOf = (story: Story): string =>
  isDevice(story)
    ? `serial number ${story.serial}`
    : story.family.key === "billing"
      ? `customer number ${story.serial}`
      : `order ${story.serial}`;

const titles: readonly Tell[] = [
  ({ model, symptom }) => `${model}: ${symptom}`,
  ({ model, symptom }) => `${capital(symptom)} (${model})`,
  ({ symptom }) => capital(symptom),
  (story) => `${story.model}, ${referenceOf(story)} - ${story.symptom}`,
  ({ symptom, city }) => `${capital(symptom)}, ${city} office`,
  ({ symptom }) => `Help needed: ${symptom}`,
];

const banks = {
  greeting: [
    "Hello,",
    "Hi there,",
    "Good morning,",
    "Dear support team,",
    "Hi,",
    "To whom it may concern,",
  ],
  since: [
    "It began on Monday.",
    "This has been going on for about a week.",
    "It happened for the first time yesterday.",
    "It started after we had moved some things around.",
    "We noticed it this morning.",
    "It comes and goes, but today it is constant.",
    "",
  ],
  tried: [
    "I have switched everything off and on again, without luck.",
    "We read the manual and found nothing that fits.",
    "A colleague tried the same and got no further.",
    "I found a similar question in your forum, but no answer.",
    "Nothing was changed on our side as far as I know.",
    "",
  ],
  effect: [
    "Six people cannot work because of it.",
    "It is not urgent, but annoying.",
    "Our customers notice it, too.",
    "We have visitors on Thursday and would like it to work by then.",
    "For now we manage, somehow.",
    "",
  ],
  ask: [
    "Please tell us what to do.",
    "What do you suggest?",
    "Could somebody call me back?",
    "Can you help?",
    "Is this covered by the warranty?",
    "How do we go on from here?",
  ],
  closing: ["Kind regards", "Best wishes", "Many thanks", "Regards", "Thanks in advance"],
  complaint: [
    "This is the third time that I write to you and nobody has called me back.",
    "I am really disappointed by now.",
    "For this price I expect better.",
    "I have been a customer for nine years and never had to wait this long.",
  ],
  demand: [
    "I expect an answer by tomorrow.",
    "Otherwise I want my money back.",
    "Please connect me with somebody who can decide.",
    "If this is not solved this week we will look for another supplier.",
  ],
  hurry: [
    "Urgent, we need it today.",
    "Please reply as soon as you can.",
    "Quick answer needed, I am on the road.",
    "Short on time, sorry for the brief mail.",
  ],
} as const;

/** Only what has a switch can be switched off and on, and only with a thing can six people not work. */
const forDevices = (story: Story, draw: Draw, bank: "tried" | "effect"): string =>
  isDevice(story) ? say(draw, bank) : "";

const say = (draw: Draw, bank: keyof typeof banks): string => draw.pick(`say/${bank}`, banks[bank]);
const sentences = (...parts: readonly string[]) => parts.filter((part) => part !== "").join(" ");

/** Four tones: matter-of-fact, friendly, hurried, annoyed. */
const complaints: readonly ((story: Story, draw: Draw) => string)[] = [
  (story, draw) =>
    `${say(draw, "greeting")}\n\n${sentences(`it is about our ${story.model}, ${referenceOf(story)}: ${story.symptom}.`, say(draw, "since"), forDevices(story, draw, "tried"))}\n\n${say(draw, "ask")}\n\n${say(draw, "closing")}\n${story.customer}`,
  (story, draw) =>
    `${say(draw, "greeting")}\n\nI hope you are well and can help me with the ${story.model} here in ${story.city}. ${sentences(`${capital(story.symptom)}.`, say(draw, "since"))}\n\n${sentences(forDevices(story, draw, "tried"), forDevices(story, draw, "effect"), say(draw, "ask"))}\n\n${say(draw, "closing")}!\n${story.customer}`,
  (story, draw) =>
    `${sentences(`${capital(story.symptom)}.`, `${story.model}, ${referenceOf(story)}.`, say(draw, "hurry"))}\n${story.customer}`,
  (story, draw) =>
    `${sentences(say(draw, "complaint"), `With the ${story.model}: ${story.symptom}.`, say(draw, "since"), forDevices(story, draw, "effect"))}\n\n${say(draw, "demand")}\n\n${story.customer}`,
];

type Foreign = Exclude<Language, "en">;

interface ForeignWords {
  /** The customer's first mail, the desk's question, the customer's answer, the desk's solution, thanks, and that it did not help. */
  readonly body: Tell;
  readonly ask: (story: Story, agent: string) => string;
  readonly answer: Tell;
  readonly solve: (story: Story, agent: string) => string;
  readonly thanks: Tell;
  readonly again: Tell;
}

/** The desk's articles are in English, so what it quotes is, too. */
const foreign: Readonly<Record<Foreign, ForeignWords>> = {
  de: {
    body: (s) =>
      `Guten Tag,\n\nes geht um ${s.model} (Nr. ${s.serial}) in ${s.city}: ${s.symptom}. Bitte helfen Sie uns weiter.\n\nMit freundlichen Grüßen\n${s.customer}`,
    ask: (s, agent) =>
      `Guten Tag ${s.customer},\n\nvielen Dank für Ihre Nachricht zu ${s.model}. Damit wir helfen können, brauchen wir noch eine Angabe: Seit wann tritt es auf, und welche Nummer steht auf dem Gerät oder Beleg?\n\nFreundliche Grüße\n${agent}`,
    answer: (s) =>
      `Guten Tag,\n\ndanke für die schnelle Antwort. Die Nummer ist ${s.serial}, sonst ist alles wie beschrieben.\n\n${s.customer}`,
    solve: (s, agent) =>
      `Guten Tag ${s.customer},\n\nwir haben die Ursache gefunden. Unsere Anleitung dazu (englisch): ${s.fault.resolution}\n\nFreundliche Grüße\n${agent}`,
    thanks: (s) => `Vielen Dank, jetzt ist alles in Ordnung.\n\n${s.customer}`,
    again: (s) => `Leider hat das noch nicht geholfen. Was können wir noch tun?\n\n${s.customer}`,
  },
  fr: {
    body: (s) =>
      `Bonjour,\n\nje vous écris au sujet de ${s.model} (n° ${s.serial}) à ${s.city} : ${s.symptom}. Pouvez-vous nous aider ?\n\nCordialement\n${s.customer}`,
    ask: (s, agent) =>
      `Bonjour ${s.customer},\n\nmerci pour votre message au sujet de ${s.model}. Il nous manque une information : depuis quand, et quel numéro figure sur l'appareil ou le document ?\n\nCordialement\n${agent}`,
    answer: (s) =>
      `Bonjour,\n\nmerci de votre réponse rapide. Le numéro est ${s.serial}, le reste est comme décrit.\n\n${s.customer}`,
    solve: (s, agent) =>
      `Bonjour ${s.customer},\n\nnous avons trouvé la cause. Voici notre notice (en anglais) : ${s.fault.resolution}\n\nCordialement\n${agent}`,
    thanks: (s) => `Merci beaucoup, tout fonctionne maintenant.\n\n${s.customer}`,
    again: (s) => `Malheureusement cela n'a rien changé. Que faire ?\n\n${s.customer}`,
  },
  es: {
    body: (s) =>
      `Buenos días:\n\nles escribo por ${s.model} (n.º ${s.serial}) en ${s.city}: ${s.symptom}. ¿Pueden ayudarnos, por favor?\n\nUn saludo\n${s.customer}`,
    ask: (s, agent) =>
      `Hola ${s.customer}:\n\ngracias por su mensaje sobre ${s.model}. Nos falta un dato: ¿desde cuándo ocurre y qué número figura en el aparato o en el documento?\n\nUn saludo\n${agent}`,
    answer: (s) =>
      `Gracias por la respuesta rápida. El número es ${s.serial}; lo demás sigue igual.\n\n${s.customer}`,
    solve: (s, agent) =>
      `Hola ${s.customer}:\n\nhemos encontrado la causa. Nuestra guía (en inglés): ${s.fault.resolution}\n\nUn saludo\n${agent}`,
    thanks: (s) => `Muchas gracias, ya funciona todo.\n\n${s.customer}`,
    again: (s) => `Por desgracia no ha servido. ¿Qué más podemos hacer?\n\n${s.customer}`,
  },
  pl: {
    body: (s) =>
      `Dzień dobry,\n\npiszę w sprawie ${s.model} (nr ${s.serial}), ${s.city}: ${s.symptom}. Proszę o pomoc.\n\nPozdrawiam\n${s.customer}`,
    ask: (s, agent) =>
      `Dzień dobry ${s.customer},\n\ndziękujemy za wiadomość dotyczącą ${s.model}. Potrzebujemy jeszcze informacji: od kiedy to trwa i jaki numer jest na urządzeniu lub dokumencie?\n\nPozdrawiam\n${agent}`,
    answer: (s) =>
      `Dziękuję za szybką odpowiedź. Numer to ${s.serial}, reszta bez zmian.\n\n${s.customer}`,
    solve: (s, agent) =>
      `Dzień dobry ${s.customer},\n\nznaleźliśmy przyczynę. Nasza instrukcja (po angielsku): ${s.fault.resolution}\n\nPozdrawiam\n${agent}`,
    thanks: (s) => `Bardzo dziękuję, wszystko już działa.\n\n${s.customer}`,
    again: (s) => `Niestety to nie pomogło. Co dalej?\n\n${s.customer}`,
  },
  ja: {
    body: (s) =>
      `お世話になっております。\n\n${s.city}の${s.model}（番号 ${s.serial}）の件です。${s.symptom}。ご対応をお願いいたします。\n\n${s.customer}`,
    ask: (s, agent) =>
      `${s.customer} 様\n\n${s.model} についてご連絡ありがとうございます。いつからの症状か、また本体または書類の番号を教えてください。\n\n${agent}`,
    answer: (s) =>
      `早速のご返信ありがとうございます。番号は ${s.serial} です。状況は変わりません。\n\n${s.customer}`,
    solve: (s, agent) =>
      `${s.customer} 様\n\n原因が分かりました。手順（英語）：${s.fault.resolution}\n\n${agent}`,
    thanks: (s) => `解決しました。ありがとうございました。\n\n${s.customer}`,
    again: (s) => `残念ながらまだ直りません。次はどうすればよいでしょうか。\n\n${s.customer}`,
  },
};

/** One of several ways to put what is wrong, in the customer's language. */
export const symptomOf = (fault: Fault, language: Language, draw: Draw): string =>
  language === "en"
    ? draw.pick("symptom", [fault.symptom, ...otherSymptoms(fault.id)])
    : foreignSymptom(fault.id, language);

export function titleOf(story: Story, draw: Draw): string {
  if (story.language === "en") return draw.pick("title", titles)(story).slice(0, 200);
  return `${story.symptom} (${story.model})`;
}

export const complaintOf = (story: Story, draw: Draw): string =>
  story.language === "en"
    ? draw.pick("complaint", complaints)(story, draw)
    : foreign[story.language].body(story);

/** Where a conversation stands: the number of the mail, how many there are, and how the case ended. */
export interface Turn {
  readonly step: number;
  readonly count: number;
  readonly state: 0 | 1 | 2;
}

const answers: readonly Tell[] = [
  (s) =>
    `Thanks for the quick answer. I have looked: it is ${referenceOf(s)}, and otherwise as I wrote.\n\n${s.customer}`,
  (s) =>
    `Hi,\n\nI will look as soon as I am back on site. For your records: ${referenceOf(s)}.\n\n${s.customer}`,
  (s) =>
    `I checked this with a colleague. Nothing unusual there. Still the same: ${s.symptom}.\n\n${s.customer}`,
  (s) =>
    `Sorry for the delay, I was out. Details: ${s.model}, ${referenceOf(s)}, ${s.city}.\n\nRegards\n${s.customer}`,
];
const setbacks: readonly Tell[] = [
  (s) => `Unfortunately that did not help yet. What next?\n\n${s.customer}`,
  (s) => `It worked for an hour, then it was back: ${s.symptom}.\n\n${s.customer}`,
  (s) => `Any news? We are still waiting.\n\n${s.customer}`,
  (s) => `I did it twice, step by step. A photo is on its way.\n\n${s.customer}`,
  (s) => `Thursday between nine and eleven would suit us.\n\n${s.customer}`,
];
const thanks: readonly Tell[] = [
  (s) => `That worked, thank you very much!\n\n${s.customer}`,
  (s) => `Solved, thanks. You can close this.\n\n${s.customer}`,
  (s) => `Great, everything is fine again. Thank you for your patience.\n\n${s.customer}`,
];
const efforts: readonly string[] = [
  "I have passed your case to our second level with everything that you sent. You will hear from us by tomorrow.",
  "Our second level has looked at it and would like you to repeat the steps once more from the beginning, please.",
  "I have ordered a replacement for you, in case it does not help. When would a visit suit you?",
  "Thank you for your patience. The colleague who knows this best is back on Monday and will call you.",
  "The visit is noted. Please keep the number of your case at hand.",
];

/** What the customer writes in a later mail. */
export function followUpOf(story: Story, turn: Turn, draw: Draw): string {
  const isLast = turn.step + 2 > turn.count;
  const words = story.language === "en" ? undefined : foreign[story.language];
  if (isLast && turn.state === 2)
    return `Please close this, it has settled itself.\n\n${story.customer}`;
  if (isLast && turn.state === 1 && turn.step > 2)
    return words ? words.thanks(story) : draw.pick("thanks", thanks)(story);
  if (turn.step === 2) return words ? words.answer(story) : draw.pick("answer", answers)(story);
  const at = (draw.whole("setback", 0, 4) + turn.step / 2) % setbacks.length;
  return words ? words.again(story) : ((setbacks[at] ?? thanks[0])?.(story) ?? "");
}

const greetings: readonly Tell[] = [
  (s) => `Dear ${s.customer},`,
  (s) => `Hello ${s.customer.split(" ")[0]},`,
  (s) => `Good day ${s.customer},`,
];

/** What the desk answers: asks first and solves then; with few mails it solves at once. */
export function replyOf(story: Story, turn: Turn, agent: string, draw: Draw): string {
  const isSolved = turn.step === 3 || (turn.step === 1 && turn.state === 1 && turn.count <= 3);
  if (story.language !== "en") {
    const words = foreign[story.language];
    return (isSolved || turn.step > 3 ? words.solve : words.ask)(story, agent);
  }
  const { question, cause, resolution } = story.fault;
  const middle = isSolved
    ? `${draw.pick("found", ["We know this one.", "Thank you, that explains it.", "I have good news:", "Our engineers have seen this before."])} ${cause} ${resolution}\n\nPlease tell us whether that helped.`
    : turn.step === 1
      ? `${draw.pick("intro", [`thank you for writing to us about your ${story.model}.`, "thank you for your message, and sorry for the trouble.", "I have taken over your case."])} To find the cause I need one more detail: ${question}`
      : (efforts[((turn.step - 5) / 2) % efforts.length] ?? "");
  return `${draw.pick("greet", greetings)(story)}\n\n${middle}\n\nKind regards\n${agent}\nHalvren Service Desk`;
}

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
