/** `npm run matrices` sets it: then every cell of a matrix is tried. */
export const isWhole = process.env.MATRIX === "whole";

/**
 * What `npm test` tries of a matrix that takes minutes: every so manieth cell, spread over all of it; the whole of it where
 * `npm run matrices` asks.
 *
 * @param every a number that shares no divisor with the lengths of the lists of which the cells are made, or it would miss whole rows
 */
export const shareOf = <T>(cells: readonly T[], every: number): readonly T[] =>
  isWhole ? cells : cells.filter((_, at) => at % every === 0);
