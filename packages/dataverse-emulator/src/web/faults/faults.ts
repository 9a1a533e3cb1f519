/**
 * Everything that can be ordered, with what it does; README lists it from here. A fault spoils single answers, by what
 * `fault-response.ts` or the server makes of it; what an environment has or lacks is a switch instead (`switches.ts`).
 */
export const faultMeanings = {
  status: "answers with `status` (503), `code` and `message`",
  throttle:
    "the service protection's 429 with `Retry-After`; `limit` says which: `requests`, `time` or `concurrency`",
  unavailable: "503",
  unauthorized: "401, as for a token that expired",
  html: "a gateway's error page, with `status` (502)",
  latency: "waits `ms` and goes on",
  "reset-before": "cuts the connection before the work",
  "reset-after": "cuts the connection after the work",
  stall: "never answers",
  "stall-body": "stops half way through the body and keeps the connection",
  cut: "stops half way through the body and closes",
} as const;

export type FaultKind = keyof typeof faultMeanings;

export const faultKinds = Object.keys(faultMeanings) as readonly FaultKind[];

/** A fault on demand, for tests of clients. */
export interface Fault {
  readonly kind: FaultKind;
  /** Of `status` and `html`. */
  readonly status?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  readonly code?: string;
  readonly message?: string;
  /** Which of the three limits a `throttle` reports; `requests` unless told. */
  readonly limit?: "requests" | "time" | "concurrency";
  /** How long `latency` waits. */
  readonly ms?: number;
  /** Regular expression: only requests whose method and path (`PATCH /api/data/v9.2/incidents(…)`) match. */
  readonly match?: string;
  /** How often; 1 unless told. */
  readonly times?: number;
  /** How many matching requests go by unharmed before. */
  readonly after?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** What is still to come. */
  pending(): readonly (Fault & { readonly left: number })[];
  /** The fault for this request, used up by it. */
  take(methodAndPath: string): Fault | undefined;
}

const numbers: Readonly<Record<string, readonly [least: number, most: number]>> = {
  status: [100, 599],
  retryAfter: [0, 86_400],
  ms: [0, 600_000],
  times: [1, 1_000_000],
  after: [0, 1_000_000],
};
const texts = ["code", "message", "match"];
const limits = ["requests", "time", "concurrency"];

/** Checks a fault that came as JSON. Throws TypeError in words. */
export function readFault(value: Readonly<Record<string, unknown>>): Fault {
  if (!faultKinds.includes(value.kind as Fault["kind"])) {
    throw new TypeError(`'kind' must be one of ${faultKinds.join(", ")}.`);
  }
  for (const [name, given] of Object.entries(value)) {
    if (name !== "kind") checkMember(name, given);
  }
  return value as unknown as Fault;
}

function checkMember(name: string, given: unknown): void {
  const range = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
  if (range !== undefined) {
    const [least, most] = range;
    if (Number.isInteger(given) && Number(given) >= least && Number(given) <= most) return;
    throw new TypeError(`'${name}' must be a whole number from ${least} to ${most}.`);
  }
  if (name === "limit") {
    if (limits.includes(given as string)) return;
    throw new TypeError(`'limit' must be one of ${limits.join(", ")}.`);
  }
  if (!texts.includes(name)) throw new TypeError(`A fault has no '${name}'.`);
  if (typeof given !== "string") throw new TypeError(`'${name}' must be a string.`);
  if (name === "match") patternOf(given);
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch {
    throw new TypeError(`'match' is no regular expression: ${text.slice(0, 100)}`);
  }
}

interface Waiting {
  readonly fault: Fault;
  readonly pattern: RegExp;
  left: number;
  ahead: number;
}

export function createFaults(): Faults {
  let queue: Waiting[] = [];
  return {
    add: (fault) => {
      queue.push({
        fault,
        left: fault.times ?? 1,
        ahead: fault.after ?? 0,
        pattern: patternOf(fault.match ?? ""),
      });
    },
    clear: () => {
      queue = [];
    },
    pending: () => queue.map(({ fault, left }) => ({ ...fault, left })),
    take(methodAndPath) {
      for (const each of queue) {
        if (!each.pattern.test(methodAndPath)) continue;
        if (each.ahead > 0) {
          each.ahead--;
          continue;
        }
        each.left--;
        if (each.left <= 0) queue = queue.filter((one) => one !== each);
        return each.fault;
      }
      return undefined;
    },
  };
}
