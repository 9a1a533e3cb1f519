import { fold, hasTypeColumn, quote } from "../store";
import type { Filter, Operand } from "./filter";
import { invalid, literalFor } from "./literal";
import { queryFunction } from "./query-functions";
import { type Column, resolveColumn, type Scope, type Sql, unknownProperty } from "./scope";

const operators = { eq: "=", ne: "<>", gt: ">", ge: ">=", lt: "<", le: "<=" } as const;

/** SQL of a condition, with its values bound. Three-valued, as SQL Server's. */
export function conditionSql(filter: Filter, scope: Scope): Sql {
  switch (filter.kind) {
    case "and":
    case "or": {
      const [left, right] = [conditionSql(filter.left, scope), conditionSql(filter.right, scope)];
      return {
        sql: `(${left.sql} ${filter.kind.toUpperCase()} ${right.sql})`,
        parameters: [...left.parameters, ...right.parameters],
      };
    }
    case "not": {
      const inner = conditionSql(filter.operand, scope);
      return { sql: `NOT (${inner.sql})`, parameters: inner.parameters };
    }
    case "compare":
      return compare(filter, scope);
    case "in": {
      const column = columnOperand(filter.left, scope);
      const values = filter.values.map((value) => literalFor(column, value));
      return {
        sql: `${column.folded} IN (${values.map(() => "?").join(", ")})`,
        parameters: values,
      };
    }
    case "match":
      return match(filter, scope);
    case "function":
      return queryFunction(filter, scope);
    case "lambda":
      return lambda(filter, scope);
  }
}

export function columnOperand(operand: Operand, scope: Scope): Column {
  if (operand.kind === "path") return resolveColumn(scope, operand.names);
  throw invalid(`The value '${operand.value}' stands where a property was expected.`);
}

function compare(
  { operator, left, right }: Extract<Filter, { kind: "compare" }>,
  scope: Scope,
): Sql {
  if (left.kind === "literal" && right.kind === "literal")
    throw invalid("A comparison of two values is not supported.");
  if (left.kind === "literal") {
    const swapped = { eq: "eq", ne: "ne", gt: "lt", ge: "le", lt: "gt", le: "ge" } as const;
    return compare(
      { kind: "compare", operator: swapped[operator], left: right, right: left },
      scope,
    );
  }
  const column = resolveColumn(scope, left.names);
  if (right.kind === "path") {
    const other = resolveColumn(scope, right.names);
    return { sql: `${column.folded} ${operators[operator]} ${other.folded}`, parameters: [] };
  }
  if (right.type === "null") {
    if (operator !== "eq" && operator !== "ne")
      throw invalid(`null can be compared by eq and ne only, not by ${operator}.`);
    return { sql: `${column.sql} IS ${operator === "eq" ? "" : "NOT "}NULL`, parameters: [] };
  }
  const value = literalFor(column, right);
  if (operator === "ne") {
    // The service's "not equal" takes rows without a value along.
    return { sql: `(${column.folded} <> ? OR ${column.sql} IS NULL)`, parameters: [value] };
  }
  return { sql: `${column.folded} ${operators[operator]} ?`, parameters: [value] };
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, "\\$&");

function match({ name, left, right }: Extract<Filter, { kind: "match" }>, scope: Scope): Sql {
  const column = columnOperand(left, scope);
  const isText = column.attribute.type === "String" || column.attribute.type === "Memo";
  if (!isText || right.kind !== "literal" || right.type !== "text") {
    throw invalid(
      `No function signature for the function with name '${name}' matches the specified arguments. The function takes a text property and a text.`,
    );
  }
  const text = escapeLike(fold(right.value));
  const pattern = `${name === "startswith" ? "" : "%"}${text}${name === "endswith" ? "" : "%"}`;
  return { sql: `${column.folded} LIKE ? ESCAPE '\\'`, parameters: [pattern] };
}

/** `any` and `all` over a collection become EXISTS, with the rows that the caller may see. */
function lambda(
  { quantifier, path, variable, body, at }: Extract<Filter, { kind: "lambda" }>,
  scope: Scope,
): Sql {
  const owner = scope.variables.get(path[0] ?? "") ?? scope;
  const name = path.at(-1) ?? "";
  const end = scope.world.catalog.navigation(owner.entity.logicalName, name);
  if (end === undefined || end.kind === "one" || path.length > (owner === scope ? 1 : 2))
    throw unknownProperty(path.join("/"), owner.entity);
  if (end.kind === "manyToMany")
    throw invalid(
      `The lambda over '${name}' at position ${at} is not supported: it crosses a many-to-many relationship.`,
    );
  const { referencingEntity, referencingAttribute } = end.relationship;
  const entity = scope.world.catalog.byName(referencingEntity);
  const attribute = entity?.attribute(referencingAttribute);
  if (entity === undefined || attribute === undefined) throw unknownProperty(name, owner.entity);
  scope.world.security.demand(scope.principal, "Read", referencingEntity);
  const alias = `x${scope.counter.next++}`;
  const inner: Scope = {
    ...scope,
    entity,
    alias,
    joins: new Map(),
    variables: new Map(scope.variables),
  };
  const variables = new Map(scope.variables);
  if (variable !== undefined) variables.set(variable, inner);
  const bodySql = body === undefined ? undefined : conditionSql(body, { ...inner, variables });
  const filter = scope.world.security.rowFilter(scope.principal, "Read", referencingEntity, alias);
  const type = hasTypeColumn(attribute)
    ? ` AND ${alias}.${quote(`${referencingAttribute}__type`)} = '${owner.entity.logicalName}'`
    : "";
  const link = `${alias}.${quote(referencingAttribute)} = ${owner.alias}.${quote(owner.entity.primaryIdAttribute)}${type}`;
  const condition =
    bodySql === undefined
      ? ""
      : quantifier === "any"
        ? ` AND (${bodySql.sql})`
        : ` AND NOT coalesce((${bodySql.sql}), 0)`;
  const joins = [...inner.joins.values()];
  const exists = `EXISTS (SELECT 1 FROM ${quote(referencingEntity)} ${alias} ${joins.map((join) => join.sql).join(" ")} WHERE ${link}${condition}${filter ? ` AND (${filter.sql})` : ""})`;
  return {
    sql: quantifier === "any" ? exists : `NOT ${exists}`,
    parameters: [
      ...joins.flatMap((join) => join.parameters),
      ...(bodySql?.parameters ?? []),
      ...(filter?.parameters ?? []),
    ],
  };
}
