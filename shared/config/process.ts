import type { Config } from "./config";
import { approved, type Inspection, inspectConfig } from "./inspect";

/** Microsoft's library sends figures about itself to Microsoft, and about the machine to the component, unless told not to. */
function tellOnlyTheComponent(environment: NodeJS.ProcessEnv): void {
  environment.APPLICATION_INSIGHTS_NO_STATSBEAT ??= "true";
  environment.APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED ??= "true";
}

let inspected: Inspection | undefined;

/** What is set and what is wrong in this process, read at the first call. */
export function inspectProcess(): Inspection {
  inspected ??= inspectConfig(process.env);
  return inspected;
}

let cached: Config | undefined;

/** The configuration of this process, read at the first call: a bad setting must not keep the function from registering. */
export function loadConfig(): Config {
  cached ??= approved(inspectProcess());
  if (cached.telemetry) tellOnlyTheComponent(process.env);
  return cached;
}
