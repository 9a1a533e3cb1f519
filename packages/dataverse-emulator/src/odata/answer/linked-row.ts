import type { SqlRow, WebRequest, WebResponse, World } from "../../model";
import { accessDenied, doesNotExist } from "../../records/rows/refusals";
import { etagOf, fileName, hasTypeColumn, quote } from "../../store";
import { invalid } from "../parse/literal";
import { isNested, type Options } from "../parse/options";
import { createScope, isFileName, isTypeColumn, type Scope, type Sql } from "../query/scope";
import { contextOf } from "./context";
import { expandRows } from "./expand";
import { readPage, renderedColumns } from "./select";

export const largestPage = 5_000;
const crm = "Microsoft.Dynamics.CRM";

export const none: Options = {
  select: undefined,
  filter: undefined,
  orderby: [],
  top: undefined,
  count: false,
  expand: [],
  apply: undefined,
  skipToken: undefined,
};

/**
 * One row by its id, as far as the caller may see it and it belongs to the collection.
 * @throws DataverseError 404 when there is none, 403 when it is somebody else's
 */
export function readRow(
  scope: Scope,
  options: Options = none,
  id: string,
  within?: (alias: string) => Sql,
): SqlRow {
  const { entity, alias, world } = scope;
  const byId: Sql = { sql: `${alias}.${quote(entity.primaryIdAttribute)} = ?`, parameters: [id] };
  const conditions = within === undefined ? [byId] : [byId, within(alias)];
  const { select, expand } = options;
  const [row] = readPage(scope, {
    options: { ...none, select, expand },
    conditions,
    limit: 1,
  }).rows;
  if (row !== undefined) return row;
  const isThere = within === undefined && world.records.read(entity.logicalName, id) !== undefined;
  throw isThere ? accessDenied() : doesNotExist(entity.logicalName, id);
}

export function singleAnswer(
  request: WebRequest,
  scope: Scope,
  options: Options,
  row: SqlRow,
): WebResponse {
  const etag = etagOf(row.versionnumber);
  const isPlain =
    options.expand.length === 0 &&
    !/odata\.include-annotations/i.test(request.headers.prefer ?? "");
  if (isPlain && request.headers["if-none-match"] === etag)
    return { status: 304, headers: { ETag: etag } };
  const [rendered = {}] = renderRows(
    request,
    scope,
    options,
    [row],
    pageSizeOf(request) ?? largestPage,
  );
  return {
    status: 200,
    headers: { ETag: etag, ...preferencesApplied(request) },
    body: {
      "@odata.context": contextOf(request, scope.entity.entitySetName, options, true),
      ...versionNote(request, scope.world),
      ...rendered,
    },
  };
}

/** Rows as JSON with what they expand. */
export function renderRows(
  request: WebRequest,
  scope: Scope,
  options: Options,
  rows: readonly SqlRow[],
  pageSize: number,
): Record<string, unknown>[] {
  const rendered = scope.world.records.render(
    scope.entity.logicalName,
    rows,
    renderedColumns(scope, options),
    request,
  );
  addNamedColumns(scope, options, rows, rendered);
  const how = { request, isNested: isNested(options.expand), pageSize };
  expandRows(scope, options, rows, rendered, how);
  return rendered;
}

/** Type columns and names of files that are selected by name; they are no columns of their own. */
function addNamedColumns(
  { entity, world }: Pick<Scope, "entity" | "world">,
  { select = [] }: Options,
  rows: readonly SqlRow[],
  rendered: Record<string, unknown>[],
): void {
  for (const name of select) {
    const attribute = entity.attribute(name);
    if (attribute === undefined) continue;
    const { attributeOf = "" } = attribute;
    const isType = isTypeColumn(attribute);
    if (!isType && !isFileName(entity, attribute)) continue;
    rows.forEach((row, index) => {
      const target = rendered[index];
      const value = row[isType ? `${attributeOf}__type` : attributeOf] ?? null;
      const shown = isType || value === null ? value : (fileName(world.db, String(value)) ?? null);
      if (target) target[name] = shown;
    });
  }
}

export const versionNote = (request: WebRequest, world: World) =>
  request.annotations.wants(`${crm}.globalmetadataversion`)
    ? { [`@${crm}.globalmetadataversion`]: String(world.catalog.version()) }
    : {};

/** What `Prefer: odata.maxpagesize` asks for, within what there is. */
export function pageSizeOf({ headers }: WebRequest): number | undefined {
  const asked = /odata\.maxpagesize=(\d+)/i.exec(headers.prefer ?? "")?.[1];
  return asked === undefined ? undefined : Math.min(Math.max(Number(asked), 1), largestPage);
}

/** The header that tells which preferences were followed, a line for each. */
export function preferencesApplied(
  { headers }: WebRequest,
  isTracked = false,
): Record<string, string> {
  const prefer = headers.prefer ?? "";
  const applied = [
    /odata\.include-annotations=(?:"[^"]*"|[^\s,;]+)/i.exec(prefer)?.[0],
    /odata\.maxpagesize=\d+/i.exec(prefer)?.[0],
    /odata\.track-changes/i.exec(isTracked ? prefer : "")?.[0],
  ].filter((each) => each !== undefined);
  return applied.length === 0 ? {} : { "Preference-Applied": applied.join("\n") };
}

/** The row that a lookup of a row points to, when it points to one of that table. */
export function linkedRow(
  scope: Scope,
  id: string,
  end: Extract<NonNullable<ReturnType<World["catalog"]["navigation"]>>, { kind: "one" }>,
): { scope: Scope; id: string } | undefined {
  const { attribute } = end;
  const { world } = scope;
  const isOwner = attribute.type === "Owner";
  const { logicalName, type } = attribute;
  const select = [type === "Uniqueidentifier" ? logicalName : `_${logicalName}_value`];
  const row = readRow(scope, { ...none, select }, id);
  const target = row[attribute.logicalName];
  const named = hasTypeColumn(attribute) ? row[`${attribute.logicalName}__type`] : end.target;
  if (typeof target !== "string" || (!isOwner && named !== end.target)) return undefined;
  const entity = world.catalog.byName(isOwner ? String(named) : end.target);
  if (entity === undefined) return undefined;
  return { scope: createScope(world, scope.principal, entity), id: target };
}

/** Options that only a collection has. */
export function refuseCollectionOptions({ query }: WebRequest): void {
  if (["$filter", "$orderby", "$count", "$top", "$apply"].some((name) => query.has(name)))
    throw invalid(
      "The requested resource is not a collection. Query options $filter, $orderby, $count, $skip, and $top can be applied only on collections.",
    );
}
