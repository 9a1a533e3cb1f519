import type { WebRequest, WebResponse } from "../model";

/** A version of the service whose Web API this one speaks. */
const VERSION = "9.2.26054.00171";

/** GET RetrieveVersion() → {Version} */
export function retrieveVersion(request: WebRequest): WebResponse {
  const context = `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.RetrieveVersionResponse`;
  return { status: 200, body: { "@odata.context": context, Version: VERSION } };
}
