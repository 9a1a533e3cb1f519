import { DataverseError, type Principal, type SqlRow, type SqlValue, type World } from "../model";
import type { Sql } from "../odata/query/scope";
import { hiddenColumns } from "../security";
import { foldedSql, isStored, quote } from "../store";
import { type Expression, expressionOf } from "./expression";
import { filtersOf } from "./filter";
import { invalid, type Scope, type SearchRequest } from "./request";
import { type Node, parseSearch } from "./syntax";
import { freshen, indexSql, vocabulary } from "./text-index";
import { isWithin, wordsOf } from "./words";

export interface Hit {
  readonly scope: Scope;
  readonly row: SqlRow;
  readonly score: number;
  /** Values of the columns that the answer is sorted by. */
  readonly keys: readonly SqlValue[];
  readonly isHit: (word: string) => boolean;
}

/** One table's part of the query: everything but what is selected. */
export interface Part {
  readonly scope: Scope;
  readonly expression: Expression;
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

export interface Found {
  readonly hits: readonly Hit[];
  readonly parts: readonly Part[];
  readonly count: number;
  /** The text that was searched for when the one asked for found nothing. */
  readonly altered: string | undefined;
}

interface Order {
  readonly column: string;
  readonly descending: boolean;
}

const scoreName = "@search.score";

function readOrders(orderby: readonly string[]): Order[] {
  return orderby
    .flatMap((clause) => clause.split(","))
    .map((clause) => {
      const [, column, direction] = /^\s*(@?[\w.]+)(?:\s+(asc|desc))?\s*$/i.exec(clause) ?? [];
      if (column === undefined) throw invalid(`'${clause.trim()}' is no clause of 'orderby'.`);
      return {
        column: column.toLowerCase(),
        descending: direction?.toLowerCase() === "desc",
      };
    });
}

/** Tables that the caller may not read at all are no part of what he searches. */
export function mayRead(world: World, principal: Principal, { entity }: Scope): boolean {
  try {
    world.security.demand(principal, "Read", entity.logicalName);
    return true;
  } catch (error) {
    if (error instanceof DataverseError && error.status === 403) return false;
    throw error;
  }
}

function partOf(
  world: World,
  principal: Principal,
  scope: Scope,
  node: Node,
  filter: string | undefined,
): Part | undefined {
  const filters = filtersOf(world, principal, scope, filter);
  if (filters === undefined) return undefined;
  const table = scope.entity.logicalName;
  let words: string[] | undefined;
  const expression = expressionOf(
    node,
    () => {
      words ??= vocabulary(world.db, table)
        .sort((a, b) => b.rows - a.rows)
        .map(({ word }) => word);
      return words;
    },
    (name) => {
      const at = scope.columns.findIndex((column) => column.logicalName === name);
      return at < 0 ? undefined : `c${at}`;
    },
  );
  const conditions: Sql[] = [...filters];
  const security = world.security.rowFilter(principal, "Read", table, "t");
  if (security !== undefined) conditions.push(security);
  const index = indexSql(table);
  const within = (match: string) =>
    scope.searched === undefined ? match : `{${[...scope.searched].join(" ")}} : (${match})`;
  const matching: Sql =
    expression.match === undefined
      ? {
          sql: `f.rowid NOT IN (SELECT rowid FROM ${index} WHERE ${quote(`search_${table}`)} MATCH ?)`,
          parameters: [within(expression.except ?? '"\u{f8ff}"')],
        }
      : {
          sql: `${quote(`search_${table}`)} MATCH ?`,
          parameters: [within(expression.match)],
        };
  const all = [matching, ...conditions];
  return {
    scope,
    expression,
    sql: `FROM ${index} f JOIN ${quote(table)} t ON t.rowid = f.rowid WHERE ${all.map(({ sql }) => `(${sql})`).join(" AND ")}`,
    parameters: all.flatMap(({ parameters }) => parameters),
  };
}

/** Refuses to count or sort by what the caller may not see; the order would tell it. */
export function demandColumn(
  world: World,
  principal: Principal,
  { entity }: Scope,
  column: string,
): void {
  if (!hiddenColumns(world, principal, entity, "Read").has(column)) return;
  throw new DataverseError(
    403,
    "0x8004f504",
    "The user does not have read permissions to a secured field. The requested operation could not be completed.",
  );
}

function orderSql({ scope }: Part, { column }: Order): string {
  if (column === scoreName) return '"__score"';
  const attribute = scope.entity.attribute(column);
  if (attribute === undefined || !isStored(attribute)) return "NULL";
  const isText = attribute.type === "String" || attribute.type === "Memo";
  return isText ? foldedSql(scope.entity, attribute, "t") : `t.${quote(column)}`;
}

/** The name of a row counts five times as much as the rest of it. */
function scoreSql({ scope, expression }: Part): string {
  if (expression.match === undefined) return "1.0";
  const weights = scope.columns.map((_, index) => (index === 0 ? "5.0" : "1.0"));
  return `-bm25(${quote(`search_${scope.entity.logicalName}`)}, ${weights.join(", ")})`;
}

function readHits(world: World, part: Part, orders: readonly Order[], most: number): Hit[] {
  const isBoosted = part.expression.boosts.length > 0;
  const keys = orders.map((order, index) => `${orderSql(part, order)} AS "__k${index}"`);
  const sorted = orders.map(({ descending }, index) => `"__k${index}"${descending ? " DESC" : ""}`);
  const id = `t.${quote(part.scope.entity.primaryIdAttribute)}`;
  const inner = `SELECT t.*, t.rowid AS "__row", ${scoreSql(part)} AS "__score" ${part.sql}`;
  // A boost changes scores, so every match must be seen before the best are known.
  const limit = isBoosted ? -1 : most;
  const rows = world.db
    .prepare(
      `SELECT t.*${keys.length === 0 ? "" : `, ${keys.join(", ")}`} FROM (${inner}) t ORDER BY ${[...sorted, id].join(", ")} LIMIT ?`,
    )
    .all(...part.parameters, limit);
  const extra = isBoosted ? boostsOf(world, part) : new Map<string, number>();
  return rows.map((row) => {
    const score = Number(row.__score) + (extra.get(String(row.__row)) ?? 0);
    return {
      scope: part.scope,
      row,
      score,
      keys: orders.map(({ column }, index) =>
        column === scoreName ? score : (row[`__k${index}`] ?? null),
      ),
      isHit: part.expression.isHit,
    };
  });
}

function boostsOf(world: World, part: Part): Map<string, number> {
  const table = part.scope.entity.logicalName;
  const extra = new Map<string, number>();
  for (const { match, by } of part.expression.boosts) {
    const rows = world.db
      .prepare(
        `SELECT rowid AS id, -bm25(${quote(`search_${table}`)}) AS score FROM ${indexSql(table)} WHERE ${quote(`search_${table}`)} MATCH ?`,
      )
      .all(match);
    for (const row of rows) {
      const id = String(row.id);
      extra.set(id, (extra.get(id) ?? 0) + (by - 1) * Number(row.score));
    }
  }
  return extra;
}

function compareValues(a: SqlValue, b: SqlValue): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

function compareKeys(a: Hit, b: Hit, orders: readonly Order[]): number {
  for (const [index, { descending }] of orders.entries()) {
    const order = compareValues(a.keys[index] ?? null, b.keys[index] ?? null);
    if (order !== 0) return descending ? -order : order;
  }
  return 0;
}

function sortHits(hits: Hit[], orders: readonly Order[], groupRanking: boolean): Hit[] {
  if (!groupRanking) return hits.sort((a, b) => compareKeys(a, b, orders));
  const best = new Map<string, number>();
  const tableOf = ({ scope }: Hit) => scope.entity.logicalName;
  for (const hit of hits) {
    best.set(tableOf(hit), Math.max(best.get(tableOf(hit)) ?? 0, hit.score));
  }
  const rank = (hit: Hit) => best.get(tableOf(hit)) ?? 0;
  return hits.sort(
    (a, b) =>
      rank(b) - rank(a) || compareValues(tableOf(a), tableOf(b)) || compareKeys(a, b, orders),
  );
}

export function countOf(world: World, { sql, parameters }: Part): number {
  return Number(world.db.prepare(`SELECT count(*) AS n ${sql}`).get(...parameters)?.n);
}

/** Whether a table holds a row that the caller may see and that fits; its index must be fresh. */
export function isFound(
  world: World,
  principal: Principal,
  request: SearchRequest,
  scope: Scope,
): boolean {
  const node = parseSearch(request.search, request);
  const part = node && partOf(world, principal, scope, node, request.filter);
  if (part === undefined) return false;
  return (
    world.db.prepare(`SELECT 1 AS there ${part.sql} LIMIT 1`).get(...part.parameters) !== undefined
  );
}

/** Runs a search over its tables, within the rows that the caller may read. */
export function runSearch(world: World, principal: Principal, request: SearchRequest): Found {
  const scopes = request.scopes.filter((scope) => mayRead(world, principal, scope));
  freshen(world, scopes);
  const orders = readOrders(request.orderby);
  for (const { column } of orders)
    for (const scope of scopes) demandColumn(world, principal, scope, column);
  if (orders.length === 0) orders.push({ column: scoreName, descending: true });
  const find = (text: string): Found => {
    const node = parseSearch(text, request);
    const parts =
      node === undefined
        ? []
        : scopes.flatMap((scope) => partOf(world, principal, scope, node, request.filter) ?? []);
    if (parts.length === 0 && node !== undefined && request.filter && scopes.length > 0) {
      throw invalid(`No table that is searched has the columns of the filter '${request.filter}'.`);
    }
    const most = request.skip + request.top;
    const hits = parts.flatMap((part) => readHits(world, part, orders, most));
    const sorted = sortHits(hits, orders, request.groupRanking).slice(request.skip, most);
    const count = request.count ? parts.reduce((sum, part) => sum + countOf(world, part), 0) : -1;
    return { hits: sorted, parts, count, altered: undefined };
  };
  const found = find(request.search);
  if (found.hits.length > 0 || !request.bestEffort || request.lucene) return found;
  const altered = corrected(world, scopes, request.search);
  return altered === undefined ? found : { ...find(altered), altered };
}

/** The text with each word that occurs nowhere put in the place of the likest one that does. */
function corrected(world: World, scopes: readonly Scope[], text: string): string | undefined {
  const known = new Map<string, number>();
  for (const { entity } of scopes) {
    for (const { word, rows } of vocabulary(world.db, entity.logicalName)) {
      known.set(word, (known.get(word) ?? 0) + rows);
    }
  }
  const words = wordsOf(text).map((word) => {
    if (known.has(word)) return word;
    const edits = word.length < 5 ? 1 : 2;
    for (let most = 1; most <= edits; most++) {
      const near = [...known].filter(([one]) => isWithin(word, one, most));
      const [best] = near.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      if (best !== undefined) return best[0];
    }
    return word;
  });
  const altered = words.join(" ");
  return altered === wordsOf(text).join(" ") ? undefined : altered;
}
