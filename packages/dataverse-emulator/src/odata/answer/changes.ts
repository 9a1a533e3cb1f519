import { DataverseError, type SqlRow, type WebRequest, type WebResponse } from "../../model";
import {
  currentVersion,
  type DeletedRow,
  firstKnownVersion,
  quote,
  tracksChanges,
} from "../../store";
import { readDeltaToken, writeDeltaToken } from "../parse/delta-token";
import { invalid } from "../parse/literal";
import type { Options } from "../parse/options";
import { readTrackingToken, type TrackingToken, writeTrackingToken } from "../parse/skip-token";
import { createScope, type Scope } from "../query/scope";
import { contextOf } from "./context";
import {
  largestPage,
  none,
  pageSizeOf,
  preferencesApplied,
  renderRows,
  versionNote,
} from "./linked-row";
import { countRows, readPage } from "./select";

/**
 * Following what changes in a table: `Prefer: odata.track-changes` brings all rows and a link; the link brings what was
 * made, changed or deleted since, and the next link.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
 */
export const wantsChanges = ({ headers, query }: WebRequest): boolean =>
  query.has("$deltatoken") ||
  /\bodata\.track-changes\b/i.test(headers.prefer ?? "") ||
  / istracking="True"/.test(query.get("$skiptoken") ?? "");

/** Answers a request that wantsChanges: whole rows first, then the ids of deleted ones. */
export function changesAnswer(request: WebRequest, scope: Scope, options: Options): WebResponse {
  demandTracking(request, scope);
  const position = readTrackingToken(options.skipToken);
  const until = position?.until ?? currentVersion(scope.world.db);
  const since = sinceOf(request, scope);
  const limit = pageSizeOf(request) ?? largestPage;
  const page =
    since === undefined
      ? allRows(scope, options, position, limit)
      : changedRows(scope, options, { since, until, after: position, limit });
  const { entitySetName: set } = scope.entity;
  const total =
    options.count && since === undefined
      ? {
          "@odata.count": countRows(
            freshScope(scope),
            { options: plain(options), conditions: [] },
            largestPage,
          ),
        }
      : {};
  return {
    status: 200,
    headers: preferencesApplied(request, true),
    body: {
      "@odata.context": `${contextOf(request, set, options)}${since === undefined ? "" : "/$delta"}`,
      ...total,
      ...versionNote(request, scope.world),
      value: [
        ...renderRows(request, scope, options, page.rows, limit),
        ...page.deleted.map(({ id }) => ({
          "@odata.context": `${request.serviceRoot}$metadata#${set}/$deletedEntity`,
          id,
          reason: "deleted",
        })),
      ],
      ...(page.next === undefined
        ? { "@odata.deltaLink": deltaLink(request, writeDeltaToken(until, scope.world.now())) }
        : { "@odata.nextLink": nextLink(request, { ...page.next, until }) }),
    },
  };
}

/** `accounts/$count?$deltatoken=…`: how many rows were made, changed or deleted since. */
export function countChanges(request: WebRequest, scope: Scope): number {
  demandTracking(request, scope);
  const since = sinceOf(request, scope);
  if (since === undefined) return countRows(scope, { options: none, conditions: [] }, largestPage);
  const range = {
    since,
    until: currentVersion(scope.world.db),
    after: undefined,
    limit: largestPage,
  };
  const { rows, deleted } = changedRows(scope, none, range);
  return rows.length + deleted.length;
}

const plain = (options: Options): Options => ({ ...options, skipToken: undefined });
const freshScope = ({ world, principal, entity }: Scope) => createScope(world, principal, entity);

/** Whoever follows a table must be allowed to read all of it: what he may not read would seem not to change. */
function demandTracking(request: WebRequest, { entity, world, principal }: Scope): void {
  if (!tracksChanges(entity))
    throw new DataverseError(
      400,
      "0x80072491",
      `Entity ${entity.logicalName} isn't enabled for change tracking.`,
    );
  for (const option of ["$filter", "$orderby", "$expand", "$top", "$apply"]) {
    if (request.query.has(option))
      throw invalid(
        `The "${option}" query parameter isn't supported when Change Tracking is enabled.`,
      );
  }
  world.security.demand(principal, "Read", entity.logicalName);
  if (world.security.rowFilter(principal, "Read", entity.logicalName, "t") !== undefined)
    throw new DataverseError(
      403,
      "0x80040220",
      `Principal user (Id=${principal.systemUserId}, type=8) needs prvRead${entity.schemaName} privilege at organization level to track changes on OTC=${entity.objectTypeCode} for entity '${entity.logicalName}'. context.Caller=${principal.systemUserId}`,
    );
}

/** Days for which changes are kept, unless the organization says otherwise. */
const defaultDays = 7;
const day = 86_400_000;

/** The version that the link was made at, or undefined for a first request. */
function sinceOf({ query }: WebRequest, { world }: Scope): number | undefined {
  const text = query.get("$deltatoken");
  if (text === undefined) return undefined;
  const token = readDeltaToken(text);
  if (token === undefined || token.version > currentVersion(world.db))
    throw invalid(
      "The $deltatoken is malformed: follow @odata.deltaLink as it is, or start anew with Prefer: odata.track-changes.",
    );
  const row = world.db
    .prepare('SELECT "expirechangetrackingindays" AS days FROM "organization"')
    .get();
  const days = Number(row?.days ?? defaultDays);
  const isOld = world.now().getTime() - token.at.getTime() > days * day;
  if (!isOld && token.version >= firstKnownVersion(world.db)) return token.version;
  throw new DataverseError(
    400,
    "0x80044352",
    "Version stamp associated with the client has expired. Please perform a full sync.",
  );
}

interface ChangesPage {
  readonly rows: readonly SqlRow[];
  readonly deleted: readonly DeletedRow[];
  readonly next: Omit<TrackingToken, "until"> | undefined;
}

/** A first request: all rows, by their keys. */
function allRows(
  scope: Scope,
  options: Options,
  position: TrackingToken | undefined,
  limit: number,
): ChangesPage {
  const { primaryIdAttribute: key } = scope.entity;
  const conditions =
    position === undefined
      ? []
      : [{ sql: `${scope.alias}.${quote(key)} > ?`, parameters: [position.id] }];
  const { rows, next } = readPage(scope, { options: plain(options), conditions, limit });
  const last = rows.at(-1);
  return {
    rows,
    deleted: [],
    next:
      next === undefined || last === undefined
        ? undefined
        : { page: (position?.page ?? 1) + 1, isDeleted: false, version: 0, id: String(last[key]) },
  };
}

interface Range {
  readonly since: number;
  /** What changed after the first page was read belongs to the next link. */
  readonly until: number;
  readonly after: TrackingToken | undefined;
  readonly limit: number;
}

function changedRows(scope: Scope, options: Options, range: Range): ChangesPage {
  const { since, until, after, limit } = range;
  const key = scope.entity.primaryIdAttribute;
  const place = `${scope.alias}."versionnumber", ${scope.alias}.${quote(key)}`;
  const conditions = [
    {
      sql: `${scope.alias}."versionnumber" > ? AND ${scope.alias}."versionnumber" <= ?`,
      parameters: [since, until],
    },
    ...(after === undefined
      ? []
      : [{ sql: `(${place}) > (?, ?)`, parameters: [after.version, after.id] }]),
  ];
  const { rows, next: more } =
    after?.isDeleted === true
      ? { rows: [], next: undefined }
      : readPage(scope, { options: plain(options), conditions, limit, order: place });
  const room = limit - rows.length;
  const from = after?.isDeleted === true ? after.version : since;
  const found = more === undefined ? deletedRows(scope, from, until, room + 1) : [];
  const deleted = found.slice(0, room);
  if (more === undefined && found.length <= room) return { rows, deleted, next: undefined };
  const page = (after?.page ?? 1) + 1;
  const gone = deleted.at(-1);
  const row = rows.at(-1);
  const next =
    gone === undefined
      ? { isDeleted: false, version: Number(row?.versionnumber), id: String(row?.[key]) }
      : { isDeleted: true, ...gone };
  return { rows, deleted, next: { page, ...next } };
}

/** By version. A row that is there again was not deleted. */
function deletedRows(
  { world, entity }: Scope,
  since: number,
  until: number,
  limit: number,
): DeletedRow[] {
  const key = quote(entity.primaryIdAttribute);
  // The view of all activities has none of its own.
  const isView = entity.logicalName === "activitypointer";
  const tables = isView
    ? world.catalog.entities().filter((each) => each.isActivity && tracksChanges(each))
    : [entity];
  return world.db
    .prepare(
      `SELECT d.id, d.version FROM "__deleted" d WHERE d.entity IN (${tables.map(() => "?").join(", ")})
       AND d.version > ? AND d.version <= ?
       AND NOT EXISTS (SELECT 1 FROM ${quote(entity.logicalName)} t WHERE t.${key} = d.id)
       ORDER BY d.version LIMIT ?`,
    )
    .all(...tables.map((each) => each.logicalName), since, until, limit)
    .map((row) => ({ id: String(row.id), version: Number(row.version) }));
}

const linkTo = (request: WebRequest, more: Readonly<Record<string, string>>): string => {
  const options = [...request.query].filter(
    ([name]) => name !== "$deltatoken" && name !== "$skiptoken",
  );
  const texts = [
    ...options.map(([name, value]) => `${name}=${encodeURIComponent(value)}`),
    ...Object.entries(more).map(([name, value]) => `${name}=${value}`),
  ];
  return `${request.serviceRoot}${request.path}?${texts.join("&")}`;
};

/** .NET writes escapes in lower case, and that of the exclamation mark too. */
const escaped = (token: string) =>
  encodeURIComponent(token)
    .replaceAll("!", "%21")
    .replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());

const deltaLink = (request: WebRequest, token: string): string =>
  linkTo(request, { $deltatoken: escaped(token) });

function nextLink(request: WebRequest, token: TrackingToken): string {
  const delta = request.query.get("$deltatoken");
  return linkTo(request, {
    ...(delta === undefined ? {} : { $deltatoken: escaped(delta) }),
    $skiptoken: writeTrackingToken(token),
  });
}
