import { createHash } from "node:crypto";
import { canonical } from "../approval";
import type { Change } from "../policy/consequences/consequence";

/** @param drawn ids that are another in each call; each counts by its place */
export function digestOf(value: unknown, drawn: readonly string[] = []): string {
  const text = drawn.reduce(
    (all, id, index) => all.replaceAll(id, `drawn ${index}`),
    canonical(value),
  );
  return createHash("sha256").update(text).digest("base64url");
}

/** One text for the same change. Definitions are changed by several requests, which one yes covers. */
export const fingerprintOf = (change: Change): string =>
  change.kind === "schema" ? "schema" : digestOf(change);
