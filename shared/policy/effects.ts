/** What a tool does to the world; everything that a person has to be asked about follows from this one word. */
export type Effect = "read" | "create" | "update" | "delete" | "send";

/** MCP's hints, by which a host decides when to ask the person. */
export interface EffectHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export interface EffectPolicy {
  readonly hints: EffectHints;
  /** Whose word such a call takes beyond the caller's: the tool does nothing until it is told that the user said yes. */
  readonly approval: "user" | "none";
}

const hints = (
  readOnlyHint: boolean,
  destructiveHint: boolean,
  idempotentHint: boolean,
  openWorldHint: boolean,
): EffectHints => ({ readOnlyHint, destructiveHint, idempotentHint, openWorldHint });

/**
 * What each effect asks for. A sent mail cannot be taken back and leaves the organisation, so it counts as destructive in an
 * open world: hosts then ask the person first.
 */
export const effectPolicies: Readonly<Record<Effect, EffectPolicy>> = {
  read: { hints: hints(true, false, true, false), approval: "none" },
  create: { hints: hints(false, false, false, false), approval: "none" },
  update: { hints: hints(false, false, false, false), approval: "none" },
  delete: { hints: hints(false, true, false, false), approval: "user" },
  send: { hints: hints(false, true, false, true), approval: "none" },
};
