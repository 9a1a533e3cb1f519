import { Account } from "./account/account";
import { type GivenLimits, type Limits, limitsOf } from "./account/limits";
import { type ProcessAccount, standardProcessAccount } from "./account/process-account";
import type { Catalog, Source } from "./catalog";
import type { SqlError } from "./errors";
import type { Execution } from "./exec/execution";
import { passGate } from "./exec/scans/gate";
import { type Explanation, estimatesOf, explanationOf, withoutExplain } from "./explanation";
import { momentOf, seededRandom } from "./expression/environment";
import { hasPart } from "./expression/expression";
import { type Asked, damaged, readCursor, writeCursor } from "./paging/cursor";
import { behind, keyOf, keysetOf } from "./paging/keyset";
import { totalBesideTop } from "./paging/total";
import { columnsOf, expressionsOf, inputsOf, type Plan } from "./plan/nodes";
import { readToTheEndBy } from "./plan/read-whole";
import { shownOnly } from "./plan/shown-only";
import { prepare } from "./prepare";
import { fitRows, type JsonRow, rowShaper } from "./shape";
import { take } from "./take";
import { nullType, type SqlType, typeName } from "./types/sql-type";

export interface QueryOptions {
  readonly sql: string;
  readonly catalog: Catalog;
  readonly source: Source;
  readonly signal: AbortSignal;
  /** Tells the plan beside the rows, with the rows that each step gave. `EXPLAIN SELECT …` tells it in place of rows. */
  readonly explain?: boolean | undefined;
  /** Asks the service how many rows there are beside those of TOP: one request more. */
  readonly countAll?: boolean | undefined;
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
  /** Types of the columns, as they are declared: `nvarchar(100)`. */
  readonly types: readonly string[];
  readonly rows: readonly JsonRow[];
  /** True when the result has more rows than are here. */
  readonly truncated: boolean;
  /** Why rows are missing, in a few words; set when `truncated`. */
  readonly reason?: string;
  /** Continues the same query; missing when the rest cannot be had this way. */
  readonly nextCursor?: string;
  /** How many rows there are beside those of TOP: `77 rows`. */
  readonly total?: string;
  readonly explanation?: Explanation;
  readonly notes: readonly string[];
  readonly rowsFetched: number;
}

/** What the end of a query takes after its last row, in milliseconds. */
const lastWords = 1_000;
const timeLeft = (endsAt = Number.POSITIVE_INFINITY): number =>
  Math.max(0, endsAt - lastWords - performance.now());

/** Where the query stands: from the text and the cursor to the plan for the rows that are asked for now. */
async function begin(options: QueryOptions) {
  const { sql, isExplain } = withoutExplain(options.sql);
  const asked: Asked = { sql, person: options.person ?? "" };
  const from = options.cursor === undefined ? undefined : readCursor(asked, options.cursor);
  const now = from?.now ?? options.now.getTime();
  const given = from?.offset ?? 0;
  const prepared = await prepare({ ...options, sql }, new Date(now));
  const keyset = keysetOf(prepared.plan, limitsOf(options.limits).rowsReturned);
  if (from?.after && !keyset) throw damaged();
  const plan = keyset && from?.after ? behind(keyset, from.after, given) : keyset?.plan;
  return {
    isExplain,
    asked,
    now,
    /** Rows of earlier answers. */
    given,
    /** Rows behind a row need not be counted from the first one. */
    offset: from?.after ? 0 : given,
    prepared,
    keyset,
    plan: plan ?? prepared.plan,
  };
}

type Begun = Awaited<ReturnType<typeof begin>>;

/** Runs one SELECT. Throws SqlError for what is wrong with the query; errors of the source pass through. */
export async function runQuery(options: QueryOptions): Promise<QueryResult> {
  const { source, signal } = options;
  const limits = limitsOf(options.limits);
  const begun = await begin(options);
  const { now, plan, prepared } = begun;
  const notes = new Set(prepared.notes);
  const userId = asksForUser(plan) ? await source.currentUserId() : undefined;
  const account = new Account({
    limits: { ...limits, milliseconds: Math.min(limits.milliseconds, timeLeft(options.endsAt)) },
    process: options.process ?? standardProcessAccount(),
    signal,
    clock: () => performance.now(),
    person: options.person,
  });
  const { characters } = limits;
  const execution: Running = {
    source,
    signal,
    account,
    environment: { now: momentOf(now), userId, work: account.work, random: seededRandom(now) },
    notes,
    spools: new Map(),
    shown: { columns: shownOnly(plan), characters, lengths: new Map(), hasMore: false },
    readWhole: readToTheEndBy(plan),
    ...(options.explain && { counts: new Map<Plan, number>() }),
  };
  try {
    return await (begun.isExplain
      ? explained(begun, execution)
      : answered(begun, await gated(begun, execution, options), limits, options));
  } finally {
    account.close();
  }
}

type Running = Execution & { readonly shown: NonNullable<Execution["shown"]> };

const columnTypes = ({ prepared: { plan } }: Begun): readonly SqlType[] =>
  columnsOf(plan).map((column) => column.type);

async function explained(begun: Begun, execution: Running): Promise<QueryResult> {
  const { prepared } = begun;
  const estimates = await estimatesOf(prepared.plan, execution);
  return {
    columns: prepared.names,
    types: columnTypes(begun).map(typeName),
    rows: [],
    truncated: false,
    explanation: explanationOf(prepared, { estimates }),
    notes: [...execution.notes],
    rowsFetched: 0,
  };
}

/** Throws for a query that needs too many rows, before it reads one. */
async function gated(
  { plan }: Begun,
  execution: Running,
  { process = standardProcessAccount(), person = "" }: QueryOptions,
): Promise<Running> {
  return { ...execution, counted: await passGate(plan, execution, process.sizes, person) };
}

async function answered(
  begun: Begun,
  execution: Running,
  limits: Limits,
  options: QueryOptions,
): Promise<QueryResult> {
  const { plan, prepared, given, offset, keyset } = begun;
  const { names } = prepared;
  const { account, notes, counts, shown: texts } = execution;
  const types = columnTypes(begun);
  const characters = besideColumns(limits.characters, names, types);
  const most = Math.min(limits.rowsReturned, mostRows(names, characters));
  const { rows, last, stopped, hasMore } = await take(plan, execution, {
    offset,
    count: most + 1,
    characters,
    shape: rowShaper(names, types, characters, texts.lengths),
  });
  await (options.process ?? standardProcessAccount()).turn(undefined, undefined, options.signal);
  const returned = rows.slice(0, limits.rowsReturned);
  const { rows: shown, notes: cuts } = fitRows(returned, characters, texts.lengths);
  for (const note of cuts) notes.add(note);
  const isCut = hasMore || shown.length < returned.length;
  const truncated = stopped !== undefined || hasMore || rows.length > shown.length;
  const total =
    options.countAll && !truncated && given === 0
      ? await totalBesideTop(prepared.plan, shown.length, execution)
      : undefined;
  const result = {
    columns: names,
    types: types.map(typeName),
    rows: shown,
    truncated,
    ...(total !== undefined && { total }),
    ...(counts && { explanation: explanationOf({ ...prepared, plan }, { rows: counts }) }),
    rowsFetched: account.fetched,
  };
  if (!truncated) return { ...result, notes: [...notes] };
  const after = keyset && keyOf(keyset, last[shown.length - 1] ?? []);
  const next = given + shown.length;
  const canGoOn = !stopped && (after !== undefined || next < limits.rowsFetched);
  if (canGoOn && after === undefined) notes.add(mayShift);
  const reason = stopped
    ? whyStopped(stopped, account, limits)
    : isCut
      ? `the answer is limited to ${limits.characters} characters; select fewer columns for more rows at once`
      : `an answer holds at most ${limits.rowsReturned} rows`;
  const cursor = { offset: next, now: begun.now, ...(after && { after }) };
  return {
    ...result,
    notes: [...notes],
    reason,
    ...(canGoOn && { nextCursor: writeCursor(begun.asked, cursor) }),
  };
}

/** Characters of the name and the type of a column, as JSON beside the rows. */
const aroundColumn = 24;

/** What rows may have where names and types of their columns are told as well. */
function besideColumns(
  characters: number,
  names: readonly string[],
  types: readonly SqlType[],
): number {
  const told = names.reduce(
    (sum, name, at) => sum + name.length + typeName(types[at] ?? nullType).length + aroundColumn,
    0,
  );
  return Math.max(Math.ceil(characters / 2), characters - told);
}

/** Of rows that are grouped, sorted here or put together of several tables. */
const mayShift =
  "The next rows are found by working this result out again and counting: rows that come or go meanwhile may shift them, so that one is given twice or left out.";

/** More rows than these cannot fit into an answer: each repeats the names of its columns. */
const mostRows = (names: readonly string[], characters: number): number =>
  Math.ceil(characters / names.reduce((sum, name) => sum + name.length + 4, 2));

/** Rows that were read are the usual end of a search; any other limit speaks for itself. */
const whyStopped = (error: SqlError, account: Account, limits: Limits): string =>
  account.fetched >= limits.rowsFetched
    ? `the search stopped after ${account.fetched} rows read; narrow WHERE for the rest`
    : [error.message, error.hint].filter(Boolean).join(" ");

/** Does any expression that is left to run here ask who the caller is? */
const asksForUser = (plan: Plan): boolean =>
  expressionsOf(plan).some((expr) => hasPart(expr, ({ kind }) => kind === "currentUser")) ||
  inputsOf(plan).some(asksForUser) ||
  (plan.kind === "scan" && plan.fallback !== undefined && asksForUser(plan.fallback));
