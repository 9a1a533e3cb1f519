import { Account } from "./account/account";
import { each } from "./account/each";
import { type GivenLimits, type Limits, limitsOf } from "./account/limits";
import { type ProcessAccount, standardProcessAccount } from "./account/process-account";
import { emptyRowBytes } from "./account/row-size";
import { bindStatement } from "./bind/bind-statement";
import type { Catalog, Source } from "./catalog";
import { readCursor, writeCursor } from "./cursor";
import { SqlError } from "./errors";
import type { Execution } from "./exec/execution";
import { run } from "./exec/run";
import { momentOf, seededRandom } from "./expression/environment";
import { hasPart } from "./expression/expression";
import { parse } from "./parser/parse";
import { explain } from "./plan/explain";
import { columnsOf, expressionsOf, inputsOf, type Plan, streams } from "./plan/nodes";
import { optimize } from "./plan/optimize";
import { shownOnly } from "./plan/shown-only";
import { fitRows, type JsonRow, rowShaper, weightOf } from "./shape";
import type { Row } from "./types/sql-type";

export interface QueryOptions {
  readonly sql: string;
  readonly catalog: Catalog;
  readonly source: Source;
  readonly signal: AbortSignal;
  /** When that signal aborts, on the clock of `performance.now()`: the query ends before, with words or rows of its own. */
  readonly endsAt?: number | undefined;
  /** GETDATE(). */
  readonly now: Date;
  /** `nextCursor` of an earlier answer to the same query. */
  readonly cursor?: string | undefined;
  readonly limits?: GivenLimits;
  /** What all queries of this process share; a process has one. */
  readonly process?: ProcessAccount | undefined;
  /** For whom the query runs; persons take turns where queries are long. */
  readonly person?: string | undefined;
  /** Names of the rules that may run; all of them when left out. The rows are the same either way. */
  readonly rules?: ReadonlySet<string>;
}

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly JsonRow[];
  /** True when the result has more rows than are here. */
  readonly truncated: boolean;
  /** Why rows are missing, in a few words; set when `truncated`. */
  readonly reason?: string;
  /** Continues the same query; missing when the rest cannot be had this way. */
  readonly nextCursor?: string;
  readonly notes: readonly string[];
  readonly rowsFetched: number;
}

export interface Explanation {
  readonly plan: string;
  /** Names of the rules that fired, in order. */
  readonly trace: readonly string[];
  readonly notes: readonly string[];
}

/** A statement may be as long as a book: each step is a piece of work in its turn. */
async function prepare(options: Omit<QueryOptions, "source">, now: Date) {
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

/** The plan of a query, as text. Reads no rows. */
export async function explainQuery(
  options: Pick<QueryOptions, "sql" | "catalog" | "now" | "rules">,
): Promise<Explanation> {
  const { signal } = new AbortController();
  const { plan, trace, notes } = await prepare({ ...options, signal }, options.now);
  return { plan: explain(plan), trace, notes };
}

/** What the end of a query takes after its last row, in milliseconds. */
const lastWords = 1_000;
const timeLeft = (endsAt = Number.POSITIVE_INFINITY): number =>
  Math.max(0, endsAt - lastWords - performance.now());

/** Runs one SELECT. Throws SqlError for what is wrong with the query; errors of the source pass through. */
export async function runQuery(options: QueryOptions): Promise<QueryResult> {
  const { sql, source } = options;
  const limits = limitsOf(options.limits);
  const from = options.cursor === undefined ? undefined : readCursor(sql, options.cursor);
  const now = from?.now ?? options.now.getTime();
  const offset = from?.offset ?? 0;
  const { plan, names, notes: bindNotes } = await prepare(options, new Date(now));
  const notes = new Set(bindNotes);
  const numbered = names.filter((name) => /^(0|[1-9]\d{0,8})$/.test(name));
  // JSON objects of JavaScript give numbers first, whatever their place.
  if (numbered.length > 0 && names.length > 1)
    notes.add(
      `In rows, columns that are called by numbers come first; the query's order is ${names.slice(0, 20).join(", ")}.`,
    );
  const userId = asksForUser(plan) ? await source.currentUserId() : undefined;
  const account = new Account({
    limits: { ...limits, milliseconds: Math.min(limits.milliseconds, timeLeft(options.endsAt)) },
    process: options.process ?? standardProcessAccount(),
    signal: options.signal,
    clock: () => performance.now(),
    person: options.person,
  });
  const environment = {
    now: momentOf(now),
    userId,
    work: account.work,
    random: seededRandom(now),
  };
  const lengths = new Map<string, number>();
  const { characters } = limits;
  const execution: Execution = {
    source,
    signal: options.signal,
    account,
    environment,
    notes,
    spools: new Map(),
    shown: { columns: shownOnly(plan), characters, lengths, hasMore: false },
  };
  const types = columnsOf(plan).map((column) => column.type);
  const most = Math.min(limits.rowsReturned, mostRows(names, characters));
  const { rows, stopped, hasMore } = await take(plan, execution, {
    offset,
    count: most + 1,
    characters,
    shape: rowShaper(names, types, characters, lengths),
  }).finally(() => account.close());
  await (options.process ?? standardProcessAccount()).turn(undefined, undefined, options.signal);
  const returned = rows.slice(0, limits.rowsReturned);
  const { rows: shown, notes: cuts } = fitRows(returned, characters, lengths);
  for (const note of cuts) notes.add(note);
  const cut = hasMore || shown.length < returned.length;
  const truncated = stopped !== undefined || hasMore || rows.length > shown.length;
  const canGoOn = truncated && !stopped && offset + shown.length < limits.rowsFetched;
  const result: QueryResult = {
    columns: names,
    rows: shown,
    truncated,
    notes: [...notes],
    rowsFetched: account.fetched,
  };
  if (!truncated) return result;
  const reason = stopped
    ? whyStopped(stopped, account, limits)
    : cut
      ? `the answer is limited to ${limits.characters} characters; select fewer columns for more rows at once`
      : `an answer holds at most ${limits.rowsReturned} rows`;
  const nextCursor = writeCursor(sql, { offset: offset + shown.length, now });
  return { ...result, reason, ...(canGoOn && { nextCursor }) };
}

/** More rows than these cannot fit into an answer: each repeats the names of its columns. */
const mostRows = (names: readonly string[], characters: number): number =>
  Math.ceil(characters / names.reduce((sum, name) => sum + name.length + 4, 2));

/** Rows that were read are the usual end of a search; any other limit speaks for itself. */
const whyStopped = (error: SqlError, account: Account, limits: Limits): string =>
  account.fetched >= limits.rowsFetched
    ? `the search stopped after ${account.fetched} rows read; narrow WHERE for the rest`
    : [error.message, error.hint].filter(Boolean).join(" ");

interface Part {
  readonly offset: number;
  readonly count: number;
  readonly characters: number;
  shape(row: Row): JsonRow;
}

interface Taken {
  readonly rows: JsonRow[];
  /** The limit that ended a search which needs no more to be right so far. */
  readonly stopped?: SqlError;
  /** One row fills the answer, and the scan said that there are others. */
  readonly hasMore: boolean;
}

/**
 * Up to `count` rows from `offset` on, or as many as are more than fit into `characters`: what cannot be shown is neither read
 * nor kept.
 */
async function take(
  plan: Plan,
  execution: Execution,
  { offset, count, characters, shape }: Part,
): Promise<Taken> {
  const { account } = execution;
  const rows: JsonRow[] = [];
  const hold = account.open(plan);
  let seen = 0;
  let weight = 0;
  const isFull = () => rows.length > 0 && weight > characters;
  const isEnough = () => rows.length >= count || (rows.length > 1 && isFull());
  try {
    for await (const batch of run(plan, execution, offset + count)) {
      await each(batch, account, (row) => {
        seen += 1;
        if (seen <= offset || isEnough()) return;
        const shaped = shape(row);
        const own = weightOf(shaped);
        hold.add(emptyRowBytes(row.length) + 2 * own);
        weight += own;
        rows.push(shaped);
      });
      if (isEnough()) break;
      // That there is another row need not be seen, when the scan says so.
      if (isFull() && keepsRows(plan) && execution.shown?.hasMore) return { rows, hasMore: true };
    }
  } catch (error) {
    // What a streaming plan has given is right as far as it goes; a sorted or counted result is not.
    const isLimit = error instanceof SqlError && (error.code === "budget" || error.code === "busy");
    const isUseful = rows.length > 0 || account.remaining <= 0;
    if (!isLimit || !streams(plan) || !isUseful) throw error;
    return { rows, hasMore: false, ...(rows.length < count && { stopped: error }) };
  }
  return { rows, hasMore: false };
}

/** Each row that the scan gives is a row of the result. */
const keepsRows = (plan: Plan): boolean =>
  plan.kind === "project" ? keepsRows(plan.input) : plan.kind === "scan" && !plan.fetch.aggregate;

/** Does any expression that is left to run here ask who the caller is? */
const asksForUser = (plan: Plan): boolean =>
  expressionsOf(plan).some((expr) => hasPart(expr, ({ kind }) => kind === "currentUser")) ||
  inputsOf(plan).some(asksForUser) ||
  (plan.kind === "scan" && plan.fallback !== undefined && asksForUser(plan.fallback));
