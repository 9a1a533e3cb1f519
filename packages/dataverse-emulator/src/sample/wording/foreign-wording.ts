/** Longer than a file should be: the words of mails in five languages. */

import type { Draw } from "../draw";
import type { Language } from "../people";
import type { Story } from "./wording";

type Foreign = Exclude<Language, "en">;

/** What is said in a language, with the thing and its number put in the words of that language. */
export interface ForeignWords {
  /** The customer's first mail. */
  complaint(draw: Draw): string;
  /** The desk's question, its solution, and that it takes longer. */
  ask(agent: string): string;
  solve(agent: string): string;
  wait(agent: string): string;
  /** The customer's answer, thanks, that it did not help, and that it is over. */
  readonly answer: string;
  readonly thanks: string;
  readonly again: string;
  readonly close: string;
}

type Kind = "device" | "billing" | "delivery";

interface Phrases {
  /** "our BM Uno (serial number …)", "my order …" */
  readonly thing: Readonly<Record<Kind, (model: string, number: string) => string>>;
  readonly complaints: readonly ((thing: string, symptom: string, city: string) => string)[];
  readonly closings: readonly string[];
  readonly greet: (customer: string) => string;
  readonly ask: (thing: string) => string;
  readonly solve: string;
  readonly wait: string;
  readonly farewell: string;
  readonly answer: (number: string) => string;
  readonly thanks: string;
  readonly again: string;
  readonly close: string;
}

/** The desk's articles are in English, so what it quotes is, too. */
const phrases: Readonly<Record<Foreign, Phrases>> = {
  de: {
    thing: {
      device: (model, number) => `unser Gerät ${model} (Seriennummer ${number})`,
      billing: (_model, number) => `mein Kundenkonto ${number}`,
      delivery: (_model, number) => `meine Bestellung ${number}`,
    },
    complaints: [
      (thing, symptom) =>
        `Guten Tag,\n\nes geht um ${thing}: ${symptom}. Bitte helfen Sie uns weiter.`,
      (thing, symptom, city) =>
        `Sehr geehrte Damen und Herren,\n\nich schreibe Ihnen aus ${city}. ${symptom}. Es betrifft ${thing}. Was können wir tun?`,
      (thing, symptom) =>
        `Hallo,\n\n${symptom}. Betroffen ist ${thing}. Ich bitte um baldige Rückmeldung.`,
    ],
    closings: ["Mit freundlichen Grüßen", "Viele Grüße", "Besten Dank im Voraus"],
    greet: (customer) => `Guten Tag ${customer},`,
    ask: (thing) =>
      `vielen Dank, dass Sie sich an uns wenden. Es geht um ${thing.replace(/^unser|^mein/, "Ihr")}. Damit wir helfen können, brauchen wir noch eine Angabe: Seit wann tritt es auf, und was genau sehen Sie dabei?`,
    solve: "wir haben die Ursache gefunden. Unsere Anleitung dazu (auf Englisch):",
    wait: "wir haben Ihren Fall an die zweite Ebene gegeben und melden uns spätestens morgen.",
    farewell: "Freundliche Grüße",
    answer: (number) =>
      `Guten Tag,\n\ndanke für die schnelle Antwort. Die Nummer ist ${number}, sonst ist alles wie beschrieben.`,
    thanks: "Vielen Dank, jetzt ist alles in Ordnung.",
    again: "Leider hat das noch nicht geholfen. Was können wir noch tun?",
    close: "Bitte schließen Sie den Fall, es hat sich erledigt.",
  },
  fr: {
    thing: {
      device: (model, number) => `notre appareil ${model} (n° de série ${number})`,
      billing: (_model, number) => `mon compte client ${number}`,
      delivery: (_model, number) => `ma commande ${number}`,
    },
    complaints: [
      (thing, symptom) =>
        `Bonjour,\n\nje vous écris au sujet de ${thing}. ${symptom}. Pouvez-vous nous aider ?`,
      (thing, symptom, city) =>
        `Madame, Monsieur,\n\nnous avons un souci à ${city}. ${symptom}. Il s'agit de ${thing}. Que nous conseillez-vous ?`,
      (thing, symptom) =>
        `Bonjour,\n\n${symptom}. Cela concerne ${thing}. Merci de me répondre rapidement.`,
    ],
    closings: ["Cordialement", "Bien à vous", "Avec mes remerciements"],
    greet: (customer) => `Bonjour ${customer},`,
    ask: (thing) =>
      `merci de nous avoir contactés au sujet de ${thing.replace(/^notre|^mon|^ma/, "votre")}. Il nous manque une information : depuis quand, et que voyez-vous exactement ?`,
    solve: "nous avons trouvé la cause. Voici notre notice (en anglais) :",
    wait: "nous avons transmis votre dossier au deuxième niveau et vous répondrons au plus tard demain.",
    farewell: "Cordialement",
    answer: (number) =>
      `Bonjour,\n\nmerci de votre réponse rapide. Le numéro est ${number}, le reste est comme décrit.`,
    thanks: "Merci beaucoup, tout est réglé maintenant.",
    again: "Malheureusement cela n'a rien changé. Que faire ?",
    close: "Vous pouvez fermer le dossier, le problème s'est résolu tout seul.",
  },
  es: {
    thing: {
      device: (model, number) => `nuestro equipo ${model} (n.º de serie ${number})`,
      billing: (_model, number) => `mi cuenta de cliente ${number}`,
      delivery: (_model, number) => `mi pedido ${number}`,
    },
    complaints: [
      (thing, symptom) =>
        `Buenos días:\n\nles escribo por ${thing}. ${symptom}. ¿Pueden ayudarnos, por favor?`,
      (thing, symptom, city) =>
        `Estimados señores:\n\nles escribo desde ${city}. ${symptom}. Se trata de ${thing}. ¿Qué podemos hacer?`,
      (thing, symptom) => `Hola:\n\n${symptom}. Afecta a ${thing}. Espero su pronta respuesta.`,
    ],
    closings: ["Un saludo", "Atentamente", "Muchas gracias de antemano"],
    greet: (customer) => `Hola ${customer}:`,
    ask: (thing) =>
      `gracias por ponerse en contacto con nosotros por ${thing.replace(/^nuestro|^mi/, "su")}. Nos falta un dato: ¿desde cuándo ocurre y qué ve usted exactamente?`,
    solve: "hemos encontrado la causa. Nuestra guía (en inglés):",
    wait: "hemos pasado su caso al segundo nivel y le responderemos mañana a más tardar.",
    farewell: "Un saludo",
    answer: (number) =>
      `Gracias por la respuesta rápida. El número es ${number}; lo demás sigue igual.`,
    thanks: "Muchas gracias, ya está todo en orden.",
    again: "Por desgracia no ha servido. ¿Qué más podemos hacer?",
    close: "Pueden cerrar el caso, ya se ha solucionado solo.",
  },
  pl: {
    thing: {
      device: (model, number) => `urządzenie ${model} (nr seryjny ${number})`,
      billing: (_model, number) => `konto klienta ${number}`,
      delivery: (_model, number) => `zamówienie ${number}`,
    },
    complaints: [
      (thing, symptom) =>
        `Dzień dobry,\n\nzgłaszam problem. ${symptom}. Dotyczy: ${thing}. Proszę o pomoc.`,
      (thing, symptom, city) =>
        `Szanowni Państwo,\n\npiszę z miejscowości ${city}. ${symptom}. Chodzi o ${thing}. Co możemy zrobić?`,
    ],
    closings: ["Pozdrawiam", "Z poważaniem"],
    greet: (customer) => `Dzień dobry ${customer},`,
    ask: (thing) =>
      `dziękujemy za kontakt (${thing}). Potrzebujemy jeszcze informacji: od kiedy to trwa i co dokładnie Państwo widzą?`,
    solve: "znaleźliśmy przyczynę. Nasza instrukcja (po angielsku):",
    wait: "przekazaliśmy sprawę do drugiej linii i odpowiemy najpóźniej jutro.",
    farewell: "Pozdrawiam",
    answer: (number) => `Dziękuję za szybką odpowiedź. Numer to ${number}, reszta bez zmian.`,
    thanks: "Bardzo dziękuję, wszystko już w porządku.",
    again: "Niestety to nie pomogło. Co dalej?",
    close: "Proszę zamknąć zgłoszenie, sprawa sama się wyjaśniła.",
  },
  ja: {
    thing: {
      device: (model, number) => `${model}（シリアル番号 ${number}）`,
      billing: (_model, number) => `お客様番号 ${number}`,
      delivery: (_model, number) => `ご注文番号 ${number}`,
    },
    complaints: [
      (thing, symptom) =>
        `お世話になっております。\n\n${thing}の件です。${symptom}。ご対応をお願いいたします。`,
      (thing, symptom, city) =>
        `サポートご担当者様\n\n${city}で使用しています。${symptom}。${thing}です。どうすればよいでしょうか。`,
    ],
    closings: ["よろしくお願いいたします。", "敬具"],
    greet: (customer) => `${customer} 様`,
    ask: (thing) =>
      `${thing}についてご連絡ありがとうございます。いつからの症状か、また画面や本体の様子を詳しく教えてください。`,
    solve: "原因が分かりました。手順（英語）：",
    wait: "担当部署に引き継ぎました。明日までにご連絡いたします。",
    farewell: "よろしくお願いいたします。",
    answer: (number) =>
      `早速のご返信ありがとうございます。番号は ${number} です。状況は変わりません。`,
    thanks: "解決しました。ありがとうございました。",
    again: "残念ながらまだ直りません。次はどうすればよいでしょうか。",
    close: "解決しましたので、この件は終了してください。",
  },
};

const kindOf = (story: Story): Kind =>
  story.family.key === "billing" || story.family.key === "delivery" ? story.family.key : "device";

/** The words of a story whose customer does not write English. */
export function foreignWords(story: Story): ForeignWords {
  if (story.language === "en") throw new RangeError("English has words of its own.");
  const own = phrases[story.language];
  const thing = own.thing[kindOf(story)](story.model, story.serial);
  const signed = (text: string) => `${text}\n\n${story.customer}`;
  const answered = (text: string, agent: string) =>
    `${own.greet(story.customer)}\n\n${text}\n\n${own.farewell}\n${agent}`;
  return {
    complaint: (draw) =>
      `${draw.pick("complaint", own.complaints)(thing, story.symptom, story.city)}\n\n${draw.pick("say/closing", own.closings)}\n${story.customer}`,
    ask: (agent) => answered(own.ask(thing), agent),
    solve: (agent) => answered(`${own.solve} ${story.fault.resolution}`, agent),
    wait: (agent) => answered(own.wait, agent),
    answer: signed(own.answer(story.serial)),
    thanks: signed(own.thanks),
    again: signed(own.again),
    close: signed(own.close),
  };
}
