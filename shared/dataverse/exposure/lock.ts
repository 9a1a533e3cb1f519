import type { Metadata } from "../metadata/types";
import type { DataverseRequest } from "../request";
import { Definitions } from "./definitions";
import { judgeUnbound } from "./judge-action";
import { judgeParameters, judgeRow } from "./judge-body";
import { judgeFetch } from "./judge-fetch";
import { judgeOptions } from "./judge-odata";
import { cleaned, withTypes } from "./names";
import { notJudged } from "./refusal";
import type { ExposedView } from "./view";

type Json = Readonly<Record<string, unknown>>;

/** A request that reaches nothing hidden, and what is done to its answer. */
export interface Passed {
  readonly request: DataverseRequest;
  /** The answer without names of hidden rows. */
  clean(body: unknown): unknown;
}

/** Judges every request of a call by what it really asks, whoever put it together. */
export interface ExposureLock {
  /** @throws AppError `forbidden` for a request that reaches something hidden, or that this does not understand */
  pass(request: DataverseRequest): Promise<Passed>;
}

/** @param whole definitions with what is hidden of them */
export const exposureLock = (view: ExposedView, whole: Metadata): ExposureLock => ({
  async pass(request) {
    const definitions = await Definitions.read(whole, view);
    const nameless = await judge(definitions, request);
    return {
      request: withTypes(request),
      clean: (body) => cleaned(body, definitions.shown, nameless),
    };
  },
});

const nothing: ReadonlySet<string> = new Set();
const actionMark = "Microsoft.Dynamics.CRM.";

/** @returns properties of the answer that hold a lookup whose row may have a hidden name */
async function judge(
  definitions: Definitions,
  request: DataverseRequest,
): Promise<ReadonlySet<string>> {
  if (request.path === "$batch") {
    if (request.changeSet === undefined) throw notJudged("a batch without its parts");
    for (const each of request.changeSet) await judge(definitions, each);
    return nothing;
  }
  const [, head = "", , key, rest = ""] =
    /^([A-Za-z_]\w*)(\(([^()]*)\))?((?:\/.*)?)$/.exec(request.path) ?? [];
  if (head === "EntityDefinitions" && key !== undefined) {
    const name = /^LogicalName='(\w+)'$/.exec(key)?.[1];
    if (name === undefined) throw notJudged("a definition by another key than its name");
    definitions.mustShowTable(name);
    return nothing;
  }
  const logicalName = definitions.tableOfSet(head);
  if (logicalName === undefined) {
    if (rest !== "") throw notJudged(head || "such an address");
    await judgeUnbound(definitions, head, request.body);
    return nothing;
  }
  return judgeRows(definitions, logicalName, { request, key, rest });
}

async function judgeRows(
  definitions: Definitions,
  logicalName: string,
  {
    request,
    key,
    rest,
  }: {
    readonly request: DataverseRequest;
    readonly key: string | undefined;
    readonly rest: string;
  },
): Promise<ReadonlySet<string>> {
  const table = await definitions.tableAlone(logicalName);
  // An alternate key finds a row by what stands in it.
  for (const [, column = ""] of (key ?? "").matchAll(/(?<!\w)(\w+)=/g))
    definitions.mustShowColumn(table, column);
  if (rest !== "") {
    if (request.method !== "POST" || !rest.startsWith(`/${actionMark}`))
      throw notJudged("an address behind a row");
    await judgeParameters(definitions, request.body);
    return nothing;
  }
  if (request.method === "DELETE") return nothing;
  if (request.method !== "GET") {
    await judgeRow(definitions, table, (request.body ?? {}) as Json);
    // What a write gives back is asked for like a row.
    if (/return=representation/.test(request.headers?.Prefer ?? ""))
      await judgeOptions(definitions, table, request.query ?? {});
    return nothing;
  }
  const { fetchXml, ...others } = request.query ?? {};
  if (fetchXml === undefined) {
    await judgeOptions(definitions, table, others);
    return new Set(
      table.columns.flatMap(({ logicalName: name }) =>
        definitions.nameless(table, name) === undefined ? [] : [`_${name}_value`],
      ),
    );
  }
  if (Object.values(others).some((value) => value !== undefined))
    throw notJudged("FetchXML beside other options");
  return judgeFetch(definitions, logicalName, fetchXml);
}
