import type { WebRequest, WebResponse, World } from "../../model";
import { type SearchName, search, searchDoor, statistics, status } from "../../search";
import { checkParameters, type Operation } from "../operation";

function answer(request: WebRequest, name: string, body: Record<string, unknown>): WebResponse {
  const context = `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.${name}Response`;
  return { status: 200, body: { "@odata.context": context, ...body } };
}

const response = { response: "Edm.String!" };

/** An unbound action of Dataverse search: members that are lists or objects come as JSON in strings. */
const operation = (name: SearchName, parameters: Operation["parameters"]): Operation => ({
  kind: "Action",
  parameters,
  returns: response,
  run: (request: WebRequest, world: World) =>
    answer(request, `search${name}`, search(request, world, name, "2.0")),
});

const common = {
  search: "Edm.String!",
  entities: "Edm.String",
  filter: "Edm.String",
  orderby: "Edm.String",
  options: "Edm.String",
  propertybag: "Edm.String",
  top: "Edm.Int32",
};

export const searchOperations: Readonly<Record<string, Operation>> = {
  searchautocomplete: operation("autocomplete", {
    search: "Edm.String!",
    entities: "Edm.String",
    filter: "Edm.String",
    fuzzy: "Edm.Boolean",
    options: "Edm.String",
    propertybag: "Edm.String",
  }),
  searchquery: operation("query", {
    ...common,
    count: "Edm.Boolean",
    facets: "Edm.String",
    skip: "Edm.Int32",
  }),
  searchsuggest: operation("suggest", { ...common, fuzzy: "Edm.Boolean" }),
  searchstatistics: {
    kind: "Function",
    anyVerb: true,
    parameters: {},
    returns: response,
    run: (request, world) => answer(request, "searchstatistics", statistics(world)),
  },
  searchstatus: {
    kind: "Function",
    anyVerb: true,
    parameters: {},
    returns: response,
    run: (request, world) => answer(request, "searchstatus", status(world)),
  },
};

/** `/api/search/v2.0/query` and its like; a body of version 2.0 is checked against the action of the same name. */
export const answerSearchDoor = (
  request: WebRequest,
  world: World,
  version: "1.0" | "2.0",
): WebResponse =>
  searchDoor(request, world, version, (name, body) => {
    const action = searchOperations[`search${name}`];
    if (action !== undefined) checkParameters(`search${name}`, action, body);
  });
