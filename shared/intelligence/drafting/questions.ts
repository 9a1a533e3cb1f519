import { safeLine } from "../../text/ways-out";
import type { ReadSource } from "../read-sources";
import { keywords } from "../retrieval/ranker";

/** A question of the customer's. `help` asks what to do, `call` to be called, `news` how it stands; `matter` is about something. */
export interface Question {
  /** As it may stand in a reply: one line without links, addresses and numbers to pay to. */
  readonly text: string;
  readonly kind: "call" | "help" | "matter" | "news";
}

/** A question that is put as a wish or a statement. */
const indirect =
  /(?:(?:please|kindly|could you|can you) (?:tell|let|inform|confirm)\b|(?:i|we) (?:would|'d) like to know|want(?:ed)? to know|wonder(?:ing)? (?:if|whether|when|why|how)|(?:möchte|möchten|wüsste|wüssten|will|wollen) (?:ich |wir )?(?:gern[e]? )?(?:wissen)|teilen sie (?:mir|uns)[^\n]{0,20} mit,? (?:ob|wann|wie|was|warum|wo)|sagen sie (?:mir|uns)[^\n]{0,20},? (?:ob|wann|wie|was|warum|wo)|(?:je voudrais|j'aimerais|nous voudrions|nous aimerions) savoir|(?:dites|indiquez)-(?:moi|nous)|(?:quisiera|quisiéramos|me gustaría|nos gustaría|quiero|queremos) saber|dígan?(?:me|nos)|(?:vorrei|vorremmo) sapere|(?:mi|ci) dica|(?:wil|willen|zou|zouden) (?:ik |we |wij )?(?:graag )?(?:willen )?weten|laat (?:mij|me|ons) weten|gostar(?:ia|íamos) de saber|(?:chciał(?:a)?bym|chcielibyśmy) wiedzieć|proszę o informację|教えて(?:ください|いただ)|知りたい)/iu;
const sentence = /[^\n.!?？。！…]+[.!?？。！…]?/gu;

const callBack =
  /\b(?:call|phone|ring) (?:me|us)\b|\bcall[ -]?back|rückruf|zurückruf|ruf\p{L}{0,3} (?:sie )?(?:mich|uns)|rappel(?:er|ez)|appelez-|llám[ae]n?(?:me|nos)|devolver la llamada|(?:me|nos) llam|richiam|chiami|terugbel|terug te bellen|bel(?:t u)? (?:mij|me|ons)|ligar|ligue|oddzwo|zadzwo|折り返し|電話/iu;
const news =
  /any (?:news|update)|(?:anybody|anyone) there|what is (?:the status|going on|happening)|gibt es (?:etwas )?neu|wie (?:ist|steht) (?:der|es|um)\b.{0,20}(?:stand|sache|fall)?|des nouvelles|où en est|alguna (?:novedad|noticia)|cómo va|novità|a che punto|is er (?:al )?nieuws|hoe staat het|alguma novidade|como está o (?:caso|processo)|jakieś wieści|jaki jest status|進捗|どうなって/iu;
const help =
  /(?:can|could|will|would) (?:you|somebody|someone|anybody) (?:please )?help|help (?:me|us)|what (?:can|should|do|must|else can|shall) (?:we|i|you|one)\b.{0,12}(?:do|try|suggest|recommend|advise)?|what (?:next|now|to do)|how do (?:we|i) go on|does (?:anybody|anyone) else|tell (?:me|us) what to do|was (?:können|kann|soll|sollen|muss|müssen|tun|mache|machen)\b.{0,25}|helfen|wie geht es weiter|was nun|que (?:faire|pouvons|puis-je|dois-je|devons|nous conseillez|me conseillez)|(?:nous|m') ?aider|pouvez-vous|qué (?:podemos|puedo|debo|debemos|hago|hacemos|más)|ayudar|(?:che )?cosa (?:posso|possiamo|devo|dobbiamo|fare)|aiutar|wat (?:kan|kunnen|moet|moeten|nu)\b|helpen|o que (?:posso|podemos|devo|devemos|fazer|faço)|ajudar|co (?:możemy|mogę|mam|mamy|robić|zrobić|dalej)|pomóc|pomoc|どうすれば|どうしたら|助けて|対応.{0,6}(?:ください|願)/iu;

const longestRead = 8_000;
/** So many of a customer's questions are told. */
const mostQuestions = 5;
/** What is longer is no question that a reply would repeat. */
const longestQuestion = 200;

/** What the customer asks, each question once, in the order of the texts. */
export function questionsOf(sources: readonly ReadSource[]): readonly Question[] {
  const found = new Map<string, Question>();
  for (const { text } of sources) {
    for (const [said] of text.slice(0, longestRead).matchAll(sentence)) {
      if (!/[?？]$/.test(said) && !indirect.test(said)) continue;
      const question = safeLine(said.trim())?.replace(/^[-*•¿–\s]{1,10}(?=[^¿])/u, (lead) =>
        lead.includes("¿") ? "¿" : "",
      );
      if (question === undefined || question.length > longestQuestion) continue;
      const key = question.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ");
      if (!found.has(key)) found.set(key, { text: question, kind: kindOf(question) });
    }
  }
  return [...found.values()].slice(0, mostQuestions);
}

/** One or two words of a script with blanks. */
const short = /^[¿\s]{0,3}[\p{Script=Latin}'’]{1,20}(?: [\p{Script=Latin}'’]{1,20})?\s?\?+$/u;

function kindOf(text: string): Question["kind"] {
  if (callBack.test(text)) return "call";
  // "How?" asks for what the rest of the text is about.
  if (short.test(text)) return "help";
  if (news.test(text)) return "news";
  return help.test(text) && !isAboutSomething(text) ? "help" : "matter";
}

/** "What can we do about the warranty?" asks for more than help. */
const special =
  /warrant|guarant|garant|gewähr|refund|erstatt|rembours|reembols|rimbors|terugbetal|zwrot|price|cost|kost|preis|prix|precio|prezzo|prijs|preço|cen[ay]|when|wann|quand|cuándo|quando|wanneer|kiedy|保証|返金|いつ|いくら/iu;
const isAboutSomething = (text: string): boolean => special.test(text);

const wantsTime =
  /\b(?:when|how (?:long|soon)|wann|wie lange|bis wann|quand|combien de temps|dans quel délai|cuándo|cuánto tiempo|quando|quanto tempo|wanneer|hoe lang|kiedy|jak długo)(?!\p{L})|いつ|何日/iu;
const wantsAmount =
  /\b(?:how much|what does it cost|price|wie viel|was kostet|combien(?! de temps)|quel prix|cuánto(?! tiempo)|quanto costa|quanto(?! tempo)|hoeveel|wat kost|ile)(?!\p{L})|いくら/iu;
// A digit counts with the words behind it; of a run of digits the last is enough, or long numbers would be read again and again.
const hasTime =
  /\d(?!\d)[^.\d\n]{0,20}(?:day|hour|minute|week|month|tag|stunde|woche|monat|jour|heure|semaine|mois|día|hora|semana|mes|giorn|or[ae]|settiman|dag|uur|wek|week|dia|dni|godzin|tydzie)|(?:one|two|three|four|five|six|seven|ten|next|working) (?:to \w+ )?(?:working )?(?:day|hour|week|month|minute)|today|tomorrow|heute|morgen|[日時分週]/iu;
const hasAmount =
  /[€$£]|\b(?:EUR|USD|GBP|CHF|PLN|euros?|free of charge|free|kostenlos|gratuit|gratis)\b|円/iu;

const wantsReason =
  /\b(?:why|how come|warum|wieso|weshalb|pourquoi|por qu[ée]|perché|waarom|dlaczego)(?!\p{L})|なぜ|どうして/iu;
const money =
  /refund|money back|geld zurück|erstatt|rembours|reembols|devoluci[óo]n|rimbors|terugbeta|geld terug|zwrac|zwrot|返金/iu;

/** So much of what a question is about must stand in what is told. */
const leastHeld = 0.6;

/**
 * Whether what is told answers a question. A question for a time is answered by nothing without one, and a matter that what is
 * told does not name is open.
 */
export function isAnswered(question: Question, told: string, about: string): boolean {
  if (question.kind === "help") return told !== "";
  if (question.kind !== "matter" || told === "") return false;
  if (wantsTime.test(question.text) && !hasTime.test(told)) return false;
  if (wantsAmount.test(question.text) && !hasAmount.test(told)) return false;
  // Why something happened in this case is told by nothing that is known.
  if (wantsReason.test(question.text)) return false;
  if (money.test(question.text)) return money.test(told);
  const words = [...new Set(keywords(question.text))];
  if (words.length === 0) return false;
  const there = new Set(keywords(`${special.test(question.text) ? "" : about} ${told}`));
  return words.filter((word) => there.has(word)).length >= leastHeld * words.length;
}
