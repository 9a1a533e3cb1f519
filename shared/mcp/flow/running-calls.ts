import type { Caller } from "../../context";
import type { Call, GivenUp } from "./call";

/** A request's id, as JSON-RPC has it. */
export type RequestId = string | number;

/** What is known of the program that sent a request. */
export interface Sender {
  readonly caller: Caller;
  /** What else tells programs of one person apart: its name and its address, as far as headers say. */
  readonly program: string;
}

/** The calls that are under way in this process. */
export class RunningCalls {
  readonly #calls = new Map<Call, string | undefined>();
  #whenEmpty: (() => void) | undefined;

  /** @param id undefined when the call cannot be cancelled by a message */
  add(call: Call, sender: Sender, id: RequestId | undefined): void {
    this.#calls.set(call, id === undefined ? undefined : keyOf(sender, id));
  }

  delete(call: Call): void {
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#whenEmpty?.();
  }

  get size(): number {
    return this.#calls.size;
  }

  /**
   * Gives up the call that a `notifications/cancelled` means. It names a request by an id that is unique for one client
   * alone, and there is no session here: where two calls of this person, from one program at one address, bear the id,
   * nobody can say which is meant, and a call too many is better than the wrong one given up.
   */
  cancel(sender: Sender, id: RequestId): void {
    const key = keyOf(sender, id);
    const meant = [...this.#calls].filter(([, each]) => each === key);
    if (meant.length === 1) meant[0]?.[0].giveUp("cancelled");
  }

  giveUpAll(why: GivenUp): void {
    for (const call of this.#calls.keys()) call.giveUp(why);
  }

  stopAll(): void {
    for (const call of this.#calls.keys()) call.stop();
  }

  /** Resolves when no call is under way, at the latest after `milliseconds`. */
  settled(milliseconds: number): Promise<void> {
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      this.#whenEmpty = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}

/** `1` and `"1"` are two ids. */
const keyOf = ({ caller, program }: Sender, id: RequestId): string =>
  JSON.stringify([caller.tenantId, caller.objectId, caller.clientId ?? null, program, id]);
