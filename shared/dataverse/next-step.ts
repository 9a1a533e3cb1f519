import type { FailedRequest } from "../errors";

/** What to do next, as far as one request tells: whoever made several knows what became of the others. */
export function nextStep({ effect, outcome }: FailedRequest): string {
  if (effect === "read") return "Try again in a moment; if it lasts, ask for less at once.";
  return outcome === "notDone"
    ? "Dataverse did not carry out this request: try again in a moment."
    : "It may have been carried out all the same: look before you try again.";
}
