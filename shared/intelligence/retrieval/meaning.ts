import { directionOf, titleDirections } from "../encoder/title-directions";
import { tellLanguage } from "../language-detection";

/** What an English question means against what titles mean. */
export interface Meanings {
  /** Cosine of the question and each title, by the title's id; from about 0 for other matters to 1. */
  readonly near: ReadonlyMap<string, number>;
  /**
   * 0 to 1: how sure it is that a title is what is meant: how near it is, and how far before others that say something else.
   */
  sureOf(id: string): number;
}

/** Titles as near to each other as that say the same. */
const sameTitle = 0.7;
/** Fitted on cases and questions in people's words with and without an article. */
const [halfNear, halfBefore, slopeOfNear, slopeOfBefore] = [0.38, 0.05, 10, 12];

/** Undefined where the question is not in English, which is all that the encoder reads. */
export async function meaningsOf(
  question: string,
  title: string,
  titles: readonly { readonly id: string; readonly title: string }[],
): Promise<Meanings | undefined> {
  if (titles.length === 0 || (tellLanguage(question, title).tag ?? "en") !== "en") return undefined;
  const asked = await directionOf(title === "" ? question : `${title}. ${question}`);
  const directions = await titleDirections(titles.map((one) => one.title));
  const all = titles.map(({ id }, at) => {
    const direction = directions[at] as Float32Array;
    return { id, direction, near: dot(asked, direction) };
  });
  return {
    near: new Map(all.map(({ id, near }) => [id, near])),
    sureOf: (wanted) => {
      const found = all.find(({ id }) => id === wanted);
      if (found === undefined) return 0;
      const others = all.filter(({ direction }) => dot(direction, found.direction) < sameTitle);
      const before = found.near - Math.max(0, ...others.map(({ near }) => near));
      const logit = slopeOfNear * (found.near - halfNear) + slopeOfBefore * (before - halfBefore);
      return 1 / (1 + Math.exp(-logit));
    },
  };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] as number) * (b[d] as number);
  return sum;
}
