import { columnOf } from "../../fetchxml/column";
import { conditionSql } from "../../fetchxml/conditions/condition";
import { NOWHERE } from "../../fetchxml/parse/refuse";
import type { Source } from "../../fetchxml/source";
import type { Column, Scope, Sql } from "./scope";

/** A condition of FetchXML on a column of this query. */
export function fetchCondition(
  scope: Scope,
  column: Column,
  operator: string,
  values: readonly string[],
  otherColumn?: string,
): Sql {
  const source: Source = {
    entity: column.entity,
    alias: column.alias,
    name: undefined,
    parent: undefined,
    visible: true,
  };
  // A column that FetchXML cannot compare is refused in its words.
  columnOf(source, column.attribute.logicalName, NOWHERE);
  const node = {
    kind: "condition",
    attribute: column.attribute.logicalName,
    operator,
    entityName: undefined,
    values,
    valueOf: otherColumn,
    at: NOWHERE,
  } as const;
  return conditionSql(node, source, scope.query);
}
