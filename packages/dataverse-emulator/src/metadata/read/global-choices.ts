import type { OptionSetDefinition, WebRequest, WebResponse } from "../../model";
import { globalOptionSetJson } from "../json/option-json";
import { type Resource, readOptions, shapeMany, shapeOne } from "./shape";

const resourceOf = (set: OptionSetDefinition): Resource => ({
  type: "OptionSetMetadata",
  json: globalOptionSetJson(set),
  links: {},
});

const contextOf = (request: WebRequest) =>
  `${request.serviceRoot}$metadata#GlobalOptionSetDefinitions`;

/** GET GlobalOptionSetDefinitions. */
export function readGlobalChoices(
  request: WebRequest,
  sets: readonly OptionSetDefinition[],
): WebResponse {
  const value = shapeMany(sets.map(resourceOf), readOptions(request.query));
  return { status: 200, body: { "@odata.context": contextOf(request), value } };
}

/** GET GlobalOptionSetDefinitions(Name='…') or by id. */
export function readGlobalChoice(request: WebRequest, set: OptionSetDefinition): WebResponse {
  const json = shapeOne(resourceOf(set), readOptions(request.query));
  return { status: 200, body: { "@odata.context": `${contextOf(request)}/$entity`, ...json } };
}
