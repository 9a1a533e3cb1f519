import { createHash } from "node:crypto";
import { type Identity, personOf } from "./transport/identity";
import type { Sender } from "./transport/sender";

/**
 * Spreads people over several users of the application, whose limits Dataverse counts apart: each person's calls go by one and the
 * same, in every instance, so that what paces one of them paces whom it is for. What the app does for itself goes by the first.
 */
export function spread(senders: readonly [Sender, ...Sender[]]): Sender {
  const [first] = senders;
  if (senders.length === 1) return first;
  return (request, context) =>
    (senders[placeOf(context.identity, senders.length)] ?? first)(request, context);
}

/** Evenly over all people, and without a table that instances would have to share. */
export function placeOf(identity: Identity, places: number): number {
  if (identity === "app") return 0;
  return createHash("sha256").update(personOf(identity)).digest().readUInt32BE(0) % places;
}
