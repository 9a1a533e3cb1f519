/**
 * What `work` gives, or, when it fails or takes longer than `ms`, what `otherwise` gives; the work goes on by itself. A refusal
 * to wait, not to work.
 */
export async function orAfter<T>(work: Promise<T>, ms: number, otherwise: () => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise()), ms);
  });
  try {
    return await Promise.race([work.catch(otherwise), late]);
  } finally {
    clearTimeout(timer);
  }
}
