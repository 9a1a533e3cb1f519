import type { SqlValue } from "../../model";
import type { Comparison, Filter, Operand } from "../parse/filter-tree";
import { checkedLiteral, edmType, invalid } from "../parse/literal";
import { fetchCondition } from "./fetch-condition";
import { lambdaSql } from "./lambda";
import { queryFunction } from "./query-functions";
import { type Column, resolveColumn, type Scope, type Sql } from "./scope";

const operators = { eq: "=", ne: "<>", gt: ">", ge: ">=", lt: "<", le: "<=" } as const;
const opposites = { eq: "ne", ne: "eq", gt: "le", ge: "lt", lt: "ge", le: "gt" } as const;
const swapped = { eq: "eq", ne: "ne", gt: "lt", ge: "le", lt: "gt", le: "ge" } as const;

/**
 * SQL of a condition, with its values bound. `not` goes down to the single conditions, as it does in the service: what is
 * not equal takes rows without a value along, and what is not greater does not.
 */
export function conditionSql(filter: Filter, scope: Scope, isNegated = false): Sql {
  switch (filter.kind) {
    case "and":
    case "or": {
      const word = (filter.kind === "and") === isNegated ? " OR " : " AND ";
      const parts = filter.parts.map((part) => conditionSql(part, scope, isNegated));
      return {
        sql: `(${parts.map((part) => part.sql).join(word)})`,
        parameters: parts.flatMap((part) => part.parameters),
      };
    }
    case "not":
      return conditionSql(filter.operand, scope, !isNegated);
    case "compare":
      return compare(filter, scope, isNegated);
    case "in":
      return isIn(filter, scope, isNegated);
    case "match":
      return match(filter, scope, isNegated);
    case "function":
      return queryFunction(filter, scope, isNegated);
    case "lambda": {
      const inner = lambdaSql(filter, scope, conditionSql);
      return isNegated ? { ...inner, sql: `NOT ${inner.sql}` } : inner;
    }
  }
}

export function columnOperand(operand: Operand, scope: Scope): Column {
  if (operand.kind === "path") return resolveColumn(scope, operand.names);
  throw invalid(`The value '${operand.value}' stands where a property was expected.`);
}

const numeric = new Set([
  "BigInt",
  "Decimal",
  "Double",
  "Integer",
  "Money",
  "Picklist",
  "State",
  "Status",
]);

function compare(
  { operator: written, left, right }: Extract<Filter, { kind: "compare" }>,
  scope: Scope,
  isNegated: boolean,
): Sql {
  if (left.kind === "literal" && right.kind === "literal")
    throw invalid("A comparison of two values is not supported.");
  if (left.kind === "literal") {
    return compare(
      { kind: "compare", operator: swapped[written], left: right, right: left },
      scope,
      isNegated,
    );
  }
  const operator: Comparison = isNegated ? opposites[written] : written;
  const column = resolveColumn(scope, left.names);
  if (right.kind === "path") return compareColumns(scope, column, operator, right.names);
  if (right.type === "null") {
    if (operator !== "eq" && operator !== "ne")
      throw invalid(`null can be compared by eq and ne only, not by ${written}.`);
    return { sql: `${column.sql} IS ${operator === "eq" ? "" : "NOT "}NULL`, parameters: [] };
  }
  const value = checkedLiteral(column.attribute, right, written);
  if (!numeric.has(column.attribute.type)) return fetchCondition(scope, column, operator, [value]);
  const parameters: SqlValue[] = [Number(value)];
  // The service's "not equal" takes rows without a value along.
  if (operator === "ne")
    return { sql: `(${column.sql} <> ? OR ${column.sql} IS NULL)`, parameters };
  return { sql: `${column.sql} ${operators[operator]} ?`, parameters };
}

/** Two columns of one row, of the same type. */
function compareColumns(
  scope: Scope,
  column: Column,
  operator: Comparison,
  names: readonly string[],
): Sql {
  const other = resolveColumn(scope, names);
  if (other.alias !== column.alias)
    throw invalid(
      `The columns '${column.attribute.logicalName}' and '${other.attribute.logicalName}' are of different rows: OData compares columns of the same row only.`,
    );
  const [one, two] = [edmType(column.attribute), edmType(other.attribute)];
  if (one !== two)
    throw invalid(
      `A binary operator with incompatible types was detected. Found operand types '${one}' and '${two}' for operator kind 'Equal'.`,
    );
  return fetchCondition(scope, column, operator, [], other.attribute.logicalName);
}

function isIn(filter: Extract<Filter, { kind: "in" }>, scope: Scope, isNegated: boolean): Sql {
  const column = columnOperand(filter.left, scope);
  const values = filter.values.map((value) => checkedLiteral(column.attribute, value, "in"));
  if (!numeric.has(column.attribute.type))
    return fetchCondition(scope, column, isNegated ? "not-in" : "in", values);
  const sql = `${column.sql} IN (${values.map(() => "?").join(", ")})`;
  return {
    sql: isNegated ? `(${sql}) IS NOT 1` : sql,
    parameters: values.map(Number),
  };
}

/** Wildcards in the text work as in LIKE; square brackets take them literally. */
function match(
  { name, left, right }: Extract<Filter, { kind: "match" }>,
  scope: Scope,
  isNegated: boolean,
): Sql {
  const column = columnOperand(left, scope);
  const isText = column.attribute.type === "String" || column.attribute.type === "Memo";
  if (!isText || right.kind !== "literal" || right.type !== "text") {
    throw invalid(
      `No function signature for the function with name '${name}' matches the specified arguments. The function signatures considered are: ${name}(Edm.String Nullable=true, Edm.String Nullable=true).`,
    );
  }
  const pattern = `${name === "startswith" ? "" : "%"}${right.value}${name === "endswith" ? "" : "%"}`;
  return fetchCondition(scope, column, isNegated ? "not-like" : "like", [pattern]);
}
