import { DataverseError, type Principal, type World } from "../model";
import { parseFilter } from "../odata/parse/filter";
import type { Filter, Operand } from "../odata/parse/filter-tree";
import { conditionSql } from "../odata/query/condition";
import { createScope, type Sql } from "../odata/query/scope";
import type { Scope } from "./request";

const lookups = new Set(["Lookup", "Customer", "Owner"]);

/** Search names lookups by their column; the reader of `$filter` wants them as the Web API shows them. */
function named(operand: Operand, scope: Scope): Operand {
  if (operand.kind !== "path" || operand.names.length !== 1) return operand;
  const [name = ""] = operand.names;
  const attribute = scope.entity.attribute(name);
  return attribute !== undefined && lookups.has(attribute.type)
    ? { ...operand, names: [`_${name}_value`] }
    : operand;
}

function adapted(filter: Filter, scope: Scope): Filter {
  switch (filter.kind) {
    case "and":
    case "or":
      return { ...filter, parts: filter.parts.map((part) => adapted(part, scope)) };
    case "not":
      return { ...filter, operand: adapted(filter.operand, scope) };
    case "compare":
    case "match":
      return { ...filter, left: named(filter.left, scope), right: named(filter.right, scope) };
    case "in":
      return { ...filter, left: named(filter.left, scope) };
    default:
      return filter;
  }
}

function sqlOf(world: World, principal: Principal, scope: Scope, text: string): Sql[] {
  const odata = createScope(world, principal, scope.entity);
  const condition = conditionSql(adapted(parseFilter(text, new Map()), scope), odata);
  if (odata.joins.size > 0) {
    throw new DataverseError(400, "0x80040203", "A search filter names columns of the table only.");
  }
  return [condition];
}

/** The filters of one table; undefined when a common filter names a column that the table does not have. */
export function filtersOf(
  world: World,
  principal: Principal,
  scope: Scope,
  common: string | undefined,
): Sql[] | undefined {
  const own = scope.filter === undefined ? [] : sqlOf(world, principal, scope, scope.filter);
  if (common === undefined) return own;
  // `account:revenue gt 5` speaks of one table.
  const [, table, rest] = /^\s*(\w+)\s*:\s*(.+)$/s.exec(common) ?? [];
  if (table !== undefined && rest !== undefined) {
    if (table.toLowerCase() !== scope.entity.logicalName) return own;
    return [...own, ...sqlOf(world, principal, scope, rest)];
  }
  try {
    return [...own, ...sqlOf(world, principal, scope, common)];
  } catch (error) {
    const isUnknown =
      error instanceof DataverseError && error.message.startsWith("Could not find a property");
    if (isUnknown) return undefined;
    throw error;
  }
}
