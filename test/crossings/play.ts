import type { AuditRecord } from "../../shared/policy/audit";
import type { Answer, WholeEndpoint } from "../support/whole-endpoint";
import { Audited } from "./audited";
import { type Call, kinds, type Scene } from "./calls";
import { foundCompany, type Worker, words } from "./company";

export interface PlayOptions {
  readonly people: number;
  readonly calls: number;
  /** Of the draws: the same people make the same calls, in whatever order they are answered. */
  readonly seed: number;
  /** How many people call at a time. */
  readonly atOnce: number;
  readonly onProgress?: (done: number) => void;
}

export interface Played {
  readonly calls: number;
  readonly byTool: ReadonlyMap<string, number>;
  /** How often a right was given or taken away between two calls of a person. */
  readonly changesOfRights: number;
  /** Calls of tools that act, each of which left its record in the audit. */
  readonly audited: number;
  /** What crossed, and what was not as it must be. */
  readonly wrong: readonly string[];
}

/** xorshift32: https://en.wikipedia.org/wiki/Xorshift */
function draws(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function chosen(scene: Scene, draw: number): Call {
  const of100 = draw % kinds.reduce((sum, [often]) => sum + often, 0);
  let sum = 0;
  for (const [often, make] of kinds) {
    sum += often;
    if (of100 < sum) {
      const call = make(scene);
      // No cursor yet: what everybody can ask.
      return call ?? (kinds[0]?.[1](scene) as Call);
    }
  }
  throw new Error("unreachable");
}

/** Words of others in an answer to somebody who may not see them. */
function crossed({ text, structured }: Answer, me: Worker, call: Call): readonly string[] {
  const may = new Set([me.word, call.repeats, ...[...me.shared.values()].map(({ word }) => word)]);
  const found = `${text}\n${JSON.stringify(structured ?? null)}`.match(words) ?? [];
  return [...new Set(found)].filter((word) => !may.has(word));
}

/**
 * People of one company, each of whom sees their own cases alone, call tools at the same time, while cases are shared with them
 * and taken back, and roles withdrawn and given again, each time between two calls of the person concerned: so that it is known of
 * every answer what may stand in it. Titles are held against the database in the end.
 */
export async function play(endpoint: WholeEndpoint, options: PlayOptions): Promise<Played> {
  const company = await foundCompany(endpoint, options.people);
  const { workers } = company;
  const wrong: string[] = [];
  const audited = new Audited();
  const before = endpoint.lines.length;
  const byTool = new Map<string, number>();
  const written = new Map<string, string>();
  const cursors = new Map<Worker, string>();
  let done = 0;
  let changesOfRights = 0;

  const other = (me: Worker, draw: number): Worker => {
    const at = (me.at + 1 + (draw % (workers.length - 1))) % workers.length;
    return workers[at] as Worker;
  };

  async function changeRights(me: Worker, draw: number): Promise<void> {
    changesOfRights++;
    const [shared] = me.shared.keys();
    if (!me.hasRole) return company.setRole(me, true);
    if (draw % 4 === 0) return company.setRole(me, false);
    if (shared !== undefined) return company.unshare(shared, me);
    const from = other(me, draw >>> 8);
    return company.share(from.own[draw % from.own.length] as string, from, me);
  }

  async function callOnce(me: Worker, draw: number, kind: number): Promise<void> {
    const them = other(me, draw >>> 4);
    const scene = {
      me,
      other: them,
      draw,
      written,
      cursors: { mine: cursors.get(me), foreign: cursors.get(them) },
    };
    const call = chosen(scene, kind);
    const answer = await endpoint.call(call.tool, call.args, {
      claims: { oid: me.objectId },
      era: draw % 2 === 0 ? "modern" : "legacy",
    });
    audited.saw(me, call.tool, answer);
    byTool.set(call.tool, (byTool.get(call.tool) ?? 0) + 1);
    const say = (what: string) =>
      wrong.push(`${me.word} ${call.tool} ${JSON.stringify(call.args)}: ${what}`);
    for (const word of crossed(answer, me, call))
      say(`shows ${word}: ${answer.text.slice(0, 300)}`);
    // Nothing at all is for who has no role; which words tell it is another test's.
    const objection = me.hasRole
      ? call.judge(answer)
      : answer.isError
        ? undefined
        : `answered without a role: ${answer.text.slice(0, 300)}`;
    if (objection !== undefined) say(objection);
    const cursor: unknown = answer.structured?.nextCursor;
    if (typeof cursor === "string") cursors.set(me, cursor);
  }

  /** The whole day of one person, call after call. */
  async function work(me: Worker): Promise<void> {
    const next = draws(options.seed * 7919 + me.at);
    const mine =
      Math.floor(options.calls / workers.length) + (me.at < options.calls % workers.length ? 1 : 0);
    for (let n = 0; n < mine; n++) {
      if (n % 12 === 11) await changeRights(me, next());
      await turns.take();
      try {
        await callOnce(me, next(), next());
      } finally {
        turns.give();
      }
      if (++done % 500 === 0) options.onProgress?.(done);
    }
  }
  const turns = places(options.atOnce);
  await Promise.all(workers.map(work));
  for (const [id, title] of written) {
    const stands = await company.titleOf(id);
    if (stands !== title) wrong.push(`${id} is named "${stands}", its owner wrote "${title}"`);
  }
  const records = endpoint.lines.slice(before).filter(({ event }) => event === "audit");
  wrong.push(...audited.judge(records as unknown as readonly AuditRecord[]));
  return { calls: done, byTool, changesOfRights, audited: audited.calls, wrong };
}

/** So many at a time; who waits longest goes first. */
function places(many: number): { take(): Promise<void>; give(): void } {
  let free = many;
  const waiting: (() => void)[] = [];
  return {
    take() {
      if (free > 0) {
        free--;
        return Promise.resolve();
      }
      return new Promise((go) => waiting.push(go));
    },
    give() {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    },
  };
}
