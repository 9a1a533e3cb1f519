import type { AttributeDefinition, SqlRow, SqlValue, WebRequest, World } from "../model";
import { hasTypeColumn, quote } from "../store";
import type { Expand } from "./options";
import { createScope, type Scope, unknownProperty } from "./scope";
import { readPage, selectedColumns } from "./select";

/** Most rows of an expanded collection in one answer. */
const largestExpand = 5_000;
/** Most parameters of one statement. */
const chunk = 500;

/** Puts the expanded properties into rendered rows: one query for each property, whatever the number of rows. */
export function expandRows(
  scope: Scope,
  request: WebRequest,
  expands: readonly Expand[],
  rows: readonly SqlRow[],
  rendered: Record<string, unknown>[],
): void {
  for (const expand of expands) {
    const end = scope.world.catalog.navigation(scope.entity.logicalName, expand.property);
    if (end === undefined) throw unknownProperty(expand.property, scope.entity);
    if (end.kind === "one") expandOne(scope, request, expand, end, rows, rendered);
    else expandMany(scope, request, expand, end, rows, rendered);
  }
}

type End = NonNullable<ReturnType<World["catalog"]["navigation"]>>;
type One = Extract<End, { kind: "one" }>;
type Many = Exclude<End, One>;

function expandOne(
  scope: Scope,
  request: WebRequest,
  expand: Expand,
  end: One,
  rows: readonly SqlRow[],
  rendered: Record<string, unknown>[],
): void {
  const column = end.attribute.logicalName;
  const tables = end.attribute.type === "Owner" ? ["systemuser", "team"] : [end.target];
  const found = new Map<string, Record<string, unknown>>();
  for (const table of tables) {
    const ids = rows
      .filter((row) => pointsTo(end.attribute, row, table))
      .map((row) => String(row[column]));
    for (const [id, row] of readByKey(scope, request, expand, table, undefined, ids))
      found.set(id, row[0] ?? {});
  }
  rows.forEach((row, index) => {
    const target = rendered[index];
    if (target) target[expand.property] = found.get(String(row[column])) ?? null;
  });
}

function pointsTo(attribute: AttributeDefinition, row: SqlRow, table: string): boolean {
  const id = row[attribute.logicalName];
  if (id === null || id === undefined) return false;
  return (
    !hasTypeColumn(attribute) ||
    row[`${attribute.logicalName}__type`] === table ||
    attribute.type === "Owner"
  );
}

function expandMany(
  scope: Scope,
  request: WebRequest,
  expand: Expand,
  end: Many,
  rows: readonly SqlRow[],
  rendered: Record<string, unknown>[],
): void {
  const ids = rows.map((row) => String(row[scope.entity.primaryIdAttribute]));
  const table = end.kind === "many" ? end.relationship.referencingEntity : end.other;
  const found =
    end.kind === "many"
      ? readByKey(scope, request, expand, table, end.relationship.referencingAttribute, ids)
      : readIntersect(scope, request, expand, end, ids);
  rows.forEach((row, index) => {
    const target = rendered[index];
    if (target)
      target[expand.property] = found.get(String(row[scope.entity.primaryIdAttribute])) ?? [];
  });
}

type Rows = Record<string, unknown>[];

/** Rows of a table by a lookup (or by their own key), grouped by its value. */
function readByKey(
  scope: Scope,
  request: WebRequest,
  expand: Expand,
  table: string,
  lookup: string | undefined,
  ids: readonly string[],
): Map<string, Rows> {
  const entity = scope.world.catalog.byName(table);
  if (entity === undefined) throw unknownProperty(expand.property, scope.entity);
  const column = lookup ?? entity.primaryIdAttribute;
  const groups = new Map<string, Rows>();
  const wanted = [...new Set(ids)];
  for (let at = 0; at < wanted.length; at += chunk) {
    const part = wanted.slice(at, at + chunk);
    const inner = createScope(scope.world, scope.principal, entity);
    const attribute = lookup === undefined ? undefined : entity.attribute(lookup);
    const type =
      attribute && hasTypeColumn(attribute)
        ? ` AND t.${quote(`${lookup}__type`)} = '${scope.entity.logicalName}'`
        : "";
    const condition = {
      sql: `t.${quote(column)} IN (${part.map(() => "?").join(", ")})${type}`,
      parameters: part as SqlValue[],
    };
    const page = readPage(inner, {
      options: expand.options,
      conditions: [condition],
      limit: largestExpand,
    });
    const out = scope.world.records.render(
      table,
      page.rows,
      selectedColumns(inner, expand.options),
      request,
    );
    expandRows(inner, request, expand.options.expand, page.rows, out);
    page.rows.forEach((row, index) => {
      const key = String(row[column]);
      const group = groups.get(key) ?? [];
      const one = out[index];
      // $top holds for each row's own collection.
      if (
        one &&
        (expand.options.top === undefined ||
          lookup === undefined ||
          group.length < expand.options.top)
      )
        group.push(one);
      groups.set(key, group);
    });
  }
  return groups;
}

function readIntersect(
  scope: Scope,
  request: WebRequest,
  expand: Expand,
  end: Extract<End, { kind: "manyToMany" }>,
  ids: readonly string[],
): Map<string, Rows> {
  const { relationship } = end;
  const isFirst = relationship.entity1 === scope.entity.logicalName;
  const [own, other] = isFirst
    ? [relationship.entity1Attribute, relationship.entity2Attribute]
    : [relationship.entity2Attribute, relationship.entity1Attribute];
  const groups = new Map<string, Rows>();
  for (const id of new Set(ids)) {
    const links = scope.world.db
      .prepare(
        `SELECT ${quote(other)} AS id FROM ${quote(relationship.intersectEntity)} WHERE ${quote(own)} = ?`,
      )
      .all(id);
    const found = readByKey(
      scope,
      request,
      expand,
      end.other,
      undefined,
      links.map((link) => String(link.id)),
    );
    groups.set(id, [...found.values()].flat().slice(0, expand.options.top ?? largestExpand));
  }
  return groups;
}
