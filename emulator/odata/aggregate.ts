import { quote } from "../store";
import { conditionSql } from "./condition";
import { parseFilter } from "./filter";
import { invalid } from "./literal";
import { resolveColumn, type Scope, type Sql } from "./scope";

const most = 50_000;
const functions = {
  sum: "sum",
  min: "min",
  max: "max",
  average: "avg",
  countdistinct: "count",
} as const;

/** `$apply`: `filter(…)/groupby((a,b),aggregate($count as n, x with sum as total))`, each step optional. */
export function aggregate(
  scope: Scope,
  apply: string,
  aliases: ReadonlyMap<string, string>,
): Record<string, unknown>[] {
  const { world, principal, entity, alias } = scope;
  world.security.demand(principal, "Read", entity.logicalName);
  const { filterText, groups, terms } = readApply(apply);
  const filters: Sql[] =
    filterText === undefined ? [] : [conditionSql(parseFilter(filterText, aliases), scope)];
  const row = world.security.rowFilter(principal, "Read", entity.logicalName, alias);
  if (row) filters.push(row);
  const grouped = groups.map((name) => ({ name, column: resolveColumn(scope, name.split("/")) }));
  const columns = [
    ...grouped.map(({ name, column }) => `${column.sql} AS ${quote(name)}`),
    ...terms.map((term) => `${term.sql(scope)} AS ${quote(term.alias)}`),
  ];
  const joins = [...scope.joins.values()];
  const where =
    filters.length === 0
      ? ""
      : ` WHERE ${filters.map((filter) => `(${filter.sql})`).join(" AND ")}`;
  const parameters = [
    ...joins.flatMap((join) => join.parameters),
    ...filters.flatMap((filter) => filter.parameters),
  ];
  const from = `FROM ${quote(entity.logicalName)} ${alias} ${joins.map((join) => join.sql).join(" ")}${where}`;
  const size = world.db
    .prepare(`SELECT count(*) AS n FROM (SELECT 1 ${from} LIMIT ?)`)
    .get(...parameters, most + 1);
  if (Number(size?.n) > most)
    throw invalid("AggregateQueryRecordLimit exceeded. Cannot perform this operation.");
  const groupBy =
    grouped.length === 0 ? "" : ` GROUP BY ${grouped.map(({ column }) => column.sql).join(", ")}`;
  return world.db
    .prepare(`SELECT ${columns.join(", ")} ${from}${groupBy}`)
    .all(...parameters)
    .map((each) => ({ ...each }));
}

interface Term {
  readonly alias: string;
  sql(scope: Scope): string;
}

function readApply(text: string): {
  filterText: string | undefined;
  groups: string[];
  terms: Term[];
} {
  const match =
    /^\s*(?:filter\((.*?)\)\s*\/\s*)?(?:groupby\(\(([^)]*)\)(?:\s*,\s*aggregate\((.*)\))?\)|aggregate\((.*)\))\s*$/s.exec(
      text,
    );
  if (match === null)
    throw invalid(
      `The $apply expression '${text.slice(0, 100)}' is not supported: filter, groupby and aggregate are.`,
    );
  const [, filterText, groupText, inner, outer] = match;
  const groups = (groupText ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const terms = (inner ?? outer ?? "")
    .split(",")
    .map((term) => term.trim())
    .filter((term) => term !== "")
    .map(readTerm);
  if (groups.length + terms.length === 0)
    throw invalid("The $apply expression groups and aggregates nothing.");
  return { filterText, groups, terms };
}

function readTerm(text: string): Term {
  const count = /^\$count\s+as\s+(\w+)$/.exec(text);
  if (count) return { alias: count[1] ?? "", sql: () => "count(*)" };
  const match = /^([\w/]+)\s+with\s+(\w+)\s+as\s+(\w+)$/.exec(text);
  const name = match?.[2] as keyof typeof functions | undefined;
  if (match === null || name === undefined || !(name in functions))
    throw invalid(`Syntax error in $apply: '${text.slice(0, 100)}'.`);
  return {
    alias: match[3] ?? "",
    sql(scope) {
      const column = resolveColumn(scope, (match[1] ?? "").split("/"));
      return `${functions[name]}(${name === "countdistinct" ? "DISTINCT " : ""}${column.sql})`;
    },
  };
}
