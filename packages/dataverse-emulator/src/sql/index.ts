import { DataverseError, type Handler, type WebRequest, type World } from "../model";
import { parse } from "./parse";
import { invalid } from "./refusal";
import { renderPage } from "./render";
import { runStatement } from "./run";

const CRM = "Microsoft.Dynamics.CRM";
const largestPage = 5_000;

/** The place of a page: rows before it, in a token of the service's form. */
const writeToken = (page: number, skip: number) =>
  encodeURIComponent(
    `<cookie pagenumber="${page}" pagingcookie="${encodeURIComponent(encodeURIComponent(`<cookie page="${page - 1}"><skip rows="${skip}" /></cookie>`))}" istracking="False" />`,
  );

function readToken(token: string | undefined): { page: number; skip: number } {
  if (token === undefined) return { page: 1, skip: 0 };
  const [, page, inner = ""] =
    /^<cookie pagenumber="(\d{1,9})" pagingcookie="([^"]*)"/.exec(token) ?? [];
  try {
    const skip = /rows="(\d{1,9})"/.exec(decodeURIComponent(decodeURIComponent(inner)))?.[1];
    if (page !== undefined && skip !== undefined) return { page: Number(page), skip: Number(skip) };
  } catch {
    // Whatever is wrong with it, it is not one of ours.
  }
  throw new DataverseError(
    400,
    "0x80060888",
    "The $skiptoken is malformed: follow @odata.nextLink as it is.",
  );
}

function pageSizeOf({ headers }: WebRequest): number | undefined {
  const asked = /odata\.maxpagesize=(\d+)/i.exec(headers.prefer ?? "")?.[1];
  return asked === undefined ? undefined : Math.min(Math.max(Number(asked), 1), largestPage);
}

function sqlOf({ query }: WebRequest): string | undefined {
  for (const [name, text] of query) if (name.toLowerCase() === "sql") return text;
  return undefined;
}

function demandOnly(request: WebRequest): void {
  for (const name of request.query.keys()) {
    if (!name.startsWith("$") || name === "$skiptoken") continue;
    throw new DataverseError(
      400,
      "0x80060888",
      `The query option '${name}' cannot be used together with sql.`,
    );
  }
}

const notes = (request: WebRequest, world: World) => {
  const all = {
    totalrecordcount: -1,
    totalrecordcountlimitexceeded: false,
    globalmetadataversion: String(world.catalog.version()),
  };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => request.annotations.wants(`${CRM}.${name}`))
      .map(([name, value]) => [`@${CRM}.${name}`, value]),
  );
};

/**
 * `GET <set>?sql=SELECT …`: the subset of T-SQL that the Web API takes, on the set of the FROM table.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/sql
 */
export const sqlHandler: Handler = (request, world) => {
  const text = sqlOf(request);
  const entity = world.catalog.bySet(request.path);
  if (text === undefined || (entity === undefined && !/^\w+$/.test(request.path))) return undefined;
  if (entity === undefined) {
    throw new DataverseError(
      404,
      "0x80060888",
      `Resource not found for the segment '${request.path}'.`,
    );
  }
  if (request.method !== "GET") {
    throw new DataverseError(
      405,
      "0x80060888",
      `The http method '${request.method}' is not supported with sql.`,
    );
  }
  demandOnly(request);
  const statement = parse(text);
  const asked = world.catalog.byName(statement.from.table);
  if (asked !== undefined && asked !== entity) {
    throw invalid(
      `The table '${asked.logicalName}' of the FROM clause is not the one of the set '${entity.entitySetName}'; its set is '${asked.entitySetName}'.`,
      statement.from.at,
    );
  }
  const preferred = pageSizeOf(request);
  const { page, skip } = readToken(request.query.get("$skiptoken"));
  const size = preferred ?? largestPage;
  const found = runStatement(world, request.principal, statement, { size, skip });
  const { rows, columns } = renderPage(found, request);
  const next = `${request.serviceRoot}${request.path}?sql=${encodeURIComponent(text)}&$skiptoken=${writeToken(page + 1, skip + rows.length)}`;
  return {
    status: 200,
    ...(preferred === undefined
      ? {}
      : { headers: { "Preference-Applied": `odata.maxpagesize=${preferred}` } }),
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#${entity.entitySetName}(${columns.join(",")})`,
      ...notes(request, world),
      value: rows,
      ...(found.more ? { "@odata.nextLink": next } : {}),
    },
  };
};
