import { createTrace, currentTrace } from "../../trace";
import type { Sender } from "../transport/sender";
import type { ReadChanges } from "./query";
import { secondTry } from "./second-try";
import { currentReader } from "./within";

export interface ReadingTimes {
  /** Milliseconds after which a reading that has not come is asked for a second time. */
  readonly secondAfterMs: number;
  /** Longest time of one try, in milliseconds. It belongs to no call, so no call's deadline covers it. */
  readonly longestMs: number;
}

const times: ReadingTimes = { secondAfterMs: 4_000, longestMs: 12_000 };

/**
 * Reads definitions as the app itself, by `RetrieveMetadataChanges`. Everybody waits for the same reading, so one connection
 * that stalls must not be all there is: a second try is made beside it.
 */
export const readMetadataChanges =
  (send: Sender, { secondAfterMs, longestMs }: ReadingTimes = times): ReadChanges =>
  (query, stamp, strong) =>
    secondTry(async (signal) => {
      const { body } = await send(
        {
          method: "GET",
          path: `RetrieveMetadataChanges(Query=@p1${stamp === undefined ? "" : ",ClientVersionStamp=@p2,DeletedMetadataFilters=@p3"})`,
          query: {
            "@p1": JSON.stringify(query),
            ...(stamp === undefined
              ? {}
              : {
                  "@p2": `'${stamp}'`,
                  "@p3": "Microsoft.Dynamics.CRM.DeletedMetadataFilters'All'",
                }),
          },
          headers: strong ? { Consistency: "Strong" } : {},
          expects: "definitions",
          withinMs: longestMs,
        },
        {
          identity: "app",
          // Whoever makes it necessary waits for it in their own line, and takes nobody else's places.
          onBehalfOf: currentReader.getStore(),
          signal,
          trace: currentTrace.getStore() ?? createTrace(),
          // Read once for everybody, so it is nobody's to pay for.
          budget: undefined,
        },
      );
      return body as Readonly<Record<string, unknown>>;
    }, secondAfterMs);
