/** A pattern that takes more than linear time, and the code that never gives it more than so many characters. */
export interface Bounded {
  readonly file: string;
  readonly pattern: string;
  /** Characters of the longest text that it is given. */
  readonly longest: number;
  /** Where the length is seen to, and how. */
  readonly because: string;
}

export const bounded: readonly Bounded[] = [];
