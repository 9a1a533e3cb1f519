import type { OptionSetDefinition, WebRequest, WebResponse } from "../../model";
import { globalOptionSetJson } from "../json/option-json";
import {
  type Options,
  type Resource,
  readOptions,
  selectionText,
  shapeMany,
  shapeOne,
} from "./shape";

const resourceOf = (set: OptionSetDefinition): Resource => ({
  type: "OptionSetMetadata",
  json: globalOptionSetJson(set),
  links: {},
});

const contextOf = (request: WebRequest, options: Options) =>
  `${request.serviceRoot}$metadata#GlobalOptionSetDefinitions${selectionText(options)}`;

/** GET GlobalOptionSetDefinitions. */
export function readGlobalChoices(
  request: WebRequest,
  sets: readonly OptionSetDefinition[],
): WebResponse {
  const options = readOptions(request.query);
  const value = shapeMany(sets.map(resourceOf), options);
  return { status: 200, body: { "@odata.context": contextOf(request, options), value } };
}

/** GET GlobalOptionSetDefinitions(Name='…') or by id. */
export function readGlobalChoice(request: WebRequest, set: OptionSetDefinition): WebResponse {
  const options = readOptions(request.query);
  const context = `${contextOf(request, options)}/$entity`;
  return {
    status: 200,
    body: { "@odata.context": context, ...shapeOne(resourceOf(set), options) },
  };
}
