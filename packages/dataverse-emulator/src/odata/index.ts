import { runFetch } from "../fetchxml";
import type { Handler, WebRequest, WebResponse, World } from "../model";
import { hasTypeColumn, quote } from "../store";
import { changesAnswer, countChanges, wantsChanges } from "./answer/changes";
import { linkedRow, readRow, refuseCollectionOptions, singleAnswer } from "./answer/linked-row";
import { propertyAnswer } from "./answer/property";
import { readRowKey } from "./answer/row-key";
import { fetchXmlOf } from "./answer/saved-query";
import { countRows } from "./answer/select";
import { setAnswer } from "./answer/set-answer";
import { invalid } from "./parse/literal";
import { type Options, readOptions } from "./parse/options";
import { noSegment, parsePath, type Segment } from "./parse/path";
import { createScope, type Scope, type Sql } from "./query/scope";

const largestCount = 5_000;

/** A collection that an address has come to: all rows of a table, or those that hang on one row. */
interface Place {
  readonly scope: Scope;
  /** Condition on the table under an alias. */
  readonly within: ((alias: string) => Sql) | undefined;
}

interface Call {
  readonly request: WebRequest;
  readonly world: World;
  readonly options: Options;
}

/** Reading of rows: sets, single rows, columns, and what hangs on a row, however far. */
export const odataHandler: Handler = (request, world) => {
  if (request.method !== "GET") return undefined;
  const segments = parsePath(request.path);
  const [first, ...rest] = segments ?? [];
  const entity = world.catalog.bySet(first?.name ?? "");
  if (first === undefined || entity === undefined) return undefined;
  const scope = createScope(world, request.principal, entity);
  const fetch = fetchXmlOf(request, world);
  const call: Call = {
    request: fetch?.request ?? request,
    world,
    options: readOptions(fetch?.query ?? request.query),
  };
  const within = partitionOf(call, scope);
  if (first.key === undefined) return collection(call, { scope, within }, rest, fetch?.text);
  const id = readRowKey(first.key, entity, world);
  if (within !== undefined) readRow(scope, undefined, id, within);
  return row(
    call,
    within === undefined ? scope : createScope(world, scope.principal, entity),
    id,
    rest,
    fetch?.text,
  );
};

/** `partitionId='device-1'`: rows of an elastic table that are kept together. */
function partitionOf({ request }: Call, { entity }: Scope): Place["within"] {
  const [name, value = ""] =
    [...request.query].find(([option]) => option.toLowerCase() === "partitionid") ?? [];
  if (name === undefined) return undefined;
  const text = value.replace(/^'([\s\S]*)'$/, "$1").replaceAll("''", "'");
  if (entity.tableType !== "Elastic")
    throw invalid(
      `The query parameter ${name} is not supported: ${entity.logicalName} is not an elastic table.`,
    );
  return (alias) =>
    entity.attribute("partitionid") === undefined
      ? { sql: "0", parameters: [] }
      : { sql: `${alias}."partitionid" = ?`, parameters: [text] };
}

/** The rows of a collection, their number or their links. */
function collection(
  call: Call,
  { scope, within }: Place,
  [next, ...rest]: readonly Segment[],
  fetchXml: string | undefined,
): WebResponse {
  const { request, options, world } = call;
  const conditions = within === undefined ? [] : [within(scope.alias)];
  const isTracked = within === undefined && fetchXml === undefined && wantsChanges(request);
  if (next !== undefined && (rest.length > 0 || next.key !== undefined)) throw noSegment(next.name);
  if (next?.name === "$count") {
    return {
      status: 200,
      headers: { "Content-Type": "text/plain" },
      body: String(
        isTracked
          ? countChanges(request, scope)
          : countRows(scope, { options, conditions }, largestCount),
      ),
    };
  }
  if (next !== undefined && next.name !== "$ref") throw noSegment(next.name);
  if (fetchXml !== undefined) return runFetch(fetchXml, scope.entity, request, world, within);
  if (isTracked && next === undefined) return changesAnswer(request, scope, options);
  return setAnswer(request, scope, options, conditions, next !== undefined);
}

/** A row, and what the rest of the address makes of it. */
function row(
  call: Call,
  scope: Scope,
  id: string,
  [next, ...rest]: readonly Segment[],
  fetchXml: string | undefined,
): WebResponse {
  const { request, options } = call;
  if (next === undefined) {
    refuseCollectionOptions(request);
    return singleAnswer(request, scope, options, readRow(scope, options, id));
  }
  const end = scope.world.catalog.navigation(scope.entity.logicalName, next.name);
  if (end === undefined) {
    if (next.key !== undefined) throw noSegment(next.name);
    return propertyAnswer(request, scope, id, next.name, rest);
  }
  if (end.kind === "one") {
    const target = linkedRow(scope, id, end);
    if (target === undefined) return { status: 204 };
    if (next.key !== undefined) throw noSegment(next.name);
    const [last] = rest;
    if (last?.name === "$ref" && rest.length === 1) {
      return {
        status: 200,
        body: {
          "@odata.context": `${request.serviceRoot}$metadata#$ref`,
          "@odata.id": `${request.serviceRoot}${target.scope.entity.entitySetName}(${target.id})`,
        },
      };
    }
    return row(call, target.scope, target.id, rest, fetchXml);
  }
  // The owner must be there, and be seen.
  readRow(scope, undefined, id);
  const place = related(scope, id, end);
  if (next.key === undefined) return collection(call, place, rest, fetchXml);
  const inner = readRowKey(next.key, place.scope.entity, scope.world);
  readRow(place.scope, undefined, inner, place.within);
  return row(
    call,
    createScope(scope.world, scope.principal, place.scope.entity),
    inner,
    rest,
    fetchXml,
  );
}

type End = NonNullable<ReturnType<World["catalog"]["navigation"]>>;

/** The rows that hang on one row. */
function related(scope: Scope, id: string, end: Exclude<End, { kind: "one" }>): Place {
  const { catalog } = scope.world;
  const table = end.kind === "many" ? end.relationship.referencingEntity : end.other;
  const entity = catalog.byName(table);
  if (entity === undefined) throw noSegment(table);
  const inner = createScope(scope.world, scope.principal, entity);
  if (end.kind === "many") {
    const { referencingAttribute } = end.relationship;
    const attribute = entity.attribute(referencingAttribute);
    return {
      scope: inner,
      within(alias) {
        const type =
          attribute !== undefined && hasTypeColumn(attribute)
            ? ` AND ${alias}.${quote(`${referencingAttribute}__type`)} = '${scope.entity.logicalName}'`
            : "";
        return { sql: `${alias}.${quote(referencingAttribute)} = ?${type}`, parameters: [id] };
      },
    };
  }
  const { relationship } = end;
  const isFirst = relationship.entity1 === scope.entity.logicalName;
  const [own, other] = isFirst
    ? [relationship.entity1Attribute, relationship.entity2Attribute]
    : [relationship.entity2Attribute, relationship.entity1Attribute];
  const links = `SELECT ${quote(other)} FROM ${quote(relationship.intersectEntity)} WHERE ${quote(own)} = ?`;
  const key = quote(entity.primaryIdAttribute);
  return {
    scope: inner,
    within: (alias) => ({ sql: `${alias}.${key} IN (${links})`, parameters: [id] }),
  };
}
