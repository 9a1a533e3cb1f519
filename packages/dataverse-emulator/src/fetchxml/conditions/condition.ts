import type { SqlValue } from "../../model";
import {
  type Column,
  columnOf,
  comparableSql,
  guidKey,
  guidKeySql,
  isDateOnly,
  textSql,
  valueSql,
} from "../column";
import { balanced, type Fragment, list, raw, sql, value } from "../fragment";
import type { ConditionNode } from "../parse/model";
import { invalid, type Position, refuse, TOO_MANY_CONDITIONS } from "../parse/refuse";
import { LIMITS } from "../parse/vocabulary";
import type { Query, Source } from "../source";
import { callerCondition } from "./caller";
import { dateCondition } from "./date-condition";
import { hierarchyCondition } from "./hierarchy";
import { likeTests } from "./like";
import { readTime, readValue } from "./literal";

interface Condition {
  readonly column: Column;
  readonly operator: string;
  readonly values: readonly string[];
  readonly query: Query;
  readonly at: Position;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  eq: "=",
  ne: "=",
  neq: "=",
  gt: ">",
  ge: ">=",
  lt: "<",
  le: "<=",
};
/** These are true for NULL too: the service's `ne` lets empty columns pass. */
const NEGATIONS: ReadonlySet<string> = new Set([
  "ne",
  "neq",
  "not-like",
  "not-begin-with",
  "not-end-with",
  "not-in",
  "not-contain-values",
]);

const negated = (operator: string, positive: Fragment): Fragment =>
  NEGATIONS.has(operator) ? sql`(${positive}) IS NOT 1` : sql`(${positive})`;

const comparable = ({ column, query }: Condition): Fragment =>
  raw(comparableSql(column, query.world.catalog));

const read = ({ column, query, at }: Condition, text: string): SqlValue =>
  readValue(text, column, query, at);

/** `;` or `,` separated numbers, as `,1,3,`. */
function readChoices(condition: Condition, text: string): string {
  const numbers = text.split(/[,;]/).map((part) => Number(read(condition, part)));
  return `,${[...new Set(numbers)].sort((one, other) => one - other).join(",")},`;
}

const containsChoice = (column: Fragment, choice: SqlValue): Fragment =>
  sql`instr(${column}, ${value(`,${choice},`)}) > 0`;

/** The same set of choices, in whatever order they are stored. */
function sameChoices(condition: Condition, text: string): Fragment {
  const column = raw(valueSql(condition.column));
  const wanted = readChoices(condition, text);
  const each = wanted
    .slice(1, -1)
    .split(",")
    .map((one) => containsChoice(column, one));
  return sql`(length(${column}) = ${value(wanted.length)} AND ${balanced(each, "AND")})`;
}

/** Times are stored to the second; a fraction in the value moves the bound, it does not get lost. */
function hasFraction(condition: Condition, text: string): boolean {
  const { column } = condition;
  if (column.kind !== "date" || isDateOnly(column.attribute)) return false;
  return (readTime(text) ?? 0) % 1000 !== 0;
}

function compare(condition: Condition, operator: string, text: string): Fragment {
  const { column } = condition;
  if (column.kind === "choices") {
    if (operator === "=") return sameChoices(condition, text);
    throw wrongOperator(condition);
  }
  const wanted = read(condition, text);
  if (hasFraction(condition, text)) {
    if (operator === "=") return raw("0");
    return sql`${comparable(condition)} ${operator.startsWith(">") ? ">" : "<="} ${value(wanted)}`;
  }
  if (operator !== "=") {
    if (column.kind === "guid") return compareGuid(comparable(condition), operator, String(wanted));
    if (column.kind === "boolean" || column.kind === "table") throw wrongOperator(condition);
  }
  return sql`${comparable(condition)} ${operator} ${value(wanted)}`;
}

/**
 * By the bytes that count first, and by the others only where these say nothing: of a million rows few are looked at whole. The
 * comparison with no text lets the column's own index be read in place of the table.
 */
function compareGuid(column: Fragment, operator: string, guid: string): Fragment {
  const first = raw(`substr(${column.sql}, 25, 12)`);
  const key = raw(guidKeySql(column.sql));
  const bound = guidKey(guid);
  const [roughly, surely] = operator.startsWith(">") ? [">=", ">"] : ["<=", "<"];
  const firstBound = value(bound.slice(0, 12));
  return sql`(${column} > '' AND ${first} ${raw(roughly)} ${firstBound} AND (${first} ${raw(surely)} ${firstBound} OR ${key} ${raw(operator)} ${value(bound)}))`;
}

function wrongOperator({ column, operator, at }: Condition): Error {
  return invalid(
    `The condition operator '${operator}' is not valid for the attribute '${column.source.entity.logicalName}.${column.written}' of type ${column.part === "value" ? column.attribute.type : column.kind}.`,
    at,
  );
}

function like(condition: Condition, pattern: string): Fragment {
  const { column, query } = condition;
  if (column.kind !== "text") throw wrongOperator(condition);
  const tests = likeTests(
    pattern,
    comparable(condition).sql,
    textSql(column, query.world.catalog),
  ).map((test) => sql`${raw(test.sql)} GLOB ${value(test.glob)}`);
  return balanced(tests, "OR");
}

function inList(condition: Condition): Fragment {
  const { column, values } = condition;
  if (column.kind === "choices") {
    checkNumber(condition);
    return balanced(
      values.map((text) => sameChoices(condition, text)),
      "OR",
    );
  }
  return sql`${comparable(condition)} IN (${list(values.map((text) => read(condition, text)))})`;
}

/** In a column of several choices each value is a condition of its own. */
function checkNumber({ values, at }: Condition): void {
  if (values.length > LIMITS.conditions)
    throw refuse(
      TOO_MANY_CONDITIONS,
      `Number of conditions (${values.length}) in query exceeded maximum limit of ${LIMITS.conditions}.`,
      at,
    );
}

function between(condition: Condition): Fragment {
  const [from = "", to = ""] = condition.values;
  const both = sql`${compare(condition, ">=", from)} AND ${compare(condition, "<=", to)}`;
  return condition.operator === "between" ? both : sql`NOT (${both})`;
}

function containsValues(condition: Condition): Fragment {
  const { column, values } = condition;
  if (column.kind !== "choices") throw wrongOperator(condition);
  checkNumber(condition);
  const own = raw(valueSql(column));
  return balanced(
    values.map((text) => containsChoice(own, read(condition, text))),
    "OR",
  );
}

function byList(condition: Condition): Fragment | undefined {
  const { operator, values } = condition;
  const [first = ""] = values;
  const comparison = COMPARISONS[operator];
  if (comparison !== undefined) return compare(condition, comparison, first);
  switch (operator) {
    case "null":
    case "not-null":
      return raw(`${nullable(condition)} IS ${operator === "null" ? "NULL" : "NOT NULL"}`);
    case "like":
    case "not-like":
      return like(condition, first);
    case "begins-with":
    case "not-begin-with":
      // Wildcards in the text work here, too.
      return like(condition, `${first}%`);
    case "ends-with":
    case "not-end-with":
      return like(condition, `%${first}`);
    case "in":
    case "not-in":
      return inList(condition);
    case "between":
    case "not-between":
      return between(condition);
    case "contain-values":
    case "not-contain-values":
      return containsValues(condition);
    default:
      return undefined;
  }
}

/** A label or name is missing when its value is, without looking it up. */
const nullable = ({ column, query }: Condition): string =>
  column.part === "name" ? comparableSql(column, query.world.catalog) : valueSql(column);

const HIERARCHY: ReadonlySet<string> = new Set([
  "under",
  "eq-or-under",
  "not-under",
  "above",
  "eq-or-above",
]);

function compareColumns(condition: Condition, other: Column): Fragment {
  const { column, operator, query, at } = condition;
  if (column.kind !== other.kind || column.kind === "choices") {
    throw invalid(
      `The columns '${column.written}' and '${other.written}' cannot be compared: one is ${column.kind}, the other ${other.kind}.`,
      at,
    );
  }
  const comparison = COMPARISONS[operator] ?? "=";
  const { catalog } = query.world;
  const sides = [column, other].map((one) => {
    const text = comparableSql(one, catalog);
    return one.kind === "guid" && comparison !== "=" ? guidKeySql(text) : text;
  });
  return negated(operator, raw(sides.join(` ${comparison} `)));
}

/** `x` is of the same table, `alias.x` of another. */
function otherColumn(name: string, source: Source, query: Query, at: Position): Column {
  const [first = "", second] = name.split(".");
  const owner = second === undefined ? source : linked(first, source, query, at);
  const column = columnOf(owner, second ?? first, at);
  query.demandRead(owner.entity, column.attribute.logicalName);
  return column;
}

/** The table that `entityname` or `alias.column` means. */
export function linked(name: string, source: Source, query: Query, at: Position): Source {
  for (let one: Source | undefined = source; one !== undefined; one = one.parent) {
    if (one.name === name || (one.parent === undefined && one.entity.logicalName === name)) {
      return one;
    }
  }
  const found = query.byName(name);
  // Only the root's conditions come after the joins; a link's own may look up, not sideways.
  if (found?.visible && source.parent === undefined) return found;
  throw invalid(
    found === undefined
      ? `The linked entity '${name}' was not found: no link-entity of this query has this alias.`
      : `Columns of the linked entity '${name}' cannot be used here: put the condition into a filter of the entity itself.`,
    at,
  );
}

/** One condition as SQL. */
export function conditionSql(node: ConditionNode, owner: Source, query: Query): Fragment {
  const { operator, values, at } = node;
  const source = node.entityName === undefined ? owner : linked(node.entityName, owner, query, at);
  const column = columnOf(source, node.attribute, at);
  query.demandRead(column.source.entity, column.attribute.logicalName);
  const condition: Condition = { column, operator, values, query, at };
  if (node.valueOf !== undefined) {
    return compareColumns(condition, otherColumn(node.valueOf, source, query, at));
  }
  const common = byList(condition);
  if (common !== undefined) return negated(operator, common);
  if (HIERARCHY.has(operator)) {
    return hierarchyCondition(operator, column, values[0] ?? "", query, at);
  }
  const caller = callerCondition(operator, raw(valueSql(column)), query);
  if (caller !== undefined) {
    const fits =
      operator === "eq-userlanguage" ? column.kind === "integer" : column.kind === "guid";
    if (!fits) throw wrongOperator(condition);
    return caller;
  }
  if (column.kind !== "date") throw wrongOperator(condition);
  return dateCondition(condition);
}
