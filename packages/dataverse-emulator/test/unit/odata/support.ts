import { DataverseError, type Security, type World } from "../../../src/model";
import { createRecords } from "../../../src/records";
import { errorResponse } from "../../../src/web/error-response";
import { createRequest } from "../../../src/web/request";
import { route } from "../../../src/web/routes/router";
import { businessUnit, type Json, me, now, openFetch } from "../fetchxml/support";

export { fillSmall, id, type Json, me } from "../fetchxml/support";

export const root = "http://127.0.0.1:7072/api/data/v9.2/";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** The whole emulator but its server: requests go through the router, as bytes of a URL would. */
export async function openOData(options: { security?: Partial<Security> } = {}) {
  const base = await openFetch(options);
  const { db, catalog } = base;
  const { security } = base.world;
  const world: World = {
    ...base.world,
    records: createRecords({ db, catalog, security, now: () => now }),
    dispatch: (request) => route(request, world),
  };

  /** @param target path and query; what is not yet encoded is */
  function get(target: string, headers: Readonly<Record<string, string>> = {}): Reply {
    const relative = target.startsWith(root) ? target.slice(root.length) : target;
    try {
      const request = createRequest({
        method: "GET",
        target: /%[0-9a-f]{2}/i.test(relative) ? relative : relative.replaceAll("+", "%2B"),
        headers,
        rawBody: undefined,
        principal: { systemUserId: me, businessUnitId: businessUnit, onBehalfOf: undefined },
        serviceRoot: root,
      });
      const response = route(request, world);
      return {
        status: response.status,
        headers: response.headers ?? {},
        body: (response.body ?? {}) as Json,
      };
    } catch (error) {
      if (!(error instanceof DataverseError)) throw error;
      const response = errorResponse(error);
      return {
        status: response.status,
        headers: response.headers ?? {},
        body: response.body as Json,
      };
    }
  }
  /** Rows of an answer that must be one. */
  function rows(target: string, headers?: Readonly<Record<string, string>>): Json[] {
    const { status, body } = get(target, headers);
    if (status !== 200) throw new Error(`${target}: ${JSON.stringify(body)}`);
    return body.value as Json[];
  }
  /** Status, code and text of a refusal that must be one. */
  function refusal(target: string, headers?: Readonly<Record<string, string>>) {
    const { status, body } = get(target, headers);
    if (status < 400) throw new Error(`Not refused: ${target}`);
    const { code, message } = body.error as { code: string; message: string };
    return { status, code, message };
  }
  /** Numbers of the cases that a filter keeps. */
  const cases = (filter: string, more = ""): number[] =>
    rows(
      `incidents?$select=incidentid&$orderby=incidentid&$filter=${encodeURIComponent(filter)}${more}`,
    ).map((row) => Number(String(row.incidentid).slice(-2)));

  return { ...base, world, get, rows, refusal, cases };
}

export type OData = Awaited<ReturnType<typeof openOData>>;
