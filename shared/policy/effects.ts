/** What a tool is for, by which hosts are told when to ask; whose yes a call takes is judged by what it does. */
export type Effect = "read" | "create" | "update" | "delete" | "send";

/** MCP's hints, by which a host decides when to ask the person. */
export interface EffectHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

const hints = (
  readOnlyHint: boolean,
  destructiveHint: boolean,
  idempotentHint: boolean,
  openWorldHint: boolean,
): EffectHints => ({ readOnlyHint, destructiveHint, idempotentHint, openWorldHint });

/**
 * What each effect says to a host. A sent mail cannot be taken back and leaves the organisation, so it counts as destructive in an
 * open world; what overwrites values destroys those that stood there.
 */
export const effectHints: Readonly<Record<Effect, EffectHints>> = {
  read: hints(true, false, true, false),
  create: hints(false, false, false, false),
  update: hints(false, true, false, false),
  delete: hints(false, true, false, false),
  send: hints(false, true, false, true),
};
