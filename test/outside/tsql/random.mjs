/** A small generator of numbers from 0 to 1 (mulberry32), and choices made with it: the same for the same seed. */
export function randomOf(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const upTo = (count) => Math.floor(next() * count);
  return {
    next,
    upTo,
    chance: (share) => next() < share,
    pick: (list) => list[upTo(list.length)],
    /** One to `most` of what `make` makes, parted by commas. */
    list: (most, make) => Array.from({ length: 1 + upTo(most) }, make).join(", "),
  };
}
