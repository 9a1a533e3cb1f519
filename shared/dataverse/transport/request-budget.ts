import { AppError } from "../../errors";

const budgetSetting = "MCP_MAX_DATAVERSE_REQUESTS";
/** So many budgets all calls of a batch share: more work than that in one request is a flood. */
const budgetsOfBatch = 5;

/**
 * How many requests a call may make of Dataverse: each HTTP request, and each operation inside a `$batch`. Repeats after a
 * fault are not counted (the retry policy bounds them), nor is what is read for everybody (definitions of tables).
 *
 * It stops a call before its first change only. What has begun is ended and checked, whatever it costs, so whoever makes
 * several changes asks with `demand` first.
 */
export class RequestBudget {
  readonly #limit: number;
  readonly #batch: RequestBudget | undefined;
  readonly #subject: string;
  readonly #usedFor = new Map<string, number>();
  #used = 0;
  #hasWritten = false;

  private constructor(limit: number, subject: string, batch?: RequestBudget) {
    this.#limit = limit;
    this.#subject = subject;
    this.#batch = batch;
  }

  /** Of one call, within that of its batch. */
  static ofCall(limit: number, batch?: RequestBudget): RequestBudget {
    return new RequestBudget(limit, "What this call asks for needs", batch);
  }

  /** Of all calls of one HTTP request together. */
  static ofBatch(limitOfCall: number): RequestBudget {
    return new RequestBudget(limitOfCall * budgetsOfBatch, "The calls of this batch together need");
  }

  /** For work that no caller waits for: measuring, simulating. */
  static unlimited(): RequestBudget {
    return new RequestBudget(Number.POSITIVE_INFINITY, "This needs");
  }

  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Requests that may be made yet. */
  get left(): number {
    if (this.#hasWritten) return Number.POSITIVE_INFINITY;
    return Math.min(this.#limit - this.#used, this.#batch?.left ?? Number.POSITIVE_INFINITY);
  }

  /**
   * Takes `count` requests.
   *
   * @param what verb and address without keys; shown when the budget is spent
   * @throws AppError `invalid` when they are more than is left, unless the call has changed something
   */
  take(what: string, count: number): void {
    this.demand(what, count);
    this.#count(what, count);
    if (this.#batch !== undefined) this.#batch.#count(what, count);
  }

  /** @throws AppError `invalid` when fewer than `count` requests are left and nothing was changed yet */
  demand(what: string, count: number): void {
    if (this.#hasWritten) return;
    if (this.#used + count > this.#limit) throw this.#spent(what, count);
    this.#batch?.demand(what, count);
  }

  /** From now on nothing is refused. */
  wrote(): void {
    this.#hasWritten = true;
  }

  #count(what: string, count: number): void {
    this.#used += count;
    this.#usedFor.set(what, (this.#usedFor.get(what) ?? 0) + count);
  }

  #spent(what: string, count: number): AppError {
    const most = [...this.#usedFor].sort(([, a], [, b]) => b - a).slice(0, 3);
    const used = most.map(([name, times]) => `${times} × ${name}`).join(", ");
    return new AppError(
      "invalid",
      `${this.#subject} more than ${this.#limit} requests to Dataverse, which is the most. It was stopped before anything was changed.`,
      {
        problems: [
          `Used: ${this.#used}${used === "" ? "" : ` (most of them ${used})`}.`,
          `Needed next: ${count} × ${what}.`,
        ],
        hint: `Do it in parts: fewer columns, names or tables at a time, and records by id in place of names. An administrator can raise ${budgetSetting}.`,
      },
    );
  }
}
