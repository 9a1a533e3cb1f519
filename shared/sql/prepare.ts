import { type ProcessAccount, standardProcessAccount } from "./account/process-account";
import { bindStatement } from "./bind/bind-statement";
import type { Catalog } from "./catalog";
import { parse } from "./parser/parse";
import { optimize } from "./plan/optimize";

export interface Question {
  readonly sql: string;
  readonly catalog: Catalog;
  /** Names of the rules that may run; all of them when left out. */
  readonly rules?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
  readonly process?: ProcessAccount | undefined;
}

/** From the text to the plan. A statement may be as long as a book: each step is a piece of work in its turn. */
export async function prepare(options: Question, now: Date) {
  const { signal, process = standardProcessAccount() } = options;
  const turn = () => process.turn(undefined, undefined, signal);
  await turn();
  const statement = parse(options.sql);
  await turn();
  const bound = await bindStatement(statement, options.sql, options.catalog, now);
  await turn();
  const optimized = optimize(bound.plan, options.rules);
  await turn();
  return { ...bound, ...optimized };
}

export type Prepared = Awaited<ReturnType<typeof prepare>>;
