import { asksWhether, loadWordVectors, meaningsOf, Ranker, spokenOf } from "../../intelligence";
import { holdsWhole } from "../../text";
import { HeldWords, type Rankable, type Ranked, rankHits } from "./rank-hits";

const longestPassage = 900;
/** A passage that holds so much of the question answers it; with less, it must stand out from the others. */
const enough = 0.5;
const enoughIfOutstanding = 0.45;
const outstanding = 0.6;
/** What is so far behind the best passage is filler. */
const leastOfBest = 0.4;
/** Rows that each tell of the same occasion again must not take the room of what was written as an answer. */
const mostOccasions = 3;
/** Beyond all ranks. */
const named = 10;
/** Passages that hold less of the question have nothing to do with it. */
const least = 0.15;

/** Titles that the sentence encoder compares. */
const mostMeant = 30;
const weightOfMeaning = 1.5;
/** Where no title is nearer than this to the question, the nearest says as little as it is near. */
const leastTop = 0.35;
/** What has no title that tells what it is about is neither brought up by its meaning nor let down. */
const meaningUnsaid = 0.5;

/** What is ranked, with what is known of it beside its text. */
export interface Rankworthy extends Rankable {
  /** What people call it: a question that names it asks for it. */
  readonly number?: string | undefined;
  /** Words that it is found by and that are not shown. */
  readonly foundBy?: string | undefined;
  /** Its title says what it answers. */
  readonly isTitled?: boolean;
  /** Under 1 for what was not written as an answer. */
  readonly weight?: number;
}

/**
 * What may answer a question, best first, without filler; and whether the first is convincing. All scores are on one scale: the
 * first has the share of the question that it holds, or how sure it is that its title means what is asked, and less where it does
 * not speak of what a question is about; the others as much of that as they have of its rank.
 */
export async function rankPassages<T extends Rankworthy>(
  question: string,
  candidates: readonly T[],
  most: number,
): Promise<{ readonly passages: readonly Ranked<T>[]; readonly isConvincing: boolean }> {
  if (candidates.length === 0) return { passages: [], isConvincing: false };
  const ranker = await Ranker.inTurns(
    candidates.map(({ title, text, foundBy = "" }, at) => ({
      id: String(at),
      title,
      text: `${text}\n${foundBy}`,
    })),
    await loadWordVectors(),
  );
  const { hits, answerable } = ranker.rank(question, candidates.length);
  const held = await HeldWords.of(
    candidates.map(({ title, text, foundBy = "" }) => `${title} ${text} ${foundBy}`),
  );
  const shares = held.sharesOf(question);
  const asked = question.toLowerCase();
  const byWords = hits.flatMap(({ id, score, share }) => {
    const hit = candidates[Number(id)];
    if (hit === undefined) return [];
    const isNamed = hit.number !== undefined && holdsWhole(asked, hit.number.toLowerCase());
    const holds = isNamed ? 1 : Math.max(share, shares[Number(id)] ?? 0);
    return [{ id, hit, holds, isNamed, rank: score * (hit.weight ?? 1) + (isNamed ? named : 0) }];
  });
  byWords.sort((a, b) => b.rank - a.rank);
  const ranked = await withMeaning(question, byWords);
  const [best] = ranked;
  const heldByBest = best?.holds ?? 0;
  const sure = best === undefined ? 0 : heldByBest * (await answersWhat(question, best));
  const isConvincing = sure >= enough || (sure >= enoughIfOutstanding && answerable >= outstanding);
  let occasions = 0;
  return {
    passages: ranked
      .filter(
        ({ holds, rank }) =>
          holds >= Math.max(least, leastOfBest * heldByBest) &&
          rank >= leastOfBest * (best?.rank ?? 0),
      )
      .filter(({ hit }) => (hit.weight ?? 1) === 1 || ++occasions <= mostOccasions)
      .slice(0, most)
      .map(({ hit, rank }) => ({ hit, score: (sure * rank) / (best?.rank || 1) })),
    isConvincing,
  };
}

/** What does not speak of all that is asked is told beside it: on the scale below what convinces. */
const unsaid = 0.45;
/** Of four words one may be said otherwise. */
const mostlySaid = 0.75;
/** One word in common may be about anything. */
const leastMet = 2;

/**
 * Who asks whether something is so, or about the company, is answered by what speaks of just that: an article about ways to pay
 * says nothing of a coin that it does not name. 1, or less where the passage does not.
 */
async function answersWhat<T extends Rankworthy>(
  question: string,
  { hit, isNamed }: ByWords<T>,
): Promise<number> {
  if (isNamed || !asksWhether(question)) return 1;
  const vectors = await loadWordVectors();
  const { share, met } = spokenOf(
    question,
    [hit.title, hit.text, hit.foundBy ?? ""].join("\n"),
    vectors,
  );
  const isEnough = met >= leastMet || spokenOf(hit.title, question, vectors).share === 1;
  return share >= mostlySaid && isEnough ? 1 : Math.min(unsaid, share);
}

interface ByWords<T> {
  readonly id: string;
  readonly hit: T;
  readonly holds: number;
  readonly isNamed: boolean;
  readonly rank: number;
}

/** The same, ranked by what titles mean as well, where that can be told: a question in other words than its answer holds few of them. */
async function withMeaning<T extends Rankworthy>(
  question: string,
  ranked: readonly ByWords<T>[],
): Promise<readonly ByWords<T>[]> {
  const titled = ranked.filter(({ hit }) => hit.isTitled).slice(0, mostMeant);
  const titles = titled.map(({ id, hit }) => ({ id, title: hit.title }));
  const meanings = await meaningsOf(question, "", titles);
  if (meanings === undefined) return ranked;
  const bestByWords = Math.max(...ranked.map(({ rank, isNamed }) => (isNamed ? 0 : rank))) || 1;
  const top = Math.max(leastTop, ...meanings.near.values());
  return ranked
    .map((one) => {
      const meant = one.hit.isTitled
        ? Math.max(0, meanings.near.get(one.id) ?? 0) / top
        : meaningUnsaid * (one.hit.weight ?? 1);
      const rank = (one.isNamed ? one.rank : one.rank / bestByWords) + weightOfMeaning * meant;
      const isByWords = one.isNamed || !one.hit.isTitled;
      const holds = isByWords ? one.holds : (one.holds + 2 * meanings.sureOf(one.id)) / 3;
      return { ...one, rank, holds };
    })
    .sort((a, b) => b.rank - a.rank);
}

const mostWindows = 200;
const longestLine = 700;

/** A long line in pieces that end at a blank where there is one. */
function piecesOf(line: string): readonly string[] {
  const pieces: string[] = [];
  let from = 0;
  while (line.length - from > longestLine) {
    let to = from + longestLine;
    while (to > from && !/\s/.test(line[to] ?? "")) to -= 1;
    if (to === from) to = from + longestLine;
    pieces.push(line.slice(from, to));
    from = to;
  }
  return [...pieces, line.slice(from)];
}

/** The part of a long text that holds most of the question, in whole lines. */
export function bestPart(query: string, text: string): string {
  if (text.length <= longestPassage) return text;
  const lines = text.split("\n").flatMap(piecesOf);
  // A text of a thousand short lines is looked at from every fifth.
  const step = Math.ceil(lines.length / mostWindows);
  const starts = Array.from({ length: Math.ceil(lines.length / step) }, (_, at) => at * step);
  const windows = starts.map((start) => {
    let part = "";
    for (
      let at = start;
      at < lines.length && part.length + (lines[at]?.length ?? 0) < longestPassage;
      at++
    )
      part += `${lines[at]}\n`;
    return { title: "", text: part.trim() };
  });
  return rankHits(query, windows)[0]?.hit.text || text.slice(0, longestPassage);
}
