/** A fault on demand, for tests of clients. */
export interface Fault {
  /** `status` answers with it; `reset-before` and `reset-after` cut the connection before or after the work; `stall` never answers; `cut` ends the body half way. */
  readonly kind: "status" | "reset-before" | "reset-after" | "stall" | "cut";
  readonly status?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly code?: string;
  readonly message?: string;
  /** Only requests whose method and path (`PATCH incidents(…)`) match this pattern. */
  readonly match?: string;
  /** How often; 1 unless told. */
  readonly times?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault for this request, used up by it. */
  take(methodAndPath: string): Fault | undefined;
}

export function createFaults(): Faults {
  let queue: { fault: Fault; left: number; pattern: RegExp }[] = [];
  return {
    add: (fault) =>
      queue.push({ fault, left: fault.times ?? 1, pattern: new RegExp(fault.match ?? "") }),
    clear: () => {
      queue = [];
    },
    take(methodAndPath) {
      const found = queue.find((each) => each.pattern.test(methodAndPath));
      if (found === undefined) return undefined;
      found.left--;
      if (found.left <= 0) queue = queue.filter((each) => each !== found);
      return found.fault;
    },
  };
}
