export declare function randomOf(seed: number): {
  next(): number;
  upTo(count: number): number;
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  list(most: number, make: () => string): string;
};
