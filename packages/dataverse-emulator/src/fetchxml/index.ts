import {
  DataverseError,
  type EntityDefinition,
  type Handler,
  type WebRequest,
  type WebResponse,
  type World,
} from "../model";
import { type Fragment, raw } from "./fragment";
import { readFetch } from "./parse/read";
import { invalid } from "./parse/refuse";
import { aggregateLimit, readAggregate } from "./results/aggregate";
import { type Answer, readRows } from "./results/rows";
import { Query } from "./source";

const CRM = "Microsoft.Dynamics.CRM";

function fetchXmlOf(request: WebRequest): string | undefined {
  for (const [name, text] of request.query) {
    if (name.toLowerCase() === "fetchxml") return text;
  }
  return undefined;
}

const badQuery = (status: number, message: string) =>
  new DataverseError(status, "0x80060888", message);

/** `GET <set>?fetchXml=…`; collections below a row are read by the OData handler, which calls `runFetch`. */
export const fetchXmlHandler: Handler = (request, world) => {
  const text = fetchXmlOf(request);
  if (text === undefined || /^\w+[(/]/.test(request.path)) return undefined;
  if (request.method !== "GET") {
    throw badQuery(405, `The http method '${request.method}' is not supported with fetchXml.`);
  }
  const entity = world.catalog.bySet(request.path);
  if (entity === undefined) {
    throw badQuery(404, `Resource not found for the segment '${request.path.slice(0, 200)}'.`);
  }
  // The service lets $count stand beside it.
  const option = [...request.query.keys()].find(
    (name) => name.startsWith("$") && name !== "$count",
  );
  if (option !== undefined) {
    throw badQuery(400, `The query option '${option}' cannot be used together with fetchXml.`);
  }
  return runFetch(text, entity, request, world);
};

/**
 * Runs a FetchXML query over a set.
 * @param within more conditions on the root table under its alias, for a collection that hangs on a row
 */
export function runFetch(
  text: string,
  entity: EntityDefinition,
  request: WebRequest,
  world: World,
  within?: (alias: string) => Fragment,
): WebResponse {
  const fetch = readFetch(text);
  const query = new Query(
    world,
    request.principal,
    fetch.useRawOrderBy,
    fetch.isRetained ? () => raw("0") : within,
  );
  const asked = query.table(fetch.entity.name, fetch.entity.at);
  if (asked !== entity) {
    throw invalid(
      `The entity '${asked.logicalName}' of the FetchXML is not the one of the set '${entity.entitySetName}'; its set is '${asked.entitySetName}'.`,
      fetch.entity.at,
    );
  }
  const context = { request, world };
  const isCounted = request.query.get("$count") === "true";
  const answer = fetch.aggregate
    ? readAggregate(fetch, query, aggregateLimit(), context)
    : readRows(isCounted ? { ...fetch, returnTotalRecordCount: true } : fetch, query, context);
  return {
    status: 200,
    ...preferenceApplied(request),
    body: bodyOf(answer, entity, request, world, fetch.minActiveRowVersion, isCounted),
  };
}

/** The header that tells which annotations were sent. */
function preferenceApplied({ headers }: WebRequest): { headers?: Record<string, string> } {
  const applied = /odata\.include-annotations=(?:"[^"]*"|[^\s,;]+)/i.exec(
    headers.prefer ?? "",
  )?.[0];
  return applied === undefined ? {} : { headers: { "Preference-Applied": applied } };
}

function bodyOf(
  answer: Answer,
  entity: EntityDefinition,
  { annotations, serviceRoot }: WebRequest,
  world: World,
  withVersion: boolean,
  isCounted: boolean,
): Record<string, unknown> {
  const { total, cookie } = answer;
  const body: Record<string, unknown> = {
    "@odata.context": `${serviceRoot}$metadata#${entity.entitySetName}(${answer.columns.join(",")})`,
  };
  if (isCounted && total !== undefined) body["@odata.count"] = total.count;
  const annotate = (name: string, shown: unknown) => {
    if (shown !== undefined && annotations.wants(`${CRM}.${name}`)) body[`@${CRM}.${name}`] = shown;
  };
  annotate("totalrecordcount", total?.count ?? -1);
  annotate("totalrecordcountlimitexceeded", total?.exceeded ?? false);
  annotate("globalmetadataversion", String(world.catalog.version()));
  // The service sends this one unasked.
  if (cookie !== undefined) body[`@${CRM}.fetchxmlpagingcookie`] = cookie;
  annotate("morerecords", answer.more ? true : undefined);
  annotate("minactiverowversion", withVersion ? minActiveVersion(world) : undefined);
  body.value = answer.rows;
  return body;
}

/** No row of a lower version is still being written: the next one that will be given. */
const minActiveVersion = ({ db }: World): string =>
  String(Number(db.prepare('SELECT value FROM "__version" WHERE id = 1').get()?.value ?? 0) + 1);
