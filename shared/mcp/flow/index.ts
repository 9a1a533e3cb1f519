import { Bodies } from "./bodies";
import { Places } from "./places";
import { RunningCalls } from "./running-calls";

export interface FlowLimits {
  /** Calls of tools that run at the same time. */
  readonly running: number;
  /** Calls that wait for a place. */
  readonly waiting: number;
  /** Bytes of bodies held, of all calls that run or wait. */
  readonly bodyBytes: number;
  /** Time that the body of a request has for coming in, in milliseconds. */
  readonly bodyMs: number;
}

/** What all requests of a process share: how much of them there may be at a time, and which calls are under way. */
export interface Flow {
  readonly places: Places;
  readonly bodies: Bodies;
  readonly calls: RunningCalls;
  /**
   * Takes no new call and lets those under way end. After `graceMs` whoever has written nothing is told to call again, and
   * whoever waits for the answer to a change that it is not known whether it was made.
   */
  shutDown(graceMs: number): Promise<void>;
}

/** Time for calls that were stopped to answer, in milliseconds. */
const lastWordsMs = 500;

export function createFlow({ running, waiting, bodyBytes, bodyMs }: FlowLimits): Flow {
  const places = new Places({ running, waiting });
  const calls = new RunningCalls();
  return {
    places,
    bodies: new Bodies(bodyBytes, bodyMs),
    calls,
    async shutDown(graceMs) {
      places.close();
      await calls.settled(graceMs);
      calls.stopAll();
      await calls.settled(lastWordsMs);
    },
  };
}

export type { Call } from "./call";
export type { RequestId, Sender } from "./running-calls";
