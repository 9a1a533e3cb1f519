import {
  type Act,
  type Batch,
  canonical,
  isExpired,
  isLost,
  type Pending,
  type State,
} from "../../approval";
import type { Caller } from "../../context";
import type { WriteDoor } from "../../dataverse";
import { AppError } from "../../errors";
import type { Permit } from "../../policy/consent";
import type { Grade } from "../../policy/grades";
import type { Tool } from "../../tools/define";
import { restsOn } from "../../trace";
import { readArguments } from "../arguments/read-arguments";
import type { CallRound } from "../call/call-round";
import { type CallOutcome, failure, say } from "../call/call-tool";
import { ask } from "./ask";
import type { ConsentRuntime } from "./consent-runtime";
import { answerTo } from "./elicitation";
import { stateWords, trustWords } from "./words";

/** Arguments that say how a call is meant, and nothing of what it does. */
const ofConsent: ReadonlySet<string> = new Set(["approvalId", "dryRun", "hasUserApproved"]);

interface Wish {
  readonly tool: Tool;
  readonly args: unknown;
  readonly caller: Caller;
  readonly round: CallRound;
  readonly batch: Batch | undefined;
}

/** A call that may be run: with these arguments, through this door. */
export interface Plan {
  readonly args: unknown;
  readonly door: WriteDoor;
  /** What is answered in the end. */
  settle(ran: CallOutcome): Promise<CallOutcome>;
}

/**
 * Whether a call runs, and on whose yes: none, one that it brings by `approvalId` or by the state of its question, or none that is
 * left, and then the answer is what became of it.
 */
export async function planCall(runtime: ConsentRuntime, wish: Wish): Promise<Plan | CallOutcome> {
  const { tool, args, round, caller, batch } = wish;
  const given = asObject(readArguments(tool.input, args ?? {}));
  const isDry = given.dryRun === true;
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !ofConsent.has(name)));
  const byState = round.era === "modern" ? round.requestState : undefined;
  const token = byState ?? given.approvalId;
  if (tool.effect === "read" || token === undefined || token === "" || isDry)
    return plan(runtime, wish, own, { args: args ?? {}, isDry, permit: undefined });
  if (typeof token !== "string") return failure(noSuchApproval());
  const pending = await runtime.approvals.open(token);
  if (pending === undefined || !isBy(pending, caller)) return failure(noSuchApproval());
  const acts = await runtime.approvals.actsOf(pending);
  const act = acts.find((each) => isSame(each, tool, own, pending.isBatch === true));
  if (act === undefined) return failure(anotherAct(acts, tool));
  const state = await runtime.approvals.stateOf(pending);
  const told = tell(runtime, pending, token, state);
  if (told !== undefined) return told;
  const grade = await gradeGiven(runtime, pending, wish, byState !== undefined);
  if (grade === undefined)
    return tell(
      runtime,
      pending,
      token,
      await runtime.approvals.stateOf(pending),
      true,
    ) as CallOutcome;
  const permit = permitOf(runtime, pending, act, grade);
  return plan(runtime, { ...wish, batch: undefined }, own, {
    args: act.args,
    isDry: false,
    permit,
    pending,
  });

  function plan(
    consent: ConsentRuntime,
    { tool: asked }: Wish,
    ownArgs: Readonly<Record<string, unknown>>,
    how: How,
  ): Plan {
    const door = consent.doorFor({
      caller,
      permit: how.permit,
      isOneOfSeveral: batch !== undefined && how.permit === undefined,
      isDry: how.isDry,
    });
    // Whoever reads an answer of a tool that acts must not take it that a person is asked from here.
    const said = (ran: CallOutcome) =>
      consent.trustsClient && asked.effect !== "read" ? withTrust(ran) : ran;
    return {
      args: how.args,
      door,
      async settle(ran) {
        const stopped = ran.stopped;
        if (stopped !== undefined) {
          const sealed = {
            tool: asked.name,
            args: how.pending ? (how.args as Act["args"]) : ownArgs,
          };
          return said(await ask(consent, { stopped, act: sealed, caller, round, batch }));
        }
        const ended = said(ran);
        if (!door.isUsed || how.pending === undefined) return ended;
        await keep(consent, how.pending, ended);
        return { ...ended, consent: "given" };
      },
    };
  }
}

interface How {
  readonly args: unknown;
  readonly isDry: boolean;
  readonly permit: Permit | undefined;
  readonly pending?: Pending;
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};

const isBy = ({ asker }: Pending, { objectId, tenantId }: Caller): boolean =>
  asker.objectId.toLowerCase() === objectId.toLowerCase() && asker.tenantId === tenantId;

/** An approval is used by the call that it was asked for; its arguments need not be said again. */
const isSame = (act: Act, tool: Tool, own: Act["args"], isOneOfSeveral: boolean): boolean =>
  act.tool === tool.name &&
  (Object.keys(own).length === 0 || isOneOfSeveral || canonical(own) === canonical(act.args));

export function permitOf(
  { approvals }: Pick<ConsentRuntime, "approvals">,
  pending: Pending,
  { digest }: Act,
  grade: Grade,
): Permit {
  return {
    grade,
    id: pending.id,
    digest,
    async claim() {
      if (!(await approvals.claim(pending, "acting"))) throw answeredMeanwhile();
      restsOn(pending.id);
    },
  };
}

/** Whose yes this call brings; undefined where none has been given. */
async function gradeGiven(
  { approvals, now }: ConsentRuntime,
  pending: Pending,
  { round }: Wish,
  isByState: boolean,
): Promise<Grade | undefined> {
  if (isExpired(pending, now()) || pending.isBatch === true) return undefined;
  if (pending.grade === "model" && !isByState) return "model";
  if (pending.grade !== "client" || !isByState) return undefined;
  const said = answerTo(round);
  if (said === "yes") return "client";
  if (said === "no") await approvals.claim(pending, "declined");
  return undefined;
}

/** What became of an approval; undefined for one that may be used yet, unless that is to be told, too. */
function tell(
  { linkTo, now }: ConsentRuntime,
  pending: Pending,
  token: string,
  state: State,
  isTold = false,
): CallOutcome | undefined {
  if (state.is === "over")
    return { result: JSON.parse(state.result), outcome: "ok", consent: "given" };
  const isOver = isExpired(pending, now());
  if (state.is === "pending" && !isOver && !isTold) return undefined;
  const is = isLost(state, now())
    ? "lost"
    : state.is === "pending" && isOver
      ? "expired"
      : state.is;
  const link = is === "pending" ? linkTo(token) : undefined;
  const text = stateWords(is, link);
  const approval = { state: is, ...(link === undefined ? {} : { link }), approvalId: token };
  return { result: say(text, { approval }), outcome: "ok", consent: "asked" };
}

/** The act is done, whether or not that can be kept: who asks later is told to look at the rows. */
async function keep({ approvals }: ConsentRuntime, pending: Pending, { result }: CallOutcome) {
  try {
    await approvals.finish(pending, JSON.stringify(result));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

function withTrust(ran: CallOutcome): CallOutcome {
  const [first, ...rest] = ran.result.content ?? [];
  if (first === undefined) return ran;
  const content = [{ ...first, text: `${first.text}\n${trustWords}` }, ...rest];
  return { ...ran, result: { ...ran.result, content } };
}

const noSuchApproval = () =>
  new AppError(
    "invalid",
    "There is no such approval, or it is older than a day. Nothing was done.",
    {
      hint: "Call without approvalId, and it is asked for anew.",
    },
  );

const answeredMeanwhile = () =>
  new AppError(
    "conflict",
    "The approval was used or answered before. Nothing was done by this call.",
    {
      hint: "Call again with approvalId alone to read what became of it.",
    },
  );

const anotherAct = (acts: readonly Act[], tool: Tool) =>
  new AppError(
    "invalid",
    "The approval was asked for by a call with other arguments. Nothing was done.",
    {
      hint: acts.some((act) => act.tool === tool.name)
        ? "Repeat the call as it was, or with approvalId alone."
        : `It was asked for by ${[...new Set(acts.map((act) => act.tool))].join(", ") || "another call"}.`,
    },
  );
