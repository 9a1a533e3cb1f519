import type { WebRequest, WebResponse } from "../../model";
import type { Options } from "../parse/options";
import { createScope, type Scope, type Sql } from "../query/scope";
import { aggregate } from "./aggregate";
import { contextOf } from "./context";
import { largestPage, pageSizeOf, preferencesApplied, renderRows, versionNote } from "./linked-row";
import { countRows, readPage } from "./select";

const crm = "Microsoft.Dynamics.CRM";

/** A page of a collection. */
export function setAnswer(
  request: WebRequest,
  scope: Scope,
  options: Options,
  conditions: readonly Sql[],
  isReferences: boolean,
): WebResponse {
  const set = scope.entity.entitySetName;
  const headers = preferencesApplied(request);
  if (options.apply !== undefined) {
    const value = aggregate(scope, options, conditions, request);
    return {
      status: 200,
      headers,
      body: { "@odata.context": `${request.serviceRoot}$metadata#${set}`, value },
    };
  }
  const asked = pageSizeOf(request);
  // Beside a page size $top is ignored.
  const top = asked === undefined ? options.top : undefined;
  const pageSize = asked ?? largestPage;
  const limit = Math.min(top ?? pageSize, largestPage);
  const total = options.count
    ? countRows(
        createScope(scope.world, scope.principal, scope.entity),
        { options: { ...options, skipToken: undefined }, conditions },
        largestPage + 1,
      )
    : undefined;
  const page = readPage(scope, { options, conditions, limit });
  const rows = limit === 0 ? [] : page.rows;
  const isLast = page.next === undefined || (top !== undefined && top <= largestPage);
  const value = isReferences
    ? rows.map((row) => ({
        "@odata.id": `${request.serviceRoot}${set}(${row[scope.entity.primaryIdAttribute]})`,
      }))
    : renderRows(request, scope, options, rows, pageSize);
  return {
    status: 200,
    headers,
    body: {
      "@odata.context": isReferences
        ? `${request.serviceRoot}$metadata#Collection($ref)`
        : contextOf(request, set, options),
      ...(total === undefined ? {} : { "@odata.count": Math.min(total, largestPage) }),
      ...totals(request, total),
      ...versionNote(request, scope.world),
      value,
      ...(isLast ? {} : { "@odata.nextLink": nextLink(request, page.next ?? "") }),
    },
  };
}

function totals(request: WebRequest, total: number | undefined): Record<string, unknown> {
  const { annotations } = request;
  const notes: Record<string, unknown> = {};
  if (annotations.wants(`${crm}.totalrecordcount`))
    notes[`@${crm}.totalrecordcount`] = total === undefined ? -1 : Math.min(total, largestPage);
  if (annotations.wants(`${crm}.totalrecordcountlimitexceeded`))
    notes[`@${crm}.totalrecordcountlimitexceeded`] = total !== undefined && total > largestPage;
  return notes;
}

function nextLink(request: WebRequest, token: string): string {
  const options = [...request.query]
    .filter(([name]) => name !== "$skiptoken")
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
  return `${request.serviceRoot}${request.path}?${[...options, `$skiptoken=${token}`].join("&")}`;
}
