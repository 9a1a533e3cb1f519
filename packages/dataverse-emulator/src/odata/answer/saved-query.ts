import { DataverseError, type WebRequest, type World } from "../../model";
import { doesNotExist } from "../../records/rows/refusals";
import { quote } from "../../store";
import { invalid } from "../parse/literal";

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Query options that name a view, and the tables that hold it. */
const views: ReadonlyMap<string, string> = new Map([
  ["savedquery", "savedquery"],
  ["userquery", "userquery"],
]);

export interface FetchRequest {
  readonly text: string;
  readonly request: WebRequest;
  /** The other query options. */
  readonly query: ReadonlyMap<string, string>;
}

/** The FetchXML that a request sends, or that of the view it names. */
export function fetchXmlOf(request: WebRequest, world: World): FetchRequest | undefined {
  for (const [name, value] of request.query) {
    const option = name.toLowerCase();
    const table = views.get(option);
    if (table === undefined && option !== "fetchxml") continue;
    const query = new Map([...request.query].filter(([other]) => other !== name));
    const wrong = [...query.keys()].find((other) => other !== "$count" && !other.startsWith("@"));
    if (wrong !== undefined)
      throw invalid(
        `The query option '${wrong.slice(0, 100)}' cannot be used together with ${name}.`,
      );
    const text = table === undefined ? value : viewText(world, request, table, value);
    return { text, query, request: { ...request, query } };
  }
  return undefined;
}

/** System views are everyone's; a person's own are seen as her rights on them say. */
function viewText(world: World, request: WebRequest, table: string, value: string): string {
  const id = value
    .trim()
    .replace(/^\{|\}$/g, "")
    .toLowerCase();
  if (!guid.test(id)) throw invalid(`'${value.slice(0, 100)}' is not the id of a ${table}.`);
  const entity = world.catalog.byName(table);
  if (entity === undefined)
    throw new DataverseError(404, "0x80060888", `Resource not found for the segment '${table}'.`);
  const { principal } = request;
  world.security.demand(principal, "Read", table);
  const filter = world.security.rowFilter(principal, "Read", table, "v");
  const row = world.db
    .prepare(
      `SELECT v."fetchxml" AS text FROM ${quote(table)} v WHERE v.${quote(entity.primaryIdAttribute)} = ?${filter === undefined ? "" : ` AND (${filter.sql})`}`,
    )
    .get(id, ...(filter?.parameters ?? []));
  if (row === undefined) throw doesNotExist(table, id);
  if (typeof row.text !== "string") throw invalid(`The ${table} ${id} holds no FetchXML.`);
  return row.text;
}
