import { DataverseError, type Principal, type SqlRow, type SqlValue, type World } from "../model";
import { quote } from "../store";
import { conditionSql, demandSize, onSql } from "./condition";
import { demandGroups, type Output, outputsOf, typeSql } from "./outputs";
import { invalid } from "./refusal";
import {
  type Column,
  isGrouped,
  openSource,
  readable,
  resolve,
  type Scope,
  type Sql,
  sortedBy,
} from "./scope";
import type { ColumnName, Statement } from "./statement";

export interface Page {
  readonly scope: Scope;
  readonly outputs: readonly Output[];
  readonly grouped: boolean;
  /** `v<n>` and `y<n>` (table of a lookup) of each output; of a query without groups also the root's columns. */
  readonly rows: readonly SqlRow[];
  readonly more: boolean;
}

interface Parts {
  readonly from: string;
  readonly where: string;
  readonly parameters: readonly SqlValue[];
}

/** FROM and WHERE, with the rows that the caller may read. */
function partsOf(scope: Scope, statement: Statement): Parts {
  demandSize([statement.where, ...statement.joins.map((join) => join.on)]);
  const root = openSource(scope, statement.from);
  let from = `${quote(root.entity.logicalName)} ${root.alias}`;
  const parameters: SqlValue[] = [];
  for (const join of statement.joins) {
    const source = openSource(scope, join);
    const conditions: Sql[] = [
      ...(join.on === undefined ? [] : [onSql(scope, source, join.on)]),
      ...readable(scope, source),
    ];
    const on =
      conditions.length === 0 ? "1" : conditions.map(({ sql }) => `(${sql})`).join(" AND ");
    from += ` ${join.kind === "left" ? "LEFT" : "INNER"} JOIN ${quote(source.entity.logicalName)} ${source.alias} ON ${on}`;
    parameters.push(...conditions.flatMap((condition) => condition.parameters));
  }
  const filters = [
    ...(statement.where === undefined ? [] : [conditionSql(scope, statement.where)]),
    ...readable(scope, root),
  ];
  parameters.push(...filters.flatMap((filter) => filter.parameters));
  const where =
    filters.length === 0 ? "" : ` WHERE ${filters.map(({ sql }) => `(${sql})`).join(" AND ")}`;
  return { from, where, parameters };
}

/** EMULATOR_AGGREGATE_LIMIT lowers the 50,000 rows that an aggregate may read, so that tests need not make so many. */
function demandAggregable({ world }: Scope, { from, where, parameters }: Parts): void {
  // biome-ignore lint/style/noProcessEnv: a knob of the emulator for tests, read at each query.
  const written = Number(process.env.EMULATOR_AGGREGATE_LIMIT);
  const limit = Number.isInteger(written) && written > 0 ? written : 50_000;
  const counted = world.db
    .prepare(`SELECT count(*) AS n FROM (SELECT 1 FROM ${from}${where} LIMIT ?)`)
    .get(...parameters, limit + 1);
  if (Number(counted?.n) <= limit) return;
  throw new DataverseError(
    400,
    "0x8004e023",
    "The maximum record limit is exceeded. Reduce the number of records.",
  );
}

function orderKey(
  scope: Scope,
  name: ColumnName,
  outputs: readonly Output[],
  groups: readonly Column[] | undefined,
): string {
  const aliased = outputs.findIndex(
    ({ alias }) => name.qualifier === undefined && alias?.toLowerCase() === name.name,
  );
  const output = outputs[aliased];
  if (output?.aggregate !== undefined) return `v${aliased}`;
  const column = output?.column ?? resolve(scope, name);
  if (groups !== undefined && !groups.some((group) => group.sql === column.sql)) {
    throw invalid(
      `ORDER BY '${name.name}' is no column of the select list or of GROUP BY.`,
      name.at,
    );
  }
  return sortedBy(scope, column);
}

/** Columns that make the groups: those of GROUP BY, or with DISTINCT those of the select list. */
function groupsOf(scope: Scope, statement: Statement, outputs: readonly Output[]): Column[] {
  const groups = statement.groupBy.map((name) => resolve(scope, name));
  const isAggregate = outputs.some(({ aggregate }) => aggregate !== undefined);
  if (groups.length > 0 || isAggregate) {
    demandGroups(outputs, groups);
    return groups;
  }
  return outputs.flatMap(({ column }) => column ?? []);
}

function selection(outputs: readonly Output[], grouped: boolean): string[] {
  return outputs.flatMap(({ sql, column, aggregate }, index) => {
    // Texts of one group differ at most in case and accents: one of them stands for all.
    const one = (text: string) => (grouped && aggregate === undefined ? `min(${text})` : text);
    const type = column && aggregate === undefined ? typeSql(column) : undefined;
    const items = [`${one(sql)} AS v${index}`];
    if (type !== undefined) items.push(`${one(type)} AS y${index}`);
    return items;
  });
}

/** One page of what a statement finds, from row `skip` on. */
export function runStatement(
  world: World,
  principal: Principal,
  statement: Statement,
  page: { readonly size: number; readonly skip: number },
): Page {
  const scope: Scope = { world, principal, sources: [] };
  const parts = partsOf(scope, statement);
  const outputs = outputsOf(scope, statement);
  const grouped = isGrouped(statement);
  const groups = grouped ? groupsOf(scope, statement, outputs) : undefined;
  const isAggregate = outputs.some(({ aggregate }) => aggregate !== undefined);
  if (isAggregate || statement.groupBy.length > 0) demandAggregable(scope, parts);
  const keys = statement.orderBy.map(
    ({ column, descending }) =>
      `${orderKey(scope, column, outputs, groups)}${descending ? " DESC" : ""}`,
  );
  const [root] = scope.sources;
  const items = selection(outputs, grouped);
  if (!grouped && root !== undefined) {
    items.push(`${root.alias}.*`);
    // Pages must not overlap.
    for (const source of scope.sources) {
      keys.push(`${source.alias}.${quote(source.entity.primaryIdAttribute)}`);
    }
  } else if (groups !== undefined) keys.push(...groups.map((group) => group.compared));
  const by = groups?.length ? ` GROUP BY ${groups.map(({ compared }) => compared).join(", ")}` : "";
  const order = keys.length === 0 ? "" : ` ORDER BY ${keys.join(", ")}`;
  const most = Math.min(statement.top ?? Infinity, statement.fetch ?? Infinity);
  const left = Math.max(most - page.skip, 0);
  const size = Math.min(page.size, left);
  const rows = world.db
    .prepare(
      `SELECT ${items.join(", ")} FROM ${parts.from}${parts.where}${by}${order} LIMIT ? OFFSET ?`,
    )
    .all(...parts.parameters, size + 1, (statement.offset ?? 0) + page.skip);
  return {
    scope,
    outputs,
    grouped,
    rows: rows.slice(0, size),
    more: rows.length > size && left > size,
  };
}
