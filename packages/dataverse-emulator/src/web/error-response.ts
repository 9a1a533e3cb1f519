import type { DataverseError, WebRequest, WebResponse } from "../model";
import { PlugInRefusal } from "../plug-ins";

/** What a refusal tells of the code that it comes from. */
function sourceOf(error: DataverseError): Readonly<Record<string, string>> {
  if (!(error instanceof PlugInRefusal)) return {};
  const key = "@Microsoft.PowerApps.CDS.ErrorDetails";
  return {
    [`${key}.ApiExceptionSourceKey`]: `Plugin/${error.source}`,
    [`${key}.ApiStepKey`]: error.stepId,
    [`${key}.ApiPluginSolutionNameKey`]: "Active",
    [`${key}.ApiStepSolutionNameKey`]: "Active",
  };
}

/** The answer to a refusal; the details only for a request that asked for them. */
export function errorResponse(
  error: DataverseError,
  request?: Pick<WebRequest, "annotations">,
): WebResponse {
  const details = request?.annotations.wants("Microsoft.PowerApps.CDS.HelpLink")
    ? {
        ...sourceOf(error),
        "@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus": "1",
        "@Microsoft.PowerApps.CDS.HelpLink": `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${error.code.slice(2)}&client=platform`,
        "@Microsoft.PowerApps.CDS.InnerError.Message": error.message,
      }
    : {};
  return {
    status: error.status,
    headers: error.headers,
    body: { error: { code: error.code, message: error.message, ...details } },
  };
}
