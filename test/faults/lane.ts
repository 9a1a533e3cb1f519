import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Tool } from "../../shared/tools/define";
import { type Exchange, type FaultProxy, startFaultProxy } from "../support/fault-proxy";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";
import type { Fault } from "./faults";
import { answerAs, type IdentityMode } from "./identity-faults";

/** As a deployment has it that sets nothing; what changes definitions would have more, which shows nothing else. */
export const deadlineOf = ({ timeoutMs = 45_000 }: Pick<Tool, "timeoutMs">): number =>
  Math.min(timeoutMs, 60_000);
const slowIdentityMs = 3_000;
/** A desk of few cases writes what it predicts, too. */
const sure = { mode: "auto", selectAt: 0.05, autoAt: 0.1 };

/** The request that is struck: the first one of that name behind so many others of it. */
export interface Place {
  readonly name: string;
  readonly after: number;
}

/** The whole product with its Dataverse and identity, and what may come between them. */
export interface Lane {
  readonly desk: ServiceDesk;
  readonly proxy: FaultProxy;
  /** Orders a fault for the next call, whose deadline is so far away; `place` undefined orders it for the identity alone. */
  arm(fault: Fault, place: Place | undefined, callMs: number): void;
  /** How often the fault struck. */
  readonly struck: number;
  /** All is well again. */
  heal(): void;
  /** As after a start: no token, no definitions. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

export async function startLane(cases: number): Promise<Lane> {
  let mode: IdentityMode | undefined;
  let struck = 0;
  /** Requests for tokens that nobody answers. */
  const held = new Set<ServerResponse>();
  let proxy: FaultProxy | undefined;
  const desk = await startServiceDesk({
    cases,
    timeoutMs: deadlineOf,
    settings: { CASE_FIELDS: JSON.stringify({ incident: { casetypecode: sure } }) },
    front: async (emulatorUrl) => {
      const own = await startFaultProxy(emulatorUrl);
      proxy = own;
      return {
        get url() {
          return own.url;
        },
        async identity(request, response) {
          if (mode === "slow") await wait(slowIdentityMs);
          if (mode === undefined || mode === "slow") return false;
          if (mode === "stalled") held.add(response);
          answerAs(
            mode,
            new URL(request.url ?? "/", own.url).searchParams.get("resource") ?? "",
            response,
          );
          return true;
        },
        close: () => own.close(),
      };
    },
  });
  if (proxy === undefined) throw new TypeError("The desk started without its front.");
  const front = proxy;

  return {
    desk,
    proxy: front,
    arm(fault, place, callMs) {
      struck = 0;
      const endsAt = performance.now() + callMs;
      if (place === undefined) {
        mode = fault.identity;
        return;
      }
      let ahead = place.after;
      front.strike = (passing) => {
        const isMeant = passing.name === place.name && struck < fault.times;
        if (isMeant && ahead === 0) {
          struck++;
          mode = fault.identity;
          return (exchange) => act(fault, exchange, endsAt);
        }
        if (isMeant) ahead--;
        if (struck === 0 || fault.afterwards === "well") return undefined;
        return fault.afterwards === "dead"
          ? async (exchange) => exchange.cut()
          : (exchange) => act(fault, exchange, endsAt);
      };
    },
    get struck() {
      return struck;
    },
    heal() {
      front.strike = undefined;
      mode = undefined;
      for (const response of held) response.destroy();
      held.clear();
    },
    async forget() {
      await front.move();
      desk.forget();
    },
    close: () => desk.close(),
  };
}

async function act(fault: Fault, exchange: Exchange, endsAt: number): Promise<void> {
  const { answer, reach, ms } = fault;
  if (reach === "late") {
    const until = Number.isNaN(ms) ? endsAt - performance.now() + 2_000 : ms;
    if (answer !== "real") await answer?.(exchange);
    exchange.later(async () => {
      await wait(until);
      await exchange.reach();
    });
    return;
  }
  if (ms > 0) await wait(ms);
  const real = reach === "after" || answer === "real" ? await exchange.reach() : undefined;
  if (answer !== "real") await answer?.(exchange);
  else if (real !== undefined) exchange.give(real);
}
