import { createTrace, currentTrace } from "../trace";
import type { ReadChanges } from "./metadata";
import type { Sender } from "./transport/sender";

/** Longest read of definitions, in milliseconds. It belongs to no call, so no call's deadline covers it. */
const timeoutMs = 60_000;

/** Reads definitions as the app itself, by `RetrieveMetadataChanges`. */
export const readMetadataChanges =
  (send: Sender): ReadChanges =>
  async (query, stamp, strong) => {
    const { body } = await send(
      {
        method: "GET",
        path: `RetrieveMetadataChanges(Query=@p1${stamp === undefined ? "" : ",ClientVersionStamp=@p2,DeletedMetadataFilters=@p3"})`,
        query: {
          "@p1": JSON.stringify(query),
          ...(stamp === undefined
            ? {}
            : { "@p2": `'${stamp}'`, "@p3": "Microsoft.Dynamics.CRM.DeletedMetadataFilters'All'" }),
        },
        headers: strong ? { Consistency: "Strong" } : {},
      },
      {
        identity: "app",
        signal: AbortSignal.timeout(timeoutMs),
        trace: currentTrace.getStore() ?? createTrace(),
        // Read once for everybody, so it is nobody's to pay for.
        budget: undefined,
      },
    );
    return (body ?? {}) as Readonly<Record<string, unknown>>;
  };
