import type { AttributeDefinition, EntityDefinition, SqlRow, WebRequest, World } from "../../model";
import { hasTypeColumn, quote } from "../../store";
import { invalid } from "../parse/literal";
import type { Expand, Options } from "../parse/options";
import { collectionOf } from "../query/lambda";
import { columnOf, createScope, type Scope, unknownProperty } from "../query/scope";
import { type Page, readGroups, readPage, selectedColumns } from "./select";

/** Most rows of an expanded collection in one answer. */
const largestExpand = 5_000;
/** Most parameters of one statement. */
const chunk = 500;

type Json = Record<string, unknown>;

/** What holds for all expanded properties of a request. */
export interface ExpandRequest {
  readonly request: WebRequest;
  /** An expanded property is itself expanded somewhere: the collections are then paged, too, and cannot be sorted. */
  readonly isNested: boolean;
  /** Rows of a page of each collection, when they are paged. */
  readonly pageSize: number;
}

/** Puts the expanded properties into rendered rows: one query for each property, whatever the number of rows. */
export function expandRows(
  scope: Scope,
  options: Options,
  rows: readonly SqlRow[],
  rendered: Json[],
  how: ExpandRequest,
): void {
  for (const expand of options.expand) {
    const end = scope.world.catalog.navigation(scope.entity.logicalName, expand.property);
    if (end === undefined) throw unknownProperty(expand.property, scope.entity);
    checkOptions(expand, end, how);
    if (end.kind !== "one") expandMany(scope, expand, end, rows, rendered, how);
    else if (expand.isReference) addReferences(scope, expand, end, rows, rendered, how);
    else expandOne(scope, expand, end, rows, rendered, how);
  }
}

type End = NonNullable<ReturnType<World["catalog"]["navigation"]>>;
type One = Extract<End, { kind: "one" }>;
type Many = Exclude<End, One>;

function checkOptions({ isReference, options }: Expand, end: End, how: ExpandRequest): void {
  if (isReference && end.kind !== "one")
    throw invalid("Expand with $ref is only supported on lookup type navigation property.");
  const isSorted = options.top !== undefined || options.orderby.length > 0;
  if (isSorted && (end.kind === "one" || how.isNested))
    throw invalid(
      "Only $select and $filter clause can be provided while doing $expand on many-to-one relationship or nested one-to-many relationship.",
    );
  if (end.kind === "manyToMany" && how.isNested)
    throw invalid("A nested $expand over a many-to-many relationship is not supported.");
}

function targetsOf(end: One): string[] {
  return end.attribute.type === "Owner" ? ["systemuser", "team"] : [end.target];
}

/** Ids of the rows of one table that a lookup points to. */
function idsOf(rows: readonly SqlRow[], attribute: AttributeDefinition, table: string): string[] {
  const ids = rows
    .filter((row) => pointsTo(attribute, row, table))
    .map((row) => String(row[attribute.logicalName]));
  return [...new Set(ids)];
}

function pointsTo(attribute: AttributeDefinition, row: SqlRow, table: string): boolean {
  const id = row[attribute.logicalName];
  if (id === null || id === undefined) return false;
  return !hasTypeColumn(attribute) || row[`${attribute.logicalName}__type`] === table;
}

function addReferences(
  scope: Scope,
  { property }: Expand,
  end: One,
  rows: readonly SqlRow[],
  rendered: Json[],
  { request }: ExpandRequest,
): void {
  rows.forEach((row, index) => {
    const table = targetsOf(end).find((each) => pointsTo(end.attribute, row, each));
    const set = table === undefined ? undefined : scope.world.catalog.byName(table)?.entitySetName;
    const target = rendered[index];
    if (target === undefined) return;
    target[property] =
      set === undefined
        ? null
        : { "@odata.id": `${request.serviceRoot}${set}(${row[end.attribute.logicalName]})` };
  });
}

function expandOne(
  scope: Scope,
  expand: Expand,
  end: One,
  rows: readonly SqlRow[],
  rendered: Json[],
  how: ExpandRequest,
): void {
  const found = new Map<string, Json>();
  const { select } = expand.options;
  const showsKey = select === undefined || select.includes("ownerid") || select.includes("*");
  for (const table of targetsOf(end)) {
    const entity = scope.world.catalog.byName(table);
    if (entity === undefined) throw unknownProperty(expand.property, scope.entity);
    const options =
      end.attribute.type === "Owner" ? ownerOptions(scope, expand.options, entity) : expand.options;
    for (const [id, row] of readByIds(
      scope,
      entity,
      options,
      idsOf(rows, end.attribute, table),
      how,
    )) {
      // An owner is a principal; which kind it is must be told.
      found.set(
        id,
        end.attribute.type === "Owner"
          ? {
              "@odata.type": `#Microsoft.Dynamics.CRM.${table}`,
              ...row,
              ...(showsKey ? { ownerid: id } : {}),
            }
          : row,
      );
    }
  }
  rows.forEach((row, index) => {
    const target = rendered[index];
    if (target) target[expand.property] = found.get(String(row[end.attribute.logicalName])) ?? null;
  });
}

/** Of an owner, columns of users and of teams may be selected; each has its own. */
function ownerOptions(scope: Scope, options: Options, entity: EntityDefinition): Options {
  if (options.select === undefined) return options;
  const { catalog } = scope.world;
  const has = (table: EntityDefinition | undefined, name: string) => {
    try {
      return name === "*" || (table !== undefined && columnOf(table, name) !== undefined);
    } catch {
      return false;
    }
  };
  for (const name of options.select) {
    const isKnown =
      name === "ownerid" ||
      has(catalog.byName("systemuser"), name) ||
      has(catalog.byName("team"), name);
    if (!isKnown)
      throw invalid(
        `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.principal'.`,
      );
  }
  return { ...options, select: options.select.filter((name) => has(entity, name)) };
}

/** Rendered rows of a table by their ids, as far as the caller may see them. */
function readByIds(
  scope: Scope,
  entity: EntityDefinition,
  options: Options,
  ids: readonly string[],
  how: ExpandRequest,
): Map<string, Json> {
  const found = new Map<string, Json>();
  // Without rows, too, so that a wrong name is always refused.
  for (let at = 0; at === 0 || at < ids.length; at += chunk) {
    const part = ids.slice(at, at + chunk);
    const inner = createScope(scope.world, scope.principal, entity);
    const condition = {
      sql: `t.${quote(entity.primaryIdAttribute)} IN (${part.map(() => "?").join(", ")})`,
      parameters: part,
    };
    const { rows } = readPage(inner, { options, conditions: [condition], limit: chunk });
    const out = render(inner, options, rows, how);
    rows.forEach((row, index) => {
      const one = out[index];
      if (one === undefined) return;
      delete one["@odata.etag"];
      found.set(String(row[entity.primaryIdAttribute]), one);
    });
  }
  return found;
}

function expandMany(
  scope: Scope,
  expand: Expand,
  end: Many,
  rows: readonly SqlRow[],
  rendered: Json[],
  how: ExpandRequest,
): void {
  const ids = rows.map((row) => String(row[scope.entity.primaryIdAttribute]));
  const found = readCollections(scope, expand, end, ids, how);
  const { isNested, request } = how;
  ids.forEach((id, index) => {
    const target = rendered[index];
    if (target === undefined) return;
    const page = found.get(id);
    target[expand.property] = page?.rows ?? [];
    // A link to the same rows, unless they are paged: then to the next.
    const token = isNested ? page?.next : undefined;
    if (isNested && token === undefined) return;
    const texts = [
      ...expand.texts.map(encodeOption),
      ...(token === undefined ? [] : [`$skiptoken=${token}`]),
    ];
    const address = `${request.serviceRoot}${scope.entity.entitySetName}(${id})/${expand.property}`;
    target[`${expand.property}@odata.nextLink`] =
      texts.length === 0 ? address : `${address}?${texts.join("&")}`;
  });
}

function encodeOption(text: string): string {
  const at = text.indexOf("=");
  return `${text.slice(0, at)}=${encodeURIComponent(text.slice(at + 1))}`;
}

function readCollections(
  scope: Scope,
  { options }: Expand,
  end: Many,
  ids: readonly string[],
  how: ExpandRequest,
): Map<string, { rows: Json[]; next: string | undefined }> {
  const found = new Map<string, { rows: Json[]; next: string | undefined }>();
  const { owner, entity, joins, condition } = collectionOf(scope, scope.entity, end, "t");
  const pageSize = how.isNested ? how.pageSize : largestExpand;
  const limit = Math.min(options.top ?? pageSize, pageSize);
  // The lookup that makes a row one of the collection comes along with it.
  const lookup =
    end.kind === "many" && !how.isNested ? end.relationship.referencingAttribute : undefined;
  for (let at = 0; at === 0 || at < ids.length; at += chunk) {
    const part = ids.slice(at, at + chunk);
    const inner = createScope(scope.world, scope.principal, entity);
    const marks = part.map(() => "?").join(", ");
    const isOurs = `${owner} IN (${marks})${condition === undefined ? "" : ` AND ${condition}`}`;
    const all = withLookup(entity, options, lookup);
    const groups = readGroups(inner, {
      options: all,
      joins,
      conditions: [{ sql: isOurs, parameters: part }],
      limit,
      owner,
    });
    renderGroups(inner, all, groups, how, found);
  }
  return found;
}

function withLookup(
  entity: EntityDefinition,
  options: Options,
  lookup: string | undefined,
): Options {
  if (lookup === undefined || options.select === undefined || options.select.includes("*"))
    return options;
  const attribute = entity.attribute(lookup);
  const property = `_${lookup}_value`;
  if (attribute?.validForRead !== true || options.select.includes(property)) return options;
  return { ...options, select: [...options.select, property] };
}

/** All groups are rendered together, so that what they expand is read once. */
function renderGroups(
  scope: Scope,
  options: Options,
  groups: ReadonlyMap<string, Page>,
  how: ExpandRequest,
  found: Map<string, { rows: Json[]; next: string | undefined }>,
): void {
  const out = render(
    scope,
    options,
    [...groups.values()].flatMap((page) => page.rows),
    how,
  );
  let from = 0;
  for (const [id, { rows, next }] of groups) {
    const part = out.slice(from, from + rows.length);
    from += rows.length;
    if (how.isNested) for (const row of part) delete row["@odata.etag"];
    found.set(id, { rows: part, next });
  }
}

function render(
  scope: Scope,
  options: Options,
  rows: readonly SqlRow[],
  how: ExpandRequest,
): Json[] {
  const rendered = scope.world.records.render(
    scope.entity.logicalName,
    rows,
    selectedColumns(scope, options),
    how.request,
  );
  expandRows(scope, options, rows, rendered, how);
  return rendered;
}
