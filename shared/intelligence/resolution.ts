import { redact } from "../text/redact";
import { sanitise } from "../text/sanitise";
import type { ResolvedCase } from "./types";

/** The resolution of a case as it may be read beside another customer's case. */
export function resolutionOf(one: ResolvedCase, customerId: string | undefined): string {
  const plain = sanitise(one.resolution ?? "").text;
  const isOwn = customerId !== undefined && one.customerId === customerId;
  return isOwn ? plain : redact(plain);
}
