import type { WebRequest, WebResponse, World } from "../model";

/** The sample organisation, when the user's row does not name one. */
const SAMPLE_ORGANIZATION = "0e000000-0000-4000-8000-000000000001";

/** GET WhoAmI → ids of the caller; with impersonation those of the person impersonated. */
export function whoAmI(request: WebRequest, world: World): WebResponse {
  const { systemUserId, businessUnitId } = request.principal;
  const user = world.records.read("systemuser", systemUserId);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
      BusinessUnitId: businessUnitId,
      UserId: systemUserId,
      OrganizationId: user?.organizationid ?? SAMPLE_ORGANIZATION,
    },
  };
}
