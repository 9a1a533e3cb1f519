/** CPU that this process has taken so far, all its threads, in milliseconds. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** What the work below takes on a quiet machine of the kind that CI has, once it is compiled. */
const quietMs = 4;

/** Of what the product does most: objects made, written as JSON and read again, and a linear pattern over the text. */
function work(): number {
  const rows = Array.from({ length: 4_000 }, (_, n) => ({
    id: n,
    title: `Case ${n}`,
    open: n % 3,
  }));
  const text = JSON.stringify(rows);
  const read = JSON.parse(text) as typeof rows;
  return text.replace(/[A-Z]\w+/g, (word) => word.toLowerCase()).length + read.length;
}

/**
 * How many times longer CPU work takes at this moment than on a quiet machine, at least 1: where others share the cores and
 * their caches it is two or three. A bar of CPU is held against this, so that it tells of the code and not of the machine.
 */
export function pace(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run++) {
    const before = cpuMs();
    work();
    least = Math.min(least, cpuMs() - before);
  }
  return Math.max(1, least / quietMs);
}
