import { errorOfQuery, type SqlError } from "../errors";
import type { Environment as FunctionEnvironment } from "../functions/function";
import type { Value } from "../types/sql-type";

/** What expressions are evaluated in. */
export interface Environment extends FunctionEnvironment {
  /** Values of the row around a subquery, by the id of the column that stands for each inside. */
  readonly parameters?: ReadonlyMap<number, Value>;
}

/** Milliseconds between the years 1 and 1970. */
const from1To1970 = 62_135_596_800_000n;

/** A moment as the values of datetime2 count: in 100 ns since the year 1. */
export const momentOf = (ms: number): bigint => (BigInt(Math.round(ms)) + from1To1970) * 10_000n;

/** Numbers from 0 to 1 that are the same for the same seed: each page of an answer sees the same ones. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    // Mulberry32. https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Characters that the functions of one row may go over: a fraction of a second, which nothing can interrupt. */
export const mostCharactersOfRow = 16_000_000;

/** The functions of one row would hold everybody up. */
export const rowTooLong = (): SqlError =>
  errorOfQuery(
    "budget",
    `The functions of one row go over more than ${mostCharactersOfRow.toLocaleString("en-US")} characters, the limit.`,
    {
      hint: "Either use fewer functions on long columns, or shorten the column first: LEFT(description, 4000).",
    },
  );

/** Where constants are computed: nobody is known there, and the work of all of them together is that of one row. */
export function constantEnvironment(nowMs = 0): Environment {
  let characters = 0;
  return {
    now: momentOf(nowMs),
    userId: undefined,
    random: seededRandom(nowMs),
    work(more) {
      characters += more;
      if (characters > mostCharactersOfRow) throw rowTooLong();
    },
  };
}
