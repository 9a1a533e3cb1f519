import { phraseSpans, wordsAt } from "../../../text/whole-words";
import type { RankedArticle } from "../../retrieval/rank-articles";
import type { Evidence, MissingFact, SuggestInput } from "../../types";

/** Details that articles ask for, with the pattern that shows a customer has given them. */
const details: readonly (readonly [
  attribute: string,
  asked: RegExp,
  given: RegExp,
  question: string,
])[] = [
  [
    "serial number",
    /\bserial(?: number| no)?\b/i,
    /\b(?:ser(?:ial|ie|iennummer|iennr)?|s\/n|sn|série|seriale|serienummer|seryjny)(?: (?:number|no|nr))?\W{0,4}(?:is |ist |est |es |è )?(?=[\w-]{0,40}\d)[\w-]{4,}/i,
    "What is the serial number of the device?",
  ],
  [
    "error code",
    /\berror (?:code|message)\b|\bfault code\b/i,
    /\b(?:error|fault|code|alarm)\W{0,4}(?:code\W{0,4})?(?=[\w-]{0,40}\d)[\w-]{2,}/i,
    "Which error code or message do you see, word for word?",
  ],
  [
    "version",
    /\b(?:firmware|software) version\b|\bversion number\b/i,
    /\b(?:version|firmware|release|v)\W{0,4}\d+(?:\.\d+)*/i,
    "Which version is installed?",
  ],
  [
    "order number",
    /\border (?:number|no)\b/i,
    /\b(?:order|po|bestell(?:ung|nummer|nr)|commande|pedido|ordine|bestelling|encomenda|zamówieni[ea])(?: (?:number|no|nr))?\W{0,4}(?:is |ist |est |es |è )?(?=[\w-]{0,40}\d)[\w-]{4,}/i,
    "What is the number of your order?",
  ],
  [
    "model",
    /\bmodel (?:number|name)\b|\bwhich model\b/i,
    /\bmodel(?: (?:number|name))?\W{0,4}(?:is )?(?=[\w-]{0,40}\d)[\w-]{2,}/i,
    "Which model is it?",
  ],
];

/** An article that scores so much of the best one's score is to the matter as well. */
const toTheMatter = 0.6;

/** What an intent that is less sure asks for has mostly nothing to do with what the customer wrote. */
const leastOfIntent = 0.45;

/** What the intent or an article to the matter asks for and the customer has not said, with the question to ask; five at most. */
export function missingFacts(
  input: SuggestInput,
  words: string,
  ranked: readonly RankedArticle[],
  areToTheMatter = true,
): readonly MissingFact[] {
  const missing: MissingFact[] = [];
  const add = (fact: MissingFact) => {
    // Who asks for the firmware version has asked for the version.
    const parts = fact.attribute.toLowerCase().split(/\s+/);
    const isAsked = missing.some(({ attribute }) => {
      const held = attribute.toLowerCase().split(/\s+/);
      return parts.every((part) => held.includes(part));
    });
    if (!isAsked) missing.push(fact);
  };
  const isSure = (input.intent?.confidence ?? 1) >= leastOfIntent;
  for (const { name, question, known } of isSure ? (input.intent?.attributes ?? []) : []) {
    if (known ?? isGiven(name, words)) continue;
    add({ attribute: name, question: question ?? `What is the ${name.toLowerCase()}?`, why: [] });
  }
  for (const [attribute, asked, given, question] of details) {
    // The best of articles that answer nothing is about something else, and so is what it asks for.
    const source = areToTheMatter
      ? ranked.find(({ text, share }) => share >= toTheMatter && asked.test(text))
      : undefined;
    if (source === undefined || given.test(words)) continue;
    const match = asked.exec(source.text);
    const at = match?.index ?? 0;
    const quote = match?.[0] ?? "";
    const why: Evidence = {
      ref: source.article.ref,
      kind: "knowledge",
      score: source.share,
      quote,
      span: [at, at + quote.length],
    };
    add({ attribute, question, why: [why] });
  }
  if (missing.length === 0 && ranked.length === 0) {
    add({ attribute: "symptom", question: "What exactly happens, and since when?", why: [] });
  }
  return missing.slice(0, 5);
}

const valueBehind = /\W{0,3}(?:is|are|was|:|=|#|number)?\W{0,3}[\w"'-]{2,}/iy;

/** The attribute's words stand in the text, followed by something that can be a value. */
function isGiven(attribute: string, words: string): boolean {
  const known = details.find(([name]) => name === attribute.toLowerCase());
  if (known) return known[2].test(words);
  return phraseSpans(wordsAt(words), attribute).some(([, end]) => {
    valueBehind.lastIndex = end;
    return valueBehind.test(words);
  });
}
