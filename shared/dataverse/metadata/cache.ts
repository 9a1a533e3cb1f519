import { AppError } from "../../errors";
import { LookAllowance } from "./look-allowance";
import { exactTable, nearTables } from "./near-tables";
import { orAfter } from "./or-after";
import { changesQuery, namesQuery, type ReadChanges } from "./query";
import { readTableName } from "./reader";
import { TableDefinitions } from "./table-definitions";
import type { Metadata, Table, TableName } from "./types";

type Json = Readonly<Record<string, unknown>>;

/** Definitions of one environment, for every call. */
export interface MetadataCache extends Omit<Metadata, "lookAgain"> {
  /** Told the `globalmetadataversion` of any answer: when it moves, the next read asks what changed. */
  sawVersion(version: string): void;
  /** Counts the changes that were found; 0 before anything was read. */
  readonly version: number;
  readonly looks: LookAllowance;
}

const expiredStamp = "0x80044352";
/** Answers need not carry a version, so what is older than this is checked anyway. */
const staleAfterMs = 300_000;
/** After a check that failed, the next one waits: what is known goes on being used. */
const pauseMs = 5_000;

export interface CacheOptions {
  /** Clock in milliseconds. */
  readonly now?: () => number;
  /** Whoever has older definitions waits so long for newer ones, in milliseconds. */
  readonly patienceMs?: number;
}

interface State {
  readonly names: readonly TableName[];
  readonly stamp: string | undefined;
}

/**
 * Names of all tables in one request, a whole table on first use, then only what changed since the stamp. Nothing is kept of an
 * answer that cannot be right, and what is known is used where newer cannot be had.
 */
class Definitions implements MetadataCache {
  readonly environment = {};
  readonly looks: LookAllowance;
  version = 0;
  readonly #read: ReadChanges;
  readonly #now: () => number;
  readonly #patienceMs: number;
  readonly #tables: TableDefinitions;
  #state: State | undefined;
  /** The check under way. */
  #checking: Promise<State> | undefined;
  #checkingSince = 0;
  /** One that begins when it is over. */
  #next: Promise<State> | undefined;
  #checkAt = 0;
  #seenVersion: string | undefined;

  constructor(read: ReadChanges, { now = Date.now, patienceMs = 2_000 }: CacheOptions) {
    this.#read = read;
    this.#now = now;
    this.#patienceMs = patienceMs;
    this.looks = new LookAllowance(now);
    this.#tables = new TableDefinitions(read, patienceMs);
  }

  async tables() {
    return (await this.#current()).names;
  }

  async table(logicalName: string) {
    if (!has(await this.#current(), logicalName)) return undefined;
    return (await this.#tables.get(logicalName)) ?? this.#defined(logicalName);
  }

  /** A definition that has not come. */
  async #defined(logicalName: string): Promise<Table | undefined> {
    // Deleted a moment ago, made a moment ago, or a fault: the names tell.
    if (!has(await this.#check(true), logicalName)) return undefined;
    const late = await this.#tables.now(logicalName);
    if (late !== undefined) return late;
    throw new AppError("upstream", `Dataverse gives no definition of the table ${logicalName}.`, {
      hint: "Try again in a moment.",
    });
  }

  async find(name: string) {
    const { names } = await this.#current();
    const exact = exactTable(names, name);
    const table = exact && (await this.table(exact.logicalName));
    return table ? { table, candidates: [] } : { candidates: nearTables(names, name) };
  }

  async fresh(logicalName: string) {
    if (!has(await this.#check(true), logicalName)) return undefined;
    return (await this.#tables.now(logicalName)) ?? this.#defined(logicalName);
  }

  async catchUp() {
    if (this.#state === undefined) return true;
    const checked = this.#check(true).then(() => true);
    return orAfter(checked, this.#patienceMs, () => false);
  }

  async refresh() {
    await this.#check(true);
  }

  sawVersion(version: string) {
    if (this.#seenVersion !== undefined && this.#seenVersion !== version) this.#checkAt = 0;
    this.#seenVersion = version;
  }

  async #current(): Promise<State> {
    const known = this.#state;
    if (known === undefined) return this.#checking ?? this.#check(false);
    if (this.#checking === undefined && this.#now() < this.#checkAt) return known;
    const checking = this.#checking ?? this.#check(false);
    const patience = this.#checkingSince + this.#patienceMs - this.#now();
    return patience <= 0 ? known : orAfter(checking, patience, () => known);
  }

  /** A check that begins after this moment; however many ask for it meanwhile, it is one. */
  #check(strong: boolean): Promise<State> {
    if (this.#checking === undefined) {
      this.#checkingSince = this.#now();
      this.#checking = this.#renew(strong).finally(() => {
        this.#checking = undefined;
      });
      return this.#checking;
    }
    const after = () => {
      this.#next = undefined;
      return this.#check(true);
    };
    this.#next ??= this.#checking.then(after, after);
    return this.#next;
  }

  async #renew(strong: boolean): Promise<State> {
    const before = this.#state;
    this.#checkAt = this.#now() + pauseMs;
    const state =
      before === undefined ? await this.#load(strong) : await this.#catchUp(before, strong);
    this.#state = state;
    if (state.names !== before?.names) this.version++;
    // A version that moved meanwhile asks for the next check.
    if (this.#checkAt !== 0) this.#checkAt = this.#now() + staleAfterMs;
    return state;
  }

  async #load(strong: boolean): Promise<State> {
    const body = await this.#read(namesQuery, undefined, strong);
    const names = readNames(body);
    if (names.length === 0)
      throw new AppError("upstream", "Dataverse names no tables, which cannot be right.", {
        hint: "Try again in a moment.",
      });
    return { names, stamp: stampOf(body) };
  }

  /** The state after the changes since `old`. */
  async #catchUp(old: State, strong: boolean): Promise<State> {
    let changes: Json;
    try {
      changes = await this.#read(changesQuery, old.stamp, strong);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== expiredStamp) throw error;
      const fresh = await this.#load(strong);
      this.#tables.doubtAll();
      return fresh;
    }
    const changed = entitiesOf(changes).map((entity) => String(entity.LogicalName));
    const hasGone = hasDeletions(changes);
    if (changed.length === 0 && !hasGone) return { ...old, stamp: stampOf(changes) ?? old.stamp };
    const fresh = await this.#load(strong);
    // What is gone is named by ids that nobody here knows.
    if (hasGone) this.#tables.doubtAll();
    else this.#tables.doubt(changed);
    return fresh;
  }
}

export const createMetadataCache = (read: ReadChanges, options: CacheOptions = {}): MetadataCache =>
  new Definitions(read, options);

const has = ({ names }: State, logicalName: string) =>
  names.some((table) => table.logicalName === logicalName);

const entitiesOf = (body: Json): readonly Json[] =>
  Array.isArray(body.EntityMetadata) ? (body.EntityMetadata as Json[]) : [];

const stampOf = (body: Json): string | undefined =>
  typeof body.ServerVersionStamp === "string" ? body.ServerVersionStamp : undefined;

const hasDeletions = (body: Json): boolean =>
  Number((body.DeletedMetadata as Json | null | undefined)?.Count ?? 0) > 0;

function readNames(body: Json): readonly TableName[] {
  return entitiesOf(body)
    .filter((entity) => entity.IsPrivate !== true)
    .map(readTableName)
    .filter((table) => table.logicalName !== "" && table.setName !== "")
    .sort((a, b) => (a.logicalName < b.logicalName ? -1 : 1));
}
