/**
 * Values drawn by name instead of from a running stream: each is a function of (seed, table, row, field), so row 17 is
 * the same in a set of 5,000 and of 1,000,000, tables can be made in any order, and one row can be made again alone.
 */

/** 32-bit FNV-1a over the text, then the finaliser of MurmurHash3, which spreads neighbouring rows apart. */
export function mix(seed: number, table: string, row: number, field: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const text of [table, field]) {
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
    }
    hash = Math.imul(hash ^ 0xff, 0x01000193) >>> 0;
  }
  hash = (hash ^ Math.imul(row + 1, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** All draws of one row. */
export interface Draw {
  /** Uniform in [0, 1). */
  unit(field: string): number;
  /** Whole number in [low, high]. */
  whole(field: string, low: number, high: number): number;
  /** True with the given chance, 0 to 1. */
  chance(field: string, probability: number): boolean;
  pick<T>(field: string, from: readonly T[]): T;
  /** Picks by weight; weights need not add up to 1. */
  weighted<T>(field: string, from: readonly (readonly [value: T, weight: number])[]): T;
  /** A version 4 GUID, lower case. */
  guid(field: string): string;
}

export function drawFor(seed: number, table: string, row: number): Draw {
  const unit = (field: string) => mix(seed, table, row, field) / 0x1_0000_0000;
  const pick = <T>(field: string, from: readonly T[]): T => {
    const value = from[Math.floor(unit(field) * from.length)];
    if (value === undefined) throw new RangeError(`Nothing to pick from for ${table}.${field}.`);
    return value;
  };
  return {
    unit,
    pick,
    whole: (field, low, high) => low + Math.floor(unit(field) * (high - low + 1)),
    chance: (field, probability) => unit(field) < probability,
    weighted: (field, from) => {
      const total = from.reduce((sum, [, weight]) => sum + weight, 0);
      let left = unit(field) * total;
      for (const [value, weight] of from) {
        left -= weight;
        if (left < 0) return value;
      }
      return pick(
        field,
        from.map(([value]) => value),
      );
    },
    guid: (field) => guidOf([0, 1, 2, 3].map((part) => mix(seed, table, row, `${field}/${part}`))),
  };
}

/** Four 32-bit words as a GUID with the version (4) and variant bits set. */
function guidOf(words: readonly number[]): string {
  const hex = words.map((word) => word.toString(16).padStart(8, "0")).join("");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
