import type { SqlRow, SqlValue, WebRequest, World } from "../../model";
import { quote } from "../../store";
import { comparableSql, isLookup } from "../column";
import { type Fragment, join, raw, sql, value } from "../fragment";
import { type Frame, frameOf, whereSql } from "../link";
import type { Fetch } from "../parse/model";
import { COOKIE_NEEDED, refuse } from "../parse/refuse";
import { LIMITS } from "../parse/vocabulary";
import type { Query } from "../source";
import { ATTRIBUTE_NAME, FORMATTED, setProperty } from "./annotate";
import { expressionsOf, type Output, outputs, propertyOf, rootColumns } from "./columns";
import { readCookie, type SortValues, writeCookie } from "./cookie";
import { behindSql, isPrimaryKey, orderSql, type SortKey, sortKeys } from "./order";

export interface Answer {
  readonly rows: Record<string, unknown>[];
  /** Names for the context: `#incidents(title,incidentid)`. */
  readonly columns: readonly string[];
  readonly more: boolean;
  readonly cookie: string | undefined;
  readonly total: { readonly count: number; readonly exceeded: boolean } | undefined;
}

interface Plan {
  readonly frame: Frame;
  readonly own: readonly Output[];
  readonly linked: readonly Output[];
  readonly stored: readonly string[];
  readonly keys: readonly SortKey[];
  readonly canCookie: boolean;
}

type Context = { readonly request: WebRequest; readonly world: World };

/** Runs a query without aggregates. */
export function readRows(fetch: Fetch, query: Query, context: Context): Answer {
  const { world } = context;
  const frame = frameOf(fetch.entity, query);
  const { root: own, linked } = outputs(frame, { distinct: fetch.distinct }, query);
  const keys = sortKeys(frame, query, { tieBreak: !fetch.distinct });
  const plan: Plan = {
    frame,
    own,
    linked,
    stored: rootColumns(own, frame, fetch.distinct),
    keys,
    // A cookie speaks of the root's rows only.
    canCookie: !fetch.distinct && keys.every((key) => key.column.source === frame.root),
  };
  const size = fetch.top ?? Math.min(fetch.count ?? LIMITS.pageRows, LIMITS.pageRows);
  const page = fetch.page ?? 1;
  const start = startOf(fetch, plan, size, page);
  const where = whereSql([...frame.where, ...start.conditions]);
  const groups = fetch.distinct ? distinctSql(plan, world) : "";
  const statement = sql`SELECT ${selectSql(plan, context)} FROM ${frame.from}${where}${groups}${orderSql(keys)} LIMIT ${value(size + 1)} OFFSET ${value(start.offset)}`;
  const found = world.db.prepare(statement.sql).all(...statement.parameters);
  const more = fetch.top === undefined && found.length > size;
  const rows = found.slice(0, size);
  return {
    rows: render(rows, plan, context),
    columns: [...own, ...linked].map((one) =>
      one.column.source === frame.root ? rootProperty(one) : propertyOf(one),
    ),
    more,
    cookie: more && plan.canCookie ? cookieOf(page, rows, plan) : undefined,
    total: fetch.returnTotalRecordCount ? totalOf(plan, fetch.distinct, world) : undefined,
  };
}

function startOf(
  fetch: Fetch,
  plan: Plan,
  size: number,
  page: number,
): { offset: number; conditions: Fragment[] } {
  if (fetch.pagingCookie !== undefined && plan.canCookie) {
    const cookie = readCookie(fetch.pagingCookie, plan.keys);
    if (page > cookie.page) {
      return {
        offset: (page - cookie.page - 1) * size,
        conditions: [behindSql(plan.keys, cookie.last)],
      };
    }
  }
  if (page > 1 && page * size > LIMITS.rowsWithoutCookie) {
    throw refuse(
      COOKIE_NEEDED,
      "Paging cookie is required when trying to retrieve a set of records on any high pages.",
    );
  }
  return { offset: (page - 1) * size, conditions: [] };
}

/** `r…` the root's columns, `k…` sort values, `v… n… y…` value, name and type of a linked column, `e…` expressions. */
function selectSql(
  { frame, own, linked, stored, keys, canCookie }: Plan,
  context: Context,
): Fragment {
  const wantsNames = context.request.annotations.wants(FORMATTED);
  const items = stored.map((name) => `${frame.root.alias}.${quote(name)} AS ${quote(`r${name}`)}`);
  if (canCookie) {
    keys.forEach((key, index) => {
      const own = isPrimaryKey(key)
        ? `${frame.root.alias}.${quote(key.column.attribute.logicalName)}`
        : (key.shown ?? key.sql);
      items.push(`${own} AS k${index}`);
    });
  }
  own.forEach(({ expression }, index) => {
    if (expression !== undefined) items.push(`${expression} AS e${index}`);
  });
  linked.forEach(({ column, expression }, index) => {
    if (expression !== undefined) items.push(`${expression} AS v${index}`);
    else {
      const parts = expressionsOf(column, context.world, wantsNames);
      items.push(`${parts.value} AS v${index}`);
      if (isLookup(column.attribute)) {
        items.push(`${parts.name} AS n${index}`, `${parts.type} AS y${index}`);
      }
    }
  });
  return join(items.map(raw), ", ");
}

/** Rows are the same when their texts are, case and accents aside. */
function distinctSql({ own, linked }: Plan, world: World): string {
  const expressions = [...own, ...linked].map(
    ({ column, expression }) => expression ?? comparableSql(column, world.catalog),
  );
  return expressions.length === 0 ? "" : ` GROUP BY ${expressions.join(", ")}`;
}

function totalOf(plan: Plan, distinct: boolean, world: World): Answer["total"] {
  const { frame } = plan;
  const groups = distinct ? distinctSql(plan, world) : "";
  const counting = sql`SELECT count(*) AS n FROM (SELECT 1 FROM ${frame.from}${whereSql(frame.where)}${groups} LIMIT ${value(LIMITS.pageRows + 1)})`;
  const found = Number(world.db.prepare(counting.sql).get(...counting.parameters)?.n ?? 0);
  const exceeded = found > LIMITS.pageRows;
  return { count: Math.min(found, LIMITS.pageRows), exceeded };
}

function cookieOf(page: number, rows: readonly SqlRow[], { keys }: Plan): string {
  const valuesOf = (row: SqlRow | undefined): SortValues =>
    keys.map((_, index) => {
      const one = row?.[`k${index}`] ?? null;
      return one instanceof Uint8Array ? null : one;
    });
  // The service writes the number of the page itself, but for the first.
  return writeCookie(page, keys, valuesOf(rows[0]), valuesOf(rows.at(-1)), Math.max(page, 2));
}

const rootProperty = ({ column, alias }: Output): string => {
  if (alias !== undefined) return alias;
  const { logicalName } = column.attribute;
  return isLookup(column.attribute) ? `_${logicalName}_value` : logicalName;
};

function render(rows: readonly SqlRow[], plan: Plan, context: Context): Record<string, unknown>[] {
  const { frame, own, stored } = plan;
  const { request, world } = context;
  const plainRows = rows.map((row) => {
    const plain: SqlRow = {};
    for (const name of stored) plain[name] = row[`r${name}`] ?? null;
    return plain;
  });
  const columns = [
    ...new Set(
      own
        .filter((one) => one.expression === undefined)
        .map((one) => one.column.attribute.logicalName),
    ),
  ];
  const rendered = world.records.render(frame.root.entity.logicalName, plainRows, columns, request);
  return rows.map((row, index) => {
    const target: Record<string, unknown> = {};
    addRoot(target, rendered[index] ?? {}, row, plan, context);
    addLinked(target, row, plan, context);
    return target;
  });
}

/** Takes over what was rendered, without NULLs and under the query's own names. */
function addRoot(
  target: Record<string, unknown>,
  rendered: Record<string, unknown>,
  row: SqlRow,
  { own, stored }: Plan,
  { request }: Context,
): void {
  const etag = rendered["@odata.etag"];
  if (etag !== undefined && stored.includes("versionnumber")) target["@odata.etag"] = etag;
  const groups = new Map<string, [string, unknown][]>();
  for (const [key, one] of Object.entries(rendered)) {
    const property = key.split("@", 1)[0] ?? key;
    const group = groups.get(property);
    if (group === undefined) groups.set(property, [[key, one]]);
    else group.push([key, one]);
  }
  own.forEach((output, index) => {
    if (output.expression !== undefined) {
      target[rootProperty(output)] = row[`e${index}`];
      return;
    }
    const from = rootProperty({ ...output, alias: undefined });
    if (rendered[from] === null || rendered[from] === undefined) return;
    if (output.alias !== undefined && request.annotations.wants(ATTRIBUTE_NAME)) {
      target[`${output.alias}@${ATTRIBUTE_NAME}`] = output.column.attribute.logicalName;
    }
    for (const [key, one] of groups.get(from) ?? []) {
      target[output.alias === undefined ? key : output.alias + key.slice(from.length)] = one;
    }
  });
}

function addLinked(
  target: Record<string, unknown>,
  row: SqlRow,
  { linked }: Plan,
  context: Context,
): void {
  linked.forEach((output, index) => {
    const cell = (letter: string): SqlValue => row[`${letter}${index}`] ?? null;
    if (output.expression !== undefined) {
      target[propertyOf(output)] = cell("v");
      return;
    }
    setProperty(
      target,
      propertyOf(output),
      { column: output.column, stored: cell("v"), name: cell("n"), type: cell("y") },
      context,
    );
  });
}
