import { likeTests } from "../fetchxml/conditions/like";
import { DataverseError, type SqlValue } from "../model";
import { invalid, unsupported } from "./refusal";
import { type Column, resolve, type Scope, type Source, type Sql } from "./scope";
import type { ColumnName, Condition } from "./statement";
import { storedValue } from "./value";

/** As many as a query of the service takes. */
const mostConditions = 500;

/** Refuses a condition tree that is too large; the service counts conditions of the whole query. */
export function demandSize(conditions: readonly (Condition | undefined)[]): void {
  let count = 0;
  const open = conditions.filter((one) => one !== undefined);
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one.kind === "and" || one.kind === "or") open.push(one.left, one.right);
    else count++;
    if (count > mostConditions) {
      throw new DataverseError(
        400,
        "0x8004430c",
        `Number of conditions in query exceeded maximum limit of ${mostConditions}.`,
      );
    }
  }
}

/** SQL of a condition in WHERE, or of what ON filters beside its equality (`only`: columns of the joined table alone). */
export function conditionSql(scope: Scope, condition: Condition, only?: Source): Sql {
  const column = (name: ColumnName): Column => {
    const found = resolve(scope, name);
    if (only === undefined || found.source === only) return found;
    throw unsupported("A filter in ON that is not on the joined table", name.at);
  };
  const now = scope.world.now();
  switch (condition.kind) {
    case "and":
    case "or": {
      const left = conditionSql(scope, condition.left, only);
      const right = conditionSql(scope, condition.right, only);
      return {
        sql: `(${left.sql} ${condition.kind.toUpperCase()} ${right.sql})`,
        parameters: [...left.parameters, ...right.parameters],
      };
    }
    case "columns":
      throw unsupported("A comparison of two columns", condition.left.at);
    case "null": {
      const { sql } = column(condition.column);
      return { sql: `${sql} IS ${condition.negated ? "NOT " : ""}NULL`, parameters: [] };
    }
    case "compare": {
      const found = column(condition.column);
      return one(`${found.compared} ${condition.operator} ?`, [
        storedValue(found, condition.value, now),
      ]);
    }
    case "in": {
      const found = column(condition.column);
      const values = condition.values.map((value) => storedValue(found, value, now));
      const marks = values.map(() => "?").join(", ");
      return one(`${found.compared} ${condition.negated ? "NOT " : ""}IN (${marks})`, values);
    }
    case "between": {
      const found = column(condition.column);
      const values = [condition.low, condition.high].map((value) => storedValue(found, value, now));
      return one(`${found.compared} ${condition.negated ? "NOT " : ""}BETWEEN ? AND ?`, values);
    }
    case "like": {
      const found = column(condition.column);
      const { type } = found.attribute;
      if (type !== "String" && type !== "Memo") {
        throw invalid(
          `LIKE needs a text column; '${condition.column.name}' is of type ${type}.`,
          condition.column.at,
        );
      }
      const tests = likeTests(condition.pattern, found.compared, found.sql);
      const any = tests.map((test) => `${test.sql} GLOB ?`).join(" OR ");
      return one(
        `${condition.negated ? "NOT " : ""}(${any})`,
        tests.map((test) => test.glob),
      );
    }
  }
}

const one = (sql: string, parameters: readonly SqlValue[]): Sql => ({
  sql: `(${sql})`,
  parameters,
});

/** The parts of ON: one equality between a column of the joined table and one of a table before it, and filters. */
export function onSql(scope: Scope, joined: Source, on: Condition): Sql {
  const parts: Condition[] = [];
  const open: Condition[] = [on];
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    if (part.kind === "and") open.push(part.right, part.left);
    else parts.push(part);
  }
  const links = parts.filter((part) => part.kind === "columns");
  const [link, second] = links;
  if (link === undefined) {
    throw unsupported(`JOIN ${joined.name} ON without columns of the two tables, joined by =,`);
  }
  if (second !== undefined)
    throw unsupported("More than one pair of columns in ON", second.left.at);
  if (link.operator !== "=") throw unsupported("ON with anything but =", link.left.at);
  const [left, right] = [resolve(scope, link.left), resolve(scope, link.right)];
  if ((left.source === joined) === (right.source === joined)) {
    throw unsupported("ON that does not compare the joined table with one before it", link.left.at);
  }
  const filters = parts
    .filter((part) => part !== link)
    .map((part) => conditionSql(scope, part, joined));
  return {
    sql: [`${left.compared} = ${right.compared}`, ...filters.map((filter) => filter.sql)].join(
      " AND ",
    ),
    parameters: filters.flatMap((filter) => filter.parameters),
  };
}
