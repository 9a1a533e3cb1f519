import { createHash } from "node:crypto";
import type { DataverseError, WebRequest, WebResponse } from "../model";
import { PlugInRefusal } from "../plug-ins";
import { errorNames } from "./error-names";

const cds = "@Microsoft.PowerApps.CDS";

/** An id that the same text always has, as a step of the platform keeps its own. */
function stepIdOf(text: string): string {
  const hex = createHash("md5").update(text).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** What a plug-in's own refusal begins with. */
function ofPlugIn(error: DataverseError): Readonly<Record<string, string>> {
  if (!(error instanceof PlugInRefusal)) return {};
  return {
    [`${cds}.ErrorDetails.OperationStatus`]: "0",
    [`${cds}.ErrorDetails.SubErrorCode`]: "-2146233088",
    [`${cds}.ErrorDetails.Plugin.ExceptionFromPluginExecute`]: error.source,
  };
}

/** The nine keys of an error, its help and its words again, in the service's order. */
function detailsOf(error: DataverseError): Record<string, string> {
  const code = error.code.toLowerCase();
  const isCustom = error instanceof PlugInRefusal;
  const source = isCustom ? error.source : "Microsoft.Crm.ObjectModel.CustomBusinessEntityService";
  const solution = isCustom ? "Active" : "System";
  const nine: readonly (readonly [string, string])[] = [
    ["ApiExceptionSourceKey", `Plugin/${source}`],
    ["ApiStepKey", isCustom ? error.stepId : stepIdOf(code)],
    ["ApiDepthKey", "1"],
    ["ApiActivityIdKey", stepIdOf(`${code} ${error.message}`)],
    ["ApiPluginSolutionNameKey", solution],
    ["ApiStepSolutionNameKey", solution],
    ["ApiExceptionCategory", error.status >= 500 ? "SystemFailure" : "ClientError"],
    ["ApiExceptionMessageName", errorNames[code] ?? "UnExpected"],
    ["ApiExceptionHttpStatusCode", String(error.status)],
  ];
  return {
    ...ofPlugIn(error),
    ...Object.fromEntries(nine.map(([key, value]) => [`${cds}.ErrorDetails.${key}`, value])),
    [`${cds}.HelpLink`]: `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${code.slice(2)}&client=platform`,
    [`${cds}.InnerError.Message`]: error.message,
  };
}

/** The answer to a refusal; the details only for a request that asked for them. */
export function errorResponse(
  error: DataverseError,
  request?: Pick<WebRequest, "annotations">,
): WebResponse {
  const isDetailed = request?.annotations.wants("Microsoft.PowerApps.CDS.HelpLink");
  const { status, headers, message } = error;
  return {
    status,
    headers,
    body: {
      error: { code: error.code.toLowerCase(), message, ...(isDetailed ? detailsOf(error) : {}) },
    },
  };
}
