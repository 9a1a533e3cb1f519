import type { WebRequest, WebResponse, World } from "../../model";
import { demandRow } from "../access";

const COMPLETED = 1;

/**
 * GET incidents(id)/Microsoft.Dynamics.CRM.CalculateTotalTimeIncident() → {TotalTime}: minutes of all finished activities.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/calculatetotaltimeincident
 */
export function calculateTotalTime(request: WebRequest, world: World, id: string): WebResponse {
  demandRow(world, request.principal, "Read", "incident", id);
  const row = world.db
    .prepare(
      "SELECT coalesce(sum(actualdurationminutes), 0) AS minutes FROM activitypointer WHERE regardingobjectid = ? AND statecode = ? AND activitytypecode <> 'incidentresolution'",
    )
    .get(id, COMPLETED);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.CalculateTotalTimeIncidentResponse`,
      TotalTime: Number(row?.minutes ?? 0),
    },
  };
}
