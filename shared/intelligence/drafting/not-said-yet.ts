import { directionOf, titleDirections } from "../encoder/title-directions";
import { tellLanguage } from "../language-detection";

/** A sentence as near to a question as that tells what the question asks for. */
const tells = 0.34;
/** Sentences of the customer's that are compared: each costs some 20 ms. */
const mostRead = 10;
const shortest = 3;

/** Those of some English questions that the customer's English words do not answer already. */
export async function notSaidYet<T>(
  questions: readonly T[],
  wordsOf: (question: T) => string,
  words: string,
): Promise<readonly T[]> {
  const isEnglish = questions.length > 0 && tellLanguage(words).tag === "en";
  if (!isEnglish) return questions;
  const sentences = clausesOf(words);
  const said: Float32Array[] = [];
  for (const sentence of sentences) said.push(await directionOf(sentence));
  const asked = await titleDirections(questions.map(wordsOf));
  return questions.filter((_, at) => {
    const question = asked[at] as Float32Array;
    return said.every((one) => nearness(one, question) < tells);
  });
}

/** What stands between full stops and commas, the first of it. */
function clausesOf(words: string): readonly string[] {
  const clauses = words
    .slice(0, 2_000)
    .split(/[.!?;,\n]/u)
    .map((clause) => clause.trim())
    .filter((clause) => clause.split(" ").length >= shortest);
  return [...new Set(clauses)].slice(0, mostRead);
}

function nearness(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < one.length; d++) sum += (one[d] as number) * (other[d] as number);
  return sum;
}
