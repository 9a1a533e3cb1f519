/** Edits (insert, delete, replace, swap of neighbours) between two words: optimal string alignment distance. */
export function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const same = left[i - 1] === right[j - 1];
      const swapped =
        i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      row.push(
        Math.min(
          (last[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + 1,
          (last[j - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    beforeLast = last;
    last = row;
  }
  return last[right.length] ?? 0;
}

/** How many edits still count as a slip of the pen. */
const tolerance = (word: string): number => (word.length <= 4 ? 1 : word.length <= 8 ? 2 : 3);

/** Up to `limit` of `names` that look like `word` (but are not it), best first. Same case is the caller's business. */
export function nearest(word: string, names: Iterable<string>, limit = 3): string[] {
  const allowed = tolerance(word);
  const scored: { name: string; score: number }[] = [];
  for (const name of names) {
    if (name === word || Math.abs(name.length - word.length) > 12) continue;
    let score = Math.abs(name.length - word.length) > allowed ? 99 : editDistance(word, name);
    if (word.length >= 4 && (name.startsWith(word) || name.endsWith(word))) {
      score = Math.min(score, 2);
    }
    if (score <= allowed) scored.push({ name, score });
  }
  scored.sort((a, b) => a.score - b.score || a.name.length - b.name.length);
  return scored.slice(0, limit).map((one) => one.name);
}
