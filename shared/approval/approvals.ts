import { randomBytes } from "node:crypto";
import { AppError } from "../errors";
import type { Grade } from "../policy/grades";
import type { Store } from "../storage";
import type { Sealable, Seals } from "./seal";

/** One thing that is asked for: enough to do it, and to see that it is still the same. */
export interface Act {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Digest of what was shown and would be done. */
  readonly digest: string;
}

/** For whom something is asked. */
export interface Asker {
  readonly objectId: string;
  readonly tenantId: string;
  readonly name: string | undefined;
  readonly roles: readonly string[];
  readonly clientId: string | undefined;
}

/** What stands behind an approval id. */
export interface Pending extends Sealable {
  readonly id: string;
  readonly asker: Asker;
  /** The least yes that is enough. */
  readonly grade: Grade;
  readonly act?: Act;
  /** Its acts are those of a batch, kept under the id. */
  readonly isBatch?: true;
}

/** What became of what was asked for. */
export type State =
  | { readonly is: "pending" }
  | { readonly is: "acting"; readonly since: number }
  | { readonly is: "declined" | "void" }
  | { readonly is: "over"; readonly result: string };

/** So long an approval can be given, in milliseconds. */
export const approvalMs = 600_000;
/** What is answered can be asked after for so long. */
const rememberedMs = 86_400_000;
/** An act that is not over after this time has lost its process. */
const longestActMs = 300_000;
/** Acts of one batch that one page shows. */
export const mostActs = 100;

/** Nobody guesses it, a model can repeat it without a slip, and it says nothing itself: what it stands for is kept, sealed. */
const idForm = /^[\w-]{22}$/;
export const newApprovalId = (): string => randomBytes(16).toString("base64url");

/** @throws StoreDown from each, where the store does not answer: then nothing may be done */
export interface Approvals {
  /** Asks for one act. */
  ask(asker: Asker, act: Act, grade: Grade): Promise<string>;
  /** Asks for one of several acts, which are answered together. The id is the same for all of them. */
  askTogether(asker: Asker, act: Act, batch: Batch): Promise<string>;
  /** What an approval id stands for; undefined where it is none of this deployment, or its time is over. */
  open(approvalId: string): Promise<Pending | undefined>;
  /** All that is asked for under an approval. */
  actsOf(pending: Pending): Promise<readonly Act[]>;
  stateOf(pending: Pending): Promise<State>;
  /** Answers it: of all who try, one is told true. */
  claim(pending: Pending, as: "acting" | "declined" | "void"): Promise<boolean>;
  /** Keeps what became of it, for whoever asks by the id. */
  finish(pending: Pending, result: string): Promise<void>;
}

/** The approval of one request's acts. */
export interface Batch {
  readonly id: string;
  approvalId: Promise<string> | undefined;
}

export function createApprovals(store: Store, seals: Seals, now: () => number): Approvals {
  const lasting = () => now() + rememberedMs;
  // The end of an approval stands in its seal; that it can be asked after is longer than that it can be given.
  const keep = async (pending: Omit<Pending, "exp">) => {
    const whole = { ...pending, exp: now() + approvalMs + rememberedMs };
    const isNew = await store.create(`pending/${pending.id}`, await seals.seal("pending", whole));
    if (!isNew) throw taken();
    return pending.id;
  };
  const nameOf = ({ id }: Pending) => `approvals/${id}`;

  return {
    ask: (asker, act, grade) => keep({ id: newApprovalId(), asker, grade, act }),
    async askTogether(asker, act, batch) {
      const kept = await seals.seal("outcome", { ...act, exp: lasting() } as Act & Sealable);
      if (!(await store.append(`acts/${batch.id}`, `${kept}\n`, 4_000_000))) throw tooMany();
      batch.approvalId ??= keep({ id: batch.id, asker, grade: "person", isBatch: true });
      return batch.approvalId;
    },
    async open(approvalId) {
      if (!idForm.test(approvalId)) return undefined;
      const stored = await store.read(`pending/${approvalId}`);
      if (stored === undefined) return undefined;
      const pending = await seals.open<Pending>("pending", stored.text);
      // What is kept under another name was asked for by another call.
      return pending?.id === approvalId ? pending : undefined;
    },
    async actsOf(pending) {
      if (pending.act !== undefined) return [pending.act];
      const stored = await store.read(`acts/${pending.id}`);
      const lines = stored?.text.split("\n").filter((line) => line !== "") ?? [];
      const acts = await Promise.all(
        lines.map((line) => seals.open<Act & Sealable>("outcome", line)),
      );
      return acts.flatMap((act) => act ?? []).slice(0, mostActs);
    },
    async stateOf(pending) {
      const stored = await store.read(nameOf(pending));
      if (stored === undefined) return { is: "pending" };
      return (await seals.open<State & Sealable>("outcome", stored.text)) ?? { is: "void" };
    },
    async claim(pending, as) {
      const state = as === "acting" ? { is: as, since: now() } : { is: as };
      return store.create(
        nameOf(pending),
        await seals.seal("outcome", { ...state, exp: lasting() }),
      );
    },
    async finish(pending, result) {
      const stored = await store.read(nameOf(pending));
      if (stored === undefined) throw new TypeError("Nobody claimed what is over.");
      const state = { is: "over", result, exp: lasting() } as const;
      await store.replace(nameOf(pending), await seals.seal("outcome", state), stored.etag);
    },
  };
}

/** True once nobody may give the approval any more. */
export const isExpired = ({ exp }: Pending, now: number): boolean => exp - rememberedMs <= now;

/** True for an act whose process ended in the middle: what became of it stands in the rows. */
export const isLost = (state: State, now: number): boolean =>
  state.is === "acting" && now - state.since > longestActMs;

const taken = () =>
  new AppError("conflict", "The approval could not be asked for; nothing was done.", {
    hint: "Call again.",
  });

const tooMany = () =>
  new AppError("invalid", "So many acts are too long for one approval; nothing was done.", {
    hint: "Ask for fewer at once.",
  });
