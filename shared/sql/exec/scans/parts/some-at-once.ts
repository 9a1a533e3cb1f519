/** So many queries are under way at once: the service allows a person 52. */
export const atOnce = 4;

/** Works through a list that grows meanwhile, some at once. What fails ends the others before it is thrown. */
export async function allOf<One>(
  waiting: One[],
  work: (one: One) => Promise<void>,
  { most, goesOn }: { readonly most: () => number; readonly goesOn: () => boolean },
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  while ((waiting.length > 0 || underWay.size > 0) && failures.length === 0 && goesOn()) {
    const one = underWay.size < most() ? waiting.pop() : undefined;
    if (one === undefined) {
      await Promise.race(underWay);
      continue;
    }
    const task = work(one)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(task));
    underWay.add(task);
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}
