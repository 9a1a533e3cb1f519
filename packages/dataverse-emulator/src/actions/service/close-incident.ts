import { DataverseError, type WebRequest, type WebResponse, type World } from "../../model";
import { demandRow, invalidArgument } from "../access";
import { isObject, type Json, parametersOf, referenceOf, typeNameOf } from "../reference";

const RESOLVED = 1;

/** The id of the case that the resolution is for. */
export function caseIdOf(world: World, resolution: Json): string {
  const bound = resolution["incidentid@odata.bind"];
  const nested = isObject(resolution.incidentid) ? resolution.incidentid : undefined;
  const reference = referenceOf(world, bound ?? nested?.["@odata.id"]);
  const plain = nested?.incidentid;
  if (reference?.entity.logicalName === "incident") return reference.id;
  if (bound === undefined && typeof plain === "string") return plain.toLowerCase();
  throw invalidArgument(
    bound === undefined
      ? "The incident id is missing: IncidentResolution needs incidentid@odata.bind."
      : `'${String(bound)}' is not a case: bind incidentid as /incidents(<guid>).`,
  );
}

/** The status reason to set; -1 asks for the first one of the state Resolved. */
function statusOf(world: World, status: unknown, id: string): number {
  if (status === undefined || status === null) {
    throw invalidArgument("Required field 'Status' is missing");
  }
  const options = world.catalog.byName("incident")?.attribute("statuscode")?.options ?? [];
  const resolved = options.filter((option) => option.state === RESOLVED);
  const found = status === -1 ? resolved[0] : resolved.find((option) => option.value === status);
  if (found !== undefined) return found.value;
  throw new DataverseError(
    400,
    "0x80048408",
    `${String(status)} is not a valid status code on incident with Id ${id}.`,
  );
}

/** What the resolution row gets beyond what the caller sent. */
function completed(world: World, resolution: Json, status: number, id: string, now: string): Json {
  const { "@odata.type": _type, incidentid: _nested, ...values } = resolution;
  const reasons =
    world.catalog.byName("incidentresolution")?.attribute("resolutiontypecode")?.options ?? [];
  return {
    ...values,
    "incidentid@odata.bind": `/incidents(${id})`,
    ...(reasons.some((option) => option.value === status) ? { resolutiontypecode: status } : {}),
    actualend: now,
    statecode: 1,
    statuscode: 2,
  };
}

/**
 * POST CloseIncident {IncidentResolution, Status} → 204. Writes the resolution row (completed) and resolves the case.
 * Open activities do not stand in the way and stay open.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/closeincident
 */
export function closeIncident(request: WebRequest, world: World): WebResponse {
  const parameters = parametersOf(request.body);
  const resolution = parameters.IncidentResolution;
  if (!isObject(resolution)) {
    throw invalidArgument("Required field 'IncidentResolution' is missing");
  }
  const type = typeNameOf(resolution);
  if (type !== undefined && type !== "incidentresolution") {
    throw invalidArgument(`IncidentResolution must be an incidentresolution; it is '${type}'.`);
  }
  const id = caseIdOf(world, resolution);
  const { principal } = request;
  world.security.demand(principal, "Create", "incidentresolution");
  world.security.demand(principal, "Append", "incidentresolution");
  world.security.demand(principal, "AppendTo", "incident");
  const incident = demandRow(world, principal, "Write", "incident", id);
  if (incident.statecode !== 0) {
    throw new DataverseError(400, "0x80044411", "Already Closed or Canceled");
  }
  const status = statusOf(world, parameters.Status, id);
  const now = `${world.now().toISOString().slice(0, 19)}Z`;
  world.db.transaction(() => {
    world.records.create(
      "incidentresolution",
      completed(world, resolution, status, id, now),
      principal,
      { internal: true },
    );
    const change = { statecode: RESOLVED, statuscode: status };
    world.records.update("incident", id, change, principal, { internal: true });
  });
  return { status: 204 };
}
