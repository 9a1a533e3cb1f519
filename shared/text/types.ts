/** A text made plain and safe to read, and what was found on the way. */
export interface SanitisedText {
  readonly text: string;
  /** Each thing that was dropped, once: `hidden-html`, `zero-width`, `bidi`, `quoted-history`… */
  readonly removed: readonly string[];
  /** Why the text looks like orders to a machine; empty when it does not. */
  readonly suspicions: readonly string[];
}
