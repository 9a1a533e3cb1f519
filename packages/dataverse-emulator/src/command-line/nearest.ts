/** How many letters must change to make one word of the other (Levenshtein). */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...left].entries()) {
    const next = [at + 1];
    for (let column = 1; column <= right.length; column++) {
      const isSame = letter === right[column - 1];
      next.push(
        Math.min(
          (row[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          (row[column - 1] ?? 0) + (isSame ? 0 : 1),
        ),
      );
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** The word that `name` was most likely meant to be; undefined when none is near. */
export function nearest(name: string, words: readonly string[]): string | undefined {
  const wanted = name.toLowerCase().slice(0, 100);
  const rated = words
    .map((word) => ({ word, far: word.startsWith(wanted) ? 0 : distance(wanted, word) }))
    .sort((a, b) => a.far - b.far);
  const [best] = rated;
  return best && best.far <= Math.max(2, Math.floor(best.word.length / 2)) ? best.word : undefined;
}
