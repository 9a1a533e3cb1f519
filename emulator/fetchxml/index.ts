import {
  DataverseError,
  type EntityDefinition,
  type Handler,
  type WebRequest,
  type World,
} from "../model";
import { readAggregate } from "./aggregate";
import { readFetch } from "./read";
import { invalid } from "./refuse";
import { type Answer, readRows } from "./rows";
import { Query } from "./source";
import { LIMITS } from "./vocabulary";

const CRM = "Microsoft.Dynamics.CRM";

/** EMULATOR_AGGREGATE_LIMIT lowers the 50,000 rows that an aggregate may read, so that tests need not make so many. */
function aggregateLimit(): number {
  // biome-ignore lint/style/noProcessEnv: a knob of the emulator for tests, read at each query.
  const written = Number(process.env.EMULATOR_AGGREGATE_LIMIT);
  return Number.isInteger(written) && written > 0 ? written : LIMITS.aggregateRows;
}

function fetchXmlOf(request: WebRequest): string | undefined {
  for (const [name, text] of request.query) {
    if (name.toLowerCase() === "fetchxml") return text;
  }
  return undefined;
}

const badQuery = (status: number, message: string) =>
  new DataverseError(status, "0x80060888", message);

function entityOf(request: WebRequest, world: World): EntityDefinition {
  const set = decodeURIComponent(request.path);
  const entity = world.catalog.bySet(set);
  if (entity === undefined) throw badQuery(404, `Resource not found for the segment '${set}'.`);
  const option = [...request.query.keys()].find((name) => name.startsWith("$"));
  if (option !== undefined) {
    throw badQuery(400, `The query option '${option}' cannot be used together with fetchXml.`);
  }
  return entity;
}

/** `GET <set>?fetchXml=…` */
export const fetchXmlHandler: Handler = (request, world) => {
  const text = fetchXmlOf(request);
  if (text === undefined) return undefined;
  if (request.method !== "GET") {
    throw badQuery(405, `The http method '${request.method}' is not supported with fetchXml.`);
  }
  const entity = entityOf(request, world);
  const fetch = readFetch(text);
  const query = new Query(world, request.principal, fetch.useRawOrderBy);
  const asked = query.table(fetch.entity.name, fetch.entity.at);
  if (asked !== entity) {
    throw invalid(
      `The entity '${asked.logicalName}' of the FetchXML is not the one of the set '${entity.entitySetName}'; its set is '${asked.entitySetName}'.`,
      fetch.entity.at,
    );
  }
  const context = { request, world };
  const answer = fetch.aggregate
    ? readAggregate(fetch, query, aggregateLimit(), context)
    : readRows(fetch, query, context);
  return { status: 200, body: bodyOf(answer, entity, request, world) };
};

function bodyOf(
  answer: Answer,
  entity: EntityDefinition,
  { annotations, serviceRoot }: WebRequest,
  world: World,
): Record<string, unknown> {
  const { total, cookie } = answer;
  const body: Record<string, unknown> = {
    "@odata.context": `${serviceRoot}$metadata#${entity.entitySetName}(${answer.columns.join(",")})`,
  };
  const annotate = (name: string, shown: unknown) => {
    if (shown !== undefined && annotations.wants(`${CRM}.${name}`)) body[`@${CRM}.${name}`] = shown;
  };
  annotate("totalrecordcount", total?.count ?? -1);
  annotate("totalrecordcountlimitexceeded", total?.exceeded ?? false);
  annotate("globalmetadataversion", String(world.catalog.version()));
  annotate("fetchxmlpagingcookie", cookie);
  annotate("morerecords", answer.more ? true : undefined);
  body.value = answer.rows;
  return body;
}
