import type { WebRequest, WebResponse } from "../../model";
import { isStored } from "../../store";
import type { Options } from "../parse/options";
import { noSegment, type Segment } from "../parse/path";
import { isLookup, type Scope } from "../query/scope";
import { readRow } from "./linked-row";

const none = {
  filter: undefined,
  orderby: [],
  top: undefined,
  count: false,
  expand: [],
  apply: undefined,
  skipToken: undefined,
} satisfies Omit<Options, "select">;

/** `incidents(…)/title` and its bare `/$value`; 204 when it is null. */
export function propertyAnswer(
  request: WebRequest,
  scope: Scope,
  id: string,
  name: string,
  rest: readonly Segment[],
): WebResponse {
  const { entity } = scope;
  const attribute = entity.attribute(/^_(\w+)_value$/.exec(name)?.[1] ?? name);
  const isKnown =
    attribute !== undefined &&
    isStored(attribute) &&
    attribute.validForRead &&
    isLookup(attribute) === name.startsWith("_");
  if (!isKnown) throw noSegment(name);
  const [last] = rest;
  if (last !== undefined && (last.name !== "$value" || rest.length > 1)) throw noSegment(last.name);
  const row = readRow(scope, { ...none, select: [name] }, id);
  const [rendered = {}] = scope.world.records.render(
    entity.logicalName,
    [row],
    [attribute.logicalName],
    request,
  );
  const value = rendered[name];
  if (value === null || value === undefined) return { status: 204 };
  if (last !== undefined)
    return { status: 200, headers: { "Content-Type": "text/plain" }, body: String(value) };
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#${entity.entitySetName}(${id})/${name}`,
      value,
    },
  };
}
