import { DataverseError, type WebRequest, type WebResponse, type World } from "../model";
import { switchesOf } from "../switches";
import {
  answerAutocomplete,
  answerQuery,
  answerStatistics,
  answerStatus,
  answerSuggest,
  type Version,
} from "./answers";
import { demandEnabled, demandTurn } from "./limit";

export { forgetIndexes } from "./text-index";

type Json = Record<string, unknown>;

const searches = {
  query: answerQuery,
  suggest: answerSuggest,
  autocomplete: answerAutocomplete,
} as const;

export type SearchName = keyof typeof searches;

/** Runs one search of a user: only when search is enabled, and one in a second. */
export function search(
  request: WebRequest,
  world: World,
  name: SearchName,
  version: Version,
): Json {
  demandEnabled(world);
  const { body, principal } = request;
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new DataverseError(
      400,
      "0x80048d19",
      "Error identified in Payload provided by the user: the body of a search must be a JSON object.",
    );
  }
  demandTurn(world, principal.systemUserId);
  return searches[name](world, principal, body as Json, version);
}

export const status = (world: World): Json => answerStatus(world, switchesOf(world).search);

export function statistics(world: World): Json {
  demandEnabled(world);
  return answerStatistics(world);
}

const noSegment = (name: string) =>
  new DataverseError(404, "0x80060888", `Resource not found for the segment '${name}'.`);

const isSearch = (name: string): name is SearchName => Object.hasOwn(searches, name);

/**
 * `/api/search/v1.0/…` and `/api/search/v2.0/…`: the same searches as the unbound actions, at a door of their own.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/search/overview
 */
export function searchDoor(
  request: WebRequest,
  world: World,
  version: Version,
  check: (name: SearchName, body: unknown) => void,
): WebResponse {
  const name = request.path;
  const isInfo = version === "2.0" && (name === "status" || name === "statistics");
  if (!isInfo && !isSearch(name)) throw noSegment(name);
  const method = isInfo ? "GET" : "POST";
  if (request.method !== method) {
    throw new DataverseError(
      405,
      "0x80060888",
      `The requested resource does not support http method '${request.method}' (${name} takes ${method}).`,
    );
  }
  const context = `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.search${name}Response`;
  if (isInfo) {
    const info = name === "status" ? status(world) : statistics(world);
    return { status: 200, body: { "@odata.context": context, ...info } };
  }
  if (!isSearch(name)) throw noSegment(name);
  // The first version takes lists as lists and knows other names.
  if (version === "2.0") check(name, request.body);
  const answer = search(request, world, name, version);
  return {
    status: 200,
    body: version === "2.0" ? { "@odata.context": context, ...answer } : answer,
  };
}
