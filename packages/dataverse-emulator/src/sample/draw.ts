/**
 * Values drawn by name instead of from a running stream: each is a function of (seed, table, row, field), so row 17 is
 * the same in a set of 5,000 and of 1,000,000, tables can be made in any order, and one row can be made again alone.
 */

/** 32-bit FNV-1a over the names; the same for all rows of a table. */
function prefixOf(seed: number, table: string, field: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (const text of [table, field]) {
    for (let i = 0; i < text.length; i++) {
      hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
    }
    hash = Math.imul(hash ^ 0xff, 0x01000193) >>> 0;
  }
  return hash;
}

/** The finaliser of MurmurHash3, which spreads neighbouring rows apart. */
function finish(prefix: number, row: number): number {
  let hash = (prefix ^ Math.imul(row + 1, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 32 bits that depend on seed, table, row and field, and on nothing else. */
export const mix = (seed: number, table: string, row: number, field: string): number =>
  finish(prefixOf(seed, table, field), row);

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

/** What is known of a table's fields, kept because every row asks again. */
class Fields {
  readonly #prefixes = new Map<string, number>();
  readonly #guids = new Map<string, readonly number[]>();
  readonly #seed: number;
  readonly table: string;

  constructor(seed: number, table: string) {
    this.#seed = seed;
    this.table = table;
  }

  prefix(field: string): number {
    let known = this.#prefixes.get(field);
    if (known === undefined) {
      known = prefixOf(this.#seed, this.table, field);
      this.#prefixes.set(field, known);
    }
    return known;
  }

  /** The four words of a GUID have a prefix each, so that no two rows of a table get the same. */
  words(field: string): readonly number[] {
    let known = this.#guids.get(field);
    if (known === undefined) {
      known = [0, 1, 2, 3].map((part) => prefixOf(this.#seed, this.table, `${field}/${part}`));
      this.#guids.set(field, known);
    }
    return known;
  }
}

const totals = new WeakMap<readonly unknown[], number>();

function totalOf(weights: readonly (readonly [unknown, number])[]): number {
  let total = totals.get(weights);
  if (total === undefined) {
    total = weights.reduce((sum, [, weight]) => sum + weight, 0);
    totals.set(weights, total);
  }
  return total;
}

class RowDraw implements Draw {
  private readonly fields: Fields;
  private readonly row: number;

  constructor(fields: Fields, row: number) {
    this.fields = fields;
    this.row = row;
  }

  unit(field: string): number {
    return finish(this.fields.prefix(field), this.row) / 0x1_0000_0000;
  }

  whole(field: string, low: number, high: number): number {
    return low + Math.floor(this.unit(field) * (high - low + 1));
  }

  chance(field: string, probability: number): boolean {
    return this.unit(field) < probability;
  }

  pick<T>(field: string, from: readonly T[]): T {
    const value = from[Math.floor(this.unit(field) * from.length)];
    if (value === undefined)
      throw new RangeError(`Nothing to pick from for ${this.fields.table}.${field}.`);
    return value;
  }

  weighted<T>(field: string, from: readonly (readonly [value: T, weight: number])[]): T {
    let left = this.unit(field) * totalOf(from);
    for (const [value, weight] of from) {
      left -= weight;
      if (left < 0) return value;
    }
    return this.pick(
      field,
      from.map(([value]) => value),
    );
  }

  guid(field: string): string {
    return guidOf(this.fields.words(field).map((prefix) => finish(prefix, this.row)));
  }
}

/** Draws of any row of any table, from one seed. */
export function drawsFrom(seed: number): (table: string, row: number) => Draw {
  const tables = new Map<string, Fields>();
  return (table, row) => {
    let fields = tables.get(table);
    if (fields === undefined) {
      fields = new Fields(seed, table);
      tables.set(table, fields);
    }
    return new RowDraw(fields, row);
  };
}

export const drawFor = (seed: number, table: string, row: number): Draw =>
  drawsFrom(seed)(table, row);

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
/** Four hexadecimal digits, from the high or the low half of a word. */
const high = (word: number) => `${bytes[word >>> 24]}${bytes[(word >>> 16) & 0xff]}`;
const low = (word: number) => `${bytes[(word >>> 8) & 0xff]}${bytes[word & 0xff]}`;

/** Four 32-bit words as a GUID with the version (4) and variant bits set. */
function guidOf([a = 0, b = 0, c = 0, d = 0]: readonly number[]): string {
  const versioned = ((b & 0xffff_0fff) | 0x4000) >>> 0;
  const variant = ((c & 0x3fff_ffff) | 0x8000_0000) >>> 0;
  return `${high(a)}${low(a)}-${high(versioned)}-${low(versioned)}-${high(variant)}-${low(variant)}${high(d)}${low(d)}`;
}
