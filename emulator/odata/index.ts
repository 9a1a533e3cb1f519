import {
  DataverseError,
  type EntityDefinition,
  type Handler,
  type SqlRow,
  type WebRequest,
  type WebResponse,
  type World,
} from "../model";
import { etagOf, quote } from "../store";
import { aggregate } from "./aggregate";
import { expandRows } from "./expand";
import { invalid } from "./literal";
import { type Options, readOptions } from "./options";
import { readRowKey } from "./row-key";
import { columnOf, createScope, type Scope, type Sql, unknownProperty } from "./scope";
import { countRows, readPage, selectedColumns } from "./select";
import { readSkipToken, writeSkipToken } from "./skip-token";

const largestPage = 5_000;
const crm = "Microsoft.Dynamics.CRM";

/** Reading of rows: sets, single rows, columns, and what hangs on a row. */
export const odataHandler: Handler = (request, world) => {
  if (request.method !== "GET") return undefined;
  const match = /^(\w+)(?:\((.*?)\))?(?:\/(.*))?$/s.exec(request.path);
  const entity = world.catalog.bySet(match?.[1] ?? "");
  if (match === null || entity === undefined) return undefined;
  const [, , keyText, rest] = match;
  if (request.query.has("savedQuery") || request.query.has("userQuery"))
    throw invalid("Saved queries are not supported by the embedded Dataverse.");
  const options = readOptions(request.query, request.query);
  const scope = createScope(world, request.principal, entity);
  if (keyText === undefined) {
    if (rest === "$count") return countText(scope, options, []);
    if (rest !== undefined) return undefined;
    return collection(request, scope, options, [], entity.entitySetName);
  }
  const id = readRowKey(keyText, entity, world);
  const condition = { sql: `t.${quote(entity.primaryIdAttribute)} = ?`, parameters: [id] };
  const row = readPage(scope, {
    options: { ...options, filter: undefined, orderby: [] },
    conditions: [condition],
    limit: 1,
  }).rows[0];
  if (row === undefined)
    throw new DataverseError(
      404,
      "0x80040217",
      `${entity.logicalName} With Id = ${id} Does Not Exist`,
    );
  if (rest === undefined) return single(request, scope, options, row);
  return below(request, scope, options, row, rest);
};

function countText(scope: Scope, options: Options, conditions: readonly Sql[]): WebResponse {
  return {
    status: 200,
    headers: { "Content-Type": "text/plain" },
    body: String(countRows(scope, options, conditions, largestPage)),
  };
}

const context = (request: WebRequest, set: string, options: Options, isEntity = false) =>
  `${request.serviceRoot}$metadata#${set}${options.select ? `(${options.select.join(",")})` : ""}${isEntity ? "/$entity" : ""}`;

function single(request: WebRequest, scope: Scope, options: Options, row: SqlRow): WebResponse {
  const etag = etagOf(row.versionnumber);
  const isPlain =
    options.expand.length === 0 &&
    !/odata\.include-annotations/i.test(request.headers.prefer ?? "");
  if (isPlain && request.headers["if-none-match"] === etag)
    return { status: 304, headers: { ETag: etag } };
  const [rendered = {}] = renderAll(request, scope, options, [row]);
  return {
    status: 200,
    headers: { ETag: etag },
    body: {
      "@odata.context": context(request, scope.entity.entitySetName, options, true),
      ...versionNote(request, scope.world),
      ...rendered,
    },
  };
}

const versionNote = (request: WebRequest, world: World) =>
  request.annotations.wants(`${crm}.globalmetadataversion`)
    ? { [`@${crm}.globalmetadataversion`]: String(world.catalog.version()) }
    : {};

function renderAll(
  request: WebRequest,
  scope: Scope,
  options: Options,
  rows: readonly SqlRow[],
): Record<string, unknown>[] {
  const rendered = scope.world.records.render(
    scope.entity.logicalName,
    rows,
    selectedColumns(scope, options),
    request,
  );
  expandRows(scope, request, options.expand, rows, rendered);
  return rendered;
}

function collection(
  request: WebRequest,
  scope: Scope,
  options: Options,
  conditions: readonly Sql[],
  set: string,
): WebResponse {
  if (options.apply !== undefined) {
    return {
      status: 200,
      body: {
        "@odata.context": context(request, set, options),
        value: aggregate(scope, options.apply, request.query),
      },
    };
  }
  // With $top there are no pages: it says itself how much is wanted.
  const asked = Number(
    /odata\.maxpagesize=(\d+)/i.exec(request.headers.prefer ?? "")?.[1] ?? largestPage,
  );
  const pageSize = Math.min(options.top ?? Math.max(asked, 1), largestPage);
  const from = options.skipToken === undefined ? undefined : readSkipToken(options.skipToken);
  const total = options.count
    ? countRows(
        createScope(scope.world, scope.principal, scope.entity),
        options,
        conditions,
        largestPage + 1,
      )
    : undefined;
  const page =
    options.top === 0
      ? { rows: [], after: undefined }
      : readPage(scope, { options, conditions, limit: pageSize, after: from?.after });
  const value = renderAll(request, scope, options, page.rows);
  const isPaged =
    page.after !== undefined && (options.top === undefined || options.top > largestPage);
  return {
    status: 200,
    ...(/odata\.maxpagesize/i.test(request.headers.prefer ?? "")
      ? { headers: { "Preference-Applied": `odata.maxpagesize=${asked}` } }
      : {}),
    body: {
      "@odata.context": context(request, set, options),
      ...(total === undefined ? {} : { "@odata.count": Math.min(total, largestPage) }),
      ...totals(request, total),
      ...versionNote(request, scope.world),
      value,
      ...(isPaged
        ? { "@odata.nextLink": nextLink(request, (from?.page ?? 1) as number, page.after ?? []) }
        : {}),
    },
  };
}

function totals(request: WebRequest, total: number | undefined) {
  if (!request.annotations.wants(`${crm}.totalrecordcount`)) return {};
  return {
    [`@${crm}.totalrecordcount`]: total === undefined ? -1 : Math.min(total, largestPage),
    [`@${crm}.totalrecordcountlimitexceeded`]: total !== undefined && total > largestPage,
  };
}

function nextLink(
  request: WebRequest,
  page: number,
  after: Parameters<typeof writeSkipToken>[1],
): string {
  const options = [...request.query]
    .filter(([name]) => name !== "$skiptoken")
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${request.serviceRoot}${request.path}?${[...options, `$skiptoken=${writeSkipToken(page, after)}`].join("&")}`;
}

/** A column, its bare value, a linked row, a linked collection, its count or its links. */
function below(
  request: WebRequest,
  scope: Scope,
  options: Options,
  row: SqlRow,
  rest: string,
): WebResponse {
  const [name = "", last] = rest.split("/");
  const end = scope.world.catalog.navigation(scope.entity.logicalName, name);
  if (end === undefined) return columnAnswer(request, scope, row, name, last);
  if (end.kind === "one") return linkedRow(request, scope, options, row, end, last === "$ref");
  const { entity, condition } = collectionOf(scope, row, end);
  const inner = createScope(scope.world, scope.principal, entity);
  if (last === "$count") return countText(inner, options, [condition]);
  const answer = collection(request, inner, options, [condition], entity.entitySetName);
  if (last !== "$ref") return answer;
  const { value } = answer.body as { value: Record<string, unknown>[] };
  const links = value.map((each) => ({
    "@odata.id": `${request.serviceRoot}${entity.entitySetName}(${each[entity.primaryIdAttribute]})`,
  }));
  return {
    status: 200,
    body: { "@odata.context": `${request.serviceRoot}$metadata#Collection($ref)`, value: links },
  };
}

function columnAnswer(
  request: WebRequest,
  scope: Scope,
  row: SqlRow,
  name: string,
  last: string | undefined,
): WebResponse {
  const attribute = columnOf(scope.entity, name);
  const [rendered = {}] = scope.world.records.render(
    scope.entity.logicalName,
    [row],
    [attribute.logicalName],
    request,
  );
  const value = rendered[name];
  if (value === null || value === undefined) return { status: 204 };
  if (last === "$value")
    return { status: 200, headers: { "Content-Type": "text/plain" }, body: String(value) };
  const id = row[scope.entity.primaryIdAttribute];
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#${scope.entity.entitySetName}(${id})/${name}`,
      value,
    },
  };
}

type End = NonNullable<ReturnType<World["catalog"]["navigation"]>>;

function linkedRow(
  request: WebRequest,
  scope: Scope,
  options: Options,
  row: SqlRow,
  end: Extract<End, { kind: "one" }>,
  isLink: boolean,
): WebResponse {
  const column = end.attribute.logicalName;
  const named = row[`${column}__type`];
  const table = typeof named === "string" ? named : end.target;
  const entity = scope.world.catalog.byName(table);
  const id = row[column];
  const isOther =
    end.attribute.type !== "Owner" && typeof named === "string" && named !== end.target;
  if (entity === undefined || id === null || id === undefined || isOther) return { status: 204 };
  if (isLink)
    return {
      status: 200,
      body: {
        "@odata.context": `${request.serviceRoot}$metadata#$ref`,
        "@odata.id": `${request.serviceRoot}${entity.entitySetName}(${id})`,
      },
    };
  const inner = createScope(scope.world, scope.principal, entity);
  const condition = { sql: `t.${quote(entity.primaryIdAttribute)} = ?`, parameters: [id] };
  const target = readPage(inner, {
    options: { ...options, filter: undefined, orderby: [] },
    conditions: [condition],
    limit: 1,
  }).rows[0];
  if (target === undefined)
    throw new DataverseError(404, "0x80040217", `${table} With Id = ${id} Does Not Exist`);
  return single(request, inner, options, target);
}

function collectionOf(
  scope: Scope,
  row: SqlRow,
  end: Exclude<End, { kind: "one" }>,
): { entity: EntityDefinition; condition: Sql } {
  const id = row[scope.entity.primaryIdAttribute] ?? null;
  const table = end.kind === "many" ? end.relationship.referencingEntity : end.other;
  const entity = scope.world.catalog.byName(table);
  if (entity === undefined) throw unknownProperty(table, scope.entity);
  if (end.kind === "many")
    return {
      entity,
      condition: { sql: `t.${quote(end.relationship.referencingAttribute)} = ?`, parameters: [id] },
    };
  const { relationship } = end;
  const isFirst = relationship.entity1 === scope.entity.logicalName;
  const [own, other] = isFirst
    ? [relationship.entity1Attribute, relationship.entity2Attribute]
    : [relationship.entity2Attribute, relationship.entity1Attribute];
  const links = `SELECT ${quote(other)} FROM ${quote(relationship.intersectEntity)} WHERE ${quote(own)} = ?`;
  return {
    entity,
    condition: { sql: `t.${quote(entity.primaryIdAttribute)} IN (${links})`, parameters: [id] },
  };
}
