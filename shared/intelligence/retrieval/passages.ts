import { keywords } from "./ranker";

export interface Sentence {
  readonly text: string;
  readonly span: readonly [start: number, end: number];
}

/** Sentences and list lines of a plain text, with where they stand. */
export function sentencesOf(text: string): readonly Sentence[] {
  const found: Sentence[] = [];
  for (const match of text.matchAll(/[^\n.!?]+(?:[.!?](?![\s\n]|$)[^\n.!?]*)*[.!?]*/g)) {
    const lead = match[0].length - match[0].trimStart().length;
    const sentence = match[0].trim();
    const start = match.index + lead;
    if (/[\p{L}\p{N}]/u.test(sentence))
      found.push({ text: sentence, span: [start, start + sentence.length] });
  }
  return found;
}

const cureHeading =
  /^(?:\W*)(?:resolution|solution|fix|workaround|resolving the problem|answer|steps?|procedure|what to do|lösung|abhilfe|solución|résolution)\b\W*$/i;
/** Headings of the other parts of an article: they answer nothing, and end the part before them. */
const otherHeading =
  /^(?:\W*)(?:before you (?:begin|start)|prerequisites?|requirements|what you (?:will )?need|overview|summary|introduction|causes?|root cause|reasons?|background|symptoms?|problem(?: description)?|issue|question|environment|applies to|details|description|(?:more|additional|further) information|notes?|see also|related(?: (?:articles|information|topics))?|references|ursachen?|symptome?|voraussetzungen|bevor sie beginnen|hinweise?|siehe auch|cause|symptômes?|prérequis|avant de commencer|causas?|síntomas?|requisitos|antes de (?:empezar|comenzar))(?:\W*)$/i;
/** What stands under these tells the customer what the customer told us. */
const retold = /^\W*(?:symptom|symptôme|síntoma|problem|issue|question)/i;
const imperative =
  /^(?:\W|\d)*(?:to |go |click|select|open|press|hold|check|replace|remove|install|set|restart|reset|turn|enter|update|download|run|contact|use|make sure|ensure|wait|unplug|connect|choose|clean|tighten|verify)\b/i;

/**
 * The run of sentences of an article that answers a question best: words of the question, instructions and what stands
 * under a heading such as "Resolution" count. In the order of the article.
 *
 * @param most sentences to return
 */
export function bestPassage(text: string, question: string, most = 5): readonly Sentence[] {
  const sentences = sentencesOf(text);
  const asked = new Set(keywords(question));
  let underCure = 0;
  let isRetold = false;
  const worth = sentences.map((sentence) => {
    if (cureHeading.test(sentence.text)) {
      underCure = 8;
      isRetold = false;
      return 0;
    }
    if (otherHeading.test(sentence.text)) {
      underCure = 0;
      isRetold = retold.test(sentence.text);
      return 0;
    }
    if (isRetold) return 0;
    const shared = new Set(keywords(sentence.text).filter((word) => asked.has(word))).size;
    const bonus = (underCure-- > 0 ? 1.5 : 0) + (imperative.test(sentence.text) ? 1 : 0);
    return shared + bonus;
  });
  let best = 0;
  let bestSum = -1;
  for (let start = 0; start < sentences.length; start++) {
    const sum = worth.slice(start, start + most).reduce((total, one) => total + one, 0);
    if (sum > bestSum) [best, bestSum] = [start, sum];
  }
  const run = sentences
    .slice(best, best + most)
    .filter(({ text: one }) => !cureHeading.test(one) && !otherHeading.test(one));
  // Sentences at either end that say nothing to the matter are not part of the answer.
  while (run.length > 1 && (worth[sentences.indexOf(run.at(-1) as Sentence)] ?? 0) === 0) run.pop();
  while (run.length > 1 && (worth[sentences.indexOf(run[0] as Sentence)] ?? 0) === 0) run.shift();
  return run;
}
