import { bareText, sentencesOf, stemsOf } from "./text";

/*
 * What the AI functions answer here: rules instead of a model, so that the same text gives the same answer on every
 * machine. They are as good as rules are; their purpose is that callers can be tried.
 */

export type Sentiment = "Positive" | "Neutral" | "Negative";

const glad =
  "thank thanks great excellent perfect happy love loved wonderful helpful solved fixed works working pleased resolved fast friendly danke super toll zufrieden merci parfait content genial gracias perfecto".split(
    " ",
  );
const cross =
  "angry annoyed awful bad broken broke cancel cannot complaint crash crashed damaged dead disappointed dropping drops error fail failed failing faulty frustrated horrible lost never problem refund stopped terrible unacceptable urgent useless waiting worse worst wrong kaputt defekt fehler schlecht verärgert problème panne cassé erreur roto fallo mal".split(
    " ",
  );
const gladStems = new Set(glad.flatMap(stemsOf));
const crossStems = new Set(cross.flatMap(stemsOf));
const turns = new Set([
  "not",
  "no",
  "never",
  "nicht",
  "kein",
  "pas",
  "don",
  "doesn",
  "isn",
  "hardly",
]);

/** Glad words less cross ones; a word behind a negation counts for the other side. */
export function sentimentScore(text: string): number {
  const words = [...bareText(text).matchAll(/[\p{L}]+/gu)].map(([word]) => word.toLowerCase());
  let score = 0;
  for (const [index, word] of words.entries()) {
    const [stem = ""] = stemsOf(word);
    const weight = gladStems.has(stem) ? 1 : crossStems.has(stem) ? -1 : 0;
    const isTurned = words.slice(Math.max(0, index - 2), index).some((one) => turns.has(one));
    score += isTurned && word !== "never" ? -weight : weight;
  }
  return score;
}

export function sentimentOf(text: string): Sentiment {
  const score = sentimentScore(text);
  return score > 0 ? "Positive" : score < 0 ? "Negative" : "Neutral";
}

/** The most telling sentences in their order: those whose words the text uses most. */
export function summaryOf(text: string, most = 3): string {
  const sentences = sentencesOf(text);
  if (sentences.length <= most) return sentences.join(" ");
  const counts = new Map<string, number>();
  for (const stem of stemsOf(text)) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  const scored = sentences.map((sentence, index) => {
    const stems = [...new Set(stemsOf(sentence))];
    const weight = stems.reduce((sum, stem) => sum + (counts.get(stem) ?? 0), 0);
    return {
      sentence,
      index,
      score: (weight / Math.sqrt(stems.length + 4)) * (index === 0 ? 1.5 : 1),
    };
  });
  return scored
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, most)
    .sort((a, b) => a.index - b.index)
    .map(({ sentence }) => sentence)
    .join(" ");
}

/** What words of a category may also be called by people who write to a service desk. */
const alike: Readonly<Record<string, string>> = {
  problem: "broken fails error defective stopped drops noise leak crash wrong faulty noisy dead",
  question: "how what when where why which can could wonder ask",
  request: "please need want like order send replace install return quote add",
  complaint: "angry unacceptable disappointed complain terrible refund",
  billing: "invoice bill charge paid payment price refund amount credit",
  delivery: "deliver parcel ship arrived late courier tracking package",
  high: "urgent immediately asap outage down critical danger now",
  low: "whenever minor cosmetic curious sometime",
  technical: "error firmware install reset connection screen software device",
  password: "login locked sign account reset",
};

/** The category whose words the text shares most; without any, the first that is a neutral one, or the first. */
export function classOf(text: string, categories: readonly string[]): string {
  const stems = stemsOf(text);
  const counts = new Map<string, number>();
  for (const stem of stems) counts.set(stem, (counts.get(stem) ?? 0) + 1);
  let best = { category: "", score: 0 };
  for (const category of categories) {
    const own = stemsOf(category);
    const near = own.flatMap((stem) =>
      Object.entries(alike).flatMap(([name, words]) =>
        stemsOf(name)[0] === stem ? words.split(" ").flatMap(stemsOf) : [],
      ),
    );
    const hits = (list: readonly string[]) =>
      [...new Set(list)].reduce((sum, stem) => sum + (counts.get(stem) ?? 0), 0);
    const isAsking = /question/i.test(category) && text.includes("?") ? 1 : 0;
    const score = 3 * hits(own) + hits(near) + isAsking;
    if (score > best.score) best = { category, score };
  }
  if (best.score > 0) return best.category;
  return (
    categories.find((category) => /^(other|general|none|normal|medium|neutral)$/i.test(category)) ??
    categories[0] ??
    ""
  );
}

const patterns: readonly (readonly [RegExp, RegExp])[] = [
  [/e-?mail/i, /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g],
  [/phone|telephone|mobile|number to call/i, /\+?\(?\d[\d\s().-]{6,}\d/g],
  [/url|link|web ?site|address of the page/i, /https?:\/\/[^\s<>"')]+/g],
  [
    /date|day|when/i,
    /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}(?:, \d{4})?\b/g,
  ],
  [/time|hour/i, /\b\d{1,2}:\d{2}(?:\s?[ap]m)?\b/gi],
  [
    /amount|price|money|cost|sum/i,
    /[€$£]\s?\d[\d.,]*\d|[€$£]\s?\d|\b\d[\d.,]*\s?(?:€|EUR|USD|dollars|euros?)\b/gi,
  ],
  [
    /case|ticket|order|invoice|serial|model|reference|product|number|code/i,
    /\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*\b/g,
  ],
  [/name|person|customer|people|who/i, /\b(?:\p{Lu}\p{Ll}+ ){1,2}\p{Lu}\p{Ll}+\b/gu],
];

/** What follows the entity's own name (`serial number: X`), else what has its look. */
export function extracted(text: string, entity: string): string[] {
  const plain = bareText(text);
  const name = entity.trim().replace(/[$()*+.?[\\\]^{|}/]/g, "\\$&");
  const told = [
    ...plain.matchAll(
      new RegExp(`\\b${name}\\b\\s*(?:is|:|=|#|no\\.?)\\s*([^\\s,;]+[^\\s,;.!?])`, "giu"),
    ),
  ].map(([, value = ""]) => value);
  if (told.length > 0) return [...new Set(told)];
  const pattern = patterns.find(([kind]) => kind.test(entity))?.[1];
  const found =
    pattern === undefined ? [] : [...plain.matchAll(pattern)].map(([one]) => one.trim());
  return [...new Set(found)];
}

const doing =
  /^(?:please\s+)?(?:activate|add|call|change|charge|check|choose|clean|close|connect|contact|disconnect|download|empty|enter|fit|go|hold|install|keep|leave|let|lift|log|make|move|open|place|plug|press|pull|push|put|remove|replace|reset|restart|run|select|send|set|switch|take|tighten|try|turn|unplug|update|use|wait|wipe)\b/i;

/** A reply that says what was understood and repeats what the text itself tells to do. */
export function replyTo(text: string): string {
  const sentences = sentencesOf(text);
  const steps = sentences.filter((sentence) => doing.test(sentence)).slice(0, 4);
  const concern = summaryOf(
    sentences.filter((sentence) => !doing.test(sentence)).join(" "),
    1,
  ).replace(/[.!?]+$/, "");
  const opening =
    sentimentOf(text) === "Negative"
      ? "Thank you for contacting us. I am sorry for the trouble this has caused."
      : "Thank you for contacting us.";
  const parts = [
    opening,
    ...(concern === "" ? [] : [`I understand that this is about the following: ${concern}.`]),
    ...(steps.length === 0
      ? ["I am looking into it and will come back to you as soon as I know more."]
      : ["This usually helps:", ...steps]),
    "Please let me know if there is anything else I can do.",
  ];
  return parts.join("\n");
}
